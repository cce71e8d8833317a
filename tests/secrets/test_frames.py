"""What becomes of an exception that is made bare: where it was stays, and only what was held there goes."""

from __future__ import annotations

import asyncio
import dis
import inspect
import linecache
import traceback
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

import cloudrec
from cloudrec import AsyncCloudRecording, CloudRecording, storage, values, webhooks
from cloudrec._contract.frames import bared, discreet
from cloudrec.webhooks.servers import asgi, wsgi
from cloudrec_api import models
from cloudrec_api.api.recording import start
from tests.resilience.support import free_port
from tests.secrets.support import CREDENTIAL, STORAGE, TOKEN, clean, drive, locals_of, start_mix
from tests.support import APP_ID, BASE_URL, CNAME, RESOURCE_ID, UID

HOME = Path(cloudrec.__file__).parent


def library(code: str) -> dict[str, Any]:
    """What that code defines, as a module of a library."""
    name = f"<library {hash(code)}>"
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    module: dict[str, Any] = {"__name__": "httpx.made", "discreet": discreet}
    exec(compile(code, name, "exec"), module)
    return module


def raised(call: Any) -> BaseException:
    with pytest.raises(BaseException) as info:  # noqa: PT011  # any at all
        call()
    return info.value


MADE = library("""
def plain(held, then):
    secret = held
    return then()

def items(held):
    yield held
    raise LookupError

async def waits(held):
    raise LookupError

async def several(held):
    try:
        yield held
        raise LookupError
    finally:
        ended.append(held)

ended = []
""")


def test_places_stay() -> None:
    """File, line, function and source are those of the real frames; frames of others are the real ones."""

    def own() -> None:
        kept = "own"
        raise LookupError(kept)

    real, bare = raised(lambda: MADE["plain"]("s", own)), raised(lambda: discreet(MADE["plain"])("s", own))
    told = [
        [(place.filename, place.lineno, place.name, place.line) for place in traceback.extract_tb(each.__traceback__)]
        for each in (real, bare)
    ]
    assert told[0] == told[1]
    frames = {frame.f_code.co_name: frame for frame, _ in traceback.walk_tb(bare.__traceback__)}
    assert frames["own"].f_locals == {"kept": "own"}
    assert frames["plain"].f_locals == {}
    assert frames["plain"].f_back is None
    assert frames["plain"].f_globals["__name__"] == "httpx.made"


def test_all_that_is_printed_with_it() -> None:
    """Causes, contexts and members of groups."""

    def fail(secret: str) -> Any:
        return raised(lambda: MADE["plain"](secret, lambda: 1 / 0))

    cause, context, member = fail("canary 1"), fail("canary 2"), fail("canary 3")
    error = BaseExceptionGroup("all", [member])
    error.__cause__, error.__context__ = cause, context
    context.__context__ = error  # as they may be: in a circle
    assert any(text == "'canary 2'" for _, text in locals_of(context.__traceback__))
    bared(error)
    for each in (cause, context, member):
        clean(locals_of(each.__traceback__))


def test_an_exception_that_cannot_be_changed() -> None:
    @dataclass(frozen=True)
    class FrozenError(Exception):
        word: str

    def fail() -> None:
        raise FrozenError("w")

    assert raised(lambda: discreet(MADE["plain"])("canary", fail)) == FrozenError("w")


def test_kinds_of_functions() -> None:
    """Async stays async, generators stay generators, and all of them bare what they raise."""
    assert inspect.iscoroutinefunction(discreet(MADE["waits"]))
    assert inspect.isgeneratorfunction(discreet(MADE["items"]))
    assert inspect.isasyncgenfunction(discreet(MADE["several"]))

    async def all_of(items: AsyncIterator[str]) -> list[str]:
        return [item async for item in items]

    for error in (
        raised(lambda: list(discreet(MADE["items"])("canary"))),
        raised(lambda: asyncio.run(discreet(MADE["waits"])("canary"))),
        raised(lambda: asyncio.run(all_of(discreet(MADE["several"])("canary")))),
    ):
        clean(locals_of(error.__traceback__))


def test_a_generator_that_is_left_is_closed_at_once() -> None:
    MADE["ended"].clear()

    async def leave() -> None:
        items = discreet(MADE["several"])("left")
        assert await anext(items) == "left"
        await items.aclose()
        assert MADE["ended"] == ["left"]

    anyio.run(leave)


def test_what_still_waits_goes_on() -> None:
    """A generator that has caught an exception, and whose frame is in its traceback, is not ended for that."""
    keeps = library("""
def keeps(errors):
    try:
        raise LookupError
    except LookupError as error:
        errors.append(error)
    yield 1
    yield 2
""")["keeps"]
    kept: list[BaseException] = []
    items: Iterator[int] = keeps(kept)
    assert next(items) == 1
    bared(kept[0])
    assert list(items) == [2]


@pytest.mark.parametrize("client", [CloudRecording, AsyncCloudRecording])
def test_methods_are_what_they_are_without_it(client: Any) -> None:
    """By name, signature, words and kind, as help() and inspect show them; on classes, too."""
    for name in ("acquire", "start", "record", "attach"):
        mode = type(client("a" * 32, CREDENTIAL, area="EU").mix)
        method = getattr(mode, name)
        assert method.__qualname__ in {f"{kind.__name__}.{name}" for kind in mode.__mro__}
        assert method.__doc__
        assert next(iter(inspect.signature(method).parameters)) == "self"
        assert "kwargs" not in inspect.signature(method).parameters
    assert inspect.iscoroutinefunction(client.start) == (client is AsyncCloudRecording)
    assert inspect.ismethod(client.from_env)
    assert "app_id" in inspect.signature(client).parameters


def test_a_warning_names_the_line_that_called() -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        storage.S3("lessons", 7, "AK", "SK", session_token="T", expires_at=soon).renewed("AK", "SK", "T", soon)
    assert [warning.filename for warning in caught] == [__file__] * 2


def test_the_stack_of_a_warning_that_is_an_error() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        soon = datetime.now(UTC) + timedelta(hours=1)
        error = raised(
            lambda: storage.S3("lessons", 7, *list(STORAGE.values())[3:5], session_token="T", expires_at=soon)
        )
    assert isinstance(error, UserWarning)
    clean(locals_of(error.__traceback__))


def test_every_frame_of_the_library_and_below_is_empty() -> None:
    def send(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    with httpx.Client(transport=httpx.MockTransport(send)) as http_client:
        error = raised(lambda: drive("sync", start_mix, BASE_URL, http_client=http_client))
    found = [frame for each in (error, error.__cause__) for frame, _ in traceback.walk_tb(each.__traceback__)]
    theirs = [frame for frame in found if not frame.f_globals["__name__"].startswith("tests.")]
    assert {frame.f_globals["__name__"].partition(".")[0] for frame in theirs} >= {"cloudrec", "httpx"}
    assert all(frame.f_locals == {} for frame in theirs)


@pytest.mark.parametrize("name", ["sync", "sync_detailed"])
def test_generated_functions_hold_nothing_either(kind: str, name: str, caught: Callable[..., Any]) -> None:
    """Those that `client.api` is given to: in their frames is the request as it is sent."""
    client_request = {"token": TOKEN, "storageConfig": STORAGE}
    body = models.StartRequest.from_dict({"cname": CNAME, "uid": UID, "clientRequest": client_request})
    which: dict[str, Any] = {"appid": APP_ID, "resourceid": RESOURCE_ID, "mode": models.Mode.MIX, "body": body}

    def use(client: Any) -> Any:
        function = getattr(start, name if kind == "sync" else name.replace("sync", "asyncio", 1))
        return function(**which, client=client.api)

    error = caught(cloudrec.NetworkError, lambda: drive(kind, use, f"http://127.0.0.1:{free_port()}"))
    assert start.__file__ in {place.filename for place in traceback.extract_tb(error.__traceback__)}


def test_all_that_is_given_secrets_is_discreet() -> None:
    """Every class and function of the public ones that takes a secret, as itself or within something."""
    kinds = [getattr(storage, name) for name in storage.__all__]
    kinds = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, storage.Storage)]
    kinds += [
        CloudRecording,
        AsyncCloudRecording,
        cloudrec.BasicAuth,
        values.Encryption,
        values.WebPage,
        values.CdnPush,
    ]
    kinds += [asgi.WebhookApp, wsgi.WebhookApp]
    of_kinds = [vars(kind)["__init__"] for kind in kinds]
    halves = [type(kind("a" * 32, CREDENTIAL, area="EU").mix).record for kind in (CloudRecording, AsyncCloudRecording)]
    for function in [*of_kinds, *halves, webhooks.receive, webhooks.verify, webhooks.sign, storage.S3.check]:
        assert hasattr(function, "__wrapped__"), function


def test_no_traceback_is_logged_with_what_it_holds() -> None:
    """`logger.exception`, and `exc_info` of anything but what was made bare, is found nowhere in the client."""
    for path in HOME.rglob("*.py"):
        text = path.read_text("utf-8")
        if "logger." in text and "emulator" not in path.parts:
            assert "logger.exception(" not in text, path
            assert text.count("exc_info=") == text.count("exc_info=bared("), path


def test_no_interrupt_comes_between_what_a_function_returns_and_its_caller() -> None:
    """Python 3.11 looks for signals just after a call with `**`: a recording would be lost by one there."""

    def record() -> str:
        return "a recording"

    made = discreet(record)
    names = [step.opname for step in dis.get_instructions(made) if step.opname not in ("CACHE", "NOP")]
    [before] = {names[place - 1] for place, name in enumerate(names) if name == "RETURN_VALUE"}
    assert "CALL" not in before
    assert made() == "a recording"
