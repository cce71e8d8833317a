"""A client that was used before a server forked, used by each of its workers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from cloudrec.emulator import Emulator
from tests.forks.support import SERVERS, both_workers, needs_fork, serving

pytestmark = needs_fork


@pytest.mark.parametrize("server", SERVERS)
def test_every_worker_gets_its_own_answers(server: str) -> None:
    """No two processes read from one connection: each call has the answer that is its own."""
    cnames = [f"lesson-{number}" for number in range(24)]
    with Emulator() as emulator:
        account = emulator.credential
        told = f"{emulator.app_id} {account.customer_id} {account.customer_secret} {emulator.url}"
        anew = httpx.Limits(max_keepalive_connections=0)  # a connection for each, which any worker may take
        with (
            serving(server, "tests.forks.served_client", EMULATOR=told) as url,
            httpx.Client(verify=False, base_url=url, limits=anew, timeout=10) as client,
            ThreadPoolExecutor(4) as users,
        ):
            both_workers(client)
            answers = list(users.map(lambda cname: client.get(f"/{cname}"), cnames))
        assert [answer.status_code for answer in answers] == [200] * len(cnames)
        calls = [call for call in emulator.calls if not call.cname.startswith("loading-")]
    given = [resource_id for answer in answers for resource_id in answer.text.split()]
    assert len(set(given)) == len(given) == len(calls)
    assert {call.cname for call in calls} == set(cnames)
