"""`Store`: the fleet's tables, in SQLite or PostgreSQL. All that knows SQL stands here.

Times are the database's own, in seconds since 1970: the machines' clocks need not agree.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from .._io.forks import in_child
from ..errors import FleetDatabaseError
from ._database import (
    NOW,
    VERSION,
    address_of,
    double,
    engine_of,
    fleets,
    inbox,
    named,
    recordings,
    schema,
    told,
    unlocking,
    workers,
)
from ._states import ACTIVE, FINAL, RECORDING, State

# What is between two requests is so much more than the limit asks for: those of several machines are more unlike in how
# long they are on their way than those of one process.
MARGIN: Final = 1.1
# After a 429 requests come so much slower, at the most so much; and each one after that so much quicker again.
SLOWER, SLOWEST, QUICKER = 1.5, 8.0, 0.98
# Recordings that are let in at once.
_AT_A_TIME: Final = 1000
# Workers that neither left nor were taken for dead.
_WORKS: Final = sa.and_(workers.c.taken_at.is_(None), workers.c.seen_at > 0)


class Fenced(BaseException):
    """This worker was taken for dead, and what it held is held by others.

    Like a cancellation, it is nobody's to catch on the way: whatever it ends is gone on with elsewhere.
    """


class Store:
    """The fleet's tables. Its methods block; each is one transaction."""

    def __init__(self, url: object, app_id: str) -> None:
        self.url: sa.URL = address_of(url)
        self.app_id: Final = app_id
        self._is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = engine_of(self.url, is_sqlite=self._is_sqlite)
        in_child(self._begin_anew)
        self._now: sa.ColumnElement[float] = (
            sa.bindparam("now", type_=double)
            if self._is_sqlite
            else sa.extract("epoch", sa.func.clock_timestamp()).cast(double)
        )

    def _begin_anew(self) -> None:
        """In a process that was forked: its connections are the parent's, which goes on with them."""
        self._engine.dispose(close=False)

    @property
    def engine_url(self) -> str:
        """What the engine opens the same database by."""
        url = self.url if self._is_sqlite else unlocking(self.url)
        return url.render_as_string(hide_password=False)

    # -- the database -------------------------------------------------------------------------

    def prepare(self, requests: float) -> None:
        """Makes the tables where there are none, and looks whether they are ours.

        Raises:
            FleetDatabaseError: it cannot be reached or written, or is of another version or App ID.
        """
        first = MARGIN / requests
        with self._writing() as connection:
            if not self._is_sqlite:
                # Of those that come at the same moment one makes them.
                connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('cloudrec_fleet'))"))
            schema.create_all(connection)
            found = connection.execute(sa.select(fleets.c.version, fleets.c.app_id)).first()
            if found is None:
                connection.execute(
                    fleets.insert().values(version=VERSION, app_id=self.app_id, interval=first, next_request=0)
                )
            else:
                self._must_be_ours(*found)
                # Also shows whether it can be written.
                connection.execute(fleets.update().values(version=VERSION))

    def _must_be_ours(self, version: int, app_id: str) -> None:
        if version != VERSION:
            raise FleetDatabaseError(
                f"database: of version {version}, and this cloudrec reads {VERSION} ({self!r})",
                advice="Use a cloudrec of that version, or another database.",
            )
        if app_id != self.app_id:
            raise FleetDatabaseError(
                f"database: of App ID {app_id}, and the client is of {self.app_id} ({self!r})",
                advice="Give each App ID a database, or a schema, of its own.",
            )

    def offset(self) -> float:
        """Seconds by which the database's clock is ahead of this machine's."""
        before = time.time()
        with self._reading() as connection:
            now = self._time(connection)
        return now - (before + time.time()) / 2

    def close(self) -> None:
        """Closes its connections."""
        self._engine.dispose()

    # -- what is asked for --------------------------------------------------------------------

    def add(self, row: Mapping[str, Any], *, again: bool) -> None:
        """Puts a recording in line, unless its key is there; ``again``: also where that is over."""
        with self._writing() as connection:
            now = self._time(connection)
            fresh = {
                **row, "state": State.WAITING, "parts": "[]", "asked_at": now, "changed_at": now, "takeovers": 0,
            }  # fmt: skip
            found = connection.execute(
                sa.select(recordings.c.state, recordings.c.run, recordings.c.version)
                .where(recordings.c.key == row["key"])
                .with_for_update()
            ).first()
            if found is None:
                inserted = self._insert(recordings).values(**fresh, run=1, version=1).on_conflict_do_nothing()
                connection.execute(inserted)
                return
            if not again or found.state not in FINAL:
                return
            blank = dict.fromkeys(
                ("worker", "sid", "status", "problem", "begun_at", "running_at", "stop_at", "over_at")
            )
            self._forget_events(connection, [row["key"]])
            changed = {**blank, **fresh, "run": found.run + 1, "version": found.version + 1}
            connection.execute(recordings.update().where(recordings.c.key == row["key"]).values(changed))

    def ask_to_stop(self, key: str) -> Mapping[str, Any] | None:
        """Has it stopped; one that waits is over at once. How it was before that, None where there is none."""
        with self._writing() as connection:
            found = self._row(connection, key, lock=True)
            if found is None or found["state"] in FINAL:
                return found
            now = self._time(connection)
            changes: dict[str, Any] = {"stop_at": now}
            if found["state"] == State.WAITING:
                changes |= {
                    "state": State.DONE,
                    "over_at": now,
                    "problem": json.dumps({"message": "stopped before it was begun"}),
                }
            if found["stop_at"] is None:
                self._change(connection, key, changes, now)
            return found

    # -- what is to be seen -------------------------------------------------------------------

    def get(self, key: str) -> Mapping[str, Any] | None:
        """One recording, with its place in line; None where there is none."""
        with self._reading() as connection:
            row = self._row(connection, key)
            if row is not None and row["state"] == State.WAITING:
                before = sa.or_(
                    recordings.c.asked_at < row["asked_at"],
                    sa.and_(recordings.c.asked_at == row["asked_at"], recordings.c.key < key),
                )
                ahead = sa.select(sa.func.count()).where(recordings.c.state == State.WAITING, before)
                return {**row, "place": 1 + (connection.execute(ahead).scalar() or 0)}
            return row

    def find(
        self, states: Iterable[str] | None, mode: str | None, older_than: float | None, most: int
    ) -> list[Mapping[str, Any]]:
        """Recordings by state, mode and age, those that came first before."""
        wanted = sa.select(recordings).order_by(recordings.c.asked_at, recordings.c.key).limit(most)
        if states is not None:
            wanted = wanted.where(recordings.c.state.in_(list(states)))
        if mode is not None:
            wanted = wanted.where(recordings.c.mode == mode)
        with self._reading() as connection:
            if older_than is not None:
                wanted = wanted.where(recordings.c.asked_at <= self._time(connection) - older_than)
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def counts(self) -> dict[str, int]:
        """How many there are in each state; and of workers, requests and takeovers."""
        with self._reading() as connection:
            by_state = sa.select(recordings.c.state, sa.func.count()).group_by(recordings.c.state)
            found = dict.fromkeys((state.value for state in State), 0)
            found.update((state, number) for state, number in connection.execute(by_state))
            found["workers"] = connection.execute(sa.select(sa.func.count()).where(_WORKS)).scalar() or 0
            totals = connection.execute(sa.select(fleets.c.requests, fleets.c.takeovers)).first()
            found["requests"], found["takeovers"] = totals or (0, 0)
            return found

    def changed_since(self, moment: float) -> tuple[float, list[Mapping[str, Any]]]:
        """What has changed from that time on, and what time it is."""
        with self._reading() as connection:
            now = self._time(connection)
            wanted = sa.select(recordings).where(recordings.c.changed_at >= moment).order_by(recordings.c.changed_at)
            return now, [dict(row) for row in connection.execute(wanted).mappings()]

    # -- events -------------------------------------------------------------------------------

    def take_in(self, notice: str | None, body: str, sid: str | None, cname: str | None, uid: str | None) -> str | None:
        """Keeps an event for the recording that it is about; its key, None where that is none of this fleet."""
        with self._writing() as connection:
            key = None
            if sid is not None:
                here = sa.select(recordings.c.key).where(recordings.c.sid == sid)
                # Nobody removes it before its event is there, to be removed with it.
                key = connection.scalar(here.with_for_update(read=True, key_share=True))
            if key is None and cname is not None:
                # Its start may not have been answered yet, or it is a part that came before.
                here = sa.select(recordings.c.key, recordings.c.parts).where(recordings.c.cname == cname)
                for row in connection.execute(here.with_for_update(read=True, key_share=True)):
                    handles = [part["handle"] for part in json.loads(row.parts)]
                    if any(handle["sid"] in (None, sid) and handle["uid"] == uid for handle in handles):
                        key = row.key
            if key is not None:
                kept = self._insert(inbox).values(key=key, notice=notice, body=body, is_new=True)
                connection.execute(kept.on_conflict_do_nothing())
            return key

    def events_of(self, key: str) -> list[str]:
        """All events of a recording that are kept, in the order in which they came."""
        with self._reading() as connection:
            return list(connection.scalars(sa.select(inbox.c.body).where(inbox.c.key == key).order_by(inbox.c.id)))

    def news(self, worker: str) -> tuple[list[tuple[str, str]], list[str]]:
        """What came for the recordings of a worker: new events, each as key and body; keys of those to be stopped."""
        ours = sa.and_(recordings.c.worker == worker, recordings.c.state.in_(ACTIVE))
        with self._reading() as connection:
            wanted = (
                sa.select(inbox.c.id, inbox.c.key, inbox.c.body)
                .join(recordings, recordings.c.key == inbox.c.key)
                .where(inbox.c.is_new, ours)
                .order_by(inbox.c.id)
                .limit(1000)
            )
            found = connection.execute(wanted).all()
            stopped = sa.select(recordings.c.key).where(ours, recordings.c.stop_at.is_not(None))
            stops = list(connection.execute(stopped).scalars())
        if found:
            with self._writing() as connection:
                seen = inbox.c.id.in_([row.id for row in found])
                connection.execute(inbox.update().where(seen).values(is_new=False))
        return [(row.key, row.body) for row in found], stops

    # -- what a worker does -------------------------------------------------------------------

    def admit(self, most: int) -> list[tuple[str, int]]:
        """Lets those in that wait, in order, as far as there is room; keys and runs."""
        line = sa.exists().where(recordings.c.state == State.WAITING)
        with self._reading() as connection:
            if not connection.execute(sa.select(line)).scalar():
                return []
        with self._writing() as connection:
            if not self._is_sqlite:
                # One at a time: what is counted stays true until it is used.
                connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('cloudrec_admit'))"))
            taken = sa.select(sa.func.count()).select_from(recordings).where(recordings.c.state.in_(RECORDING))
            room = most - (connection.execute(taken).scalar() or 0)
            if room <= 0:
                return []
            first = (
                sa.select(recordings.c.key)
                .where(recordings.c.state == State.WAITING)
                .order_by(recordings.c.asked_at, recordings.c.key)
                .limit(min(room, _AT_A_TIME))
            )
            now = self._time(connection)
            begun = {"state": State.STARTING, "begun_at": now, "changed_at": now}
            # Looked at again, as one of them may have been stopped meanwhile.
            let_in = recordings.update().where(recordings.c.key.in_(first), recordings.c.state == State.WAITING)
            changed = let_in.values(**begun, version=recordings.c.version + 1)
            found = connection.execute(changed.returning(recordings.c.key, recordings.c.run, recordings.c.asked_at))
            return [(row.key, row.run) for row in sorted(found, key=lambda row: (row.asked_at, row.key))]

    def left_behind(self, older_than: float) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        """What was let in so many seconds ago and no worker has taken up; and what is held by one that is gone."""
        with self._reading() as connection:
            old = recordings.c.changed_at <= self._time(connection) - older_than
            never = named(connection, recordings.c.state.in_(ACTIVE), recordings.c.worker.is_(None), old)
            gone = recordings.c.worker.not_in(sa.select(workers.c.worker))
            return never, named(connection, recordings.c.state.in_(ACTIVE), gone, old)

    def held_by(self, worker: str) -> list[tuple[str, int]]:
        """Keys and runs of what a worker holds."""
        with self._reading() as connection:
            return named(connection, recordings.c.worker == worker, recordings.c.state.in_(ACTIVE))

    def hold(self, key: str, run: int, worker: str) -> Mapping[str, Any] | None:
        """Gives it to a worker; None where that run is not there any more.

        Raises:
            Fenced: the worker was taken for dead, so that nobody would look for what it holds.
        """
        with self._writing() as connection:
            row = self._row(connection, key, lock=True)
            if row is None or row["run"] != run or row["state"] in FINAL:
                return None
            if self._is_taken(connection, worker):
                raise Fenced(f"fleet: worker {worker} was taken for dead")
            changes: dict[str, Any] = {"worker": worker}
            if row["worker"] not in (None, worker):
                changes["takeovers"] = row["takeovers"] + 1
                connection.execute(fleets.update().values(takeovers=fleets.c.takeovers + 1))
            if changes["worker"] != row["worker"]:
                self._change(connection, key, changes, self._time(connection))
            return {**row, **changes}

    def change(self, key: str, run: int, worker: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """Writes what has become of a recording, for who holds it; how it is then.

        Raises:
            Fenced: somebody else does.
        """
        with self._writing() as connection:
            row = self._row(connection, key, lock=True)
            if row is None or (row["run"], row["worker"]) != (run, worker) or self._is_taken(connection, worker):
                raise Fenced(f"fleet: {key!r} is held by another worker now")
            now = self._time(connection)
            stamps = {name: now for name, value in changes.items() if value is NOW}
            self._change(connection, key, {**changes, **stamps}, now)
            return {**row, **changes, **stamps}

    def _is_taken(self, connection: sa.Connection, worker: str) -> bool:
        here = sa.exists().where(workers.c.worker == worker, workers.c.taken_at.is_(None))
        return not connection.execute(sa.select(here)).scalar()

    def time(self) -> float:
        """What time it is."""
        with self._reading() as connection:
            return self._time(connection)

    # -- workers ------------------------------------------------------------------------------

    def join(self, worker: str, names: Iterable[str]) -> None:
        """A worker is there, with what it can give for these names."""
        with self._writing() as connection:
            values = {"worker": worker, "names": json.dumps(sorted(names)), "seen_at": self._time(connection)}
            connection.execute(workers.insert().values(values))

    def beat(self, worker: str) -> None:
        """A worker lives.

        Raises:
            Fenced: it was taken for dead.
        """
        with self._writing() as connection:
            alive = workers.update().where(workers.c.worker == worker, workers.c.taken_at.is_(None))
            if connection.execute(alive.values(seen_at=self._time(connection))).rowcount == 0:
                raise Fenced(f"fleet: worker {worker} was taken for dead")

    def names(self) -> set[str]:
        """What workers can give something for."""
        with self._reading() as connection:
            given = connection.scalars(sa.select(workers.c.names).where(_WORKS))
            return {name for names in given for name in json.loads(names)}

    def take_from_dead(
        self, worker: str, silent_for: float, known_dead: Iterable[str], again_after: float
    ) -> list[str]:
        """Others that have been silent for so long, or are known to be dead: they are fenced, and ours to empty."""
        with self._writing() as connection:
            now = self._time(connection)
            silent = sa.or_(workers.c.seen_at < now - silent_for, workers.c.worker.in_(list(known_dead)))
            # Whoever began to empty one may have died over it.
            free = sa.or_(workers.c.taken_at.is_(None), workers.c.taken_at < now - again_after)
            taken = (
                workers.update()
                .where(workers.c.worker != worker, silent, free)
                .values(taken_at=now)
                .returning(workers.c.worker)
            )
            return list(connection.execute(taken).scalars())

    def all_workers(self) -> list[str]:
        """Those that have not left, the silent ones among them."""
        with self._reading() as connection:
            return list(connection.execute(sa.select(workers.c.worker)).scalars())

    def retire(self, worker: str) -> None:
        """It leaves. Another one looks what it has left behind, as its engine took work to the end, and removes it."""
        with self._writing() as connection:
            connection.execute(workers.update().where(workers.c.worker == worker).values(seen_at=0.0))

    def remove_worker(self, worker: str) -> None:
        """It holds nothing any more."""
        with self._writing() as connection:
            connection.execute(workers.delete().where(workers.c.worker == worker))

    # -- the shared limit ---------------------------------------------------------------------

    def next_request(self, worker: str, first: float) -> float:
        """Takes the next moment at which a request may go; in how many seconds that is.

        One statement, so that no two get the same; and none for who was taken for dead.

        Raises:
            Fenced: this worker was.
        """
        alive = sa.exists().where(workers.c.worker == worker, workers.c.taken_at.is_(None))
        greatest = sa.func.max if self._is_sqlite else sa.func.greatest
        begins = greatest(fleets.c.next_request, self._now)
        interval = greatest(first, fleets.c.interval * QUICKER)
        slot = (
            fleets.update()
            .where(alive)
            .values(next_request=begins + interval, interval=interval, requests=fleets.c.requests + 1)
            .returning(fleets.c.next_request - fleets.c.interval)
        )
        with self._writing() as connection:
            at = connection.execute(slot, {"now": time.time()} if self._is_sqlite else {}).scalar()
            if at is None:
                raise Fenced(f"fleet: worker {worker} was taken for dead")
            return self._until(connection, float(at))

    def refused(self, first: float) -> None:
        """The service answered 429: slower for a while."""
        with self._writing() as connection:
            now = self._time(connection)
            least, greatest = (sa.func.min, sa.func.max) if self._is_sqlite else (sa.func.least, sa.func.greatest)
            slower = least(first * SLOWEST, greatest(first, fleets.c.interval) * SLOWER)
            # All answers of one second are of one burst.
            connection.execute(
                fleets.update().where(fleets.c.refused_at < now - 1.0).values(interval=slower, refused_at=now)
            )

    # -- what is over -------------------------------------------------------------------------

    def old(self, keep: float) -> list[tuple[str, int]]:
        """What has been over for longer than that; keys and runs."""
        with self._reading() as connection:
            since = self._time(connection) - keep
            return named(connection, recordings.c.state.in_(FINAL), recordings.c.over_at < since)

    def remove(self, over: Iterable[tuple[str, int]]) -> None:
        """Removes what is over, unless it is recorded again."""
        with self._writing() as connection:
            for key, run in sorted(over):  # as all who remove do: they wait for each other in one order
                this = sa.and_(recordings.c.key == key, recordings.c.run == run, recordings.c.state.in_(FINAL))
                if connection.execute(recordings.delete().where(this)).rowcount:
                    self._forget_events(connection, [key])

    # -- inside -------------------------------------------------------------------------------

    def _forget_events(self, connection: sa.Connection, keys: list[str]) -> None:
        connection.execute(inbox.delete().where(inbox.c.key.in_(keys)))

    def _row(self, connection: sa.Connection, key: str, *, lock: bool = False) -> Mapping[str, Any] | None:
        wanted = sa.select(recordings).where(recordings.c.key == key)
        found = connection.execute(wanted.with_for_update() if lock else wanted).mappings().first()
        return None if found is None else dict(found)

    def _change(self, connection: sa.Connection, key: str, changes: Mapping[str, Any], now: float) -> None:
        version = recordings.c.version + 1
        changed = recordings.update().where(recordings.c.key == key)
        connection.execute(changed.values({**changes, "changed_at": now, "version": version}))

    def _until(self, connection: sa.Connection, moment: float) -> float:
        return max(0.0, moment - self._time(connection))

    def _insert(self, table: sa.Table) -> Any:
        from sqlalchemy.dialects import postgresql, sqlite

        return (sqlite if self._is_sqlite else postgresql).insert(table)

    def _time(self, connection: sa.Connection) -> float:
        if self._is_sqlite:
            return time.time()  # its processes are of one machine
        return float(connection.execute(sa.select(self._now)).scalar() or 0.0)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with told(repr(self)), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with told(repr(self)), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    def __repr__(self) -> str:
        return self.url.set(query={}).render_as_string(hide_password=True)  # a query may hold a password, too
