"""`Worker`: one process of a fleet. It takes recordings on, hands them their news, and takes over from the dead."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets as random_names
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar
from uuid import getnode

from .._contract.frames import bared
from ..errors import CloudRecordingError, FleetDatabaseError, FleetError
from ._catching_up import CatchingUp
from ._database import Run, pause_after
from ._engine import Engine, Unfinished
from ._entry import LeftToOthers, can_give, needs_of, told
from ._pace import DatabasePace, FleetLimit
from ._queries import Queries, Together
from ._recorded import MENDED_AFTER, Recorded
from ._states import State
from ._store import Fenced, Store

if TYPE_CHECKING:
    from .._async.session import AsyncSession
    from ._telemetry import Telemetry

IS_WINDOWS = os.name == "nt"
logger: logging.Logger = logging.getLogger("cloudrec.fleet")

P = ParamSpec("P")
T = TypeVar("T")

# Seconds between two signs of life, and after which who gives none is taken for dead.
BEAT: Final = 5.0
DEAD_AFTER: Final = 15.0
# Seconds between two looks for news, and between two looks for what is to be tidied up.
LOOK: Final = 0.25
TIDY: Final = 60.0
# Seconds that what was let in may wait for a worker, and that whoever empties a dead one may take.
LEFT_BEHIND: Final = 10.0
# Seconds that calls under way have when a worker leaves.
LEAVES_WITHIN: Final = 45.0
# Seconds by which the clocks of machines may differ from the database's.
CLOCKS_DIFFER: Final = 60.0


class Reach:
    """Whether the database can be used, which is told when it changes and not each time that it was tried."""

    def __init__(self) -> None:
        self._is_away = False
        self._failed = False

    def failed(self, worker: str, error: FleetDatabaseError) -> None:
        """It could not be used."""
        self._failed = True
        if not self._is_away:
            self._is_away = True
            logger.error("fleet: worker %s waits for its database: %s", worker, error)

    def wrote(self, worker: str) -> None:
        """A sign of life was written. All is well when nothing has failed since the one before."""
        if self._is_away and not self._failed:
            self._is_away = False
            logger.warning("fleet: worker %s has its database again", worker)
        self._failed = False


class Worker:
    """What a process does for a fleet, from :meth:`start` to :meth:`stop`."""

    def __init__(
        self,
        store: Store,
        query: Queries,
        session: AsyncSession,
        *,
        secrets: Mapping[str, Any],
        token: Any,
        most: int,
        requests: float,
        keep: float,
        upload_within: float,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._query = query
        self._beats = Queries(1)
        self._reach = Reach()
        self._session = session
        self._settings = session.settings
        self._secrets = secrets
        self._token = token
        self._most = most
        self._requests = requests
        self._keep = keep
        self._upload_within = upload_within
        self._telemetry = telemetry
        self._held: dict[str, Recorded] = {}
        self._idle: set[Run] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._is_leaving = False
        self._takes_none = False
        self._joined = asyncio.Event()
        self.name: str = ""
        self._engine: Engine
        self._hold: Together[Run, Mapping[str, Any] | None]
        self._events_of: Together[str, list[str]]
        self._catching_up: CatchingUp

    # -- its beginning and its end ------------------------------------------------------------

    async def start(self) -> None:
        """Begins to work.

        Raises:
            FleetDatabaseError: the database cannot be used.
            FleetError: this machine's clock is wrong, or this process is a worker already.
        """
        await self._query(self._store.prepare, self._requests)
        offset = await self._query(self._store.offset)
        if abs(offset) > CLOCKS_DIFFER:
            raise FleetError(
                f"fleet: this machine's clock is {abs(offset):.0f} s {'behind' if offset > 0 else 'ahead of'} the "
                f"database's (at most {CLOCKS_DIFFER:.0f})",
                advice="Set it: tokens and credentials are good by the clock.",
            )
        try:
            await self._join()
        except BaseException:
            self._session.settings = self._settings
            with suppress(CloudRecordingError):  # it is taken for dead then
                await self._query(self._store.remove_worker, self.name)
            raise
        self._loops = [
            asyncio.create_task(self._repeat(function, pause), name=f"cloudrec-fleet-{function.__name__.strip('_')}")
            for function, pause in (
                (self._beat, BEAT),
                (self._look_after_others, BEAT),
                (self._look, LOOK),
                (self._tidy, TIDY),
            )
        ]

    async def _join(self) -> None:
        self.name = f"{_place()}:{os.getpid()}:{random_names.token_hex(4)}"
        self._hold = Together(partial(self._hold_all, self.name))
        self._events_of = Together(self._events_of_all)
        self._catching_up = CatchingUp()
        pace = DatabasePace(self._store, self._query, self.name, self._requests)
        self._session.settings = self._session.settings._replace(rate_limit=FleetLimit(pace))
        await self._query(self._store.join, self.name, can_give(self._secrets))
        self._takes_none = False
        self._engine = Engine(self._store.engine_url, self.name, self._run)
        await self._engine.start()
        self._joined.set()
        logger.info("fleet: worker %s began", self.name)

    async def stop(self) -> None:
        """Leaves: what it holds goes to others at once, or waits for one."""
        self._is_leaving = True
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self._beats.rest()
        await self._leave()
        self._session.settings = self._settings
        logger.info("fleet: worker %s left", self.name)

    async def _leave(self) -> None:
        self._takes_none = True
        for recorded in self._held.values():
            recorded.news.is_leaving = True
            recorded.news.rang.set()
        await self._engine.leave(LEAVES_WITHIN)
        with suppress(Exception):
            await self._query(self._store.let_go, self.name)
            await self._engine.move(await self._engine.held_by(self.name))
        await self._engine.stop()
        # What the engine took up meanwhile is with others when they look, which they do with their next sign of life.
        with suppress(CloudRecordingError):  # it is taken for dead then
            await self._query(self._store.retire, self.name)

    # -- what it does all the time ------------------------------------------------------------

    async def _repeat(self, function: Callable[[], Any], pause: float) -> None:
        failures = 0
        while True:
            await self._joined.wait()
            joined = self.name
            try:
                await function()
                failures = 0
            except Fenced as error:
                if self._is_still(joined):
                    await self._begin_anew(error)
            except FleetDatabaseError as error:
                # It may come back. Until then nothing is sent, as every request asks it.
                self._reach.failed(joined, error)
                failures += 1
            except Exception as error:
                # What was under way when it began anew has lost its engine.
                if self._is_still(joined):
                    logger.error("fleet: worker %s: what should not be", joined, exc_info=bared(error))
                    failures += 1
            await asyncio.sleep(max(pause, pause_after(failures, BEAT)) if failures else pause)

    def _is_still(self, joined: str) -> bool:
        return joined == self.name and self._joined.is_set()

    async def _begin_anew(self, error: Fenced) -> None:
        """It stood still for so long that others have taken over: it lets everything go, and joins as a new one."""
        logger.warning("%s; it begins anew", error)
        self._joined.clear()
        has_left = False
        while not self._joined.is_set():
            try:
                if not has_left:
                    await self._leave()
                    has_left = True
                await self._join()
            except FleetDatabaseError as away:
                self._reach.failed(self.name, away)
                await asyncio.sleep(BEAT)
            except Exception as again:
                logger.error("fleet: worker %s cannot begin anew: %s", self.name, again, exc_info=bared(again))
                await asyncio.sleep(BEAT)

    async def _beat(self) -> None:
        # Beside all else that it does, in a thread of its own: who is slow for all it holds is not dead.
        await self._beats(self._store.beat, self.name)
        self._reach.wrote(self.name)

    async def _look_after_others(self) -> None:
        known = await self._known_dead()
        take = self._store.take_from_dead
        for dead in await self._query(take, self.name, DEAD_AFTER, known, 2 * DEAD_AFTER):
            await self._take_over(dead)
        never, gone = await self._query(self._store.left_behind, LEFT_BEHIND)
        if never or gone:
            await self._engine.enqueue(run.id for run in never)
            alive = await self._query(self._store.all_workers)
            await self._go_on_with([*never, *gone], alive)

    async def _go_on_with(self, runs: Iterable[Run], elsewhere: Iterable[str]) -> None:
        """Has those gone on with that are with none of these workers, or are lost."""
        by_id = {run.id: run for run in runs}
        await self._engine.move(await self._engine.adrift(by_id, elsewhere))
        under_way = await self._engine.under_way(by_id)
        found = [await self._look_for(run) for id_, run in by_id.items() if id_ not in under_way]
        await self._engine.enqueue(run.id for run in found if run is not None)

    async def _look_for(self, run: Run) -> Run | None:
        """Under another ID, what is lost under this one; None where it came to its end meanwhile."""
        lost = FleetError(f"fleet: {run.key!r}: it was begun, and nothing was at work for it; it is looked for")
        found = await self._query(self._store.lose, run, json.dumps(told(lost)))
        if found is not None:
            logger.error("%s (as %s, before %s)", lost, found.id, run.id)
        return found

    async def _known_dead(self) -> list[str]:
        """Workers of this machine whose process is not there any more."""
        here = f"{_place()}:"
        others = [name for name in await self._query(self._store.all_workers) if name != self.name]
        return [name for name in others if name.startswith(here) and not _lives(name.removeprefix(here))]

    async def _take_over(self, dead: str) -> None:
        began = time.monotonic()
        ids = set(await self._engine.held_by(dead))
        # What it was given, and had not begun to run.
        held = await self._query(self._store.held_by, dead)
        await self._engine.move(ids)
        if missing := [run for run in held if run.id not in ids]:
            await self._go_on_with(missing, await self._query(self._store.all_workers))
        await self._query(self._store.remove_worker, dead)
        if ids:
            took = time.monotonic() - began
            logger.warning("fleet: worker %s is gone; %d recordings are taken over (%.2f s)", dead, len(ids), took)

    async def _look(self) -> None:
        events, stops, waits = await self._query(self._store.news, self.name)
        for key, body in events:
            if (recorded := self._held.get(key)) is not None:
                recorded.take(body)
        for key in stops:
            recorded = self._held.get(key)
            if recorded is not None and not recorded.news.is_stop_asked:
                recorded.news.is_stop_asked = True
                recorded.news.rang.set()
        if waits:
            await self._let_in()

    async def _let_in(self) -> None:
        begun, missing = await self._query(self._store.admit, self._most, needs_of)
        for key, names in missing.items():
            logger.error("fleet: %s: it waits for a worker that has %s", key, ", ".join(names))
        if begun:
            await self._engine.enqueue(run.id for run in begun)
            for run in begun:
                logger.info("fleet: %s: %s, was %s", run.key, State.STARTING, State.WAITING)

    async def _tidy(self) -> None:
        old = await self._query(self._store.old, self._keep)
        # Forgotten first, and each run: the engine does not begin what it has run already, and a key that was removed
        # begins with its first run again.
        await self._engine.forget(id_ for run in old for id_ in run.ids)
        await self._query(self._store.remove, old)
        await self._look_after_own()
        self._telemetry.counted(await self._query(self._store.counts))

    async def _look_after_own(self) -> None:
        """What this worker should hold, and does not: now and when it looked before, so that none is on its way."""
        ours = await self._query(self._store.held_by, self.name)
        idle = {run for run in ours if run.key not in self._held}
        if missing := idle & self._idle:
            alive = await self._query(self._store.all_workers)
            await self._go_on_with(missing, {*alive} - {self.name})
        self._idle = idle

    async def _patiently(self, function: Callable[P, T], *arguments: P.args, **words: P.kwargs) -> T:
        """What the function returns; while the database is away, it is waited for."""
        for failures in count(1):
            try:
                return await self._query(function, *arguments, **words)
            except FleetDatabaseError as error:
                if not error.retryable or self._is_leaving:
                    raise
                self._reach.failed(self.name, error)
                await asyncio.sleep(pause_after(failures, BEAT))
        raise AssertionError

    async def _hold_all(self, joined: str, runs: Sequence[Run]) -> list[Mapping[str, Any] | None]:
        return await self._patiently(self._store.hold, runs, joined)

    async def _events_of_all(self, keys: Sequence[str]) -> list[list[str]]:
        return await self._patiently(self._store.events_of, keys)

    # -- one recording ------------------------------------------------------------------------

    async def _run(self, id_: str) -> None:
        run = Run.of(id_)
        key, joined = run.key, self.name
        if self._has_let_go(joined):
            # What it has handed over, which its own engine takes up again where no other one is there.
            raise asyncio.CancelledError(f"{key}: left to another worker")
        recorded = Recorded(
            run,
            worker=joined,
            store=self._store,
            session=self._session,
            engine=self._engine,
            secrets=self._secrets,
            token=self._token,
            upload_within=self._upload_within,
            query=self._patiently,
            hold=self._hold,
            events_of=self._events_of,
            catching_up=self._catching_up,
        )
        recorded.news.is_leaving = self._is_leaving
        self._held[key] = recorded
        self._catching_up.comes()
        try:
            with self._telemetry.span(key, run.number):
                await recorded.live()
        except Fenced:
            raise asyncio.CancelledError(f"{key}: held by another worker") from None
        except LeftToOthers:
            with suppress(FleetDatabaseError):  # it is no takeover for it
                await self._patiently(self._store.let_go, self.name, key)
            await self._hand_on(id_, recorded)
            raise asyncio.CancelledError(f"{key}: left to another worker") from None
        except (Exception, Unfinished) as error:
            # Whatever it is, the recording is not let go of for it: it is gone on with, from the step before.
            cause = error.__cause__ if isinstance(error, Unfinished) and error.__cause__ is not None else error
            if self._has_let_go(joined):  # its engine is gone: nobody need look into that
                logger.info("fleet: %s: left to another worker in the midst of it: %s", key, type(cause).__name__)
                raise asyncio.CancelledError(f"{key}: left to another worker") from None
            if isinstance(cause, FleetDatabaseError) and cause.retryable:
                self._reach.failed(self.name, cause)
                again_after = BEAT
            else:
                again_after = MENDED_AFTER
                logger.error("fleet: %s: what should not be; again in %g s", key, again_after, exc_info=bared(cause))
            await recorded.news.wait(again_after)
            await self._hand_on(id_, recorded)
            raise asyncio.CancelledError(f"{key}: begun anew") from None
        finally:
            if self._held.get(key) is recorded:
                del self._held[key]

    def _has_let_go(self, joined: str) -> bool:
        """Whether it holds nothing any more of what it had by that name."""
        return self._takes_none or joined != self.name

    async def _hand_on(self, id_: str, recorded: Recorded) -> None:
        """Has it gone on with, here or elsewhere. What failed here instead would be its end, for the engine."""
        while True:
            try:
                return await self._engine.move([id_])
            except FleetDatabaseError as error:
                self._reach.failed(self.name, error)
                await recorded.news.wait(BEAT)
            except Exception as error:
                logger.error("fleet: %s: cannot be handed on yet: %s", recorded.key, type(error).__name__)
                await recorded.news.wait(BEAT)


def _place() -> str:
    """This machine, and what of it can see its processes: two, or two containers, may have the same host name."""
    host = socket.gethostname()
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
        return f"{host}/{boot}/{Path('/proc/self/ns/pid').readlink().name}"
    return f"{host}/{getnode():x}"


def _lives(told: str) -> bool:
    """Whether there is a process of that number: ``12345:…``."""
    if IS_WINDOWS:  # where that 0 is no question, but Ctrl-C; such a worker is found dead when it gives no sign of life
        return True
    try:
        os.kill(int(told.partition(":")[0]), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):
        pass
    return True
