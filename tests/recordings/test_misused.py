"""`with` where it must be `async with`, the other way round, and a `record` that nobody awaited."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import pytest

from cloudrec import AsyncCloudRecording, CloudRecording, CloudRecordingError, ConfigurationError, RecordingHandle
from cloudrec.emulator import Emulator
from tests.recordings.support import STORAGE


def client_of(kind: Any, emulator: Emulator, **options: Any) -> Any:
    return kind(emulator.app_id, emulator.credential, base_url=emulator.url, **options)


def test_async_with_on_the_sync_client(emulator: Emulator) -> None:
    async def main() -> None:
        async with client_of(CloudRecording, emulator):
            raise AssertionError

    with pytest.raises(ConfigurationError, match="CloudRecording is used with `with`, not with `async with`") as caught:
        asyncio.run(main())
    assert "AsyncCloudRecording" in caught.value.advice


def test_with_on_the_async_client(emulator: Emulator) -> None:
    with pytest.raises(ConfigurationError, match="is used with `async with`, not with `with`"):  # noqa: SIM117
        with client_of(AsyncCloudRecording, emulator):
            raise AssertionError


@pytest.mark.parametrize(("redundancy", "kind"), [(1, "MixRecording"), (2, "RecordingPair")])
def test_async_with_on_a_recording_of_the_sync_client(emulator: Emulator, redundancy: int, kind: str) -> None:
    """It was started before Python came to `async with`; so it is stopped."""

    async def main() -> None:
        with client_of(CloudRecording, emulator) as client:
            async with client.mix.record("lesson-42", storage=STORAGE, confirm=False, redundancy=redundancy):
                raise AssertionError

    with pytest.raises(ConfigurationError, match=f"{kind} is used with `with`"):
        asyncio.run(main())
    assert len(emulator.recordings) == redundancy
    assert emulator.running == ()


def test_with_on_a_record_of_the_async_client(emulator: Emulator) -> None:
    """Nothing is sent, and nothing is left that was never awaited."""

    async def main() -> None:
        async with client_of(AsyncCloudRecording, emulator) as client:
            with client.mix.record("lesson-42", storage=STORAGE):
                raise AssertionError

    with pytest.raises(ConfigurationError, match="is used with `async with`, not with `with`"):
        asyncio.run(main())
    assert emulator.calls == ()


@pytest.mark.parametrize("redundancy", [1, 2])
def test_with_on_a_recording_of_the_async_client(emulator: Emulator, redundancy: int) -> None:
    """It runs, and cannot be stopped here; it is told."""
    orphans: list[RecordingHandle] = []

    async def main() -> None:
        async with client_of(AsyncCloudRecording, emulator, on_orphan=orphans.append) as client:
            with await client.mix.record("lesson-42", storage=STORAGE, confirm=False, redundancy=redundancy):
                raise AssertionError

    with pytest.raises(ConfigurationError, match="is used with `async with`, not with `with`"):
        asyncio.run(main())
    assert [orphan["sid"] for orphan in orphans] == [recording.sid for recording in emulator.running]


@pytest.mark.parametrize("name", ["sid", "stop", "watch", "result", "feed"])
def test_a_record_that_was_not_awaited(emulator: Emulator, name: str) -> None:
    """What is asked of it says so. Nothing was sent."""

    async def main() -> None:
        async with client_of(AsyncCloudRecording, emulator) as client:
            recording = client.mix.record("lesson-42", storage=STORAGE)
            with pytest.raises(CloudRecordingError, match=f"record was not awaited: .* have a '{name}'") as caught:
                getattr(recording, name)
            assert isinstance(caught.value, AttributeError)
            assert not hasattr(recording, name)
            recording.close()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(main())
    assert emulator.calls == ()
