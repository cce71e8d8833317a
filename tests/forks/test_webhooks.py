"""Stores, order and both adapters in a process that was forked while threads of its parent used them."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from cloudrec.webhooks import Deduplicator, Event, MemoryStore, Met, Ordered, SQLiteStore, sign
from cloudrec.webhooks.asgi import WebhookApp as AsgiApp
from cloudrec.webhooks.wsgi import WebhookApp as WsgiApp
from tests.forks.support import ALARM, fork, hammering, in_child, needs_fork
from tests.webhooks.support import SECRET, Heard, encoded, event, sent
from tests.webhooks.test_wsgi import ask

pytestmark = needs_fork
FORKS = range(6)
LATER = time.time() + 3600


def use(store: SQLiteStore | MemoryStore, name: str) -> Met:
    """One notice from its beginning to its end."""
    met = store.begin(name, time.time(), LATER)
    store.finish(name, LATER)
    return met


# ------------------------------------------------------------------------------------------- stores


def test_a_file_that_threads_of_the_parent_are_at(tmp_path: Path) -> None:
    """No child waits for them; what either process has met, both know."""
    with SQLiteStore(tmp_path / "notices.db") as store:
        use(store, "before")
        with hammering(lambda n: use(store, f"a{n}"), lambda n: use(store, f"b{n}")):
            for number in FORKS:
                told = in_child(lambda number=number: (use(store, "before").name, use(store, f"child-{number}").name))
                assert told == "('DONE', 'NEW')"
        assert [use(store, f"child-{number}") for number in FORKS] == [Met.DONE] * len(FORKS)
        assert (use(store, "a0"), use(store, "b0")) == (Met.DONE, Met.DONE)


def test_what_a_child_keeps_outlives_its_parents_closing_the_file(tmp_path: Path) -> None:
    """The last to close a file throws SQLite's log of it away, in which the child still writes: it must count too."""
    path = tmp_path / "notices.db"
    store = SQLiteStore(path)
    use(store, "parent")
    wrote, closed = os.pipe(), os.pipe()

    def child() -> str:
        use(store, "first")
        os.write(wrote[1], b"x")
        os.read(closed[0], 1)
        use(store, "second")
        return "done"

    def close() -> None:
        os.read(wrote[0], 1)
        use(store, "parent again")
        store.close()
        os.write(closed[1], b"x")

    closing = threading.Thread(target=close)
    closing.start()
    assert in_child(child) == "done"
    closing.join(ALARM)
    for end in (*wrote, *closed):
        os.close(end)
    with SQLiteStore(path) as after:
        assert [use(after, name) for name in ("parent", "first", "parent again", "second")] == [Met.DONE] * 4


def test_a_fork_in_the_midst_of_a_step(tmp_path: Path) -> None:
    """As by a signal handler: the parent does it, and the child says that it cannot use the file."""
    children: list[int] = []

    class Forks(str):
        __slots__ = ()

        def encode(self, *_: Any) -> bytes:
            if not children:
                children.append(fork())
            return b"forked"

    store = SQLiteStore(tmp_path / "notices.db")
    use(store, "before")

    def parent() -> str:
        try:
            store.finish(Forks("forked"), LATER)
        except sqlite3.OperationalError as error:
            with pytest.raises(sqlite3.OperationalError, match="forked while its parent wrote"):
                use(store, "child")
            store.close()
            os._exit(0 if "forked while its parent wrote" in str(error) else 1)
        assert children[0], "the child wrote what the parent was writing"
        assert os.waitpid(children[0], 0)[1] == 0
        return " ".join(use(store, name).name for name in ("forked", "child", "before"))

    assert in_child(parent) == "DONE NEW DONE"


def test_memory_that_threads_of_the_parent_are_at() -> None:
    """A copy: whole, and without waiting for anybody."""
    store = MemoryStore()
    use(store, "known")
    with hammering(lambda _: store.finish("known", LATER), lambda n: use(store, f"{n}")):
        for _ in range(2 * len(FORKS)):
            assert in_child(lambda: (use(store, "known").name, use(store, "new").name)) == "('DONE', 'NEW')"
    assert use(store, "new") is Met.NEW


def test_each_notice_is_handled_once_over_all_processes(tmp_path: Path) -> None:
    deduplicator = Deduplicator(SQLiteStore(tmp_path / "notices.db"))
    notices = [event(notice=str(number)) for number in range(40)]
    assert deduplicator.first_time(notices[0])
    mine: list[int] = []

    def take() -> list[int]:
        return [number for number, notice in enumerate(notices) if deduplicator.first_time(notice)]

    thread = threading.Thread(target=lambda: mine.extend(take()))
    thread.start()
    theirs = [in_child(take) for _ in range(3)]
    thread.join(ALARM)
    taken = [*mine, *(int(word) for told in theirs for word in told.strip("[]").split(",") if word.strip())]
    assert sorted(taken) == list(range(1, 40))


def test_order_that_threads_of_the_parent_are_at() -> None:
    """What is held is the parent's alone; the child begins with nothing."""
    ordered = Ordered(wait=3600)
    ordered.push(event(sid="held", sequence=5))

    def child() -> object:
        at_first = ordered.due_in(), ordered.flush()
        held = ordered.push(event(sid="held", sequence=1))
        return at_first, held, [placed.event.sequence for placed in ordered.push(event(sid="held", sequence=0))]

    with hammering(lambda n: ordered.push(event(sid=str(n % 9), sequence=n)), lambda _: ordered.due()):
        for _ in FORKS:
            assert in_child(child) == "((None, []), [], [0, 1])"
    assert 5 in [placed.event.sequence for placed in ordered.flush()]


# ------------------------------------------------------------------------------------------- adapters


def test_wsgi_workers_that_are_forked_while_one_serves(tmp_path: Path) -> None:
    """Each handles what comes to it, and no other's."""
    heard: list[str | None] = []
    app = WsgiApp(
        SECRET,
        lambda event: heard.append(event.notice_id),  # without a lock, which would be ours to make anew
        deduplicator=Deduplicator(SQLiteStore(tmp_path / "notices.db")),
        ordered=Ordered(),
        most_waiting=10**6,
    )

    def child(number: int) -> object:
        heard.clear()
        notice = sent(notice=f"child-{number}", sequence=0, sid=f"child-{number}")
        answers = ask(app, notice), ask(app, notice)
        return answers, app.close(), heard

    with app, hammering(*[lambda n, k=k: ask(app, sent(notice=f"{k}-{n}", sequence=n, sid=str(k))) for k in "ab"]):
        for number in FORKS:
            assert in_child(lambda number=number: child(number)) == f"((200, 200), True, ['child-{number}'])"


def test_a_wsgi_application_in_a_process_of_multiprocessing(tmp_path: Path) -> None:
    """What was answered is handled before such a process ends, though it runs nothing that others run at their end."""
    path, never = tmp_path / "handled", threading.Event()

    def handle(event: Event) -> None:
        never.wait(0.1)  # it takes its time
        path.write_text(str(event.notice_id), encoding="utf-8")

    app = WsgiApp(SECRET, handle)

    def serve() -> None:
        assert ask(app, sent(notice="child")) == 200

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        process = multiprocessing.get_context("fork").Process(target=serve)
        process.start()
    process.join(ALARM)
    assert process.exitcode == 0
    assert path.read_text(encoding="utf-8") == "child"


async def tell(app: Any, *names: str, client: Any = httpx.AsyncClient) -> list[int]:
    """The statuses of webhooks that are sent one after the other, when they are handled."""
    async with client(transport=httpx.ASGITransport(app), base_url="http://hook.test") as sender:
        answers = []
        for name in names:
            body = encoded(sent(notice=name, sid=name, sequence=0))
            answers.append((await sender.post("/", content=body, headers=sign(body, SECRET))).status_code)
        return answers


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_an_asgi_application_that_is_forked_while_it_serves(loop: str, tmp_path: Path) -> None:
    """It does not wait for what its parent is at, nor does that count against what it may take."""
    heard, inside, release = Heard(), threading.Event(), threading.Event()

    def handle(event: Event) -> None:
        if event.notice_id == "parent":
            inside.set()
            assert release.wait(ALARM)
        heard(event)

    deduplicator = Deduplicator(SQLiteStore(tmp_path / "notices.db"))
    app = AsgiApp(SECRET, handle, deduplicator=deduplicator, ordered=Ordered(wait=60), most_waiting=1)
    told: list[int] = []
    serving = threading.Thread(target=lambda: told.extend(anyio.run(tell, app, "parent", backend=loop)))
    serving.start()
    assert inside.wait(ALARM)
    try:
        child = in_child(lambda: (anyio.run(tell, app, "a", "parent", "b", backend=loop), heard.ids))
    finally:
        release.set()
        serving.join(ALARM)
    # Of what the parent is at the child says that it is not done yet.
    assert child == "([200, 503, 200], ['a', 'b'])"
    assert (told, heard.ids) == ([200], ["parent"])
    assert deduplicator.begin(event(notice="a")) is Met.DONE
