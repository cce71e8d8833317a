"""Records lessons, and loses none of them when its process is killed, at whatever moment.

    python examples/crash_safe.py --demo                      an emulator, a kill -9, and what comes after it
    python examples/crash_safe.py lesson-42 --minutes 45      records a lesson, unless that has been done
    python examples/crash_safe.py                             only looks after what an earlier process left

It takes credentials from the environment: AGORA_APP_ID, AGORA_CUSTOMER_ID, AGORA_CUSTOMER_SECRET and AGORA_AREA, or
AGORA_BASE_URL for an emulator in place of the service; and a bucket of Amazon S3 from CLOUDREC_STORAGE_REGION (such as
eu-central-1), CLOUDREC_STORAGE_BUCKET, CLOUDREC_STORAGE_ACCESS_KEY and CLOUDREC_STORAGE_SECRET_KEY.

Whatever ended the process, start it again in the same way. All it must know is in a SQLite file:

- A handle with a sid: its recording is attached, watched until the lesson is over, and stopped; the result is kept.
- A handle without one: the process was killed between `acquire` and the answer of `start`, and nobody knows whether the
  recording runs. That is told, and while the lesson lasts it is recorded again under the same uid. If it did run, the
  service refuses that (code 53), so that nothing is recorded twice; its sid then comes with webhook event 40, and goes
  to this program by --sid. Without that it ends by itself when its channel has been empty for 300 s (`max_idle_time`).
"""

import argparse
import asyncio
import json
import logging
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from cloudrec import (
    S3,
    AsyncCloudRecording,
    AsyncMixRecording,
    CloudRecordingError,
    ConfigurationError,
    InvalidRequestError,
    RecordingHandle,
    RecordingMayBeRunningError,
    RecordingResult,
    TaskConflictError,
)

log = logging.getLogger("crash_safe")


class Lesson(NamedTuple):
    """What is kept of a lesson."""

    handle: RecordingHandle
    ends_at: float
    """In seconds since 1970."""
    is_finished: bool


class Store:
    """What must outlive the process. When a method returns, its change is on the disk."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=1, isolation_level=None)
        # One process at a time. The lock is held until the process ends, however it ends.
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            self._database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise SystemExit(f"{path}: {error}; does another process use it?") from None
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS recordings"
            " (resource_id TEXT PRIMARY KEY, cname TEXT, sid TEXT, handle TEXT, ends_at REAL, result TEXT)"
        )
        self._database.execute("COMMIT")

    def lessons(self) -> dict[str, Lesson]:
        """What is kept, by channel; where there are several tries of one, the last."""
        rows = self._database.execute("SELECT cname, handle, ends_at, result FROM recordings ORDER BY rowid")
        return {cname: Lesson(json.loads(handle), ends_at, bool(result)) for cname, handle, ends_at, result in rows}

    def keep(self, handle: RecordingHandle, ends_at: float) -> None:
        """Before the start, and again as soon as there is a sid. A handle holds no secrets."""
        row = (handle["resource_id"], handle["cname"], handle["sid"], json.dumps(handle), ends_at)
        self._database.execute("BEGIN")
        if handle["sid"]:
            # No earlier try of this lesson runs, or the service would have refused this one.
            self._database.execute("DELETE FROM recordings WHERE cname = ? AND sid IS NULL", [handle["cname"]])
        self._database.execute("INSERT OR REPLACE INTO recordings VALUES (?, ?, ?, ?, ?, NULL)", row)
        self._database.execute("COMMIT")

    def drop(self, handle: RecordingHandle) -> None:
        """Nothing came of it, and nothing runs."""
        self._database.execute("DELETE FROM recordings WHERE resource_id = ?", [handle["resource_id"]])

    def finish(self, handle: RecordingHandle, result: RecordingResult) -> None:
        """It is over, and this came of it."""
        told = {
            "files": [file.key for file in result.files],
            "is_predicted": result.is_predicted,
            "uploading_status": str(result.uploading_status),
            "nothing_recorded": result.nothing_recorded,
            "ended": None if result.ended is None else str(result.ended),
        }
        row = (json.dumps(told), handle["resource_id"])
        self._database.execute("UPDATE recordings SET result = ? WHERE resource_id = ?", row)


class Recorder:
    """Records lessons, and goes on with those that an earlier process began."""

    def __init__(self, client: AsyncCloudRecording, store: Store, bucket: S3, *, confirm: bool) -> None:
        self._client = client
        self._store = store
        self._bucket = bucket
        self._confirm = confirm

    async def record(self, cname: str, ends_at: float, uid: str | None = None) -> None:
        """Records a lesson to its end."""
        tried: list[RecordingHandle] = []

        def on_acquired(handle: RecordingHandle) -> None:
            self._store.keep(handle, ends_at)
            tried.append(handle)
            log.info("%s: acquired, uid %s", cname, handle["uid"])

        def on_started(handle: RecordingHandle) -> None:
            self._store.keep(handle, ends_at)
            log.info("%s: started, sid %s", cname, handle["sid"])

        try:
            # Not in a `with`, which would stop it: the end of this process is not the end of the lesson. Where the
            # project has an App Certificate, `token=` takes a function of (cname, uid) that makes one.
            recording = await self._client.mix.record(
                cname,
                uid=uid,
                storage=self._bucket,
                files=["hls", "mp4"],
                confirm=self._confirm,
                on_acquired=on_acquired,
                on_started=on_started,
            )
        except RecordingMayBeRunningError:
            raise  # The handle stays, to be picked up.
        except CloudRecordingError:
            for handle in tried:
                self._store.drop(handle)
            raise
        await self._look_after(recording, ends_at)

    async def pick_up(self, lesson: Lesson) -> None:
        """Goes on with a lesson whose process has ended."""
        handle, ends_at = lesson.handle, lesson.ends_at
        cname = handle["cname"]
        if handle["sid"]:
            log.info("%s: picked up, sid %s", cname, handle["sid"])
            await self._look_after(self._client.mix.attach(handle), ends_at)
            return
        told = f"uid {handle['uid']}, resource ID {handle['resource_id']}"
        log.warning("%s: may be running, since its start was never answered (%s)", cname, told)
        if time.time() < ends_at:
            try:
                await self.record(cname, ends_at, uid=handle["uid"])
            except TaskConflictError:
                log.warning("%s: is running; its sid comes with webhook event 40, and goes to --sid", cname)

    async def _look_after(self, recording: AsyncMixRecording, ends_at: float) -> None:
        """Watches it until the lesson is over, or until it ends by itself; then stops it, and keeps the result."""
        states = recording.watch()
        await anext(states, None)  # At least once, for its files: a stop does not always name them.
        log.info("%s: %r", recording.cname, recording)
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, ends_at - time.time())):
                async for _ in states:
                    log.info("%s: %r", recording.cname, recording)
        result = await recording.stop()
        self._store.finish(recording.handle, result)
        log.info("%s: finished, %s", recording.cname, ", ".join(file.key for file in result.files) or "no files")
        if result.ended is not None:
            log.warning("%s: %s", recording.cname, result.ended)


def storage() -> S3:
    """The bucket. Its keys come from the environment each time, and are kept nowhere else."""
    names = [f"CLOUDREC_STORAGE_{name}" for name in ("REGION", "BUCKET", "ACCESS_KEY", "SECRET_KEY")]
    if missing := [name for name in names if not os.environ.get(name)]:
        raise SystemExit(f"not set in the environment: {', '.join(missing)}")
    region, bucket, access_key, secret_key = (os.environ[name] for name in names)
    return S3(bucket, region, access_key, secret_key, prefix=["lessons"])


async def run(options: argparse.Namespace) -> int:
    """All lessons at once; the exit code."""

    async def went_well(cname: str, work: Coroutine[Any, Any, None]) -> bool:
        try:
            await work
        except CloudRecordingError as error:
            # What could not be done, such as a stop without a network, stays in the store for the next start.
            log.error("%s: %s", cname, error)
            return False
        return True

    bucket, store = storage(), Store(options.database)
    lessons = store.lessons()
    if options.sid:
        lesson = lessons.get(options.lesson)
        if lesson is None:
            raise SystemExit(f"{options.database}: nothing is kept of {options.lesson}")
        if lesson.handle["sid"] is None:
            store.keep({**lesson.handle, "sid": options.sid}, lesson.ends_at)
            lessons = store.lessons()
    async with AsyncCloudRecording.from_env(base_url=os.environ.get("AGORA_BASE_URL")) as client:
        recorder = Recorder(client, store, bucket, confirm=options.confirm)
        work = {cname: recorder.pick_up(lesson) for cname, lesson in lessons.items() if not lesson.is_finished}
        if options.lesson and options.lesson not in lessons:
            work[options.lesson] = recorder.record(options.lesson, time.time() + 60 * options.minutes)
        done = await asyncio.gather(*(went_well(cname, each) for cname, each in work.items()))
    return 0 if all(done) else 1


def demo() -> int:
    """An emulator in this process; the program in another, killed in the midst of a lesson, and started again."""
    from cloudrec.emulator import Emulator

    with tempfile.TemporaryDirectory() as home, Emulator(clock="real") as emulator:
        command = [sys.executable, __file__, "lesson-42", "--minutes=0.02", f"--database={home}/recordings.db"]
        environment = {
            **os.environ,
            "AGORA_BASE_URL": emulator.url,
            "AGORA_APP_ID": emulator.app_id,
            "AGORA_CUSTOMER_ID": emulator.credential.customer_id,
            "AGORA_CUSTOMER_SECRET": emulator.credential.customer_secret,
            "CLOUDREC_STORAGE_REGION": "eu-central-1",
            "CLOUDREC_STORAGE_BUCKET": "lessons",
            "CLOUDREC_STORAGE_ACCESS_KEY": "none",
            "CLOUDREC_STORAGE_SECRET_KEY": "none",
        }
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as first:
            assert first.stdout is not None
            for line in first.stdout:
                sys.stdout.write(line)
                if "started" in line:
                    break
            first.kill()
        log.info("kill -9; on the emulator there runs: %s", [recording.sid for recording in emulator.running])
        emulator.clock.advance(60)  # A minute of the lesson, so that there is something in the files.
        code = subprocess.run(command, env=environment, check=False).returncode
        log.info("on the emulator there runs: %s", [recording.sid for recording in emulator.running])
        return code


def main() -> int:
    """Reads the command line; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("lesson", nargs="?", metavar="LESSON", help="channel to record; another name for each lesson")
    add("--minutes", type=float, default=45.0, help="how long the lesson lasts (default: %(default)s)")
    add("--sid", help="sid of the recording of LESSON, as webhook event 40 told it")
    add("--database", type=Path, default=Path("recordings.db"), metavar="FILE", help="(default: %(default)s)")
    add("--no-confirm", dest="confirm", action="store_false", help="do not query it until it is seen to run")
    add("--demo", action="store_true", help="show it on an emulator, with nothing in the environment")
    options = parser.parse_args()
    if options.sid and not options.lesson:
        parser.error("--sid needs LESSON")
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)-7s %(name)s  %(message)s")
    try:
        return demo() if options.demo else asyncio.run(run(options))
    except KeyboardInterrupt:
        log.warning("interrupted; what was started goes on recording, and is picked up at the next start")
        return 130
    except (ConfigurationError, InvalidRequestError) as wrong:
        parser.error(str(wrong))


if __name__ == "__main__":
    sys.exit(main())
