"""Where it is kept which notices were met, across restarts: a SQLite file."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from types import TracebackType
from typing import Self

from .._redact import shown
from ..errors import ConfigurationError
from ._stores import Met


class SQLiteStore:
    """Keeps it in a SQLite file: across restarts, and for any number of processes of one machine.

    A power cut may lose what was kept in the last moments before it; then a notice is met twice, which is the better of
    the two mistakes.

    Args:
        path: The file. It is made where there is none; its directory must be there.

    Raises:
        ConfigurationError: the path is not one.
        sqlite3.Error: from every method, if the file cannot be read or written.
    """

    def __init__(self, path: "str | os.PathLike[str]") -> None:
        given: object = path
        if not isinstance(given, (str, os.PathLike)) or not os.fspath(given):
            raise ConfigurationError(f"path: {shown(given)} (must be the path of a file)")
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._of_parent: sqlite3.Connection | None = None
        self._process = 0
        self._begun = 0

    def begin(self, key: str, now: float, until: float) -> Met:
        """See :class:`Store`."""
        with self._transaction() as connection:
            self._begun += 1
            if self._begun % _PRUNE_EVERY == 1:
                connection.execute("DELETE FROM notices WHERE until <= ?", (now,))
            row = connection.execute(_GET, (_text(key), now)).fetchone()
            if row is not None:
                return Met(row[0])
            connection.execute(_PUT, (_text(key), Met.BUSY.value, until))
            return Met.NEW

    def finish(self, key: str, until: float) -> None:
        """See :class:`Store`."""
        with self._transaction() as connection:
            connection.execute(_PUT, (_text(key), Met.DONE.value, until))

    def forget(self, key: str) -> None:
        """See :class:`Store`."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM notices WHERE key = ? AND met = ?", (_text(key), Met.BUSY.value))

    def close(self) -> None:
        """Closes the file. The next use opens it again."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._open()
            # At once, so that no other process comes between reading and writing.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._process == os.getpid():
            return self._connection
        # Servers fork after they have loaded a program. The parent's connection must not be used here, nor closed.
        self._of_parent = self._connection
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            with suppress(sqlite3.OperationalError):  # another process sees to it just now: it is the file's, not ours
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS notices"
                " (key TEXT PRIMARY KEY, met TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID"
            )
        except BaseException:
            connection.close()
            raise
        self._connection, self._process = connection, os.getpid()
        return connection


_PATIENCE = 5.0  # seconds to wait for another process that writes
_PRUNE_EVERY = 1000
_GET = "SELECT met FROM notices WHERE key = ? AND until > ?"
_PUT = "INSERT INTO notices VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET met = excluded.met, until = excluded.until"


def _text(key: str) -> str:
    """The key as SQLite takes it: JSON has strings that are no text."""
    return key.encode("utf-8", "backslashreplace").decode()
