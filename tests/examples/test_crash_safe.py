"""`examples/crash_safe.py`, killed by SIGKILL at the worst moments: nothing is lost, and nothing is made twice."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

import pytest

from cloudrec.emulator import Emulator, Fault
from tests.examples.program import EXAMPLE, run
from tests.forkserver import processes

SECRETS = ("CS-do-not-keep", "AK-do-not-keep", "SK-do-not-keep")
# Seconds after which a program on a very busy machine has failed.
PATIENCE = 60


class Program:
    """The example in a process of its own, forked as two dozen of them are. Its output is read as it comes."""

    def __init__(self, emulator: Emulator, database: Path, *arguments: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AGORA_", "CLOUDREC_"))}
        environment = inherited | {
            "AGORA_BASE_URL": emulator.url,
            "AGORA_APP_ID": emulator.app_id,
            "AGORA_CUSTOMER_ID": emulator.credential.customer_id,
            "AGORA_CUSTOMER_SECRET": emulator.credential.customer_secret,
            "CLOUDREC_STORAGE_REGION": "eu-central-1",
            "CLOUDREC_STORAGE_BUCKET": "lessons",
            "CLOUDREC_STORAGE_ACCESS_KEY": SECRETS[1],
            "CLOUDREC_STORAGE_SECRET_KEY": SECRETS[2],
        }
        self.output = ""
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._output, output = processes.Pipe(duplex=False)
        self._process = processes.Process(
            target=run, args=([f"--database={database}", "--no-confirm", *arguments], environment, output)
        )
        self._process.start()
        output.close()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        with open(self._output.fileno(), encoding="utf-8", closefd=False) as lines:
            for line in lines:
                self._lines.put(line)

    def until(self, said: str) -> None:
        """Waits until it has said so."""
        line = ""
        while said not in line:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except Empty:
                pytest.fail(f"it did not say {said!r} but:\n{self.output}")
            self.output += line

    def kill(self) -> None:
        """Ends it, as nothing can be held against."""
        self._process.kill()
        assert self.end() == -signal.SIGKILL

    def end(self) -> int:
        """Waits for its end; the exit code."""
        self._process.join(PATIENCE)
        code = self._process.exitcode
        assert code is not None, self.output
        self._reader.join(PATIENCE)
        while not self._lines.empty():
            self.output += self._lines.get()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process.exitcode is None:
            self._process.kill()
            self.end()
        self._output.close()


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(customer_secret=SECRETS[0]) as running:
        yield running


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "recordings.db"


def until(condition: Callable[[], Any]) -> None:
    never, tries = Event(), 0
    while not condition():
        tries += 1
        assert tries < PATIENCE * 100, "it did not come to that"
        never.wait(0.01)


def kept(database: Path) -> list[dict[str, Any]]:
    """What is in the database, when nobody is at it."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM recordings ORDER BY rowid")]
    content = database.read_bytes()
    assert not any(secret.encode() in content for secret in SECRETS)
    return [row | {name: json.loads(row[name]) for name in ("handle", "result") if row[name]} for row in rows]


def the_lesson_is_over(database: Path) -> None:
    """While the program was down, the time came at which the lesson ends."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE recordings SET ends_at = 0")


def assert_it_was_recorded_once(emulator: Emulator, database: Path) -> None:
    """One recording was made; it is stopped, and what came of it is known."""
    [recording] = emulator.recordings
    assert recording.ended == "stopped"
    assert emulator.running == ()
    assert sum(call.endpoint == "start" and call.took_effect for call in emulator.calls) == 1
    [row] = kept(database)
    assert (row["sid"], row["cname"], row["handle"]["uid"]) == (recording.sid, "lesson-42", recording.uid)
    assert len(row["result"]["files"]) == 2
    assert set(row["result"]["files"]) <= set(recording.keys)
    assert not row["result"]["is_predicted"]


def test_killed_while_it_records(emulator: Emulator, database: Path) -> None:
    with Program(emulator, database, "lesson-42") as first:
        first.until("started")
        first.kill()
    [recording] = emulator.running
    emulator.clock.advance(60)

    # The lesson goes on: it is found again, and not recorded twice. That process is killed, too.
    with Program(emulator, database, "lesson-42") as second:
        second.until("IN_PROGRESS")
        second.kill()
    assert f"picked up, sid {recording.sid}" in second.output
    assert len(emulator.running) == 1

    the_lesson_is_over(database)
    with Program(emulator, database, "lesson-42") as third:
        assert third.end() == 0
    assert "finished, lessons/" in third.output
    assert_it_was_recorded_once(emulator, database)

    # Now that it is finished, nothing is sent any more.
    calls = len(emulator.calls)
    with Program(emulator, database, "lesson-42") as fourth:
        assert fourth.end() == 0
    assert len(emulator.calls) == calls


def test_killed_between_acquire_and_start(emulator: Emulator, database: Path) -> None:
    emulator.fail("start", Fault.hang(), times=1)
    with Program(emulator, database, "lesson-42") as first:
        first.until("acquired")
        until(lambda: [call for call in emulator.calls if call.endpoint == "start"])
        first.kill()
    assert emulator.recordings == ()
    [row] = kept(database)
    assert row["sid"] is None

    # Nobody knows that nothing runs, so that is told; and the lesson is recorded after all.
    with Program(emulator, database) as second:
        second.until("started")
        second.kill()
    assert "lesson-42: may be running" in second.output
    assert row["resource_id"] in second.output
    [recording] = emulator.running
    assert recording.uid == row["handle"]["uid"]
    emulator.clock.advance(60)

    the_lesson_is_over(database)
    with Program(emulator, database) as third:
        assert third.end() == 0
    assert_it_was_recorded_once(emulator, database)


def test_killed_between_start_and_its_answer(emulator: Emulator, database: Path) -> None:
    emulator.fail("start", Fault.hang(after_effect=True), times=1)
    with Program(emulator, database, "lesson-42") as first:
        first.until("acquired")
        until(lambda: emulator.recordings)
        first.kill()
    [recording] = emulator.running

    # It runs, and the program has no sid to stop it by: it tells whoever reads, and does not record a second time.
    for _ in range(2):
        with Program(emulator, database, "lesson-42") as second:
            assert second.end() == 0
        assert f"lesson-42: may be running, since its start was never answered (uid {recording.uid}" in second.output
        assert "lesson-42: is running; its sid comes with webhook event 40" in second.output
        assert len(emulator.running) == 1
        [row] = kept(database)
        assert (row["resource_id"], row["sid"], row["result"]) == (recording.resource_id, None, None)

    # What the service tells by webhook; that nobody listens there is of no account.
    emulator.webhooks.send_to("http://127.0.0.1:1/")
    emulator.clock.advance(60)
    emulator.webhooks.flush()
    [notice] = [notice for notice in emulator.notices if notice.event_type == 40]
    assert (notice.cname, notice.uid, notice.sid) == ("lesson-42", recording.uid, recording.sid)
    with Program(emulator, database, "lesson-42", "--sid", recording.sid) as third:
        third.until("IN_PROGRESS")
        third.kill()
    the_lesson_is_over(database)
    with Program(emulator, database, "lesson-42", "--sid", recording.sid) as fourth:
        assert fourth.end() == 0
    assert_it_was_recorded_once(emulator, database)


def test_killed_between_start_and_its_answer_and_nobody_knows_the_sid(emulator: Emulator, database: Path) -> None:
    emulator.channel("lesson-42").join(101)
    emulator.fail("start", Fault.hang(after_effect=True), times=1)
    with Program(emulator, database, "lesson-42") as first:
        until(lambda: emulator.recordings)
        first.kill()
    the_lesson_is_over(database)
    with Program(emulator, database) as second:
        assert second.end() == 0
    assert "lesson-42: may be running" in second.output
    assert len(emulator.running) == 1

    # As it says of itself: it ends when its channel has been empty for that long.
    emulator.channel("lesson-42").leave(101)
    [row] = kept(database)
    emulator.clock.advance(row["handle"]["max_idle_time"])
    assert emulator.running == ()


def test_killed_between_stop_and_its_answer(emulator: Emulator, database: Path) -> None:
    with Program(emulator, database, "lesson-42") as first:
        first.until("started")
        first.kill()
    emulator.clock.advance(60)
    the_lesson_is_over(database)
    emulator.fail("stop", Fault.hang(after_effect=True), times=1)
    with Program(emulator, database) as second:
        until(lambda: not emulator.running)
        second.kill()
    [row] = kept(database)
    assert row["result"] is None

    with Program(emulator, database) as third:
        assert third.end() == 0
    assert_it_was_recorded_once(emulator, database)
    [row] = kept(database)
    assert "on its way out" in row["result"]["ended"]


def test_what_cannot_be_stopped_stays_for_the_next_start(emulator: Emulator, database: Path) -> None:
    with Program(emulator, database, "lesson-42") as first:
        first.until("started")
        first.kill()
    emulator.clock.advance(60)
    the_lesson_is_over(database)
    emulator.fail("stop", Fault.status(401))
    with Program(emulator, database) as second:
        assert second.end() == 1
    assert "ERROR" in second.output
    emulator.heal()
    with Program(emulator, database) as third:
        assert third.end() == 0
    assert_it_was_recorded_once(emulator, database)


def test_what_cannot_be_started_is_not_kept(emulator: Emulator, database: Path) -> None:
    emulator.fail("start", Fault.status(401))
    with Program(emulator, database, "lesson-42") as first:
        assert first.end() == 1
    assert kept(database) == []
    emulator.heal()
    with Program(emulator, database, "lesson-42") as second:
        second.until("started")


def test_a_second_process_beside_the_first_is_refused(emulator: Emulator, database: Path) -> None:
    with Program(emulator, database, "lesson-42") as first:
        first.until("started")
        with Program(emulator, database, "lesson-42") as second:
            assert second.end() == 1
    assert "does another process use it?" in second.output
    assert len(emulator.recordings) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--sid", "38f8e3cfdc474cd56fc1ceba380d7e1a"], "--sid needs LESSON"),
        (["lesson-7", "--sid", "38f8e3cfdc474cd56fc1ceba380d7e1a"], "nothing is kept of lesson-7"),
    ],
)
def test_a_sid_without_its_lesson_is_told(emulator: Emulator, database: Path, arguments: list[str], told: str) -> None:
    with Program(emulator, database, *arguments) as program:
        assert program.end() in (1, 2)
    assert told in program.output
    assert "Traceback" not in program.output


def test_the_demonstration_needs_nothing(tmp_path: Path) -> None:
    ours = ("AGORA_", "CLOUDREC_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), "--demo"],
        env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    [before, after] = done.stdout.split("kill -9")
    assert "started, sid" in before
    assert "picked up, sid" in after
    assert re.search(r"lessons/\S+\.mp4, lessons/\S+\.m3u8", after)
    assert "on the emulator there runs: []" in after
    assert list(tmp_path.iterdir()) == []
