"""Short-lived storage credentials are renewed while a recording runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from hypothesis import given, strategies as st

from cloudrec import AsyncCloudRecording, CloudRecording, InvalidRequestError
from cloudrec._recording.renewal import Renewal
from cloudrec.emulator import Emulator, Fault
from tests.recordings.support import KINDS, STORAGE, Time


@pytest.fixture(autouse=True)
def _hours_in_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes 50 minutes, and half a minute where it failed, takes 20 milliseconds here."""
    monkeypatch.setattr("cloudrec._recording.renewal.RENEW_AFTER", 0.02)
    monkeypatch.setattr("cloudrec._recording.renewal.AGAIN_AFTER", (0.02,))


def credentials(number: int, **fields: Any) -> dict[str, Any]:
    return {**STORAGE, "accessKey": f"AK-{number}", "stsToken": f"do-not-show-{number}", **fields}


class Provider:
    """Gives credentials with a number, and notes when somebody came for the third."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls = 0
        self.third = threading.Event()

    def __call__(self) -> Any:
        self.calls += 1
        if self.calls >= 3:
            self.third.set()
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer or credentials(self.calls)


def record(
    kind: str,
    emulator: Emulator,
    provider: Any,
    *,
    problems: list[Exception],
    use: Callable[[Any], Any],
    **more: Any,
) -> None:
    """A recording that is stopped when the provider was asked for the third time."""
    settings: dict[str, Any] = {"base_url": emulator.url, "rate_limit": None} | more

    async def main() -> None:
        async with (
            AsyncCloudRecording(emulator.app_id, emulator.credential, **settings) as client,
            client.mix.record("lesson-42", storage=provider, confirm=False, on_problem=problems.append) as recording,
        ):
            with anyio.fail_after(20):
                await anyio.to_thread.run_sync(provider.third.wait, abandon_on_cancel=True)
                await anyio.to_thread.run_sync(use, recording)

    if kind == "sync":
        with (
            CloudRecording(emulator.app_id, emulator.credential, **settings) as client,
            client.mix.record("lesson-42", storage=provider, confirm=False, on_problem=problems.append) as recording,
        ):
            assert provider.third.wait(20)
            use(recording)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("cloudrec-renewal")]
    else:
        anyio.run(main, backend=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_renewed_until_the_recording_ends(emulator: Emulator, kind: str) -> None:
    provider, problems = Provider(), []

    def use(recording: Any) -> None:
        assert emulator.running[0].request["storageConfig"]["accessKey"] == "AK-1"

    record(kind, emulator, provider, problems=problems, use=use)
    assert problems == []
    assert [call.endpoint for call in emulator.calls].count("update") >= 1
    assert emulator.recordings[0].storage["accessKey"] != "AK-1"


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_reported_and_tried_again(emulator: Emulator, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    emulator.fail("update", Fault.status(400, 2), times=1)
    provider, problems = Provider(), []
    record(kind, emulator, provider, problems=problems, use=lambda recording: None)
    assert [type(problem).__name__ for problem in problems] == ["BadRequestError"]
    assert "renewal of the storage credentials" in caplog.text
    assert "do-not-show" not in caplog.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", [LookupError("no role"), {**credentials(2), "stsExpiration": 1}])
def test_a_provider_that_fails_is_reported_and_asked_again(emulator: Emulator, kind: str, wrong: Any) -> None:
    provider, problems = Provider(credentials(1), wrong), []
    record(kind, emulator, provider, problems=problems, use=lambda recording: None)
    assert [type(problem) for problem in problems] == [
        LookupError if isinstance(wrong, LookupError) else InvalidRequestError
    ]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_renewal_under_way_ends_with_the_client(emulator: Emulator, backend: str) -> None:
    """Nothing of it is left when the client is closed, whatever the provider waits for."""
    asked, ended = threading.Event(), []

    async def provider() -> Any:
        if not emulator.recordings:
            return credentials(1)
        try:
            asked.set()
            await anyio.sleep_forever()
        finally:
            ended.append(True)

    async def main() -> None:
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            await client.mix.record("lesson-42", storage=provider, confirm=False)
            assert await anyio.to_thread.run_sync(asked.wait, 20)
        assert ended

    anyio.run(main, backend=backend)


def test_credentials_that_have_ended_are_refused_before_anything_is_sent(emulator: Emulator, time: Time) -> None:
    with (
        CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client,
        pytest.raises(InvalidRequestError, match=r"storage.stsExpiration: 1 \(must be in the future"),
    ):
        client.mix.record("lesson-42", storage=lambda: credentials(1, stsExpiration=1))
    assert emulator.calls == ()


def test_credentials_that_do_not_end_are_not_renewed(emulator: Emulator) -> None:
    calls: list[None] = []

    def provider() -> Any:
        calls.append(None)
        return STORAGE

    with (
        CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client,
        client.mix.record("lesson-42", storage=provider, confirm=False),
    ):
        assert [thread for thread in threading.enumerate() if thread.name.startswith("cloudrec-renewal")] == []
    assert len(calls) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_that_is_taken_back_is_given_new_ones_at_once(emulator: Emulator, kind: str) -> None:
    came = threading.Event()

    def provider() -> Any:
        came.set()
        return credentials(9)

    async def main() -> None:
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            recording = await client.mix.record("lesson-42", storage=STORAGE, confirm=False)
            async with client.attach(recording.handle, storage=provider):
                with anyio.fail_after(20):
                    await anyio.to_thread.run_sync(came.wait, abandon_on_cancel=True)

    if kind == "sync":
        with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            recording = client.mix.record("lesson-42", storage=STORAGE, confirm=False)
            with client.attach(recording.handle, storage=provider):
                assert came.wait(20)
    else:
        anyio.run(main, backend=kind)
    assert not emulator.running


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_on_where_the_recording_seemed_to_be_over(emulator: Emulator, kind: str) -> None:
    emulator.fail("update", Fault.status(404, 404, "failed to find worker"), times=4)
    provider, problems = Provider(), []
    record(kind, emulator, provider, problems=problems, use=lambda recording: None, wait=lambda seconds: None)
    assert [type(problem).__name__ for problem in problems] == ["RecordingEnded"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_provider_raises_shows_no_secret_of_the_last_credentials(
    emulator: Emulator, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider, problems = Provider(credentials(1), credentials(2), LookupError("refused for do-not-show-2")), []
    record(kind, emulator, provider, problems=problems, use=lambda recording: None)
    assert "do-not-show" not in caplog.text


def test_a_stop_does_not_wait_for_a_provider_that_hangs(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cloudrec._io._sync.tasks.LAST_CALL", 0.01)
    hangs, goes_on = threading.Event(), threading.Event()

    def provider() -> Any:
        if hangs.is_set() or threading.current_thread() is not threading.main_thread():
            hangs.set()
            goes_on.wait(20)
        return credentials(1)

    with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
        recording = client.mix.record("lesson-42", storage=provider, confirm=False)
        assert hangs.wait(20)
        assert recording.stop()
        assert not emulator.running
        goes_on.set()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_told_of_may_stop_the_recording(emulator: Emulator, kind: str) -> None:
    """From within the very thread or task that tells."""
    emulator.fail("update", Fault.status(400, 2))
    done = threading.Event()

    async def main() -> None:
        async with AsyncCloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            made: list[Any] = []

            async def stop(error: Exception) -> None:
                await made[0].stop()
                done.set()

            made.append(await client.mix.record("l", storage=Provider(), confirm=False, on_problem=stop))
            with anyio.fail_after(20):
                await anyio.to_thread.run_sync(done.wait, abandon_on_cancel=True)

    if kind == "sync":
        with CloudRecording(emulator.app_id, emulator.credential, base_url=emulator.url) as client:
            made: list[Any] = []

            def stop(error: Exception) -> None:
                made[0].stop()
                done.set()

            came = threading.Event()

            def provider() -> Any:
                came.wait(20)
                return credentials(1)

            came.set()
            made.append(client.mix.record("l", storage=provider, confirm=False, on_problem=stop))
            assert done.wait(20)
    else:
        anyio.run(main, backend=kind)
    assert not emulator.running


@given(st.floats(0, 2e9), st.none() | st.integers(1, 100_000))
def test_they_are_renewed_before_they_are_an_hour_old_and_before_they_end(now: float, life: int | None) -> None:
    clock = [now]
    ends = None if life is None else int(now) + 1 + life
    renewal = Renewal(lambda: clock[0], {"stsToken": "T"} if ends is None else {"stsExpiration": ends})
    wait = renewal.wait()
    assert 0 <= wait < 3600
    assert ends is None or now + wait <= ends


@given(st.integers(1, 20))
def test_what_fails_is_tried_again_soon_and_not_all_the_time(failures: int) -> None:
    renewal = Renewal(lambda: 0.0, {})
    waits = []
    for _ in range(failures):
        renewal.failed()
        waits.append(renewal.wait())
    assert waits == sorted(waits)
    assert all(wait == 0.02 for wait in waits)
    renewal.done({})
    assert renewal.wait() == 0.02


def test_how_long_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    renewal = Renewal(lambda: 0.0, {})
    assert renewal.wait() == 50 * 60
    renewal.failed()
    assert renewal.wait() == 30
    assert Renewal(lambda: 0.0, {"stsExpiration": 900}).wait() == 600
    assert Renewal(lambda: 0.0, None).wait() == 0
