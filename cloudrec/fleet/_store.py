"""`Store`: what is asked of the fleet's tables, by those who record and by those who work."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, Final

import sqlalchemy as sa

from ._database import NOW, RUN, Run, fleets, inbox, recordings, runs, workers
from ._seen import AT_A_TIME, WORKS, Seen
from ._states import ACTIVE, FINAL, RECORDING, State, happened
from ._uploads import followed

# After a 429 requests come so much slower, at the most so much; and each one after that so much quicker again.
SLOWER, SLOWEST, QUICKER = 1.5, 8.0, 0.98
# Letters of a story, after which no problem is added to it any more.
LONGEST_STORY: Final = 50_000


# What a story says of who holds a recording from then on.
_HELD: Final = {"held": "held", "takeovers": "taken over", "handovers": "handed over"}


class Fenced(BaseException):
    """This worker was taken for dead, and what it held is held by others.

    Like a cancellation, it is nobody's to catch on the way: whatever it ends is gone on with elsewhere.
    """


def run_of(row: Mapping[str, Any]) -> Run:
    """The run that a row is of."""
    return Run(row["key"], row["run"], row["losses"])


def _alive(worker: str) -> sa.Exists:
    """Whether it is there, and was not taken for dead."""
    return sa.exists().where(workers.c.worker == worker, workers.c.taken_at.is_(None))


def _news(row: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What of these changes belongs into the story of a row: another state, or another problem."""
    told: dict[str, Any] = {}
    if (state := changes.get("state", row["state"])) != row["state"]:
        told["state"] = state
    # What goes wrong for days, now this way and now that, is told of in its beginning.
    if (problem := changes.get("problem")) not in (None, row["problem"]) and len(row["story"]) < LONGEST_STORY:
        told["problem"] = json.loads(problem)
    return told


class Store(Seen):
    """All that is done with the tables. Its methods block; each is one transaction."""

    # -- what is asked for --------------------------------------------------------------------

    def add(self, row: Mapping[str, Any], *, again: bool) -> None:
        """Puts a recording in line, unless its key is there; ``again``: also where that is over."""
        with self._writing() as connection:
            now = self._time(connection)
            changed = self._changed(connection, now)
            fresh = {
                **row,
                **changed,
                "state": State.WAITING,
                "story": happened(now, state=State.WAITING),
                "parts": "[]",
                "asked_at": now,
                "takeovers": 0,
                "handovers": 0,
            }
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
            anew = {**blank, **fresh, "run": found.run + 1, "version": found.version + 1}
            connection.execute(recordings.update().where(recordings.c.key == row["key"]).values(anew))

    def ask_to_stop(self, key: str) -> Mapping[str, Any] | None:
        """Has it stopped; one that waits is over at once. How it was before that, None where there is none."""
        with self._writing() as connection:
            found, now = self._locked(connection, key)
            if found is None or found["state"] in FINAL:
                return found
            changes: dict[str, Any] = {"stop_at": now}
            happens: dict[str, Any] = {"what": "stop asked"}
            if found["state"] == State.WAITING:
                changes |= {
                    "state": State.DONE,
                    "over_at": now,
                    "problem": json.dumps({"message": "stopped before it was begun"}),
                }
                happens |= {"state": State.DONE}
            if found["stop_at"] is None:
                self._change(connection, recordings.c.key == key, changes, now, **happens)
            return found

    # -- events -------------------------------------------------------------------------------

    def take_in(self, notice: str | None, body: str, sid: str | None, cname: str | None, uid: str | None) -> str | None:
        """Keeps an event for the recording that it is about; its key, None where that is none of this fleet."""
        with self._writing() as connection:
            found = self._about(connection, sid, cname, uid)
            if found is None:
                return None
            kept = self._insert(inbox).values(key=found.key, notice=notice, body=body, is_new=True)
            connection.execute(kept.on_conflict_do_nothing())
            parts = json.loads(found.parts)
            # Who holds it follows the part that is not over.
            if any(part.get("result") is not None and part["handle"]["sid"] == sid for part in parts):
                told = self._followed(connection, found.key, parts)
                if told != parts:
                    self._change(
                        connection, recordings.c.key == found.key, {"parts": json.dumps(told)}, self._time(connection)
                    )
            key: str = found.key
            return key

    def _about(self, connection: sa.Connection, sid: str | None, cname: str | None, uid: str | None) -> Any:
        # Nobody changes or removes it before its event is there, to be seen or to be removed with it.
        wanted = sa.select(recordings.c.key, recordings.c.parts).with_for_update(key_share=True)
        if sid is not None:
            found = connection.execute(wanted.where(recordings.c.sid == sid)).first()
            if found is not None:
                return found
        if cname is not None:
            # Its start may not have been answered yet, or it is a part that came before.
            for row in connection.execute(wanted.where(recordings.c.cname == cname).order_by(recordings.c.key)).all():
                handles = [part["handle"] for part in json.loads(row.parts)]
                if any((each["sid"] or sid, each["uid"]) == (sid, uid) or each["sid"] == sid for each in handles):
                    return row
        return None

    def _followed(self, connection: sa.Connection, key: str, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = sa.select(inbox.c.body).where(inbox.c.key == key).order_by(inbox.c.id)
        return followed(parts, connection.scalars(kept))

    def events_of(self, keys: Sequence[str]) -> list[list[str]]:
        """All events of each recording that are kept, in the order in which they came."""
        wanted = sa.select(inbox.c.key, inbox.c.body).where(inbox.c.key.in_(keys)).order_by(inbox.c.id)
        found: defaultdict[str, list[str]] = defaultdict(list)
        with self._reading() as connection:
            for key, body in connection.execute(wanted):
                found[key].append(body)
        return [found[key] for key in keys]

    def news(self, worker: str) -> tuple[list[tuple[str, str]], list[str], bool]:
        """What came for the recordings of a worker: new events, each as key and body; keys of those to be stopped.

        And whether there are recordings that wait. All of it is asked at once, as nearly always there is nothing.
        """
        ours = sa.and_(recordings.c.worker == worker, recordings.c.state.in_(ACTIVE))
        came = sa.and_(inbox.c.is_new, recordings.c.key == inbox.c.key, ours)
        stopped = sa.and_(ours, recordings.c.stop_at.is_not(None))
        with self._reading() as connection:
            has_come, is_stopped, waits = connection.execute(
                sa.select(
                    sa.exists().where(came),
                    sa.exists().where(stopped),
                    sa.exists().where(recordings.c.state == State.WAITING),
                )
            ).one()
            wanted = sa.select(inbox.c.id, inbox.c.key, inbox.c.body).where(came).order_by(inbox.c.id).limit(1000)
            found = connection.execute(wanted).all() if has_come else []
            stops = list(connection.scalars(sa.select(recordings.c.key).where(stopped))) if is_stopped else []
        if found:
            with self._writing() as connection:
                seen = inbox.c.id.in_([row.id for row in found])
                connection.execute(inbox.update().where(seen).values(is_new=False))
        return [(row.key, row.body) for row in found], stops, bool(waits)

    # -- what a worker does -------------------------------------------------------------------

    def admit(self, most: int, needs: Callable[[str], Set[str]]) -> tuple[list[Run], dict[str, list[str]]]:
        """Lets those in that wait, in order, as far as there is room and a worker that has what they need.

        Also what those need that nobody has, by key, each once.
        """
        with self._writing() as connection:
            if not self._is_sqlite:
                # One at a time: what is counted stays true until it is used.
                connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('cloudrec_admit'))"))
            taken = sa.select(sa.func.count()).select_from(recordings).where(recordings.c.state.in_(RECORDING))
            room = most - (connection.execute(taken).scalar() or 0)
            if room <= 0:
                return [], {}
            now = self._time(connection)
            first, missing = self._first(connection, min(room, AT_A_TIME), needs, now)
            for key, names in missing.items():
                problem = {"message": f"it waits for a worker that has {', '.join(names)}"}
                self._change(
                    connection, recordings.c.key == key, {"problem": json.dumps(problem)}, now, problem=problem
                )
            begun = {"state": State.STARTING, "begun_at": now, "problem": None, **self._changed(connection, now)}
            told = recordings.c.story + happened(now, state=State.STARTING)
            # Looked at again, as one of them may have been stopped meanwhile.
            let_in = recordings.update().where(recordings.c.key.in_(first), recordings.c.state == State.WAITING)
            changed = let_in.values(**begun, version=recordings.c.version + 1, story=told)
            found = connection.execute(changed.returning(*RUN, recordings.c.asked_at))
            return [Run(*row[:3]) for row in sorted(found, key=lambda row: (row.asked_at, row.key))], missing

    def _first(
        self, connection: sa.Connection, most: int, needs: Callable[[str], Set[str]], now: float
    ) -> tuple[list[str], dict[str, list[str]]]:
        """Keys of so many that wait and can be begun, or are late; and of those before them what nobody has, untold."""
        given = self._names(connection)
        place = sa.tuple_(recordings.c.asked_at, recordings.c.key)
        of_each = (
            recordings.c.key,
            recordings.c.asked_at,
            recordings.c.recipe,
            recordings.c.until,
            recordings.c.problem,
        )
        waits = sa.select(*of_each).where(recordings.c.state == State.WAITING).order_by(*place).limit(most)
        first: list[str] = []
        untold: dict[str, list[str]] = {}
        page = connection.execute(waits).all()
        while page:
            for row in page:
                missing = needs(row.recipe) - given
                if not missing or (row.until is not None and row.until <= now):
                    first.append(row.key)
                    if len(first) == most:
                        return first, untold
                elif row.problem is None:
                    untold[row.key] = sorted(missing)
            page = connection.execute(waits.where(place > sa.tuple_(page[-1].asked_at, page[-1].key))).all()
        return first, untold

    def left_behind(self, older_than: float) -> tuple[list[Run], list[Run]]:
        """What was let in so many seconds ago and no worker has taken up; and what is held by one that is gone."""
        with self._reading() as connection:
            old = recordings.c.changed_at <= self._time(connection) - older_than
            never = runs(connection, recordings.c.state.in_(ACTIVE), recordings.c.worker.is_(None), old)
            gone = recordings.c.worker.not_in(sa.select(workers.c.worker))
            return never, runs(connection, recordings.c.state.in_(ACTIVE), gone, old)

    def held_by(self, worker: str) -> list[Run]:
        """What a worker holds."""
        with self._reading() as connection:
            return runs(connection, recordings.c.worker == worker, recordings.c.state.in_(ACTIVE))

    def hold(self, held: Sequence[Run], worker: str) -> list[Mapping[str, Any] | None]:
        """Gives them to a worker; None for each run that is not there any more.

        Raises:
            Fenced: the worker was taken for dead, so that nobody would look for what it holds.
        """
        found: list[Mapping[str, Any] | None] = []
        changed: defaultdict[str, list[str]] = defaultdict(list)
        with self._writing() as connection:
            # In one order, as others lock several of them, too.
            wanted = sa.select(recordings).where(recordings.c.key.in_([run.key for run in held]))
            locked = connection.execute(wanted.order_by(recordings.c.key).with_for_update()).mappings()
            rows = {row["key"]: dict(row) for row in locked}
            if self._is_taken(connection, worker):
                raise Fenced(f"fleet: worker {worker} was taken for dead")
            for run in held:
                row = rows.get(run.key)
                if row is None or run_of(row) != run or row["state"] in FINAL:
                    found.append(None)
                    continue
                if row["worker"] not in (None, worker):
                    how = "handovers" if row["is_handed_over"] else "takeovers"
                    row[how] += 1
                    changed[how].append(run.key)
                elif row["worker"] is None or row["is_handed_over"]:
                    changed["held"].append(run.key)
                found.append({**row, "worker": worker, "is_handed_over": False})
            now = self._time(connection)
            for how, keys in changed.items():
                one_more: dict[str, Any] = {} if how == "held" else {how: recordings.c[how] + 1}
                self._change(
                    connection, recordings.c.key.in_(keys), {"worker": worker, "is_handed_over": False, **one_more},
                    now, what=_HELD[how], worker=worker,
                )  # fmt: skip
                if one_more:
                    connection.execute(fleets.update().values({how: fleets.c[how] + len(keys)}))
        return found

    def change(
        self,
        run: Run,
        worker: str,
        changes: Mapping[str, Any],
        part: tuple[int, Mapping[str, Any]] | None = None,
    ) -> Mapping[str, Any]:
        """Writes what has become of a recording, and of one of its parts, for who holds it; how it is then.

        Raises:
            Fenced: somebody else does.
        """
        fenced = Fenced(f"fleet: {run.key!r} is held by another worker now")
        with self._writing() as connection:
            row, now = self._locked(connection, run.key)
            if row is None or (run_of(row), row["worker"]) != (run, worker):
                raise fenced
            stamps: dict[str, Any] = {name: now for name, value in changes.items() if value is NOW}
            if part is not None:
                place, of_part = part
                parts = [*json.loads(row["parts"])[: place + 1], {"lasted": 0.0}][: place + 1]
                parts[place] = {**parts[place], **of_part}
                stamps["parts"] = json.dumps(self._followed(connection, run.key, parts))
            changed = {**changes, **stamps}
            still_ours = sa.and_(recordings.c.key == run.key, _alive(worker))
            if not self._change(connection, still_ours, changed, now, **_news(row, changes)):
                raise fenced
            return {**row, **changed}

    def lose(self, run: Run, problem: str) -> Run | None:
        """Nothing holds it, though something should: it is to be looked for, as this; None where it is at its end."""
        with self._writing() as connection:
            row, now = self._locked(connection, run.key)
            if row is None or run_of(row) != run or row["state"] not in ACTIVE:
                return None
            # One that was being stopped is: it is stopped once more.
            state = row["state"] if row["state"] in (State.STOPPING, State.UPLOADING) else State.LOST
            # Nobody's, so that each worker looks whether it was taken up.
            changes = {"state": state, "worker": None, "losses": run.losses + 1, "problem": problem}
            told = {"state": state, "worker": None, "problem": json.loads(problem)}
            self._change(connection, recordings.c.key == run.key, changes, now, **told)
            connection.execute(fleets.update().values(losses=fleets.c.losses + 1))
            return run._replace(losses=run.losses + 1)

    def _is_taken(self, connection: sa.Connection, worker: str) -> bool:
        return not connection.execute(sa.select(_alive(worker))).scalar()

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
            return self._names(connection)

    def _names(self, connection: sa.Connection) -> set[str]:
        given = connection.scalars(sa.select(workers.c.names).where(WORKS))
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
            self._let_go(connection, worker)
            connection.execute(workers.update().where(workers.c.worker == worker).values(seen_at=0.0))

    def let_go(self, worker: str, key: str | None = None) -> None:
        """It hands over what it holds, or that one: who holds it next has not taken it from a dead one."""
        with self._writing() as connection:
            self._let_go(connection, worker, key)

    def _let_go(self, connection: sa.Connection, worker: str, key: str | None = None) -> None:
        if not self._is_taken(connection, worker):
            ours = sa.select(recordings.c.key).where(recordings.c.worker == worker, recordings.c.state.in_(ACTIVE))
            these = ours if key is None else ours.where(recordings.c.key == key)
            # In the order in which others take them.
            locked = recordings.c.key.in_(these.order_by(recordings.c.key).with_for_update())
            connection.execute(recordings.update().where(locked).values(is_handed_over=True))

    def remove_worker(self, worker: str) -> None:
        """It holds nothing any more."""
        with self._writing() as connection:
            connection.execute(workers.delete().where(workers.c.worker == worker))

    # -- the shared limit ---------------------------------------------------------------------

    def next_requests(self, worker: str, first: float, most: int) -> tuple[int, float, float]:
        """Takes the next moments at which so many requests may go.

        The first one's number, in how many seconds it is, and how many are between one and the next. One statement, so
        that no two get the same; and none for who was taken for dead.

        Raises:
            Fenced: this worker was.
        """
        greatest = sa.func.max if self._is_sqlite else sa.func.greatest
        begins = greatest(fleets.c.next_request, self._now)
        interval = greatest(first, fleets.c.interval * QUICKER)
        slots = (
            fleets.update()
            .where(_alive(worker))
            .values(next_request=begins + interval * most, interval=interval, requests=fleets.c.requests + most)
            .returning(
                fleets.c.requests - most + 1,
                fleets.c.next_request - fleets.c.interval * most,
                fleets.c.interval,
                self._now,
            )
        )
        with self._one_statement() as connection:
            found = connection.execute(slots, self._given()).first()
        if found is None:
            raise Fenced(f"fleet: worker {worker} was taken for dead")
        number, at, between, now = found
        return number, self._until(float(at), float(now)), float(between)

    def counted(self, number: int, ago: float, most: int, within: float) -> None:
        """The request of that number was counted so many seconds ago, late.

        Of what comes after it, the one with which they would be too many goes when that second is over.
        """
        greatest = sa.func.max if self._is_sqlite else sa.func.greatest
        before = number + most - 1 - fleets.c.requests
        free = self._now - ago + within - before * fleets.c.interval
        later = fleets.update().where(before >= 0).values(next_request=greatest(fleets.c.next_request, free))
        with self._one_statement() as connection:
            connection.execute(later, self._given())

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

    def old(self, keep: float) -> list[Run]:
        """What has been over for longer than that."""
        with self._reading() as connection:
            since = self._time(connection) - keep
            return runs(connection, recordings.c.state.in_(FINAL), recordings.c.over_at < since)

    def remove(self, over: Iterable[Run]) -> None:
        """Removes what is over, unless it is recorded again."""
        with self._writing() as connection:
            for key, run, _ in sorted(over):  # as all who remove do: they wait for each other in one order
                this = sa.and_(recordings.c.key == key, recordings.c.run == run, recordings.c.state.in_(FINAL))
                if connection.execute(recordings.delete().where(this)).rowcount:
                    self._forget_events(connection, [key])

    # -- inside -------------------------------------------------------------------------------

    def _forget_events(self, connection: sa.Connection, keys: list[str]) -> None:
        connection.execute(inbox.delete().where(inbox.c.key.in_(keys)))

    def _until(self, moment: float, now: float) -> float:
        return max(0.0, moment - now)
