"""`Recorded`: one recording of a fleet, from its place in line to its files, in steps that are written down.

Each step may be run twice, by two workers even, and does no harm then: what is started is named by a resource ID that
was written down before, of which the service makes one recording at the most; a stop of what is over finds it over.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from random import uniform
from typing import TYPE_CHECKING, Any, Final, cast

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.uploading_status import UploadingStatus

from .._async.attach import KINDS
from .._async.launch import bodies
from .._call.line import Ticket, Urgency
from .._call.requests import acquire as acquire_call, start as start_call
from .._call.settings import Options
from .._io._async.calls import invoke_in_thread
from .._recording.plan import ROUNDS, Plan
from .._recording.recipe import Recipe
from .._recording.renewal import Renewal, are_short_lived
from .._recording.state import CONFIRM_WAITS, CONFIRM_WITHIN, WATCH_INTERVAL, Life, with_sid
from .._recording.words import storage_fields
from ..errors import (
    AlreadyStartedError,
    CloudRecordingError,
    FleetError,
    RecordingEnded,
    RecordingMayBeRunningError,
)
from ._database import NOW
from ._entry import Entry, LeftToOthers, Over, begun, can_give, needs, nth, told
from ._states import State
from ._store import Store

if TYPE_CHECKING:
    from .._async.recording import AsyncRecording
    from .._async.session import AsyncSession
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ._engine import Engine

logger: logging.Logger = logging.getLogger("cloudrec.fleet")

JSON = dict[str, Any]

# Seconds between two queries of a recording that webhooks come of, which tell sooner.
ASK_IN_CASE: Final = 1800.0
# Seconds for which a start is tried anew that is refused for what may pass. A resource ID is good for five minutes.
START_WITHIN: Final = 240.0
# Seconds before the next try of what must be done in the end, and of what went wrong as nothing here should.
AGAIN_AFTER: Final = (5.0, 10.0, 30.0, 60.0)
MENDED_AFTER: Final = 30.0
# How often one is looked at that no worker can begin.
LEFT_FOR: Final = 20
# A part that ends by itself before so many seconds is recorded anew after a pause, each time longer.
SHORT: Final = 300.0
PAUSES: Final = (0.0, 5.0, 30.0, 60.0, 300.0)


_NOT_STARTED: Final[JSON] = {"sid": None, "at": None, "again": False}


class Recorded(Entry):
    """One recording that this worker holds."""

    def __init__(
        self,
        key: str,
        run: int,
        *,
        worker: str,
        store: Store,
        session: AsyncSession,
        engine: Engine,
        secrets: Mapping[str, Any],
        token: Any,
        upload_within: float,
        query: Callable[..., Awaitable[Any]],
    ) -> None:
        super().__init__(key, run, worker, store, query)
        self._session = session
        self._engine = engine
        self._secrets = secrets
        self._has = can_give(secrets)
        self._token = token
        self._upload_within = upload_within
        self._storage: JSON | None = None

    # -- from its beginning to its end --------------------------------------------------------

    async def live(self) -> None:
        """All of it. Whoever takes it over goes on with the step that was not at its end."""
        row = await self._query(self._store.hold, self.key, self.run, self._worker)
        if row is None:
            return
        self._row = dict(row)
        self.news.is_stop_asked = row["stop_at"] is not None
        await self._is_able()
        part = 0
        with suppress(Over):
            while await self._live_once(part):
                part += 1

    async def _live_once(self, part: int) -> bool:
        """One part of it; whether another one follows."""
        step = self._engine.step
        left = ROUNDS
        while True:
            left -= 1
            handle = await step("acquire", self._acquire, part)
            if handle is None:
                raise Over
            started: JSON = await step("start", self._start, part, handle, left == 0)
            if not started["again"]:
                break
        if started["sid"] is None:
            raise Over
        handle = with_sid(begun(handle, started["at"]), started["sid"])
        held: JSON = await step("hold", self._hold, part, handle)
        result = await step("stop", self._stop, part, handle, held)
        await step("end", self._end, part, handle, held, result)
        return bool(held["again"])

    async def _is_able(self) -> None:
        """Leaves it to others where this worker has not what it is made of, and one of them has."""
        for _ in range(LEFT_FOR):
            missing = needs(json.loads(self._row["recipe"])) - self._has
            if not missing:
                return
            told = f"worker {self._worker} has nothing by the name of {', '.join(sorted(missing))}"
            if missing <= await self._query(self._store.names):
                logger.info("fleet: %s: left to another worker: %s", self.key, told)
                await self.news.wait(AGAIN_AFTER[0])
                raise LeftToOthers
            if self._row["sid"] is not None or self.news.is_stop_asked:
                return  # to hold it is more than to renew its credentials
            await self._tell(FleetError(f"fleet: {self.key!r} cannot be begun: {told}, nor has another one"))
            await self.news.wait(MENDED_AFTER)

    # -- acquire ------------------------------------------------------------------------------

    async def _acquire(self, part: int) -> RecordingHandle | None:
        """The resource ID, by which the start is the same however often it is sent. None where it is not to be."""
        await self._pause(part)
        for tries in range(10**6):
            if self.news.is_stop_asked or await self._is_late():
                await self._over(State.DONE, "stopped before it was started")
                return None
            try:
                return await self._acquired(part)
            except CloudRecordingError as error:
                if not error.retryable:
                    await self._failed(error)
                    return None
                await self._tell(error)
            await self.news.wait(nth(AGAIN_AFTER, tries))
        raise AssertionError

    async def _acquired(self, part: int) -> RecordingHandle:
        plan, storage = await self._plan(part)
        uid, acquiring, _ = await bodies(self._session, plan, self._token_of(plan), storage)
        # Without the body of the start, which would have to be the same to the last letter: credentials and tokens may
        # be others when it is sent, by another worker even.
        del acquiring["startParameter"]
        place = Ticket(Urgency.BEGIN)
        try:
            await self._session.let_in(place, plan.cname, None)
            call = acquire_call(plan.app_id, plan.cname, uid, acquiring, is_right=True, checks=plan.check)
            acquired = await self._session.send(call, Options())
        finally:
            self._session.let_out(place)
        handle = plan.handle(uid, acquired.resource_id, storage)
        await self._keep_part(part, handle, sid=None, state=State.STARTING)
        return handle

    async def _pause(self, part: int) -> None:
        """Before another part of what ended soon each time."""
        parts = json.loads(self._row["parts"])
        short = 0
        for before in reversed(parts[:part]):
            if before["lasted"] >= SHORT:
                break
            short += 1
        if pause := nth(PAUSES, short):
            await self.news.wait(pause)

    async def _plan(self, part: int) -> tuple[Plan, JSON]:
        row = self._row
        recipe = Recipe.from_dict(json.loads(row["recipe"])).filled(self._secrets)
        self._given_token = recipe.arguments.get("token")
        body = recipe.body()
        name = None if self.key == row["cname"] else self.key
        if (self.run, part) != (1, 0):
            # Another uid: the one before may be in the channel yet.
            body = body._replace(uid=None, key="/".join(map(str, (body.key, name, self.run, part))))
        elif body.key is None and body.uid is None:
            body = body._replace(key=name)
        storage = await self._storage_of(recipe)
        plan = Plan(self._session.settings.app_id, recipe.mode, row["cname"], body, check=recipe.check)
        return plan, storage

    async def _storage_of(self, recipe: Recipe) -> JSON:
        given = recipe.arguments["storage"]
        try:
            return storage_fields(
                await invoke_in_thread("storage", given) if callable(given) else given, self._session.wall()
            )
        except CloudRecordingError:
            raise
        except Exception as error:
            # Somebody else's code, which may have asked a server that is away. What it says may hold a secret.
            raise FleetError(
                f"fleet: the function for storage raised {type(error).__name__}", retryable=True
            ) from error

    def _token_of(self, plan: Plan) -> Any:
        if self._given_token is not None or plan.mode is Mode.WEB:
            return self._given_token
        return self._token or self._session.settings.tokens

    # -- start --------------------------------------------------------------------------------

    async def _start(self, part: int, handle: RecordingHandle, is_last: bool) -> JSON:
        """The sid; or None, and whether to acquire anew."""
        plan, storage = await self._plan(part)
        _, _, starting = await bodies(self._session, plan, self._token_of(plan), storage)
        # Whatever this step ran into before, in another worker even, its start may have arrived: then no failure of
        # another one says that nothing runs.
        sent_at = self._start_sent_at(part, handle)
        handle = begun(handle, sent_at or self._session.wall())
        if sent_at is None:
            await self._keep_part(part, handle, sid=None, state=State.STARTING)
        call = start_call(
            plan.app_id, handle["resource_id"], plan.mode, plan.cname, handle["uid"], starting,
            is_right=True, checks=plan.check,
        )  # fmt: skip
        call.handle = lambda: handle
        call.may_have_arrived = sent_at is not None
        until = self._session.wall() + START_WITHIN
        for tries in range(10**6):
            sid: str | None
            try:
                sid = await self._told_sid(handle) if sent_at is not None else None
                sid = sid or (await self._session.send(call, Options())).sid
            except (AlreadyStartedError, RecordingMayBeRunningError) as error:
                sid = await self._sid_of_event(part, handle, error)
                if sid is None:
                    return _NOT_STARTED
            except CloudRecordingError as error:
                if plan.may_begin_anew(error) and not is_last:
                    return {**_NOT_STARTED, "again": True}
                # While it is the database that is away, nothing is said of the start.
                if not (error.retryable and (self._session.wall() < until or isinstance(error, FleetError))):
                    await self._failed(error)
                    return _NOT_STARTED
                await self._tell(error)
                await self.news.wait(nth(AGAIN_AFTER, tries))
                continue
            self._storage = storage
            await self._keep_part(part, with_sid(handle, sid), sid=sid, state=State.STARTING)
            return {"sid": sid, "at": handle["started_at"], "again": False}
        raise AssertionError

    async def _sid_of_event(self, part: int, handle: RecordingHandle, error: CloudRecordingError) -> str | None:
        """It runs, or may: an event that tells its sid is waited for until it cannot run any more."""
        wall = self._session.wall
        hours = handle["max_recording_hour"] or handle["resource_expired_hour"]
        # From when the start was sent last, and of this part: others may have run for days before it.
        ends = (handle["started_at"] or wall()) + min(hours, handle["resource_expired_hour"]) * 3600
        await self._keep_part(part, handle, sid=None, state=State.UNKNOWN, problem=told(error))
        logger.error("fleet: %s: whether it runs is not known: %s", self.key, error)
        while (left := ends - wall()) > 0:
            if (sid := await self._told_sid(handle)) is not None:
                return sid
            await self.news.wait(left)
        await self._over(State.DONE, "whether it ever ran is not known; it cannot run any more")
        return None

    # -- while it runs ------------------------------------------------------------------------

    async def _hold(self, part: int, handle: RecordingHandle) -> JSON:
        """Until it is to be stopped, or is over: why, and whether it is to be recorded anew."""
        recording = await self._attached(handle, renews=True)
        try:
            began = self._session.wall()
            not_started = None if self._row["state"] == State.RUNNING else await self._confirmed(recording)
            if not_started is not None:
                return {"why": "failed", "again": False, "causes": [], "lasted": 0.0, "problem": told(not_started)}
            why = await self._held(recording)
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

    async def _attached(self, handle: RecordingHandle, *, renews: bool) -> AsyncRecording[Any]:
        session = self._session
        life = Life(handle, session.wall, None)
        recording = KINDS[handle["mode"]](session, life, None)
        await self._take_all()
        self._feed(recording)
        if renews and not needs(json.loads(self._row["recipe"])) - self._has:
            recipe = Recipe.from_dict(json.loads(self._row["recipe"])).filled(self._secrets)
            given = recipe.arguments["storage"]
            if callable(given):
                storage = self._storage or await self._storage_of(recipe)
                if are_short_lived(storage):
                    # Of what another worker started it is not known how old they are: new ones, at once.
                    recording._renew(cast("Provider", given), Renewal(session.wall, self._storage))
        return recording

    async def _confirmed(self, recording: AsyncRecording[Any]) -> CloudRecordingError | None:
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
        await self._change(state=State.RUNNING, running_at=NOW, **self._status(recording))
        return None

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

    async def _held(self, recording: AsyncRecording[Any]) -> str:
        """Until it is to be stopped, by whom, or is over."""
        life, clock = recording._life, asyncio.get_running_loop().time
        if self._row["until"] is None and self._row["lasts"] is not None:
            now = await self._query(self._store.time)
            await self._change(until=now + self._row["lasts"])
        until = self._row["until"]
        ends = math.inf if until is None else clock() + until - await self._query(self._store.time)
        asks = clock() + self._interval()
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
                except RecordingEnded:
                    return "ended"
                except CloudRecordingError as error:
                    await self._tell(error)
                asks = clock() + self._interval()
                continue
            await self.news.wait(min(asks, ends) - now)

    def _interval(self) -> float:
        # Where webhooks come they tell sooner. Not all at once: a worker that takes many over begins them together.
        return (ASK_IN_CASE if self.news.told else WATCH_INTERVAL) * uniform(0.9, 1.1)

    async def _asked(
        self, ask: Callable[[Ticket], Awaitable[object]], recording: AsyncRecording[Any], urgency: Urgency
    ) -> None:
        """Asks, unless there are news before it is its turn."""
        ticket = Ticket(urgency)
        turn = asyncio.ensure_future(self._session.turn(ticket, recording._ending))
        rang = asyncio.ensure_future(self.news.rang.wait())
        try:
            await asyncio.wait({turn, rang}, return_when=asyncio.FIRST_COMPLETED)
            if turn.done():
                turn.result()
                await ask(ticket)
        finally:
            for task in (turn, rang):
                task.cancel()
            await asyncio.gather(turn, rang, return_exceptions=True)
            self._session.leave(ticket)

    def _feed(self, recording: AsyncRecording[Any]) -> None:
        while self.news.events:
            recording.feed(self.news.events.popleft())

    # -- its end ------------------------------------------------------------------------------

    async def _stop(self, part: int, handle: RecordingHandle, held: JSON) -> JSON | None:
        """Stops it, which is harmless where it is over: what came of it, None where nobody can know."""
        recording = await self._attached(handle, renews=False)
        if held["why"] == "ended":
            recording._life.was_found_over(tuple(held["causes"]))
        await self._change(state=State.STOPPING)
        for tries in range(10**6):
            try:
                return (await recording.stop()).to_dict()
            except CloudRecordingError as error:
                await self._tell(error)
                age = self._session.wall() - (handle["started_at"] or 0.0)
                if age > handle["resource_expired_hour"] * 3600:
                    return None  # it can be neither stopped nor running any more
            await self.news.wait(nth(AGAIN_AFTER, tries))
        raise AssertionError

    async def _end(self, part: int, handle: RecordingHandle, held: JSON, result: JSON | None) -> bool:
        """Waits for its files, and writes down what came of it."""
        recording = await self._attached(handle, renews=False)
        recording._life.finish(None)
        if result is not None and not held["again"]:
            result = await self._uploaded(recording, result)
        came_of = {"causes": held["causes"], "result": result, "lasted": held["lasted"]}
        over = not held["again"]
        state = State.FAILED if held["why"] == "failed" else State.DONE if over else State.STARTING
        ends: JSON = {"over_at": NOW} if over else {}
        await self._keep_part(
            part, recording.handle, sid=handle["sid"], state=state, problem=held["problem"], of_part=came_of,
            **ends, **self._status(recording),
        )  # fmt: skip
        return True

    async def _uploaded(self, recording: AsyncRecording[Any], result: JSON) -> JSON:
        """What came of it when its files are there, as far as somebody tells."""
        until = asyncio.get_running_loop().time() + self._upload_within
        while True:
            self._feed(recording)
            told_now = recording.result.to_dict()
            if recording._life.uploading_status is not None:
                result = {**result, "uploading_status": told_now["uploading_status"]}
            if result["is_predicted"] and not told_now["is_predicted"]:
                result = {**result, "files": told_now["files"], "is_predicted": False}
            is_there = result["uploading_status"] == UploadingStatus.UPLOADED or result["nothing_recorded"]
            left = until - asyncio.get_running_loop().time()
            if is_there or not self.news.told or left <= 0:
                return result
            if self._row["state"] != State.UPLOADING:
                await self._change(state=State.UPLOADING)
            await self.news.wait(left)

    def _status(self, recording: AsyncRecording[Any]) -> JSON:
        status = recording._life.last_status
        return {"status": None if status is None else int(status)}
