"""Renewal of storage credentials while a recording runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from .._contract.frames import discreet
from .._contract.redact import secrets_in
from .._io._async.calls import invoke_in_thread
from .._io._async.waiting import LinkedEvent
from .._recording.renewal import Provider, Renewal
from .._recording.words import storage_fields


@discreet
async def renewed(
    ending: LinkedEvent,
    provider: Provider,
    renewal: Renewal,
    update: Callable[[Any], Awaitable[None]],
    report: Callable[..., Awaitable[None]],
    is_being_stopped: Callable[[], bool],
) -> None:
    """Renews them whenever they are due, until the recording ends. A failure is told of, and tried again."""
    secrets = renewal.secrets
    while True:
        await ending.sleep(renewal.wait())
        if ending.is_set:
            return
        try:
            storage = storage_fields(await invoke_in_thread("storage", provider), renewal.wall())
            secrets = frozenset(secrets_in(storage))
            await update(storage)
        except Exception as error:
            # Also where it seems to be over: it may be on its way to another server. The provider is somebody else's
            # code, and may raise anything.
            renewal.failed()
            # One that meets the stop of its recording has failed for a good reason.
            if not is_being_stopped():
                await report("renewal of the storage credentials", error, again=True, secrets=secrets)
        else:
            renewal.done(storage)
