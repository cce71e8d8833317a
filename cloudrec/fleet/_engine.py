"""`Engine`: durable steps, by DBOS Transact. All that knows DBOS stands here, so that another could take its place.

DBOS runs a function once for each ID, writes down what each step of it gave, and calls it again elsewhere where its
process died: with what is written down, and from there on. A step may run twice; it is written down once, by whoever
holds the function then.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from contextvars import Context
from functools import partial
from typing import Any, Final, TypeAlias

from .._io.forks import across_fork, in_child
from ..errors import ConfigurationError, FleetDatabaseError, FleetError
from ._database import address_of, connect_by, on_use, pause_after, shown, told, try_after_rest

try:
    import dbos
    from dbos import DBOS, SetWorkflowID
except ImportError as _missing:  # pragma: no cover - what an environment without the extra sees
    raise ConfigurationError(
        f"cloudrec.fleet: {_missing.name} is not installed (pip install 'cloudrec[fleet]')"
    ) from _missing

JSON: TypeAlias = Any
Run: TypeAlias = Callable[[str], Coroutine[Any, Any, None]]

_NAME: Final = "cloudrec-fleet"
_QUEUE: Final = "cloudrec"
# Of the function whose steps are written down, and not of the package: what an older one began, a newer one goes on
# with. Where the steps themselves change, `Engine.changed` tells which of them an ID began with.
_STEPS: Final = "1"
# Seconds between two looks for work.
_LOOK: Final = 0.5
# Seconds between two looks for messages, which nobody sends here; who stops waits for the end of one.
_LISTENS: Final = 1.0
# Seconds between two attempts to reach a database that is away, at the most.
_MOST_BETWEEN: Final = 5.0
# Seconds that a fork waits for a thread of the engine's.
_FORK_WAITS: Final = 5.0
# As many as write down what steps gave, at once; fewer than the engine has connections.
_THREADS: Final = 16
_ALONE: Final = "Let a worker be a process of its own; others ask the fleet without being entered."


class _JSON(dbos.Serializer):
    """What is written down is JSON that people can read, and no pickle."""

    def serialize(self, data: object) -> str:
        return json.dumps(data, default=lambda error: {"error": f"{type(error).__name__}: {error}"})

    def deserialize(self, serialized_data: str) -> JSON:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "cloudrec-json"


class Unfinished(BaseException):
    """A step came to no end; its cause says why. Like a cancellation, which the engine writes nothing down for."""


class Engine:
    """One process's part of the engine: it runs what is begun here or elsewhere, in the event loop that starts it."""

    def __init__(self, url: str, executor: str, run: Run) -> None:
        self._url = url
        self._shown = shown(address_of(url))
        self.executor: Final = executor
        self._run = run
        self._tasks: set[asyncio.Task[Any]] = set()
        self._workflow: Any = None
        self._at_rest = AtRest()

    async def start(self) -> None:
        """Takes work from here on.

        Raises:
            FleetError: this process has an engine already: it can have one.
            FleetDatabaseError: it cannot make its tables.
        """
        if _Here.engine is not None:
            raise FleetError("this process is a worker of a fleet already: it can be of one at a time")
        if getattr(dbos._dbos, "_dbos_global_instance", None) is not None:
            raise FleetError("this process uses DBOS for something else, and a process can have one", advice=_ALONE)
        _Here.engine = self
        _log_as_others_do()
        try:
            DBOS(
                config={
                    "name": _NAME,
                    "system_database_url": self._url,
                    "db_engine_kwargs": _connecting(self._url, sqlite3.sqlite_version_info),
                    "executor_id": self.executor,
                    "application_version": _STEPS,
                    "serializer": _JSON(),
                    "log_level": "CRITICAL",  # what goes wrong comes here, and is told by who asked for it
                    "scheduler_polling_interval_sec": 3600.0,  # nothing here is begun by a calendar
                    "max_executor_threads": _THREADS,
                    "notification_listener_polling_interval_sec": _LISTENS,
                    "use_listen_notify": False,  # nothing here is told that way: news come by the tables of the fleet
                }
            )

            async def recording(id_: str) -> None:
                task = asyncio.current_task()
                assert task is not None
                self._tasks.add(task)
                try:
                    await self._run(id_)
                finally:
                    self._tasks.discard(task)

            self._workflow = DBOS.workflow(name="recording", max_recovery_attempts=None)(recording)
            DBOS.launch()
            _be_patient()
            connections = dbos._dbos._get_dbos_instance()._sys_db.engine
            if self._url.startswith("sqlite"):
                self._at_rest.of(connections)
            else:
                try_after_rest(connections)
            await DBOS.register_queue_async(_QUEUE, polling_interval_sec=_LOOK)
        except BaseException as error:
            await self.stop()
            if not isinstance(error, Exception):
                raise
            # What it says may hold the address, and in that a password.
            raise FleetDatabaseError(
                f"database: DBOS cannot use it ({type(error).__name__})",
                advice="Look whether this user may make a schema and tables there, and whether it has room.",
            ) from None

    async def enqueue(self, ids: Iterable[str]) -> None:
        """Begins these, here or elsewhere; nothing happens for those that were begun before."""
        for id_ in ids:
            with self._told(), SetWorkflowID(id_):
                await DBOS.enqueue_workflow_async(_QUEUE, self._workflow, id_)

    async def step(self, name: str, function: Callable[..., Awaitable[JSON]], *arguments: Any) -> JSON:
        """What the function gives, which is written down; what is written down already, where it is.

        Raises:
            Unfinished: it raised. That is not written down, and the step is run anew by whoever comes to it next.
            FleetDatabaseError: what it gave could not be written down. It is run anew, too.
        """

        async def finished() -> JSON:
            try:
                return await function(*arguments)
            except Exception as error:
                raise Unfinished from error

        with self._told():
            return await DBOS.run_step_async({"name": name}, finished)

    async def changed(self, name: str) -> bool:
        """Whether this ID was begun after that change of the steps, or comes to it only now."""
        with self._told():
            return await DBOS.patch_async(name)

    async def held_by(self, executor: str) -> list[str]:
        """What is begun and not at its end there."""
        return [one.workflow_id for one in await self._list(status="PENDING", executor_id=executor)]

    async def adrift(self, ids: Iterable[str], executors: Iterable[str]) -> list[str]:
        """Those of them that are begun and not at their end with an executor that is none of these."""
        found = await self._list(workflow_ids=list(ids), status="PENDING")
        known = set(executors)
        return [one.workflow_id for one in found if one.executor_id not in known]

    async def under_way(self, ids: Iterable[str]) -> set[str]:
        """Those of them that wait to be run, or run."""
        asked = list(ids)
        if not asked:
            return set()
        found = await self._list(workflow_ids=asked, status=["ENQUEUED", "PENDING", "DELAYED"])
        return {one.workflow_id for one in found}

    async def move(self, ids: Iterable[str]) -> None:
        """Has another process go on with these, or this one anew: whoever ran them can write nothing down any more."""
        if moved := list(ids):
            # Not as a step of what asks for it: that may have written down another one in its place.
            with self._told():
                await asyncio.create_task(DBOS.resume_workflows_async(moved, queue_name=_QUEUE), context=Context())

    async def forget(self, ids: Iterable[str]) -> None:
        """Removes what was written down of these."""
        if forgotten := list(ids):
            with self._told():
                await DBOS.delete_workflows_async(forgotten)

    async def _list(self, **which: Any) -> list[Any]:
        with self._told():
            return await DBOS.list_workflows_async(load_input=False, **which)

    def _told(self) -> AbstractContextManager[None]:
        return told(self._shown)

    async def leave(self, within: float) -> None:
        """Waits until nothing runs here any more; what is not at its end in so many seconds is cancelled."""
        if self._tasks:
            _, late = await asyncio.wait(tuple(self._tasks), timeout=within)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=within)

    async def stop(self) -> None:
        """Takes no work any more, and lets the database go."""
        if _Here.engine is self:
            # In a thread of its own: DBOS has put its threads under the loop's, and ends them.
            with ThreadPoolExecutor(1) as threads:
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(threads, partial(DBOS.destroy, destroy_registry=True))
            loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="asyncio"))
            _Here.engine = None


def _be_patient() -> None:
    """Has it bear with a database that is away."""
    system: Any = dbos._dbos._get_dbos_instance()._sys_db
    # Who waits is the fleet. DBOS would in each of its threads, for as much as a minute and a half after the database
    # is back, and the process could not end meanwhile.
    system._retry_connection_errors = False
    # What it does all the time it goes on trying, as often as it looks for work.
    connect_by(Attempts(), system.engine)


class AtRest:
    """No thread of the engine's is in SQLite while this process forks: the child would never get what it has locked."""

    def __init__(self) -> None:
        self._begin_anew()
        across_fork(self._while_forking)
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = threading.Condition()
        self._used: set[object] = set()

    def of(self, database: Any) -> None:
        """Watches the use of its connections."""
        on_use(database, self._taken, self._given_back)

    def _taken(self, _: object, record: object, *__: object) -> None:
        with self._lock:  # which who forks has
            self._used.add(record)

    def _given_back(self, _: object, record: object) -> None:
        with self._lock:
            self._used.discard(record)
            self._lock.notify_all()

    @contextmanager
    def _while_forking(self) -> Iterator[None]:
        with self._lock:
            self._lock.wait_for(lambda: not self._used, _FORK_WAITS)
            yield


class Attempts:
    """Connects to a database; while it is away, again and again after longer times, in whichever thread it is."""

    def __init__(
        self, wait: Callable[[float], object] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._wait = wait
        self._clock = clock
        self._failed = 0
        self._again_at = 0.0

    def __call__(self, dialect: Any, _: object, arguments: Iterable[Any], words: Mapping[str, Any]) -> Any:
        if self._failed and (left := self._again_at - self._clock()) > 0:
            self._wait(left)
        try:
            connection = dialect.connect(*arguments, **words)
        except Exception:
            self._failed += 1
            self._again_at = self._clock() + pause_after(self._failed, _MOST_BETWEEN)
            raise
        self._failed = 0
        return connection


def _log_as_others_do() -> None:
    """Its log goes where the program's goes, and not to what was the console when it was imported."""
    log = logging.getLogger("dbos")
    for handler in [known for known in log.handlers if known.name == "__dbos_console_log_handler__"]:
        log.removeHandler(handler)
        log.propagate = True


class _Here:
    engine: Engine | None = None


class _OldSQLite(sqlite3.Connection):
    """A connection that has parts of a second, as SQLite from 3.42 on has and DBOS on Python 3.12 asks for."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.create_function("unixepoch", 1, _now)


def _now(parts: str) -> float:
    if parts != "subsec":
        raise ValueError(f"unixepoch({parts!r}) is not known here")
    return round(time.time(), 3)


def _connecting(url: str, sqlite: tuple[int, ...]) -> dict[str, Any]:
    """How DBOS connects. Debian 12, and so many an image of Python, has SQLite 3.40."""
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": False}  # see `try_after_rest`
    return {"connect_args": {"factory": _OldSQLite}} if sqlite < (3, 42) else {}
