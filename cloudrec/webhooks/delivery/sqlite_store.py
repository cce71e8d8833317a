"""`SQLiteStore`: which notices were met, across restarts."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from types import TracebackType
from typing import Final, Self

from ..._contract.redact import shown
from ..._io.forks import across_fork, in_child
from ...errors import ConfigurationError
from .stores import Met


class SQLiteStore:
    """Keeps it in a SQLite file: across restarts, and for any number of processes of one machine.

    A power cut may lose what was kept in the last moments before it; then a notice is met twice, which is the better of
    the two mistakes.

    It may be used by a process and by what is forked from it. A fork waits for what is being read or written (5 seconds
    at the most, where another process writes), and closes the file, which each process then opens for itself: SQLite's
    locks do not live through a fork.

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
        # One that its holder may take again: a signal handler may fork, or use the store, in the midst of a step.
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._begun = 0
        across_fork(self._at_rest)
        in_child(self._begin_anew)

    def begin(self, key: str, now: float, until: float) -> Met:
        """Notes in the file that a notice is being worked on; what was known of it before."""
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
        """Notes in the file that a notice is done with."""
        with self._transaction() as connection:
            connection.execute(_PUT, (_text(key), Met.DONE.value, until))

    def forget(self, key: str) -> None:
        """Deletes a notice from the file: it is to be worked on once more."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM notices WHERE key = ? AND met = ?", (_text(key), Met.BUSY.value))

    def close(self) -> None:
        """Closes the file. The next use opens it again."""
        with self._lock:
            if self._connection is not None and self._is_ours():
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
                if not self._is_ours():
                    raise sqlite3.OperationalError(_IN_THE_MIDST)
                connection.execute("COMMIT")
            except BaseException:
                if self._is_ours() and connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _at_rest(self) -> Iterator[None]:
        """Nothing is under way, and the file is closed.

        With the file open in the parent, SQLite in the child takes the parent's locks for its own. Then it may write to
        what the parent throws away as the last to close the file, or wait for a writer that is not there.
        """
        with self._lock:
            if self._connection is not None and not self._connection.in_transaction:
                self.close()
            yield

    def _begin_anew(self) -> None:
        self._lock = RLock()

    def _is_ours(self) -> bool:
        return self._process == os.getpid()

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None:
            if self._is_ours():
                return self._connection
            # Forked in the midst of a step by whoever takes it, or by a program that tells Python nothing of its forks.
            if self._connection.in_transaction:
                raise sqlite3.OperationalError(_IN_THE_MIDST)
            _OF_PARENTS.append(self._connection)
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


# Connections that must not be used here, nor closed.
_OF_PARENTS: Final[list[sqlite3.Connection]] = []
_IN_THE_MIDST = "this process was forked while its parent wrote to the file, by the thread that did: it cannot use it"
_PATIENCE = 5.0  # seconds to wait for another process that writes
_PRUNE_EVERY = 1000
_GET = "SELECT met FROM notices WHERE key = ? AND until > ?"
_PUT = "INSERT INTO notices VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET met = excluded.met, until = excluded.until"


def _text(key: str) -> str:
    """The key as SQLite takes it: JSON has strings that are no text."""
    return key.encode("utf-8", "backslashreplace").decode()
