"""`Rows`: the fleet's tables, in SQLite or PostgreSQL, and how a row of them is read and changed.

Times are the database's own, in seconds since 1970: the machines' clocks need not agree.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from .._io.forks import in_child
from ..errors import FleetDatabaseError
from ._database import VERSION, address_of, double, engine_of, fleets, recordings, schema, shown, told, unlocking
from ._states import happened

# What is between two requests is so much more than the limit asks for: those of several machines are more unlike in how
# long they are on their way than those of one process.
MARGIN: Final = 1.1
_SNAPSHOT: Final = sa.func.pg_current_snapshot()


def _number(of_transaction: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    return of_transaction.cast(sa.Text).cast(sa.BigInteger)


class Rows:
    """The fleet's tables. What is public here blocks, and is one transaction."""

    def __init__(self, url: object, app_id: str) -> None:
        self.url: sa.URL = address_of(url)
        self.app_id: str = app_id
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

    def look(self) -> None:
        """Looks whether there are tables that we read, of whichever App ID; makes none, and writes nothing.

        Raises:
            FleetDatabaseError: it cannot be read, has no fleet in it, or one of another version.
        """
        file = self.url.database or ""
        # Whoever opens a file that is not there makes it.
        is_there = not self._is_sqlite or file.startswith("file:") or Path(file).is_file()
        found = None
        if is_there:
            with self._reading() as connection:
                if sa.inspect(connection).has_table(fleets.name):
                    found = connection.execute(sa.select(fleets.c.version, fleets.c.app_id)).first()
        if found is None:
            raise FleetDatabaseError(
                f"database: there is no fleet in it ({self!r})",
                advice="Look whether it is the one that its workers have: they make what belongs there.",
            )
        self.app_id = found.app_id
        self._must_be_ours(*found)

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

    def time(self) -> float:
        """What time it is."""
        with self._reading() as connection:
            return self._time(connection)

    # -- inside -------------------------------------------------------------------------------

    def _row(self, connection: sa.Connection, key: str) -> Mapping[str, Any] | None:
        found = connection.execute(sa.select(recordings).where(recordings.c.key == key)).mappings().first()
        return None if found is None else dict(found)

    def _locked(self, connection: sa.Connection, key: str) -> tuple[Mapping[str, Any] | None, float]:
        """A row that nobody else changes until this transaction ends, and what time it is."""
        wanted = sa.select(recordings, self._now.label("now")).where(recordings.c.key == key).with_for_update()
        found = connection.execute(wanted, self._given()).mappings().first()
        if found is None:
            return None, 0.0
        row = dict(found)
        # The time was looked at before it was waited for who changed it.
        return row, max(row.pop("now"), row["changed_at"])

    def _change(
        self,
        connection: sa.Connection,
        which: sa.ColumnElement[bool],
        changes: Mapping[str, Any],
        now: float,
        **what: Any,
    ) -> bool:
        """Changes these rows; whether there were any. What else of it belongs into their stories is told by name."""
        if what:
            changes = {**changes, "story": recordings.c.story + happened(now, **what)}
        changed = {**changes, **self._changed(connection, now), "version": recordings.c.version + 1}
        return bool(connection.execute(recordings.update().where(which).values(changed)).rowcount)

    def _changed(self, connection: sa.Connection, now: float) -> dict[str, Any]:
        """When a recording is changed, and by which transaction.

        In PostgreSQL that has a number before it ends, and may end after a later one. In SQLite they come one by one.
        """
        if not self._is_sqlite:
            return {"changed_at": now, "change": _number(sa.func.pg_current_xact_id())}
        connection.execute(fleets.update().values(change=fleets.c.change + 1))
        return {"changed_at": now, "change": sa.select(fleets.c.change).scalar_subquery()}

    def _all_ended(self, connection: sa.Connection) -> int:
        """The number below which each transaction is at its end, so that all that it changed is to be seen."""
        ended = fleets.c.change + 1 if self._is_sqlite else _number(sa.func.pg_snapshot_xmin(_SNAPSHOT))
        return int(connection.execute(sa.select(ended)).scalar() or 0)

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

    def _given(self) -> dict[str, float]:
        return {"now": time.time()} if self._is_sqlite else {}

    def _one_statement(self) -> AbstractContextManager[sa.Connection]:
        """For what is one statement, which is a transaction of itself; in SQLite it waits for its turn before that."""
        return self._writing() if self._is_sqlite else self._reading()

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with told(repr(self)), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    def __repr__(self) -> str:
        return shown(self.url)
