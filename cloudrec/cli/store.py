"""The local store: handles of what was begun on this machine, in SQLite. It holds no secrets."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from .._contract.redact import redacted
from ..handles import RecordingHandle
from .failures import NoSuchRecording, UsageError, nearest
from .settings import folder

RUNNING = ("starting", "running", "unknown")
_VERSION = 1
# Seconds for which what is over is kept.
_KEPT = 30 * 24 * 3600.0
_SHORTEST_SID = 4
_TABLE = """
create table if not exists recordings (
    resource_id text primary key, name text not null, sid text, handle text not null, state text not null,
    begun_at real not null, over_at real, known text not null, result text
)
"""


@frozen
class Kept:
    """What is kept of a recording."""

    name: str
    handle: RecordingHandle
    state: str
    """``starting``, ``running``, ``stopped``, ``ended`` by itself, or ``unknown``."""
    begun_at: float
    over_at: float | None
    known: Mapping[str, Any]
    """What is in force, as it was told last: ``layout``, ``audio``, ``video``."""
    result: Mapping[str, Any] | None

    @property
    def is_over(self) -> bool:
        """Whether it is known to be."""
        return self.state not in RUNNING

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "name": self.name, "state": self.state, "mode": self.handle["mode"], "cname": self.handle["cname"],
            "sid": self.handle["sid"], "begun_at": self.begun_at, "over_at": self.over_at, "handle": self.handle,
            "result": self.result,
        }  # fmt: skip


def place() -> Path:
    """The store's file: in the user's data folder, or in that which `CLOUDREC_DATA` names."""
    named = os.environ.get("CLOUDREC_DATA", "")
    return (Path(named).expanduser() if named else folder("data")) / "recordings.db"


class Store:
    """Keeps handles, for all commands of this user at once."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = place() if path is None else path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self._path, timeout=10.0)
            try:
                with database:
                    database.row_factory = sqlite3.Row
                    (version,) = database.execute("pragma user_version").fetchone()
                    if version > _VERSION:
                        rule = f"is of a later cloudrec: version {version}; this one reads {_VERSION}"
                        raise UsageError("store", str(self._path), rule)
                    if version < _VERSION:
                        database.execute(_TABLE)
                        database.execute(f"pragma user_version = {_VERSION}")
                    yield database
            finally:
                database.close()
        except (OSError, sqlite3.Error) as error:
            told = getattr(error, "strerror", None) or error
            rule = f"cannot be used: {told}; CLOUDREC_DATA names another folder"
            raise UsageError("store", str(self._path), rule) from None

    def prepare(self) -> None:
        """Sees that it can be used, before anything is begun that is to be kept.

        Raises:
            UsageError: it cannot.
        """
        with self._open() as database:
            database.execute("delete from recordings where over_at < ?", [time.time() - _KEPT])

    def keep(self, name: str, handle: RecordingHandle, state: str = "starting", **known: Any) -> None:
        """Keeps a recording, or what has become of it since."""
        now = time.time()
        with self._open() as database:
            database.execute(
                "insert into recordings values (?, ?, ?, ?, ?, ?, null, ?, null) on conflict (resource_id) do update "
                "set sid = excluded.sid, handle = excluded.handle, state = excluded.state",
                [
                    handle["resource_id"], name, handle["sid"], json.dumps(handle), state, now,
                    json.dumps(redacted(known)),
                ],
            )  # fmt: skip

    def tell(
        self,
        handle: RecordingHandle,
        state: str | None = None,
        result: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        """Writes down what has become of one, if it is kept here."""
        with self._open() as database:
            where = [handle["resource_id"]]
            row = database.execute("select * from recordings where resource_id = ?", where).fetchone()
            if row is None:
                return
            new = state or row["state"]
            over_at = None if new in RUNNING else row["over_at"] or time.time()
            kept = row["result"] if result is None else json.dumps(redacted(dict(result)), default=str)
            merged = json.dumps(json.loads(row["known"]) | redacted(dict(known or {})))
            database.execute(
                "update recordings set state = ?, over_at = ?, result = ?, known = ? where resource_id = ?",
                [new, over_at, kept, merged, *where],
            )

    def forget(self, handle: RecordingHandle) -> None:
        """Keeps it no longer: it never was."""
        with self._open() as database:
            database.execute("delete from recordings where resource_id = ?", [handle["resource_id"]])

    def all(self) -> list[Kept]:
        """Every recording, the latest first."""
        with self._open() as database:
            found = database.execute("select * from recordings order by begun_at desc, rowid desc").fetchall()
        return [_kept(row) for row in found]

    def find(self, which: str) -> Kept:
        """The recording of that name, the latest where there were several; or of a sid, or of its first letters.

        Raises:
            NoSuchRecording: there is none, or there are several that run.
        """
        kept = self.all()
        named = [one for one in kept if one.name == which]
        by_sid = [one for one in kept if (one.handle["sid"] or "").startswith(which) and len(which) >= _SHORTEST_SID]
        # A channel stands for the one recording of it that has a key.
        of_channel = [one for one in kept if one.handle["cname"] == which]
        found = named or by_sid or of_channel
        if not found:
            near = nearest(which, [one.name for one in kept])
            raise NoSuchRecording(f"{which!r}: nothing of that name or sid was begun here{near} (cloudrec list)")
        running = [one for one in found if not one.is_over]
        if len(running) > 1:
            names = ", ".join(f"{one.name} ({one.handle['sid']})" for one in running)
            raise NoSuchRecording(f"{which!r}: may be {names}; say which by its sid")
        return (running or found)[0]


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(
        row["name"],
        json.loads(row["handle"]),
        row["state"],
        row["begun_at"],
        row["over_at"],
        json.loads(row["known"]),
        None if row["result"] is None else json.loads(row["result"]),
    )
