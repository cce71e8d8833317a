"""No recording shows a secret: not of its start, not while it runs, not at its end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Any

import anyio
import pytest

from cloudrec import AsyncCloudRecording, CloudRecording, MixRecipe, Named, WebRecording, errors
from cloudrec.emulator import Emulator, Fault
from tests.recordings.support import Time, play
from tests.secrets.support import CUSTOMER, ENCRYPTION, PAGE, PUSH, STORAGE, TOKEN, clean, told_of

Steps = Generator[Callable[[], Any], Any, Any]
MIX: dict[str, Any] = {"storage": STORAGE, "token": TOKEN, "recording_config": ENCRYPTION}
WEB: dict[str, Any] = {
    "page": PAGE, "push_to": [PUSH], "max_recording_hour": 1, "storage": STORAGE, "token": TOKEN,
}  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Iterator[Emulator]:
    """One service for all of them."""
    with Emulator(customer_secret=CUSTOMER, max_recordings=1000) as running:
        yield running


@pytest.fixture
def emulator(service: Emulator) -> Iterator[Emulator]:
    """The service, well again after each test."""
    yield service
    service.heal()


@pytest.fixture
def tell(kind: str, emulator: Emulator) -> Callable[..., None]:
    """Plays a story with a client of each kind, with everything switched on that shows more."""

    def told(story: Callable[[Any], Steps], **settings: Any) -> None:
        settings = {"log_bodies": True, "retry": None} | settings
        play("asyncio" if kind == "aiohttp" else kind, emulator, Time(emulator), story, **settings)

    return told


def failed(expected: type[Exception], call: Callable[[], Any]) -> Steps:
    """The error in which a step of a story ends, after a look at all that is told of it."""
    with pytest.raises(expected) as info:
        yield call
    assert type(info.value) is expected
    clean(told_of(info.value))
    return info.value


# What meets a start, and what `record` makes of it.
STARTS: list[tuple[Fault, type[errors.CloudRecordingError]]] = [
    (Fault.status(400, 2), errors.BadRequestError),
    (Fault.drop(), errors.RecordingMayBeRunningError),
    (Fault.html(), errors.RecordingMayBeRunningError),
    (Fault.vanish(), errors.RecordingEnded),
    (Fault.stall(), errors.RecordingNotStartedError),
]
OTHERS = {errors.InvalidRequestError, errors.HandleError, errors.RecordingNotStoppedError, errors.WaitTimeoutError}


def test_a_start(tell: Callable[..., None], emulator: Emulator) -> None:
    def story(client: Any) -> Steps:
        yield from failed(errors.InvalidRequestError, lambda: client.mix.record("refused", max_idle_time=1, **MIX))
        recipe = MixRecipe(storage="lessons", token=Named("school"))
        secrets = {"lessons": MIX["storage"], "school": MIX["token"]}
        yield from failed(errors.InvalidRequestError, lambda: client.record(recipe, "", secrets=secrets))
        yield from failed(errors.RecipeError, lambda: client.record(recipe, "a", secrets={"school": MIX["token"]}))
        for number, (fault, expected) in enumerate(STARTS):
            for calls, arguments in ((client.mix, MIX), (client.web, WEB)):
                emulator.fail("start", fault, times=1)
                call = lambda calls=calls, given=arguments, cname=f"cname{number}": calls.record(cname, **given)  # noqa: E731
                yield from failed(expected, call)

    tell(story)


@pytest.mark.parametrize("hook", ["on_acquired", "on_started", "token", "storage"])
def test_a_function_that_raises(tell: Callable[..., None], hook: str) -> None:
    """What it raises goes to who called, with frames of its own that are whole, and others that are empty."""

    def function(*_: Any) -> Any:
        kept = "its own"
        raise LookupError(kept)

    def story(client: Any) -> Steps:
        error = yield from failed(LookupError, lambda: client.mix.record("hook", **MIX | {hook: function}))
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        assert trace.tb_frame.f_locals["kept"] == "its own"

    tell(story)


def test_while_it_runs(tell: Callable[..., None], emulator: Emulator) -> None:
    problems: list[Exception] = []

    def on_problem(error: Exception) -> None:
        problems.append(error)
        raise LookupError("its own")

    def story(client: Any) -> Steps:
        recording = yield lambda: client.web.record("runs", on_problem=on_problem, **WEB)
        clean([("recording", repr(recording)), ("handle", repr(recording.handle))])
        with pytest.raises(errors.RecordingNotStoppedError) as early:
            _ = recording.result
        clean(told_of(early.value))
        yield from failed(errors.HandleError, lambda: client.attach({**recording.handle, "version": 0}))
        emulator.fail("update", Fault.status(400, 2), times=2)
        yield from failed(errors.BadRequestError, lambda: recording.update_storage(STORAGE))
        yield from failed(errors.BadRequestError, lambda: recording.push_to(PUSH))
        yield from failed(errors.InvalidRequestError, lambda: recording.push_to(f"x{PUSH}"))
        emulator.fail("query", Fault.status(503), times=1)
        yield from failed(errors.WaitTimeoutError, lambda: recording.wait_until(lambda state: False, timeout=10))
        # And maybe a last query that had 0.1 real seconds, as the time was over, on a machine that is busy.
        assert {type(problem) for problem in problems} - {errors.RequestTimeoutError} == {
            errors.ServiceUnavailableError
        }
        emulator.fail("query", Fault.status(400, 2))
        yield from failed(errors.BadRequestError, recording.watch)
        emulator.heal()
        emulator.fail("query", Fault.status(404, 404))
        assert (yield recording.watch) == []
        clean(told_of(recording.ended))
        emulator.heal()
        yield recording.stop

    tell(story)
    for problem in problems:
        clean(told_of(problem))


def test_its_end(tell: Callable[..., None], emulator: Emulator) -> None:
    def story(client: Any) -> Steps:
        recording = yield lambda: client.web.record("ends", confirm=False, **WEB)
        emulator.fail("stop", Fault.status(503), times=2)
        yield from failed(errors.ServiceUnavailableError, recording.stop)
        leave = recording.__exit__ if isinstance(recording, WebRecording) else recording.__aexit__
        error = LookupError("its body's own")
        yield lambda: leave(LookupError, error, None)
        assert error.__notes__
        clean(told_of(error))
        yield recording.stop

    tell(story)


@pytest.mark.parametrize("wrong", [LookupError(STORAGE["secretKey"]), {**STORAGE, "region": "none"}, STORAGE])
def test_a_renewal_that_fails(kind: str, emulator: Emulator, wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Because of the function, of what it gives, or of the service; handed over, and logged."""
    monkeypatch.setattr("cloudrec._recording.renewal.RENEW_AFTER", 0.01)
    monkeypatch.setattr("cloudrec._recording.renewal.AGAIN_AFTER", (0.01,))
    emulator.fail("update", Fault.status(400, 2))
    problems: list[Exception] = []
    told = threading.Event()
    first = iter([STORAGE])

    def provider() -> Any:
        found = next(first, wrong)
        if isinstance(found, Exception):
            raise found
        return found

    def on_problem(error: Exception) -> None:
        problems.append(error)
        told.set()

    given: dict[str, Any] = {"storage": provider, "confirm": False, "on_problem": on_problem, "token": TOKEN}
    settings: dict[str, Any] = {"base_url": emulator.url, "rate_limit": None, "retry": None}

    async def main() -> None:
        async with (
            AsyncCloudRecording(emulator.app_id, emulator.credential, **settings) as client,
            client.mix.record("renewed", **given),
        ):
            await anyio.to_thread.run_sync(told.wait, 10)

    if kind == "sync":
        with (
            CloudRecording(emulator.app_id, emulator.credential, **settings) as client,
            client.mix.record("renewed", **given),
        ):
            told.wait(10)
    else:
        anyio.run(main, backend="trio" if kind == "trio" else "asyncio")
    assert problems
    # What the function itself has raised is its own, and is handed over as it is.
    for problem in problems:
        if not isinstance(wrong, LookupError):
            clean(told_of(problem))


def test_a_task_of_it(emulator: Emulator) -> None:
    """Neither the task nor what is to be awaited shows what it was made with."""

    async def main() -> None:
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            starting = client.web.record("task", confirm=False, **WEB)
            task = asyncio.ensure_future(starting)
            clean([("starting", repr(starting)), ("task", repr(task))])
            await (await task).stop()
            clean([("task", repr(task))])

    asyncio.run(main(), debug=True)
