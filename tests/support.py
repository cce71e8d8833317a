"""What the tests of contract and wrapper share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx
import pytest
import yaml
from hypothesis import settings

from cloudrec import AsyncCloudRecording, BasicAuth, CloudRecording
from cloudrec.emulator.service.contract import Contract, path_segments
from cloudrec_api.views import View

Json = Any

TESTS = Path(__file__).parent
ROOT = TESTS.parent

APP_ID = "0123456789abcdef0123456789abcdef"
CUSTOMER_ID = "customer-id"
CUSTOMER_SECRET = "customer-secret-do-not-show"
CREDENTIAL = BasicAuth(CUSTOMER_ID, CUSTOMER_SECRET)
BASE_URL = "https://service.test"
RESOURCE_ID, SID = "JyvK8nXHuV1BE64GDkAaBGEscvtHW7v8", "38f8e3cfdc474cd56fc1ceba380d7e1a"
CNAME, UID = "lesson-42", "527841"
STORAGE: dict[str, Any] = {
    "vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK-do-not-show", "secretKey": "SK-do-not-show",
}  # fmt: skip
PAGE: dict[str, Any] = {
    "extensionServices": [
        {
            "serviceName": "web_recorder_service",
            "serviceParam": {
                "url": "https://example.com",
                "audioProfile": 0,
                "videoWidth": 1280,
                "videoHeight": 720,
                "maxRecordingHour": 1,
            },
        }
    ]
}

ENDPOINTS = ("acquire", "start", "query", "update", "updateLayout", "stop", "ncsIps")

Use = Callable[[Any], Any]
Item = TypeVar("Item")

# Of a pytest that a test starts, the plugins of others that it has no use for: they take more time than its tests.
PLAIN = [
    f"-pno:{name}"
    for name in ("cacheprovider", "hypothesispytest", "platformdirs", "pytest_httpx", "schemathesis", "xdist",
                 "xdist.looponfail")
]  # fmt: skip

# How many examples hypothesis makes by itself.
MANY = 100


def read_contract() -> Json:
    """The contract as people write it; by the loader in C where there is one, which takes a quarter of the time."""
    text = (ROOT / "openapi" / "cloud-recording.yaml").read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def read_json(*path: str) -> Json:
    """A JSON file below tests/."""
    return json.loads(TESTS.joinpath(*path).read_text(encoding="utf-8"))


# One good call of each endpoint, for the tests that are about the answer.
CALLS: dict[str, Use] = {
    "acquire": lambda client: client.acquire(CNAME, UID),
    "start": lambda client: client.start(RESOURCE_ID, "mix", CNAME, UID, storage_config=STORAGE),
    "query": lambda client: client.query(RESOURCE_ID, SID, "mix"),
    "update": lambda client: client.update(RESOURCE_ID, SID, "mix", CNAME, UID),
    "updateLayout": lambda client: client.update_layout(RESOURCE_ID, SID, "mix", CNAME, UID),
    "stop": lambda client: client.stop(RESOURCE_ID, SID, "mix", CNAME, UID),
    "ncsIps": lambda client: client.ncs_ips(),
}


# Each call is sent once and at once: what is tried again, and when, has tests of its own.
ONCE: dict[str, Any] = {"retry": None, "rate_limit": None}


def run(kind: str, use: Use, credential: BasicAuth = CREDENTIAL, **settings: Any) -> Any:
    """What `use` makes of a client: of the sync one, or of the async one on asyncio or trio."""
    settings = ONCE | {"base_url": BASE_URL} | settings
    # Certificates are not read: that takes longer than everything else in these tests.
    if kind == "sync":
        with httpx.Client(verify=False) as http_client:
            return use(CloudRecording(APP_ID, credential, **{"http_client": http_client} | settings))

    async def main() -> Any:
        async with httpx.AsyncClient(verify=False) as http_client:
            return await use(AsyncCloudRecording(APP_ID, credential, **{"http_client": http_client} | settings))

    return anyio.run(main, backend=kind)


def answered(response: httpx.Response | Exception, use: Use, **settings: Any) -> Any:
    """What `use` makes of a sync client whose every call is answered so; for tests that ask many times."""

    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        settings = ONCE | settings
        return use(CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL, http_client=http_client, **settings))


def shown(value: Any) -> Json:
    """A result or a part of one as JSON: its class, and every public property but those with tests of their own."""
    if isinstance(value, View):
        apart = {"raw", "attempts", "host", "to_dict", "code", "meaning"}
        names = {name for name in dir(value) if not name.startswith("_")} - apart
        if not getattr(value, "services", ()):
            names.discard("services")  # which any answer may have, and few do
        return {"class": type(value).__name__} | {name: shown(getattr(value, name)) for name in sorted(names)}
    if isinstance(value, tuple):
        return [shown(item) for item in value]
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def is_documented(method: str, path: str, status: int, read: Callable[[], Json]) -> bool:
    """Whether the contract knows the path; if so, it documents this status for it, and the body fits its schema."""
    contract = Contract.shipped()
    found = contract.find(method, path_segments(path))
    if found is None:
        return False
    item = contract.document["paths"]["/" + "/".join(found[0].template)]
    documented = item[found[0].method.lower()]["responses"]
    assert str(status) in documented, (found[0].operation, status)
    answer = documented[str(status)]
    if "$ref" in answer:
        answer = contract.document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    component = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    body = read()
    assert contract.problem(component, body) is None
    server_response = body.get("serverResponse") if status == 200 else None
    if server_response is not None:
        assert contract.problem(variant_of(found[0].operation, server_response), server_response) is None
    return True


def variant_of(operation: str, body: Json) -> str:
    """The component that a serverResponse is an instance of."""
    if "extensionServiceState" in body:
        kind = "WebRecording"
    elif "fileListMode" not in body:
        kind = "IndividualScreenshots"
    elif body["fileListMode"] == "string":
        kind = "MixHls"
    else:
        kind = "MixHlsAndMp4"
    return f"{operation.capitalize()}{kind}ServerResponse"


def are_many() -> bool:
    """Whether everything is tried that can be made up, as `--many-examples` has it."""
    return settings().max_examples >= MANY


def examples(many: int, **more: Any) -> settings:
    """Settings for so many examples, with `--many-examples`; without, for as large a part of them as is usual."""
    return settings(max_examples=max(1, many * settings().max_examples // MANY), **more)


def some_of(values: Sequence[Item], turn: int, parts: int) -> Sequence[Item]:
    """Every so manieth of the values, others with each turn; with `--many-examples`, all of them."""
    return values if are_many() else values[turn % parts :: parts]


def each(
    names: str | Sequence[str], rows: Iterable[Any] | Callable[[], Iterable[Any]]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """As `pytest.mark.parametrize`, in one case: for a rule that all rows of a table keep alike.

    A case costs more than such a row takes, and there are thousands. Every row is walked, whatever became of those
    before it, and all that fail are told of. Rows that take long to make are given as a function: every process
    collects all tests, and one runs this.
    """
    named = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)

    def made(some: Iterable[Any]) -> list[dict[str, Any]]:
        table = [dict(zip(named, row if len(named) > 1 else [row], strict=True)) for row in some]
        assert table, "a table without rows holds nothing"
        return table

    listed = None if callable(rows) else made(rows)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def walk(**given: Any) -> None:
            failures: list[Exception] = []
            table = made(rows()) if callable(rows) else listed or []
            for row in table:
                try:
                    test(**given, **row)
                except (Exception, pytest.fail.Exception) as error:
                    failure = error if isinstance(error, Exception) else AssertionError(str(error))
                    failure.add_note(f"with {', '.join(f'{name}={_told(value)}' for name, value in row.items())}")
                    failures.append(failure.with_traceback(error.__traceback__))
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(table)} rows", failures)

        # What is left of them are fixtures, or names of another table.
        parameters = [value for name, value in signature(test).parameters.items() if name not in named]
        walk.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        return walk

    return decorate


def _told(value: object) -> str:
    try:
        return repr(value)[:200]
    except ValueError:  # a number so long that Python does not write it
        return f"a long {type(value).__name__}"
