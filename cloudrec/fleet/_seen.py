"""`Seen`: what a fleet's tables tell those who look: one recording, lists, counts, and what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from ._database import fleets, recordings, workers
from ._rows import Rows
from ._states import FINAL, State

# Recordings that are let in at once, and that are told of at once.
AT_A_TIME: Final = 1000
# What is counted from the beginning, for the whole fleet.
TOTALS: Final = ("requests", "takeovers", "handovers", "losses")
# Workers that neither left nor were taken for dead.
WORKS: Final = sa.and_(workers.c.taken_at.is_(None), workers.c.seen_at > 0)


class Seen(Rows):
    """What is read of the tables. Its methods block; each is one transaction."""

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

    def listed(self, most: int) -> tuple[list[Mapping[str, Any]], bool]:
        """For a list: what is not over, as it came, and what is, the latest first; and whether there are more of them.

        So many of each at the most, and without what is long; the story is there where it tells of takeovers.
        """
        long = ("recipe", "parts", "story")
        told = sa.case((recordings.c.takeovers > 0, recordings.c.story), else_="").label("story")
        wanted = sa.select(*(column for column in recordings.c if column.name not in long), told).limit(most + 1)
        is_over = recordings.c.state.in_(FINAL)
        with self._reading() as connection:
            held = wanted.where(~is_over).order_by(recordings.c.asked_at, recordings.c.key)
            over = wanted.where(is_over).order_by(recordings.c.over_at.desc(), recordings.c.key)
            found = [connection.execute(each).mappings().all() for each in (held, over)]
        return [dict(row) for rows in found for row in rows[:most]], any(len(rows) > most for rows in found)

    def counts(self) -> dict[str, int]:
        """How many there are in each state; and of workers, and of `TOTALS`."""
        with self._reading() as connection:
            by_state = sa.select(recordings.c.state, sa.func.count()).group_by(recordings.c.state)
            found = dict.fromkeys((state.value for state in State), 0)
            found.update((state, number) for state, number in connection.execute(by_state))
            found["workers"] = connection.execute(sa.select(sa.func.count()).where(WORKS)).scalar() or 0
            totals = connection.execute(sa.select(*(fleets.c[name] for name in TOTALS))).first()
            return {**found, **dict(zip(TOTALS, totals or (0,) * len(TOTALS), strict=True))}

    def all_ended(self) -> int:
        """A number from which on all is found that has changed since now, by `changes`; see `Rows._changed`."""
        with self._reading() as connection:
            return self._all_ended(connection)

    def changes(self, page: tuple[int, str]) -> tuple[list[dict[str, Any]], tuple[int, str] | None]:
        """What has changed after that place, as it is now; and the place after it, None where there is no more.

        A place is the number of a change and a key.
        """
        place = sa.tuple_(recordings.c.change, recordings.c.key)
        wanted = sa.select(recordings).where(place > sa.tuple_(*page)).order_by(*place).limit(AT_A_TIME)
        with self._reading() as connection:
            rows = [dict(row) for row in connection.execute(wanted).mappings()]
        return rows, (rows[-1]["change"], rows[-1]["key"]) if len(rows) == AT_A_TIME else None
