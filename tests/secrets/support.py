"""Every secret that the library is given, each with a word of its own, and all that anybody may print of an error."""

from __future__ import annotations

import asyncio
import base64
import logging
import pickle
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, NamedTuple

import anyio
import pytest

from cloudrec import AsyncCloudRecording, BasicAuth, CloudRecording, CloudRecordingError
from tests.support import APP_ID, CNAME, RESOURCE_ID, SID, UID

KINDS = ("sync", "asyncio", "trio", "aiohttp")

CUSTOMER, WEBHOOK, OTHER = "canaryCustomerSecret", "canaryWebhookSecret", "canaryOther"
CREDENTIAL = BasicAuth("customer-id", CUSTOMER)
STORAGE: dict[str, Any] = {
    "vendor": 1,
    "region": 7,
    "bucket": "lessons",
    "accessKey": "canaryACCESSKEY0123456789",
    "secretKey": "canary/Secret+Key/0123456789abcdef",
    "stsToken": "canaryStsToken",
}
TOKEN = "canaryToken"
ENCRYPTION = {"decryptionMode": 7, "secret": "canaryDecryption", "salt": f"{'canarySalt':x>43}="}
PAGE = "https://canaryUser:canary%20Password@example.com/lesson?room=42&ticket=canaryTicket#step=canaryFragment"
PUSH = "rtmp://canaryPusher:canaryPushPassword@live.example.com/app/canaryStreamKey?sign=canarySignature"
EXTENSION = {
    "extensionServices": [
        {
            "serviceName": "web_recorder_service",
            "serviceParam": {
                "url": PAGE,
                "audioProfile": 0,
                "videoWidth": 1280,
                "videoHeight": 720,
                "maxRecordingHour": 1,
            },
        },
        {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": PUSH}]}},
    ]
}
# Whatever begins so was to be seen by nobody.
MARKS = ("canary", CREDENTIAL.header.removeprefix("Basic "), base64.b64encode(b"canary").decode()[:8])
OURS = f"{CUSTOMER} {CREDENTIAL.header}"
"""What every call holds."""
ALL = " ".join([OURS, *map(str, STORAGE.values()), TOKEN, *map(str, ENCRYPTION.values()), PAGE, PUSH])


class Use(NamedTuple):
    """A call, and all the secrets that it sends, as a service that repeats them says them."""

    send: Callable[[Any], Any]
    secrets: str

    def __call__(self, client: Any) -> Any:
        return self.send(client)


def _start_mix(client: Any) -> Any:
    return client.mix.start(
        RESOURCE_ID, CNAME, UID, token=TOKEN, storage_config=STORAGE, recording_config={"channelType": 0, **ENCRYPTION}
    )


def _start_page(client: Any) -> Any:
    return client.web.start(
        RESOURCE_ID, CNAME, UID, token=TOKEN, storage_config=STORAGE, extension_service_config=EXTENSION
    )


def _acquire(client: Any) -> Any:
    parameter = {"token": TOKEN, "storageConfig": STORAGE, "extensionServiceConfig": EXTENSION}
    return client.acquire(CNAME, UID, scene=1, start_parameter=parameter)


def _update(client: Any) -> Any:
    push = {"outputs": [{"rtmpUrl": PUSH}]}
    return client.web.update(RESOURCE_ID, SID, CNAME, UID, storage_config=STORAGE, rtmp_publish_config=push)


_STORAGE = " ".join([OURS, *map(str, STORAGE.values())])
_PARTS = "canaryUser canary Password canaryTicket canaryFragment; app/canaryStreamKey, canarySignature"
start_mix = Use(_start_mix, f"{_STORAGE} {TOKEN} {' '.join(map(str, ENCRYPTION.values()))}")
start_page = Use(_start_page, f"{_STORAGE} {TOKEN} {PAGE} {PUSH} {_PARTS}")
acquire = Use(_acquire, start_page.secrets)
update = Use(_update, f"{_STORAGE} {PUSH} canaryStreamKey canaryPushPassword")


def drive(kind: str, use: Callable[[Any], Any], url: str, **settings: Any) -> Any:
    """What `use` makes of a client, with all switched on that shows more; asyncio tells of each callback."""
    settings = {"base_url": url, "retry": None, "rate_limit": None, "log_bodies": True} | settings
    credential = settings.pop("credential", CREDENTIAL)
    app_id = settings.pop("app_id", APP_ID)
    if kind == "sync":
        with CloudRecording(app_id, credential, **settings) as client:
            return use(client)

    async def main() -> Any:
        if kind != "trio":
            asyncio.get_running_loop().slow_callback_duration = 0.0
        async with AsyncCloudRecording(app_id, credential, **settings) as client:
            return await use(client)

    if kind == "trio":
        return anyio.run(main, backend="trio")
    return anyio.run(main, backend="asyncio", backend_options={"debug": True})


def ends_of(uses: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """The errors that these calls end in, one after the other, of any client."""

    def of_any(client: Any) -> Any:
        return [_end(use, client) for use in uses] if isinstance(client, CloudRecording) else later(client)

    async def later(client: Any) -> list[CloudRecordingError]:
        return [await _end_async(use, client) for use in uses]

    return of_any


def _end(use: Callable[[Any], Any], client: Any) -> CloudRecordingError:
    with pytest.raises(CloudRecordingError) as info:
        use(client)
    return info.value


async def _end_async(use: Callable[[Any], Any], client: Any) -> CloudRecordingError:
    with pytest.raises(CloudRecordingError) as info:
        await use(client)
    return info.value


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that led to it."""
    ahead, seen = [error], set()
    while ahead:
        found = ahead.pop()
        if found is not None and id(found) not in seen:
            seen.add(id(found))
            yield found
            ahead += [found.__cause__, found.__context__, *getattr(found, "exceptions", ())]


def shown(value: object) -> str:
    """As Sentry, rich and pytest show a value: containers in full, and what an object says of itself."""
    if isinstance(value, dict):
        return " ".join(f"{shown(name)}={shown(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset)) and type(value).__repr__ is type(value).__mro__[-2].__repr__:
        return " ".join(map(shown, value))
    return repr(value)


def locals_of(trace: TracebackType | None) -> Iterator[tuple[str, str]]:
    """What stands in the frames of a traceback, but for those of the one who called."""
    for frame, line in traceback.walk_tb(trace):
        if not frame.f_globals.get("__name__", "").startswith("tests."):
            for name, value in frame.f_locals.items():
                yield f"local {name} in {frame.f_code.co_filename}:{line}", shown(value)


def told_of(error: BaseException) -> Iterator[tuple[str, str]]:
    """All that can be printed of an error: where, and what."""
    for each in chain(error):
        kind = type(each).__name__
        yield f"str of {kind}", str(each)
        yield f"repr of {kind}", repr(each)
        yield f"args of {kind}", shown(each.args)
        yield f"fields of {kind}", shown(vars(each))
        yield f"notes of {kind}", shown(getattr(each, "__notes__", ()))
        yield from locals_of(each.__traceback__)
        if isinstance(each, CloudRecordingError):
            yield f"pickle of {kind}", pickle.dumps(each).decode("latin-1")
            yield f"unpickled {kind}", shown(vars(pickle.loads(pickle.dumps(each))))
    yield "traceback", "".join(traceback.format_exception(error))


def told_by(records: Iterable[logging.LogRecord]) -> Iterator[tuple[str, str]]:
    """All that a handler can print of what was logged."""
    for record in records:
        yield f"log of {record.name}", record.getMessage()
        yield f"arguments of a log of {record.name}", shown(record.args)
        if record.exc_info and record.exc_info[1] is not None:
            yield from told_of(record.exc_info[1])
            yield from locals_of(record.exc_info[2])


def clean(told: Iterable[tuple[str, str]]) -> None:
    """Nothing of it holds a secret."""
    found = [f"{where}: {text[:300]}" for where, text in told if any(mark in text for mark in MARKS)]
    assert not found, "\n".join(found)
