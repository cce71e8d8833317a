"""`Starting`: how a recording of a fleet comes to run: its resource ID, and the start that is sent with it."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cloudrec_api.models.mode import Mode

from .._async.launch import bodies
from .._call.line import Ticket, Urgency
from .._call.requests import acquire as acquire_call, start as start_call
from .._call.settings import Options
from .._io._async.calls import invoke_in_thread
from .._recording.plan import Plan
from .._recording.recipe import Recipe
from .._recording.state import with_sid
from .._recording.words import storage_fields
from ..errors import AlreadyStartedError, CloudRecordingError, FleetError, RecordingMayBeRunningError
from ._database import Run
from ._entry import Entry, again_after, begun, can_give, nth, told
from ._states import State
from ._store import Store

if TYPE_CHECKING:
    from .._async.session import AsyncSession
    from ..handles import RecordingHandle
    from ._catching_up import CatchingUp
    from ._engine import Engine

logger: logging.Logger = logging.getLogger("cloudrec.fleet")

JSON = dict[str, Any]

# Seconds for which a start is tried anew that is refused for what may pass. A resource ID is good for five minutes.
START_WITHIN: Final = 240.0
# A part that ends by itself before so many seconds is recorded anew after a pause, each time longer.
SHORT: Final = 300.0
PAUSES: Final = (0.0, 5.0, 30.0, 60.0, 300.0)

_NOT_STARTED: Final[JSON] = {"sid": None, "at": None, "again": False}


@lru_cache(256)
def recipe_of(written: str) -> Recipe:
    """The recipe that a row has: that of many is the same, and it is checked each time that it is made."""
    return Recipe.from_dict(json.loads(written))


class Starting(Entry):
    """The steps to where it runs, or never will."""

    def __init__(
        self,
        run: Run,
        *,
        worker: str,
        store: Store,
        session: AsyncSession,
        engine: Engine,
        secrets: Mapping[str, Any],
        token: Any,
        upload_within: float,
        query: Callable[..., Awaitable[Any]],
        hold: Callable[[Run], Awaitable[Mapping[str, Any] | None]],
        events_of: Callable[[str], Awaitable[list[str]]],
        catching_up: CatchingUp,
    ) -> None:
        super().__init__(run, worker, store, query, events_of)
        self._take_hold = hold
        self._catching_up = catching_up
        self._catches_up = False
        self._session = session
        self._engine = engine
        self._secrets = secrets
        self._has = can_give(secrets)
        self._token = token
        self._upload_within = upload_within
        self._storage: JSON | None = None

    async def _step(self, name: str, function: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """See :class:`Engine`. What is not written down yet is new: it has caught up."""

        def begins() -> Awaitable[Any]:
            self._has_caught_up()
            return function(*arguments)

        return await self._engine.step(name, begins)

    def _has_caught_up(self) -> None:
        if self._catches_up:
            self._catches_up = False
            self._catching_up.end()

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
            await self.news.wait(again_after(tries))
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
        await self._keep_part(part, handle, sid=None, state=State.STARTING, status=None)
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
            # From its end, and not from when the worker that holds it now has taken it over.
            ended = (parts[part - 1]["handle"]["started_at"] or self._session.wall()) + parts[part - 1]["lasted"]
            await self.news.wait(min(pause, pause - (self._session.wall() - ended)))

    async def _plan(self, part: int) -> tuple[Plan, JSON]:
        row = self._row
        recipe = recipe_of(row["recipe"]).filled(self._secrets)
        self._given_token = recipe.arguments.get("token")
        body = recipe.body()
        name = None if self.key == row["cname"] else self.key
        if (self.run.number, part) != (1, 0):
            # Another uid: the one before may be in the channel yet.
            body = body._replace(uid=None, key="/".join(map(str, (body.key, name, self.run.number, part))))
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
        # Whatever this step ran into before, in another worker even, its start may have arrived: then no failure of
        # another one says that nothing runs.
        kept = self._kept(part, handle)
        sent_at = None if kept is None else kept["started_at"]
        if kept is not None and kept["sid"] is not None:
            # It was answered, and only what this step gave was not written down.
            return {"sid": kept["sid"], "at": sent_at, "again": False}
        plan, storage = await self._plan(part)
        _, _, starting = await bodies(self._session, plan, self._token_of(plan), storage)
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
                await self.news.wait(again_after(tries))
                continue
            self._storage = storage
            await self._keep_part(part, with_sid(handle, sid), sid=sid, state=State.STARTING)
            return {"sid": sid, "at": handle["started_at"], "again": False}
        raise AssertionError

    async def _sid_of_event(self, part: int, handle: RecordingHandle, error: CloudRecordingError) -> str | None:
        """It runs, or may: an event that tells its sid is waited for until it cannot run any more."""
        await self._keep_part(part, handle, sid=None, state=State.UNKNOWN, problem=told(error))
        logger.error("fleet: %s: whether it runs is not known: %s", self.key, error)
        while (left := self._can_run_for(handle)) > 0:
            if (sid := await self._told_sid(handle)) is not None:
                return sid
            await self.news.wait(left)
        await self._over(State.DONE, "whether it ever ran is not known; it cannot run any more")
        return None

    def _can_run_for(self, handle: RecordingHandle) -> float:
        """Seconds after which it cannot run any more, as its resource has expired or it is as long as it may be."""
        hours = handle["max_recording_hour"] or handle["resource_expired_hour"]
        # From when the start was sent last, and of this part: others may have run for days before it.
        lasts = min(hours, handle["resource_expired_hour"]) * 3600
        return (handle["started_at"] or self._session.wall()) + lasts - self._session.wall()
