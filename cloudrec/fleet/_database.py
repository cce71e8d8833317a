"""Tables of a fleet, and the databases that they may lie in."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, NamedTuple

from ..errors import ConfigurationError, FleetDatabaseError

try:
    import sqlalchemy as sa
    from sqlalchemy import event as events
    from sqlalchemy.exc import (
        ArgumentError,
        DBAPIError,
        InterfaceError,
        InvalidatePoolError,
        NoSuchModuleError,
        OperationalError,
        SQLAlchemyError,
        TimeoutError,
    )
except ImportError as _missing:  # pragma: no cover - what an environment without the extra sees
    raise ConfigurationError(
        f"cloudrec.fleet: {_missing.name} is not installed (pip install 'cloudrec[fleet]')"
    ) from _missing

# Of the tables. Another one is refused.
VERSION: Final = 3
# Milliseconds after which a process that was stopped in the midst of a transaction has lost it.
STANDS_STILL: Final = 5000
# Seconds after which a connection that nobody has used is tried before it is.
RESTS: Final = 1.0


class _Now:
    def __repr__(self) -> str:
        return "NOW"


NOW: Any = _Now()
"""Stands for the database's time, in what is to be changed."""

schema: sa.MetaData = sa.MetaData()
double: sa.types.TypeEngine[float] = sa.Double()

fleets: sa.Table = sa.Table(
    "cloudrec_fleet",
    schema,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("app_id", sa.Text, nullable=False),
    # The rate limit: when the next request may go, and how long after it the one after that.
    sa.Column("next_request", double, nullable=False, server_default="0"),
    sa.Column("interval", double, nullable=False, server_default="0"),
    sa.Column("refused_at", double, nullable=False, server_default="0"),
    sa.Column("requests", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("takeovers", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("handovers", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("losses", sa.BigInteger, nullable=False, server_default="0"),
    # Of the last change of a recording, in SQLite; see `Rows._changed`.
    sa.Column("change", sa.BigInteger, nullable=False, server_default="0"),
)

recordings: sa.Table = sa.Table(
    "cloudrec_recordings",
    schema,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("cname", sa.Text, nullable=False, index=True),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("recipe", sa.Text, nullable=False),
    sa.Column("until", double),
    sa.Column("lasts", double),
    sa.Column("restart", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("worker", sa.Text, index=True),
    sa.Column("parts", sa.Text, nullable=False),
    sa.Column("sid", sa.Text, index=True),
    sa.Column("status", sa.Integer),
    sa.Column("problem", sa.Text),
    sa.Column("asked_at", double, nullable=False),
    sa.Column("begun_at", double),
    sa.Column("running_at", double),
    sa.Column("stop_at", double),
    sa.Column("over_at", double),
    sa.Column("changed_at", double, nullable=False, index=True),
    sa.Column("change", sa.BigInteger, nullable=False),
    sa.Column("takeovers", sa.Integer, nullable=False, server_default="0"),
    sa.Column("handovers", sa.Integer, nullable=False, server_default="0"),
    sa.Column("losses", sa.Integer, nullable=False, server_default="0"),
    # Its worker has let it go in order, and another one is to hold it.
    sa.Column("is_handed_over", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("version", sa.Integer, nullable=False),
    # What happened to it: `_states.story_of`. Written with the changes themselves, and only ever added to.
    sa.Column("story", sa.Text, nullable=False, server_default=""),
    sa.Index("cloudrec_recordings_in_line", "state", "asked_at"),
    sa.Index("cloudrec_recordings_changed", "change", "key"),
)

inbox: sa.Table = sa.Table(
    "cloudrec_inbox",
    schema,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("notice", sa.Text, unique=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("is_new", sa.Boolean, nullable=False),
    sa.Index("cloudrec_inbox_of", "key", "id"),
    sa.Index("cloudrec_inbox_new", "is_new", "key"),
)

workers: sa.Table = sa.Table(
    "cloudrec_workers",
    schema,
    sa.Column("worker", sa.Text, primary_key=True),
    sa.Column("names", sa.Text, nullable=False),
    sa.Column("seen_at", double, nullable=False),
    sa.Column("taken_at", double),
)


class Run(NamedTuple):
    """One of the times that a key is recorded."""

    key: str
    number: int
    losses: int = 0
    """How often the engine had nothing written down of it any more, so that it is another one for it."""

    @property
    def id(self) -> str:
        """What the engine knows it by."""
        return f"{self.key}#{self.number}.{self.losses}" if self.losses else f"{self.key}#{self.number}"

    @property
    def ids(self) -> list[str]:
        """What the engine may know it by, and those before it."""
        return [
            Run(self.key, number, losses).id
            for number in range(1, self.number + 1)
            for losses in range(self.losses + 1)
        ]

    @classmethod
    def of(cls, id_: str) -> Run:
        """The one that the engine knows by that."""
        key, _, numbers = id_.rpartition("#")
        return cls(key, *map(int, numbers.split(".")))


RUN: Final = (recordings.c.key, recordings.c.run, recordings.c.losses)


def runs(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[Run]:
    """Recordings of which all that is true."""
    return [Run(*row) for row in connection.execute(sa.select(*RUN).where(*which))]


def address_of(url: object) -> sa.URL:
    """The address of a database.

    Raises:
        ConfigurationError: it is none, or of a database that cannot hold a fleet.
    """
    if not isinstance(url, (str, sa.URL)) or not str(url):
        raise ConfigurationError(f"database: of type {type(url).__name__} (must be sqlite:///… or postgresql://…)")
    try:
        made = sa.make_url(url)
        backend = made.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise ConfigurationError("database: not an address (must be sqlite:///… or postgresql://…)") from None
    if backend not in ("sqlite", "postgresql"):
        raise ConfigurationError(f"database: {backend}://… (must be sqlite:///… or postgresql://…)")
    if backend == "sqlite" and (
        made.database in (None, "", ":memory:", "file:", "file::memory:") or made.query.get("mode") == "memory"
    ):
        raise ConfigurationError("database: in memory (must be a file: it is what survives this process)")
    if backend == "postgresql":
        made = made.set(drivername="postgresql+psycopg")
    return made


def unlocking(url: sa.URL) -> sa.URL:
    """The same address, where PostgreSQL ends what stands still in a transaction: others wait for its locks."""
    given = url.query.get("options", "")
    options = given if isinstance(given, str) else " ".join(given)
    return url.update_query_dict(
        {"options": f"{options} -c idle_in_transaction_session_timeout={STANDS_STILL}".strip()}
    )


def engine_of(url: sa.URL, *, is_sqlite: bool) -> sa.Engine:
    """Connections to it."""
    if not is_sqlite:
        engine = sa.create_engine(unlocking(url), pool_size=4, max_overflow=4)
        try_after_rest(engine)
        return engine
    engine = sa.create_engine(url, connect_args={"timeout": 30.0})

    @events.listens_for(engine, "connect")
    def opened(connection: Any, _: object) -> None:
        # Transactions are begun below, at once as ones that write: two that read first would lock each other out.
        connection.isolation_level = None
        with suppress(Exception):  # one that may only be read is told of where it is to be written
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    @events.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def pause_after(failures: int, most: float) -> float:
    """Seconds until a database that is away is tried again: half a second at first, and then ever twice as long."""
    return min(0.5 * 2.0 ** min(failures - 1, 9), most)


def connect_by(attempt: Callable[[Any, Any, Any, Any], Any], engine: sa.Engine) -> None:
    """Has each connection of an engine's made by this."""
    events.listen(engine, "do_connect", attempt)


def on_use(engine: sa.Engine, taken: Callable[..., object], given_back: Callable[..., object]) -> None:
    """Has these called when a thread takes a connection of an engine's, and when it has given it back."""
    events.listen(engine, "checkout", taken)
    events.listen(engine, "checkin", given_back)


def try_after_rest(engine: sa.Engine) -> None:
    """Has a connection tried first that nobody has used for a while: its end may be gone, and nobody was told.

    SQLAlchemy would try it each time, for as much as the query itself takes. Who uses it all the time hears at once.
    """

    def given_back(_: object, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    def taken(connection: Any, record: Any, _: object) -> None:
        if time.monotonic() - record.info.get("rests_since", math.inf) > RESTS:
            try:
                engine.dialect.do_ping(connection)
            except Exception:
                raise InvalidatePoolError from None  # it, and those that were opened before it, are made anew

    on_use(engine, taken, given_back)


def shown(url: sa.URL) -> str:
    """Its address, without what is secret in it."""
    return url.set(query={}).render_as_string(hide_password=True)  # a query may hold a password, too


@contextmanager
def told(database: str) -> Iterator[None]:
    """What goes wrong with it, as an error of the tree."""
    try:
        yield
    except SQLAlchemyError as error:
        said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
        raise FleetDatabaseError(
            f"database: cannot be used: {said[0] if said else type(error).__name__} ({database})",
            retryable=isinstance(error, (OperationalError, InterfaceError, TimeoutError))
            or (isinstance(error, DBAPIError) and error.connection_invalidated),
            advice="Look whether it is there, may be written by this user, and has room.",
        ) from None
