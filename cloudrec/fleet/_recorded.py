"""`Recorded`: one recording of a fleet, from its place in line to its files, in steps that are written down.

Each step may be run twice, by two workers even, and does no harm then: what is started is named by a resource ID that
was written down before, of which the service makes one recording at the most; a stop of what is over finds it over.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from itertools import accumulate
from random import random, uniform
from typing import TYPE_CHECKING, Any, Final, cast

from .._async.attach import KINDS
from .._call.line import Ticket, Urgency
from .._call.settings import Options
from .._recording.plan import ROUNDS
from .._recording.renewal import Renewal, are_short_lived
from .._recording.state import CONFIRM_WAITS, CONFIRM_WITHIN, WATCH_INTERVAL, Life, with_sid
from ..errors import CloudRecordingError, FleetError, RecordingEnded, TaskNotFoundError
from ._database import NOW
from ._entry import LeftToOthers, Over, again_after, begun, needs_of, told
from ._starting import Starting, recipe_of
from ._states import State
from ._uploads import is_there, with_told

if TYPE_CHECKING:
    from .._async.recording import AsyncRecording
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle

logger: logging.Logger = logging.getLogger("cloudrec.fleet")

JSON = dict[str, Any]

# Seconds between two queries of a recording that webhooks come of, which tell sooner.
ASK_IN_CASE: Final = 1800.0
# Seconds within which all that is to be asked is asked at once.
TOGETHER: Final = 0.25
# Seconds before what went wrong as nothing here should is gone on with.
MENDED_AFTER: Final = 30.0
# How often one is looked at that no worker can begin.
LEFT_FOR: Final = 20

_NOTHING_FOUND: Final[JSON] = {"part": 0, "handle": None, "held": None}


class HeldLife(Life):
    """One whose 404 is believed when they have come for long enough, whoever held it then.

    So nobody waits in a call: who holds it asks again when that is due, and writes down since when they come.
    """

    def __init__(self, handle: RecordingHandle, wall: Callable[[], float], not_found_since: float | None) -> None:
        super().__init__(handle, wall, None)
        self._not_found_since = not_found_since

    @property
    def not_found_since(self) -> float | None:
        """When the first of them came; None where the last answer was another one."""
        return self._not_found_since

    @property
    def waits(self) -> tuple[float, ...]:
        """See `Life`."""
        return ()

    @property
    def waits_of_stop(self) -> tuple[float, ...]:
        """See `Life`."""
        return ()

    def is_to_be_believed(self) -> bool:
        """See `Life`."""
        return self._not_found_for() >= sum(super().waits_of_stop)

    def not_found(self, error: CloudRecordingError, *, of_stop: bool = False) -> RecordingEnded:
        """See `Life`. Raises the error itself where it is not to be believed yet."""
        if not self.is_to_be_believed():
            raise error
        return super().not_found(error, of_stop=of_stop)

    def asks_again_in(self) -> float:
        """Seconds until it is due to ask again."""
        gone = self._not_found_for()
        return max(1.0, next((due - gone for due in accumulate(super().waits_of_stop) if due > gone), 0.0))

    def _not_found_for(self) -> float:
        now = self._wall()
        if self._not_found_since is None:
            self._not_found_since = now
        return now - self._not_found_since


class Recorded(Starting):
    """One recording that this worker holds."""

    # -- from its beginning to its end --------------------------------------------------------

    async def live(self) -> None:
        """All of it. Whoever takes it over goes on with the step that was not at its end."""
        row = await self._take_hold(self.run)
        if row is None:
            return
        self._keep(row)
        del row  # as long as this runs, it would be kept beside what is changed of it
        self.news.is_stop_asked = self._row["stop_at"] is not None
        await self._is_able()
        await self._catching_up.begin()
        self._catches_up = True
        try:
            self.news.check()
            found: JSON = _NOTHING_FOUND if self.run.losses == 0 else await self._step("find", self._find)
            part = found["part"]
            with suppress(Over):
                while await self._live_once(part, found):
                    part, found = part + 1, _NOTHING_FOUND
        finally:
            self._has_caught_up()

    async def _find(self) -> JSON:
        """How far it had come, where what was written down of its steps is lost: its row says it."""
        parts = json.loads(self._row["parts"])
        if not parts or "result" in parts[-1]:
            return {**_NOTHING_FOUND, "part": len(parts)}
        handle, held = parts[-1]["handle"], None
        if handle["sid"] is not None and self._row["state"] in (State.STOPPING, State.UPLOADING):
            lasted = self._session.wall() - handle["started_at"]
            held = {"why": "stop", "again": False, "causes": [], "lasted": lasted, "problem": None}
        return {"part": len(parts) - 1, "handle": handle, "held": held}

    async def _live_once(self, part: int, found: JSON = _NOTHING_FOUND) -> bool:
        """One part of it, from where it was found; whether another one follows."""
        step = self._step
        handle: RecordingHandle | None = found["handle"]
        left = ROUNDS
        while handle is None or handle["sid"] is None:
            left -= 1
            handle = handle or await step("acquire", self._acquire, part)
            if handle is None:
                raise Over
            started: JSON = await step("start", self._start, part, handle, left == 0)
            if started["again"]:
                handle = None
                continue
            if started["sid"] is None:
                raise Over
            handle = with_sid(begun(handle, started["at"]), started["sid"])
        held: JSON = found["held"] or await step("hold", self._hold, part, handle)
        result = await step("stop", self._stop, part, handle, held)
        await step("end", self._end, part, handle, held, result)
        return bool(held["again"])

    async def _is_able(self) -> None:
        """Leaves it to others where this worker has not what it is made of, and one of them has."""
        for _ in range(LEFT_FOR):
            missing = needs_of(self._row["recipe"]) - self._has
            if not missing:
                return
            told = f"worker {self._worker} has nothing by the name of {', '.join(sorted(missing))}"
            if missing <= await self._query(self._store.names):
                logger.info("fleet: %s: left to another worker: %s", self.key, told)
                await self.news.wait(again_after(0))
                raise LeftToOthers
            if self._row["sid"] is not None or self.news.is_stop_asked or await self._is_late():
                return  # to hold it is more than to renew its credentials, and to end it takes none
            await self._tell(FleetError(f"fleet: {self.key!r} cannot be begun: {told}, nor has another one"))
            await self.news.wait(MENDED_AFTER)

    # -- while it runs ------------------------------------------------------------------------

    async def _hold(self, part: int, handle: RecordingHandle) -> JSON:
        """Until it is to be stopped, or is over: why, and whether it is to be recorded anew."""
        recording = await self._attached(part, handle, renews=True)
        try:
            began = self._session.wall()
            goes_on = self._was_seen_to_run(part, handle)
            not_started = None if goes_on else await self._confirmed(part, recording)
            if not_started is not None:
                return {"why": "failed", "again": False, "causes": [], "lasted": 0.0, "problem": told(not_started)}
            why = await self._held(part, recording, goes_on=goes_on)
            if self._row["stop_at"] is not None or self.news.is_stop_asked:
                why = "stop"
            again = why == "ended" and self._row["restart"] and not await self._is_late()
            lasted = self._session.wall() - (handle["started_at"] or began)
            ended = recording._life.ended
            causes = list(ended.causes) if ended is not None and why == "ended" else []
            return {"why": why, "again": again, "causes": causes, "lasted": lasted, "problem": None}
        finally:
            if recording._renewing is not None:
                await recording._renewing.end()

    def _was_seen_to_run(self, part: int, handle: RecordingHandle) -> bool:
        if self._row["state"] != State.LOST:
            return bool(self._row["state"] == State.RUNNING)
        is_old = self._session.wall() - (handle["started_at"] or math.inf) > CONFIRM_WITHIN
        return is_old or (part == 0 and self._row["running_at"] is not None)

    async def _attached(self, part: int, handle: RecordingHandle, *, renews: bool) -> AsyncRecording[Any]:
        session = self._session
        since = self._part(part).get("not_found_since")
        life = HeldLife(handle, session.wall, None if since is None else since + await self._ahead())
        recording = KINDS[handle["mode"]](session, life, None)
        await self._take_all()
        self._feed(recording)
        if renews and not needs_of(self._row["recipe"]) - self._has:
            recipe = recipe_of(self._row["recipe"]).filled(self._secrets)
            given = recipe.arguments["storage"]
            if callable(given):
                storage = self._storage or await self._storage_of(recipe)
                if are_short_lived(storage):
                    # Of what another worker started it is not known how old they are: new ones, at once.
                    recording._renew(cast("Provider", given), Renewal(session.wall, self._storage))
        return recording

    def _part(self, part: int) -> JSON:
        """What is written down of it."""
        found: list[JSON] = json.loads(self._row["parts"])[part : part + 1]
        return found[0] if found else {}

    async def _note(self, part: int, recording: AsyncRecording[Any]) -> None:
        """Since when it is not found, which is counted on from by who takes it over."""
        since = cast("HeldLife", recording._life).not_found_since
        if (since is None) != (self._part(part).get("not_found_since") is None):
            at = None if since is None else since - await self._ahead()
            await self._change((part, {"not_found_since": at}))

    async def _ahead(self) -> float:
        """Seconds by which the clock here is ahead of the database's, by which several machines agree."""
        now: float = await self._query(self._store.time)
        return self._session.wall() - now

    async def _confirmed(self, part: int, recording: AsyncRecording[Any]) -> CloudRecordingError | None:
        """Waits until it is seen to run; what to say where it is not."""
        session, life = self._session, recording._life

        def is_known() -> bool:
            return life.runs or life.ended is not None or self.news.is_stop_asked

        until = (recording.handle["started_at"] or session.wall()) + CONFIRM_WITHIN
        for place, wait in enumerate((*CONFIRM_WAITS, *CONFIRM_WAITS)):
            await self._session_wait(min(wait, max(until - session.wall(), 1.0)))
            self._feed(recording)
            if is_known():
                break
            try:
                await self._asked(partial(self._seen_to_run, recording), recording, Urgency.CONFIRM)
                await self._note(part, recording)
            except RecordingEnded:
                break
            except CloudRecordingError as error:
                if not error.retryable:
                    return error
            # What could not be asked is not known, and nothing is stopped for it.
            if is_known() or (session.wall() >= until and life.was_asked and place >= 1):
                break
        if recording.ended is not None:
            return None
        if life.was_asked and not life.runs and not self.news.is_stop_asked:
            return life.not_started()
        if life.was_asked or self._row["state"] != State.LOST:
            await self._runs(recording)
        return None

    async def _runs(self, recording: AsyncRecording[Any]) -> None:
        since = self._row["running_at"] or NOW
        # What was wrong before is not any more; its story tells of it.
        await self._change(state=State.RUNNING, running_at=since, problem=None, **self._status(recording))

    async def _session_wait(self, seconds: float) -> None:
        """By the client's clock, and no longer than until there are news."""
        waiting = asyncio.ensure_future(self._session.wait(seconds))
        rang = asyncio.ensure_future(self.news.rang.wait())
        try:
            await asyncio.wait({waiting, rang}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (waiting, rang):
                task.cancel()
            await asyncio.gather(waiting, rang, return_exceptions=True)
        self.news.rang.clear()
        self.news.check()

    async def _seen_to_run(self, recording: AsyncRecording[Any], ticket: Ticket) -> None:
        await recording._is_seen_to_run(self._session.patience(Options(), 30.0), ticket)

    async def _held(self, part: int, recording: AsyncRecording[Any], *, goes_on: bool) -> str:
        """Until it is to be stopped, by whom, or is over; goes on with what another worker held, or not."""
        life, clock = recording._life, asyncio.get_running_loop().time
        if self._row["until"] is None and self._row["lasts"] is not None:
            now = await self._query(self._store.time)
            await self._change(until=now + self._row["lasts"])
        until = self._row["until"]
        ends = math.inf if until is None else clock() + until - await self._query(self._store.time)
        # When the other worker has asked last is not known.
        asks, tries = self._asks_at(random() if goes_on else 1.0), 0
        if self._row["state"] == State.LOST:
            asks = clock()
        while True:
            self._feed(recording)
            if self._status(recording)["status"] != self._row["status"]:
                await self._change(**self._status(recording))
            if self.news.is_stop_asked:
                return "stop"
            if life.ended is not None:
                return "ended"
            now = clock()
            if now >= ends:
                return "until"
            if now >= asks:
                try:
                    await self._asked(partial(recording._query, Options(), math.inf), recording, Urgency.WATCH)
                    if self._row["state"] == State.LOST and life.last_seen is not None:
                        await self._runs(recording)
                    await self._note(part, recording)
                except RecordingEnded:
                    return "ended"
                except TaskNotFoundError:
                    await self._note(part, recording)
                    await self._session_wait(cast("HeldLife", life).asks_again_in())
                    continue
                except CloudRecordingError as error:
                    await self._tell(error)
                    if self._can_run_for(recording.handle) <= 0:
                        return "ended"
                is_lost = self._row["state"] == State.LOST
                asks, tries = clock() + again_after(tries) if is_lost else self._asks_at(), tries + 1
                continue
            await self.news.wait(min(asks, ends) - now)

    def _asks_at(self, part: float = 1.0) -> float:
        # Where webhooks come they tell sooner. Not all at once: a worker that takes many over begins them together.
        interval = (ASK_IN_CASE if self.news.told else WATCH_INTERVAL) * uniform(0.9, 1.1) * part
        # But those of one moment together: they need not each ask the database when they may.
        return math.ceil((asyncio.get_running_loop().time() + interval) / TOGETHER) * TOGETHER

    async def _asked(
        self, ask: Callable[[Ticket], Awaitable[object]], recording: AsyncRecording[Any], urgency: Urgency
    ) -> None:
        """Asks, unless there are news before it is its turn."""
        ticket, heard = Ticket(urgency), recording._ending.child()
        try:
            with self.news.rang.calling(heard.set):
                await self._session.turn(ticket, heard)
            if not self.news.rang.is_set():
                await ask(ticket)
        finally:
            self._session.leave(ticket)

    def _feed(self, recording: AsyncRecording[Any]) -> None:
        events, self.news.events = self.news.events, []
        for event in events:
            recording.feed(event)

    # -- its end ------------------------------------------------------------------------------

    async def _stop(self, part: int, handle: RecordingHandle, held: JSON) -> JSON | None:
        """Stops it, which is harmless where it is over: what came of it, None where nobody can know."""
        recording = await self._attached(part, handle, renews=False)
        if held["why"] == "ended":
            recording._life.was_found_over(tuple(held["causes"]))
        await self._change(state=State.STOPPING)
        for tries in range(10**6):
            try:
                return (await recording.stop()).to_dict()
            except TaskNotFoundError:
                await self._note(part, recording)
                await self._session_wait(cast("HeldLife", recording._life).asks_again_in())
                continue
            except CloudRecordingError as error:
                await self._tell(error)
                age = self._session.wall() - (handle["started_at"] or 0.0)
                if age > handle["resource_expired_hour"] * 3600:
                    return None  # it can be neither stopped nor running any more
            await self.news.wait(again_after(tries))
        raise AssertionError

    async def _end(self, part: int, handle: RecordingHandle, held: JSON, result: JSON | None) -> bool:
        """Waits for its files, and writes down what came of it."""
        recording = await self._attached(part, handle, renews=False)
        recording._life.finish(None)
        if result is not None and not held["again"]:
            result = await self._uploaded(part, recording, result)
        came_of = {"causes": held["causes"], "result": result, "lasted": held["lasted"]}
        over = not held["again"]
        state = State.FAILED if held["why"] == "failed" else State.DONE if over else State.STARTING
        ends: JSON = {"over_at": NOW} if over else {}
        await self._keep_part(
            part, recording.handle, sid=handle["sid"], state=state, problem=held["problem"], of_part=came_of,
            **ends, **self._status(recording),
        )  # fmt: skip
        return True

    async def _uploaded(self, part: int, recording: AsyncRecording[Any], result: JSON) -> JSON:
        """What came of it when its files are there, and those of the parts before, as far as somebody tells."""
        clock = asyncio.get_running_loop().time
        # From when it was stopped, and not from when the worker that holds it now has taken it over.
        since = self._part(part).get("uploads_since", self._session.wall())
        until = clock() + self._upload_within - (self._session.wall() - since)
        until_before = clock() + max([0.0, *[self._follow_for(before) for before in await self._not_there(part)]])
        while True:
            self._feed(recording)
            result = with_told(result, recording._life)
            left = [] if is_there(result) else [until - clock()]
            if until_before > clock() and await self._not_there(part):
                left.append(until_before - clock())
            if not self.news.told or max(left, default=0.0) <= 0:
                return result
            if self._row["state"] != State.UPLOADING:
                await self._change((part, {"uploads_since": since}), state=State.UPLOADING)
            await self.news.wait(max(left))

    async def _not_there(self, part: int) -> list[JSON]:
        """Parts before this one whose files are on their way, as events have told whoever took them in."""
        row = await self._query(self._store.get, self.key) if part > 0 else None
        before = json.loads(row["parts"])[:part] if row is not None else []
        return [each for each in before if each.get("result") is not None and not is_there(each["result"])]

    def _follow_for(self, part: JSON) -> float:
        ended: float = (part["handle"]["started_at"] or 0.0) + part["lasted"]
        return self._upload_within - (self._session.wall() - ended)

    def _status(self, recording: AsyncRecording[Any]) -> JSON:
        status = recording._life.last_status
        # Who has taken it over has not asked yet.
        return {"status": self._row["status"] if status is None else int(status)}
