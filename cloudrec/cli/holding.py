"""Holding a recording: it is begun, looked at until it is to end, and stopped; or let go."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from .._numbers import MOST
from .._recording.state import CONFIRM_WITHIN
from ..errors import (
    CloudRecordingError,
    RecordingEnded,
    RecordingMayBeRunningError,
    RecordingNotStartedError,
    WaitTimeoutError,
)
from .failures import DONE, INTERRUPTED, MAY_RUN, NOTHING, OVER
from .interrupts import Interrupts
from .output import is_terminal, note, printable
from .store import Store
from .views import JsonView, View

if TYPE_CHECKING:
    from .._async.client import AsyncCloudRecording
    from .._async.recording import AsyncRecording
    from .._recording.recipe import Recipe
    from ..handles import RecordingHandle

# Seconds in which a second Ctrl-C leaves it running, and between two queries of what is looked at.
GRACE = 2.0
INTERVAL = 10.0


def view_for(name: str, mode: str, *, json: bool, **facts: Any) -> View:
    """The view that fits where it is printed to."""
    if json:
        return JsonView(name, mode, **facts)
    if not is_terminal():
        return View(name, mode, **facts)
    from .live import LiveView

    return LiveView(name, mode, **facts)


class Orphans:
    """Handles of what may run though nobody holds it, as the client tells of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.handles: list[RecordingHandle] = []

    def __call__(self, handle: RecordingHandle) -> None:
        self.handles.append(handle)
        self._store.tell(handle, "unknown")


def how_to_find(name: str, handle: RecordingHandle, how: str) -> str:
    """What is printed where a recording is let go."""
    named = printable(shlex.quote(name))
    return (
        f"{printable(name)}: {how}\n"
        f"  look at it:  cloudrec status {named}\n"
        f"  stop it:     cloudrec stop {named}\n"
        "  its handle, which cloudrec stop - reads on any machine:\n"
        f"{json.dumps(handle, separators=(',', ':'))}"
    )


class Holding:
    """One recording, from its start to its end."""

    def __init__(self, name: str, view: View, store: Store, interrupts: Interrupts, orphans: Orphans) -> None:
        self._name, self._view, self._store = name, view, store
        self._interrupts, self._orphans = interrupts, orphans
        self._renews = False

    async def begin(
        self, client: AsyncCloudRecording, recipe: Recipe, cname: str, known: dict[str, Any]
    ) -> AsyncRecording[Any] | None:
        """Starts it; None where Ctrl-C came before that."""
        self._renews = callable(recipe.arguments.get("storage"))
        kept: list[RecordingHandle] = []

        def acquired(handle: RecordingHandle) -> None:
            kept.append(handle)
            self._store.keep(self._name, handle, **known)

        def started(handle: RecordingHandle) -> None:
            self._store.keep(self._name, handle, "running", **known)
            self._view.started(handle)

        begin: Coroutine[Any, Any, Any] = client.record(
            recipe, cname, confirm=False, on_acquired=acquired, on_started=started
        )
        starting: asyncio.Task[Any] = asyncio.ensure_future(begin)
        if not await self._interrupts.or_once(starting):
            # The library goes on with a start that may have arrived, and stops what comes of it.
            starting.cancel()
        try:
            begun: AsyncRecording[Any] = await starting
        except asyncio.CancelledError:
            self._forget(kept)
            return None
        except CloudRecordingError as error:
            if not isinstance(error, RecordingMayBeRunningError):
                self._forget(kept)
            raise
        return begun

    def _forget(self, kept: list[RecordingHandle]) -> None:
        """What never came to run is not kept; what may run is."""
        if not self._orphans.handles:
            for handle in kept:
                self._store.forget(handle)

    async def detach(self, recording: AsyncRecording[Any]) -> int:
        """Sees it run, and leaves it running; where it does not come to that, or Ctrl-C comes, it is stopped."""
        looking = asyncio.ensure_future(self._confirm(recording))
        if not await self._interrupts.or_once(looking):
            await _cancelled(looking)
            return await self._stop(recording, None)
        if (error := looking.exception()) is not None:
            return await self._stop(recording, error)
        self._tell_of_credentials()
        return DONE

    async def hold(self, recording: AsyncRecording[Any], limit: float | None) -> int:
        """Looks at it until it is to end, and stops it; the exit code."""
        looking = asyncio.ensure_future(self._look(recording, limit))
        failure: BaseException | None = None
        if await self._interrupts.or_once(looking):
            failure = looking.exception()
        else:
            if not self._interrupts.is_end:
                self._view.hint = f"stops in {GRACE:g} s · Ctrl-C again leaves it running"
                self._view.becomes(self._view.state, told=f"stops in {GRACE:g} s; Ctrl-C again leaves it running")
                if await self._interrupts.comes_again(GRACE):
                    await _cancelled(looking)
                    return self._let_go(recording, "left running")
            await _cancelled(looking)
        return await self._stop(recording, failure)

    async def look_on(self, recording: AsyncRecording[Any]) -> int:
        """Looks at one that somebody else holds; the exit code."""
        looking = asyncio.ensure_future(self._look(recording, None, confirm=False))
        if not await self._interrupts.or_once(looking):
            await _cancelled(looking)
            return INTERRUPTED
        if not isinstance(failure := looking.exception(), RecordingEnded):
            looking.result()
        return await self._stop(recording, failure, "is over; likely causes")

    async def _look(self, recording: AsyncRecording[Any], limit: float | None, *, confirm: bool = True) -> None:
        """Until its time is over; raises whatever ends it before."""
        if confirm:
            await self._confirm(recording)

        def see(state: object) -> bool:
            self._view.saw(recording)
            return False

        try:
            await recording.wait_until(see, timeout=limit or MOST, interval=INTERVAL)
        except WaitTimeoutError:
            return

    async def _confirm(self, recording: AsyncRecording[Any]) -> None:
        """Until it is seen to run."""

        def runs(state: object) -> bool:
            self._view.saw(recording)
            return self._view.state == "running"

        try:
            await recording.wait_until(runs, timeout=CONFIRM_WITHIN)
        except WaitTimeoutError:
            raise RecordingNotStartedError(
                f"it was not seen to run within {CONFIRM_WITHIN:g} seconds",
                advice="Check token, channel type and encryption: with wrong ones it does not get into the channel.",
            ) from None

    async def _stop(
        self, recording: AsyncRecording[Any], failure: BaseException | None, by_itself: str = "ended by itself"
    ) -> int:
        """Stops it, whatever the failure was that is raised then; the exit code."""
        if not isinstance(failure, RecordingEnded):
            self._view.becomes("stopping")
        stopping = asyncio.ensure_future(recording.stop())
        if not await self._interrupts.or_twice(stopping):
            await _cancelled(stopping)
            return self._let_go(recording, "its stop was sent, and is not waited for")
        try:
            result = stopping.result()
        except CloudRecordingError as error:
            self._view.warn(f"it could not be stopped: {error}")
            self._let_go(recording, "not stopped")
            return MAY_RUN
        ended = result.ended is not None
        state = "ended" if ended else "stopped"
        self._store.tell(recording.handle, state, result.to_dict())
        self._view.ended(state, result)
        if failure is not None and not isinstance(failure, RecordingEnded):
            raise failure
        if result.ended is not None:
            note(f"{printable(self._name)}: {by_itself}: {printable('; '.join(result.ended.causes))}")
        if result.nothing_recorded:
            return NOTHING
        return OVER if ended else DONE

    def _let_go(self, recording: AsyncRecording[Any], how: str) -> int:
        self._store.tell(recording.handle, "running")
        self._view.close()
        self._tell_of_credentials()
        note(how_to_find(self._name, recording.handle, how))
        return INTERRUPTED

    def _tell_of_credentials(self) -> None:
        if self._renews:
            note(f"{printable(self._name)}: its storage credentials end, and nobody renews them any more")


async def _cancelled(task: asyncio.Future[Any]) -> None:
    """Has it end, whatever it says."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
