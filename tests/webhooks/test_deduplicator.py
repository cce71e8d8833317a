"""Repeats are recognised: in memory and in a file, by threads and processes, and not where the first one failed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec import ConfigurationError
from cloudrec._contract.redact import shown
from cloudrec.webhooks import Deduplicator, MemoryStore, Met, Notice, SQLiteStore, Store, parse
from tests.support import ROOT, examples
from tests.webhooks.support import encoded, event

KINDS = ["memory", "sqlite"]


class Time:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryStore()
    else:
        with SQLiteStore(tmp_path / "notices.db") as found:
            yield found


def noticed(name: str) -> Notice:
    """A notice of that ID."""
    return event(notice=name)


def test_once(store: Store) -> None:
    """A notice is new once, another one is another."""
    deduplicator = Deduplicator(store)
    seen = []
    for name in ("a", "b", "a", "a", "c", "b"):
        with deduplicator.once(noticed(name)) as new:
            if new:
                seen.append(name)
    assert seen == ["a", "b", "c"]


def test_what_failed_is_new_again(store: Store) -> None:
    """A notice counts when it was handled, not when it was begun with."""
    deduplicator = Deduplicator(store)
    seen = []

    def fail(error: type[BaseException]) -> None:
        with deduplicator.once(noticed("a")) as new:
            seen.append(new)
            raise error

    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error):
            fail(error)
    assert seen == [True, True]
    with deduplicator.once(noticed("a")) as new:
        assert new
    # A repeat that fails for whatever reason does not make it new.
    with pytest.raises(ValueError, match="x"), deduplicator.once(noticed("a")):
        raise ValueError("x")
    with deduplicator.once(noticed("a")) as new:
        assert not new


def test_a_copy_that_comes_meanwhile(store: Store) -> None:
    """Of two copies that come at the same time one is handled; if that fails, the next one to come is."""
    deduplicator = Deduplicator(store)
    with deduplicator.once(noticed("a")) as new:
        assert new
        assert deduplicator.begin(noticed("a")) is Met.BUSY
        with deduplicator.once(noticed("a")) as new_too:
            assert not new_too
        assert deduplicator.begin(noticed("a")) is Met.BUSY
    assert deduplicator.begin(noticed("a")) is Met.DONE


def test_first_time(store: Store) -> None:
    """The short form: it counts at once."""
    deduplicator = Deduplicator(store)
    assert [deduplicator.first_time(noticed(name)) for name in "aba"] == [True, True, False]


def test_a_process_that_died(store: Store) -> None:
    """Begun with and never heard of again: new after the lease."""
    time = Time()
    deduplicator = Deduplicator(store, lease=10, clock=time)
    assert deduplicator.begin(noticed("a")) is Met.NEW
    time.now += 9.9
    assert deduplicator.begin(noticed("a")) is Met.BUSY
    time.now += 0.1
    assert deduplicator.begin(noticed("a")) is Met.NEW
    assert deduplicator.begin(noticed("b"), lease=100) is Met.NEW
    time.now += 99
    assert deduplicator.begin(noticed("b")) is Met.BUSY


def test_a_late_failure_undoes_nothing(store: Store) -> None:
    """Whoever was too slow, and fails then, does not make new what another has done."""
    time = Time()
    deduplicator = Deduplicator(store, clock=time)
    assert deduplicator.begin(noticed("a")) is Met.NEW
    time.now += 59
    assert deduplicator.begin(noticed("a")) is Met.BUSY
    time.now += 1
    assert deduplicator.begin(noticed("a")) is Met.NEW
    deduplicator.done(noticed("a"))
    deduplicator.failed(noticed("a"))
    assert deduplicator.begin(noticed("a")) is Met.DONE


def test_forgotten_after_a_time(store: Store) -> None:
    """Known for so long, and no longer."""
    time = Time()
    deduplicator = Deduplicator(store, keep=3600, clock=time)
    assert deduplicator.first_time(noticed("a"))
    time.now += 3599
    assert not deduplicator.first_time(noticed("a"))
    time.now += 2
    assert deduplicator.first_time(noticed("a"))


def test_notices_without_an_id(store: Store) -> None:
    """They cannot be told apart, so each is new."""
    deduplicator = Deduplicator(store)
    nameless = parse(encoded({"productId": 3, "eventType": 40}))
    for _ in range(2):
        with deduplicator.once(nameless) as new:
            assert new
    assert deduplicator.first_time(nameless)


@pytest.mark.parametrize("name", ["", "\ud800", "\x00", "ü" * 1000, "2000001428:4330:107"])
def test_any_id(store: Store, name: str) -> None:
    """An ID may be any string that JSON has."""
    deduplicator = Deduplicator(store)
    assert deduplicator.first_time(noticed(name))
    assert not deduplicator.first_time(noticed(name))
    assert deduplicator.first_time(noticed(name + "x"))


def test_threads(store: Store) -> None:
    """Of many threads that come with the same notices, each notice has one that handles it."""
    deduplicator, handled, lock = Deduplicator(store), [], threading.Lock()

    def work(number: int) -> None:
        for place in range(20):
            notice = noticed(str((place + number) % 20))
            with deduplicator.once(notice) as new:
                if new:
                    with lock:
                        handled.append(notice.notice_id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert sorted(handled, key=lambda name: int(name or 0)) == [str(number) for number in range(20)]


PROCESS = """
import sys
from cloudrec.webhooks import Deduplicator, SQLiteStore, parse
deduplicator = Deduplicator(SQLiteStore(sys.argv[1]))
for number in range(50):
    if deduplicator.first_time(parse(b'{"noticeId": "%d"}' % number)):
        print(number)
"""


def test_restarts_and_processes(tmp_path: Path) -> None:
    """What one process has met, others know: at the same time, and after it has ended."""
    path = str(tmp_path / "notices.db")
    with SQLiteStore(path) as store:
        assert Deduplicator(store).first_time(noticed("7"))
    command = [sys.executable, "-W", "error", "-c", PROCESS, path]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT) for _ in range(2)]
    out = [process.communicate(timeout=60)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(map(int, out[0] + out[1])) == [number for number in range(50) if number != 7]
    with SQLiteStore(path) as store:
        assert not any(Deduplicator(store).first_time(noticed(str(number))) for number in range(50))


FORK = """
import os, sys
from cloudrec.webhooks import Deduplicator, SQLiteStore, parse
first_time = lambda name: deduplicator.first_time(parse(b'{"noticeId": "%s"}' % name))
store = SQLiteStore(sys.argv[1])
deduplicator = Deduplicator(store)
assert first_time(b"before")
if hasattr(os, "fork"):
    child = os.fork()
    if child == 0:
        os._exit(0 if (first_time(b"before"), first_time(b"child")) == (False, True) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert not first_time(b"child")
store.close()
print("done")
"""


def test_a_forked_process_opens_the_file_anew(tmp_path: Path) -> None:
    """A server that forks after the program was loaded does no harm to the file."""
    command = [sys.executable, "-W", "error", "-c", FORK, str(tmp_path / "notices.db")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_the_file_stays_small(tmp_path: Path) -> None:
    """What is past its time goes from the file too."""
    time, path = Time(), tmp_path / "notices.db"
    with SQLiteStore(path) as store:
        deduplicator = Deduplicator(store, keep=60, clock=time)
        for number in range(3000):
            time.now += 1
            assert deduplicator.first_time(noticed(str(number)))
        connection = sqlite3.connect(path)
        [left] = connection.execute("SELECT count(*) FROM notices").fetchone()
        connection.close()
    assert left <= 1060


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    """The error is SQLite's, and comes with every use until it can."""
    store = SQLiteStore(tmp_path / "nowhere" / "notices.db")
    deduplicator = Deduplicator(store)
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            deduplicator.first_time(noticed("a"))
    (tmp_path / "nowhere").mkdir()
    assert deduplicator.first_time(noticed("a"))
    store.close()
    store.close()
    assert not deduplicator.first_time(noticed("a"))
    store.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """It is not overwritten."""
    path = tmp_path / "notices.db"
    path.write_text("something else, and of some length" * 100, encoding="utf-8")
    with pytest.raises(sqlite3.DatabaseError), SQLiteStore(path) as store:
        Deduplicator(store).first_time(noticed("a"))
    assert path.read_text(encoding="utf-8").startswith("something else")


def test_memory_is_bounded() -> None:
    """The oldest go first."""
    store = MemoryStore(3)
    deduplicator = Deduplicator(store)
    for name in "abcd":
        assert deduplicator.first_time(noticed(name))
    assert len(store) == 3
    assert [deduplicator.first_time(noticed(name)) for name in "dcb"] == [False, False, False]
    assert deduplicator.first_time(noticed("a"))


def test_memory_keeps_what_is_being_handled() -> None:
    """What is done with goes before it."""
    deduplicator = Deduplicator(MemoryStore(3))
    assert deduplicator.begin(noticed("busy")) is Met.NEW
    assert all(deduplicator.first_time(noticed(name)) for name in "abcd")
    assert deduplicator.begin(noticed("busy")) is Met.BUSY


def test_memory_forgets() -> None:
    """What is past its time does not stay until the bound is reached."""
    time, store = Time(), MemoryStore()
    deduplicator = Deduplicator(store, keep=60, clock=time)
    for number in range(1000):
        time.now += 1
        assert deduplicator.first_time(noticed(str(number)))
    assert len(store) <= 61


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Deduplicator, {"keep": 0}),
        (Deduplicator, {"lease": -1}),
        (Deduplicator, {"keep": float("nan")}),
        (MemoryStore, {"most": 0}),
        (MemoryStore, {"most": True}),
        (SQLiteStore, {"path": ""}),
        (SQLiteStore, {"path": None}),
        (SQLiteStore, {"path": 7}),
    ],
)
def test_bad_settings(kind: Callable[..., Any], given: dict[str, Any]) -> None:
    """Each setting is checked."""
    with pytest.raises(ConfigurationError, match=next(iter(given))):
        kind(**given)


steps = st.lists(
    st.tuples(st.sampled_from(["begin", "done", "failed", "wait"]), st.sampled_from("ab"), st.integers(0, 40)),
    max_size=25,
)


@examples(100)
@given(steps)
def test_both_stores_do_the_same(actions: Any) -> None:
    """Whatever is done, in whatever order: memory and file say the same."""
    time = Time()
    with SQLiteStore(":memory:") as file:
        both = [Deduplicator(store, keep=30, lease=10, clock=time) for store in (MemoryStore(), file)]
        for action, name, seconds in actions:
            if action == "wait":
                time.now += seconds
            else:
                said = [getattr(deduplicator, action)(noticed(name)) for deduplicator in both]
                assert said[0] is said[1]


@pytest.mark.parametrize("lease", [0, -1, 1.1e9, float("nan"), 10**400, "60", True], ids=shown)
def test_a_lease_that_is_none(lease: Any) -> None:
    """The lease of one notice is checked as that of all is; the store is not asked."""
    deduplicator = Deduplicator()
    with pytest.raises(ConfigurationError, match=r"^lease: .*seconds above 0, and at most 1000000000"):
        deduplicator.begin(event(), lease=lease)
    assert deduplicator.begin(event()) is Met.NEW


def test_parts_that_are_none() -> None:
    """A store without its methods and a clock that tells no time are told of by name."""
    with pytest.raises(ConfigurationError, match=r"^store: dict \(must have the methods begin, finish, forget\)"):
        Deduplicator({})  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"^clock: must be a function"):
        Deduplicator(clock=5.0)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"^clock: nan"):
        Deduplicator(clock=lambda: float("nan")).begin(event())
