"""Prints what the library costs, as ratios of two things measured in one run; and what 1,000 recordings cost.

Every pair is measured in turns (a, b, a, b, …), so that a machine that slows down slows both, and medians are compared.
CPU time of this process is counted where the server runs in another one; wall time of whole processes for imports.
"""

import argparse
import asyncio
import contextlib
import functools
import hashlib
import hmac
import importlib.util
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from unittest import mock

import httpx

import cloudrec
from cloudrec import answers, webhooks

APP_ID, RESOURCE_ID, SID = (
    "0123456789abcdef0123456789abcdef",
    "JyvK8nXHuV1BE64GDkAaBGEscvtHW7v8",
    "38f8e3cfdc474cd56fc1",
)


def answer(files: int) -> bytes:
    """The answer to a query of an individual recording with so many files."""
    listed = [
        {
            "fileName": f"{SID}_lesson-42__uid_s_{uid}__uid_e_video.m3u8",
            "trackType": "video",
            "uid": str(uid),
            "mixedAllUser": False,
            "isPlayable": True,
            "sliceStartTime": 1619172871089 + uid,
        }
        for uid in range(100_000, 100_000 + files)
    ]
    state = {"status": 5, "fileListMode": "json", "fileList": listed, "sliceStartTime": 1619172871089}
    sent = {"cname": "lesson-42", "uid": "527841", "resourceId": RESOURCE_ID, "sid": SID, "serverResponse": state}
    return json.dumps(sent).encode()


async def serve() -> None:
    """A server that answers every request at once, by the last word of its path, and costs as little as can be."""
    whose = {"cname": "lesson-42", "uid": "527841", "resourceId": RESOURCE_ID}
    stopped = {"fileListMode": "string", "fileList": f"{SID}_lesson-42.m3u8", "uploadingStatus": "uploaded"}
    running = {"status": 5, "fileListMode": "string", "fileList": "", "sliceStartTime": 1619172871089}
    bodies = {
        b"acquire": {"resourceId": RESOURCE_ID},
        b"start": {**whose, "sid": SID},
        b"mix/query": {**whose, "sid": SID, "serverResponse": running},
        b"stop": {**whose, "sid": SID, "serverResponse": stopped},
    }
    replies = {name: reply(json.dumps(body).encode()) for name, body in bodies.items()}
    queried = reply(answer(2))
    length = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)

    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            self.received = b""

        def data_received(self, data: bytes) -> None:
            self.received += data
            while b"\r\n\r\n" in self.received:
                head, _, rest = self.received.partition(b"\r\n\r\n")
                found = length.search(head)
                size = int(found[1]) if found else 0
                if len(rest) < size:
                    return
                self.received = rest[size:]
                path = head.split(b" ", 2)[1]
                told = next((sent for name, sent in replies.items() if path.endswith(name)), queried)
                assert isinstance(self.transport, asyncio.WriteTransport)
                self.transport.write(told)

    server = await asyncio.get_running_loop().create_server(Protocol, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def reply(body: bytes) -> bytes:
    """A response with that body, as it goes over the wire."""
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 1\r\nContent-Length: "
    return f"{head}{len(body)}\r\n\r\n".encode() + body


def compare(one: Callable[[], float], other: Callable[[], float], rounds: int) -> tuple[float, float]:
    """Medians of two measurements, taken in turns; the first round of each warms up and does not count."""
    pairs = [(one(), other()) for _ in range(rounds + 1)][1:]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def timed(
    work: Callable[[], object], times: int, clock: Callable[[], float] = time.process_time
) -> Callable[[], float]:
    def measure() -> float:
        began = clock()
        for _ in range(times):
            work()
        return (clock() - began) / times

    return measure


def show(what: str, ours: float, theirs: float, unit: float, name: str, limit: float) -> None:
    ratio = ours / theirs
    verdict = "ok" if ratio <= limit else "OVER"
    print(f"{what:<72} {ours * unit:9.1f} {theirs * unit:9.1f} {name}   {ratio:5.2f}   at most {limit:.2f}   {verdict}")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """That server in a process of its own; where it answers."""
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def bench_query(rounds: int) -> None:
    path = f"/v1/apps/{APP_ID}/cloud_recording/resourceid/{RESOURCE_ID}/sid/{SID}/mode/individual/query"
    credential = cloudrec.BasicAuth("customer", "secret")
    with (
        server() as host,
        # With everything on: retries, and a rate limit that is only too high to be waited for.
        cloudrec.CloudRecording(APP_ID, credential, base_url=host, rate_limit=10**6) as client,
        httpx.Client(auth=("customer", "secret"), headers={"Accept": "application/json"}) as plain,
    ):
        ours, theirs = compare(
            timed(lambda: client.query(RESOURCE_ID, SID, "individual"), 200),
            timed(lambda: plain.get(host + path).json(), 200),
            rounds,
        )
    show("client.query, CPU, over httpx.Client().get().json()", ours, theirs, 1e6, "µs", 1.15)


STORAGE = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}


def bench_lifecycle(rounds: int) -> None:
    """From acquire to stop: the four calls, and `record` with everything that it sees to."""
    base = f"/v1/apps/{APP_ID}/cloud_recording"
    whole = f"{base}/resourceid/{RESOURCE_ID}/sid/{SID}/mode/mix"
    named = {"cname": "lesson-42", "uid": "527841"}
    config = {"channelType": 1, "transcodingConfig": {"width": 1280, "height": 720, "fps": 15, "bitrate": 2000}}
    start = {**named, "clientRequest": {"storageConfig": STORAGE, "recordingConfig": config}}
    credential = cloudrec.BasicAuth("customer", "secret")
    storage = cloudrec.S3("lessons", "eu-central-1", "AK", "SK")
    layout = cloudrec.grid(4)

    with (
        server() as host,
        cloudrec.CloudRecording(APP_ID, credential, base_url=host, rate_limit=10**6) as client,
        httpx.Client(auth=("customer", "secret"), headers={"Accept": "application/json"}) as plain,
    ):

        def by_calls() -> None:
            found = client.mix.acquire("lesson-42", 527841)
            begun = client.mix.start(
                found.resource_id, "lesson-42", 527841, storage_config=STORAGE, recording_config=config
            )
            client.mix.query(found.resource_id, begun.sid)
            client.mix.stop(found.resource_id, begun.sid, "lesson-42", 527841)

        def by_record() -> None:
            client.mix.record(
                "lesson-42", storage=storage, layout=layout, transcoding={"width": 1280, "height": 720}, uid=527841
            ).stop()

        def by_hand() -> None:
            plain.post(f"{host}{base}/acquire", json={**named, "clientRequest": {}}).json()
            plain.post(f"{host}{base}/resourceid/{RESOURCE_ID}/mode/mix/start", json=start).json()
            plain.get(f"{host}{whole}/query").json()
            plain.post(f"{host}{whole}/stop", json={**named, "clientRequest": {}}).json()

        # What `record` waits for before it asks whether the recording runs is no cost of ours.
        client._session.wait = lambda seconds: None  # type: ignore[method-assign]
        ours, theirs = compare(timed(by_calls, 50), timed(by_hand, 50), rounds)
        show("acquire, start, query, stop, CPU, over the same by httpx.Client()", ours, theirs, 1e6, "µs", 1.05)
        ours, theirs = compare(timed(by_record, 50), timed(by_hand, 50), rounds)
        show("record with storage and layout, and its stop, over the same four", ours, theirs, 1e6, "µs", 1.6)


def bench_import(rounds: int) -> None:
    # As where both are installed and used: with byte code on disk, and without the packages of httpx's command line,
    # which this environment happens to hold and which would make `import httpx` look slow.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run(statement: str) -> Callable[[], float]:
        command = [sys.executable, "-c", f"import sys; sys.modules['click'] = None; {statement}"]
        return timed(lambda: subprocess.run(command, check=True, env=environment), 1, time.perf_counter)

    ours, theirs = compare(run("from cloudrec import CloudRecording"), run("import httpx"), rounds)
    show("importing cloudrec and its client, whole process, over 'import httpx'", ours, theirs, 1e3, "ms", 1.30)


def bench_help(rounds: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run(*arguments: str) -> Callable[[], float]:
        command = [sys.executable, *arguments]
        return timed(
            lambda: subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL),
            1,
            time.perf_counter,
        )

    ours, theirs = compare(run("-m", "cloudrec", "--help"), run("-c", "pass"), rounds)
    show("cloudrec --help, whole process, over 'python -c pass'", ours, theirs, 1e3, "ms", 3.0)


def bench_parse(rounds: int) -> None:
    body = answer(100)

    def parse() -> None:
        found = answers.query_answer("individual", json.loads(body)["serverResponse"])
        assert isinstance(found, answers.QueryIndividualRecording)
        # Views read a field when it is asked for, so every field of every file is asked for.
        for file in found.files:
            _ = file.name, file.track_type, file.uid, file.mixed_all_user, file.is_playable, file.slice_start_time
        _ = found.status, found.file_list_mode, found.slice_start_time

    ours, theirs = compare(timed(parse, 100), timed(lambda: json.loads(body), 100), rounds)
    show("an answer of 100 files into types, every field read, over json.loads", ours, theirs, 1e6, "µs", 4.0)


def bench_second_client(rounds: int) -> None:
    credential = cloudrec.BasicAuth("customer", "secret")
    cloudrec.CloudRecording(APP_ID, credential, area=cloudrec.Area.EU).close()  # the first reads the certificates

    def second() -> None:
        cloudrec.CloudRecording(APP_ID, credential, area=cloudrec.Area.EU).close()

    ours, theirs = compare(timed(second, 5), timed(lambda: httpx.Client().close(), 5), rounds)
    show("a second client of the process, made and closed, over httpx.Client()", ours, theirs, 1e3, "ms", 0.10)


def bench_receive(rounds: int) -> None:
    """A notice of a kilobyte: verified, read, and every field of its envelope and of its details."""
    secret = "the notification secret of a project"
    files = [
        {"fileName": f"{SID}_lesson-42_{number}.mp4", "trackType": "audio_and_video", "uid": "0"} for number in range(7)
    ]
    details = {"msgName": "uploaded", "status": 0, "fileList": files}
    payload = {"cname": "lesson-42", "uid": "527841", "sid": SID, "sequence": 9, "sendts": 1_619_172_871_089,
               "serviceType": 2, "details": details}  # fmt: skip
    notice = {"noticeId": "1", "productId": 3, "eventType": 31, "notifyMs": 1_619_172_871_126, "payload": payload}
    body = json.dumps(notice).encode()
    headers = {"Content-Type": "application/json", "X-Forwarded-For": "192.0.2.1", **webhooks.sign(body, secret)}
    key = secret.encode()

    def ours() -> None:
        event = webhooks.receive(body, headers, secret)
        assert isinstance(event, webhooks.Event)
        _ = event.cname, event.uid, event.sid, event.sequence, event.sent_at, event.service, event.notice_id
        assert isinstance(event.details, webhooks.Uploaded)

    def theirs() -> None:
        hmac.new(key, body, hashlib.sha256).hexdigest()
        json.loads(body)

    mine, other = compare(timed(ours, 500), timed(theirs, 500), rounds)
    show(f"receiving a notice of {len(body)} bytes, over hmac and json.loads", mine, other, 1e6, "µs", 6.0)


def bench_throughput(rounds: int) -> None:
    """Time of 1,000 queries at 50 at a time: ours on httpx and on aiohttp's pool, plain httpx's AsyncClient."""
    queries, at_once = 1000, 50
    with server() as host:
        path = f"/v1/apps/{APP_ID}/cloud_recording/resourceid/{RESOURCE_ID}/sid/{SID}/mode/individual/query"
        credential = cloudrec.BasicAuth("customer", "secret")

        async def run(query: Callable[[], Awaitable[object]]) -> None:
            left = iter(range(queries))

            async def work() -> None:
                for _ in left:
                    await query()

            await asyncio.gather(*(work() for _ in range(at_once)))

        async def ours() -> None:
            made = cloudrec.AsyncCloudRecording(APP_ID, credential, base_url=host, rate_limit=10**6)
            async with made as client:
                await run(lambda: client.individual.query(RESOURCE_ID, SID))

        async def theirs() -> None:
            async with httpx.AsyncClient(auth=("customer", "secret")) as plain:

                async def query() -> object:
                    return (await plain.get(host + path)).json()

                await run(query)

        def on_httpx() -> None:
            with mock.patch("cloudrec._http.choice_async.find_spec", return_value=None):
                asyncio.run(ours())

        def plain() -> None:
            asyncio.run(theirs())

        def on_aiohttp() -> None:
            asyncio.run(ours())

        measure = functools.partial(timed, times=1, clock=time.perf_counter)
        one, other = compare(measure(on_httpx), measure(plain), rounds)
        what = "1,000 queries, 50 at a time, over plain httpx's AsyncClient"
        show(what, one / queries, other / queries, 1e6, "µs", 1.0)
        if importlib.util.find_spec("httpx_aiohttp") is None:
            print("the same with cloudrec[aiohttp]: not measured, httpx-aiohttp is not installed")
            return
        one, other = compare(measure(on_aiohttp), measure(plain), rounds)
        show(
            "the same with cloudrec[aiohttp] (0.2 is five times the throughput)",
            one / queries,
            other / queries,
            1e6,
            "µs",
            0.2,
        )


class Hurry:
    """Real time, at first so many times as fast: a first round of 1,000 takes 105 seconds at ten queries a second."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._turned, self._turned_at = 0.0, time.monotonic()

    def __call__(self) -> float:
        return self._turned + (time.monotonic() - self._turned_at) * self.speed

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)

    def no_more(self) -> None:
        """From here on a second takes a second."""
        self._turned, self._turned_at = self(), time.monotonic()
        self.speed = 1.0


def emulate(recordings: int) -> None:
    """An emulator with so many recordings: prints where it is, and their handles; then how often each was queried,
    for each line that it reads.
    """
    from cloudrec.emulator import Emulator

    storage = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}
    with Emulator(max_recordings=recordings, rate_limit=None) as emulator:
        credential = emulator.credential
        print(json.dumps([emulator.url, emulator.app_id, credential.customer_id, credential.customer_secret]))
        with cloudrec.CloudRecording(
            emulator.app_id, emulator.credential, base_url=emulator.url, rate_limit=None
        ) as client:
            for number in range(recordings):
                begun = client.mix.record(f"lesson-{number}", storage=storage, confirm=False)
                print(json.dumps(begun.handle))
        emulator.clock.advance(60)
        sys.stdout.flush()
        for _ in sys.stdin:
            queried = Counter(call.sid for call in emulator.calls if call.endpoint == "query")
            print(json.dumps([queried[recording.sid] for recording in emulator.recordings]), flush=True)


def memory() -> float:
    """Bytes of this process in memory (RSS)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def watch(recordings: int, seconds: float) -> None:
    """Watches so many in this process, which does nothing else, and prints what that costs."""
    command = [sys.executable, __file__, "--emulate", str(recordings)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as emulator:
        assert emulator.stdin is not None
        assert emulator.stdout is not None
        asked, told = emulator.stdin, emulator.stdout

        def turns() -> list[int]:
            """How often each was queried until now, by the emulator's count."""
            print(file=asked, flush=True)
            found: list[int] = json.loads(told.readline())
            return found

        async def main() -> dict[str, float]:
            url, app_id, *credential = json.loads(told.readline())
            hurry = Hurry(5)
            async with cloudrec.AsyncCloudRecording(
                app_id, cloudrec.BasicAuth(*credential), base_url=url, clock=hurry, wait=hurry.wait
            ) as client:
                idle = memory()
                handles = (told.readline() for _ in range(recordings))
                tasks = [asyncio.create_task(states(client.attach(handle))) for handle in handles]
                began = hurry()
                try:
                    # Nobody has a second turn before each has had its first, however long that takes here.
                    while min(found := turns()) < 1:
                        assert max(found) <= 1
                        assert hurry() - began < recordings
                        await hurry.wait(5)
                    turn = hurry() - began
                    # Until the first are due again.
                    await hurry.wait(120 - turn)
                    hurry.no_more()
                    first, began, cpu = turns(), time.monotonic(), time.process_time()
                    await asyncio.sleep(seconds)
                    passed, cpu = time.monotonic() - began, time.process_time() - cpu
                    watched, last = memory(), turns()
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
            queries = (sum(last) - sum(first)) / passed
            fewest, most = min(last), max(last)
            return {
                "bytes": watched - idle, "cpu": cpu / passed, "queries": queries, "fewest": fewest, "most": most,
                "turn": turn,
            }  # fmt: skip

        print(json.dumps(asyncio.run(main())))
        asked.close()


async def states(recording: Any) -> None:
    """Watches one, at the advised interval."""
    async for _ in recording.watch():
        pass


def show_figure(what: str, ours: float, unit: str, limit: float) -> None:
    verdict = "ok" if ours <= limit else "OVER"
    print(f"{what:<72} {ours:9.1f} {'':>9} {unit:<2}           at most {limit:<4g}   {verdict}")


def bench_watching() -> None:
    recordings, seconds = 1000, 25
    if not os.path.exists("/proc/self/statm"):
        print(f"{recordings:,} watched recordings: not measured, memory is read from Linux's /proc")
        return
    command = [sys.executable, __file__, "--watch", str(recordings), str(seconds)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    show_figure(
        f"{recordings:,} recordings watched, memory (RSS) over that of the idle client",
        found["bytes"] / 1e6,
        "MB",
        60,
    )
    # At 0.105 s each; what one is late counts five times while time is faster.
    show_figure("the same, until each had its first turn", found["turn"], "s", recordings * 0.105 * 1.2)
    show_figure(f"the same, CPU of one core at {found['queries']:.1f} queries a second", found["cpu"] * 100, "%", 25)
    apart = found["most"] - found["fewest"]
    show_figure(f"the same, turns of the most queried ({found['most']}) less those of the least", apart, "", 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=31, help="pairs of measurements for each line (default: 31)")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--emulate", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--watch", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    if options.emulate:
        emulate(options.emulate)
        return
    if options.watch:
        watch(*options.watch)
        return
    python = ".".join(map(str, sys.version_info[:3]))
    versions = f"cloudrec {cloudrec.__version__}, httpx {httpx.__version__}, Python {python}"
    print(f"{versions}, medians of {options.rounds} pairs")
    print(f"{'':<72} {'ours':>9} {'theirs':>9}      ratio")
    bench_query(options.rounds)
    bench_lifecycle(options.rounds)
    bench_import(options.rounds)
    bench_help(options.rounds)
    bench_parse(options.rounds)
    bench_second_client(options.rounds)
    bench_receive(options.rounds)
    bench_throughput(max(3, options.rounds // 6))
    bench_watching()


if __name__ == "__main__":
    main()
