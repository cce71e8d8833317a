"""The page's server: what it tells, to whom, and that none of it is a secret. The page itself: tests/page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.routing import Mount

from cloudrec import Named, WebRecipe
from cloudrec._pages.sending import FILES, file
from cloudrec.emulator import Emulator
from cloudrec.emulator.emulator import DEFAULT_APP_ID
from cloudrec.errors import FleetDatabaseError
from cloudrec.fleet import State, _page as page_module
from cloudrec.fleet._page import FleetPage, local_page
from cloudrec.fleet._store import Store
from tests.fleet.support import PATIENCE, STORAGE, ask, fleet_of
from tests.support import each

HOST = "127.0.0.1:8090"
ROW = {"cname": "lesson-42", "mode": "mix", "recipe": '{"version": 1, "mode": "mix", "storage": "lessons"}'}
PASSWORD = "database-canary-70c4"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "EVERY", 0.01)
    monkeypatch.setattr(page_module, "SELDOM", 0.02)
    monkeypatch.setattr(page_module, "COUNTED", 0.02)


@pytest.fixture
def store(database: str) -> Any:
    made = Store(database, DEFAULT_APP_ID)
    made.prepare(10)
    yield made
    made.close()


def add(store: Store, *keys: str) -> None:
    for key in keys:
        store.add({**ROW, "key": key, "restart": False}, again=False)


class Answer:
    """What an application answers, as it comes."""

    def __init__(self, app: Any, method: str, path: str, headers: dict[str, str], body: bytes, **scope: Any) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._received = False
        self.gone = asyncio.Event()
        path, _, query = path.partition("?")
        raw = [(name.lower().encode(), value.encode()) for name, value in ({"Host": HOST} | headers).items()]
        self._body = body
        made = {
            "type": "http", "method": method, "path": path, "root_path": "", "query_string": query.encode(),
            "headers": raw, "scheme": "http", "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8090),
        }  # fmt: skip
        self._running = asyncio.ensure_future(app(made | scope, self._receive, self._send))
        self._running.add_done_callback(lambda _: self._chunks.put_nowait(None))

    async def _receive(self) -> dict[str, Any]:
        if not self._received:
            self._received = True
            return {"type": "http.request", "body": self._body}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self._chunks.put_nowait(message["body"])

    async def content(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            await self._running
        return b"".join(chunk for chunk in iter(self._chunks.get_nowait, None))

    async def event(self) -> tuple[str, Any, str]:
        """The next event of a stream: its name, what it tells, and its ID."""
        async with asyncio.timeout(PATIENCE):
            while chunk := await self._chunks.get():
                lines = dict(line.split(": ", 1) for line in chunk.decode().splitlines() if line)
                if "event" in lines:
                    return lines["event"], json.loads(lines["data"]), lines.get("id", "")
        raise AssertionError("the stream is over")

    async def end(self) -> None:
        self.gone.set()
        async with asyncio.timeout(PATIENCE):
            await self._running


def asked(
    app: Any, path: str, method: str = "GET", *, json_of: Any = None, body: bytes = b"", **headers: Any
) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if json_of is not None:
        body, named = json.dumps(json_of).encode(), {"Content-Type": "application/json"} | named
    return Answer(app, method, path, named, body)


async def told(app: Any, path: str, *rest: Any, **more: Any) -> tuple[int, Any]:
    answer = asked(app, path, *rest, **more)
    content = await answer.content()
    return answer.status, json.loads(content)


@asynccontextmanager
async def stream(app: Any, **headers: str) -> AsyncIterator[Callable[[], Awaitable[tuple[str, Any, str]]]]:
    answer = asked(app, "/events", **headers)
    try:
        yield answer.event
    finally:
        await answer.end()


def test_a_story_is_told_and_a_stop_is_asked_for(store: Store, database: str) -> None:
    """By who has the database alone."""
    add(store, "lesson-42", "a/b?c=d#ü", "third")
    [run] = store.admit(1, lambda _: frozenset())[0]
    store.join("first", [])
    store.hold([run], "first")
    handle = {"cname": "lesson-42", "uid": "7", "resource_id": "r", "sid": "s", "started_at": 1.0}
    store.change(run, "first", {"state": State.RUNNING, "sid": "s"}, (0, {"handle": handle}))

    async def main() -> None:
        async with local_page(database) as page:
            status, found = await told(page, "/recording?key=lesson-42")
            assert (status, found["state"], found["sid"], found["worker"]) == (200, "running", "s", "first")
            assert [(one["what"], one["state"], one["worker"]) for one in found["story"]] == [
                ("state", "waiting", None), ("state", "starting", None), ("held", "starting", "first"),
                ("state", "running", "first"),
            ]  # fmt: skip
            assert found["story"][0]["at"] == found["asked_at"]
            assert found["parts"][0]["handle"] == handle
            assert found["recipe"]["storage"] == "lessons"
            status, waits = await told(page, "/recording?key=a%2Fb%3Fc%3Dd%23%C3%BC")
            assert (status, waits["key"], waits["place"]) == (200, "a/b?c=d#ü", 1)
            assert await told(page, "/stop", "POST", json_of={"key": "lesson-42"}) == (200, {"key": "lesson-42"})
            assert await told(page, "/stop", "POST", json_of={"key": "third"}) == (200, {"key": "third"})
            for path in ("/recording?key=none", "/recording?key=", "/recording", "/recording?key=%00"):
                assert await told(page, path) == (404, {"error": "no recording has this key"})
            assert (await told(page, "/stop", "POST", json_of={"key": "none"}))[0] == 404

    asyncio.run(main())
    assert [store.get(key)["stop_at"] is not None for key in ("lesson-42", "a/b?c=d#ü", "third")] == [True, False, True]  # type: ignore[index]
    assert store.get("third")["state"] == "done"  # type: ignore[index]


def test_nothing_is_missed(store: Store, database: str) -> None:
    """Of what changes while a stream is open, and before the browser asks anew where the one before has ended."""
    add(store, "first", "second")

    async def main() -> None:
        async with local_page(database) as page:
            async with stream(page) as event:
                name, news, place = await event()
                assert (name, news["all"], news["is_cut"]) == ("news", True, False)
                assert [(one["key"], one["state"]) for one in news["recordings"]] == [
                    ("first", "waiting"), ("second", "waiting"),
                ]  # fmt: skip
                assert (news["counts"]["waiting"], news["counts"]["workers"]) == (2, 0)
                store.ask_to_stop("first")
                _, news, place = await event()
                assert [(one["key"], one["state"]) for one in news["recordings"]] == [("first", "done")]
                assert "all" not in news
            store.ask_to_stop("second")
            add(store, "third")
            async with stream(page, Last_Event_ID=place) as event:
                seen: dict[str, str] = {}
                while not {"second", "third"} <= seen.keys():
                    _, news, _ = await event()
                    assert "all" not in news
                    seen |= {one["key"]: one["state"] for one in news.get("recordings", ())}
                assert (seen["second"], seen["third"]) == ("done", "waiting")
            for other in ("99999999999", "-1", "x"):
                async with stream(page, Last_Event_ID=other) as event:
                    assert (await event())[1]["all"]

    asyncio.run(main())


def test_what_is_there_while_the_database_is_away(store: Store, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told of, and afterwards all that has changed, also what was found before it went."""
    add(store, "first")
    counts, times = Store.counts, iter(range(100))

    def failing(self: Store) -> Any:
        if 1 <= next(times) <= 3:
            raise FleetDatabaseError("database: away", retryable=True)
        return counts(self)

    monkeypatch.setattr(Store, "counts", failing)

    async def main() -> None:
        async with local_page(database) as page, stream(page) as event:
            assert (await event())[1]["all"]
            store.ask_to_stop("first")
            name, news, _ = await event()
            assert (name, news) == ("trouble", {"error": "database: away"})
            while name == "trouble":
                name, news, _ = await event()
            assert [(one["key"], one["state"]) for one in news["recordings"]] == [("first", "done")]

    asyncio.run(main())


def test_streams_end(store: Store, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By themselves, so that a server can end and a login is asked again; and when a server says that it does."""

    async def main() -> None:
        async with local_page(database) as page:
            ending = asyncio.Event()
            page.stopping = (ending,)
            answer = asked(page, "/events")
            await answer.event()
            ending.set()
            await answer.content()
            page.stopping = ()
            monkeypatch.setattr(page_module, "LASTS", 0.05)
            answer = asked(page, "/events")
            assert b"retry: 100\n" in await answer.content()

    asyncio.run(main())


def test_no_secret_is_told(emulator: Emulator, database: str) -> None:
    """Of storages, tokens, pages and the database; nor is one in an error."""
    if database.startswith("postgresql"):
        database = sa.make_url(database).set(password=PASSWORD).render_as_string(hide_password=False)
    address = "https://school.example/class?token=page-canary-5d1b"
    key = "https://school.example/class?id=42"

    async def main() -> None:
        fleet = fleet_of(emulator, database, STORAGE)
        fleet.secret("tokens", "006token-canary-90d1")
        recipe = WebRecipe(storage="lessons", page=address, max_recording_hour=3)
        await fleet.record("page-7", recipe)
        await fleet.record(key, recipe, cname="page-8")
        mix = Named("tokens")
        await fleet.record("lesson-42", mode="mix", storage="lessons", token=mix)
        problem = json.dumps({"error": "NetworkError", "message": f"cannot be read: {address}"})
        ask(database, f"update cloudrec_recordings set problem = '{problem}' where \"key\" = 'page-7'")
        page, found = fleet.page(), ""
        for name in ("page-7", "lesson-42", "https%3A%2F%2Fschool.example%2Fclass%3Fid%3D42"):
            answer = asked(page, f"/recording?key={name}")
            found += (await answer.content()).decode()
            assert answer.status == 200
        async with stream(page) as event:
            found += json.dumps((await event())[1])
        assert await told(page, "/stop", "POST", json_of={"key": key}) == (200, {"key": key})
        await fleet.aclose()
        assert "school.example/class?***" in found
        assert "lessons" in found
        assert "canary" not in found
        assert PASSWORD not in found
        ask(database, "drop table cloudrec_recordings")
        status, failed = await told(page, "/recording?key=page-7")
        assert status == 503
        assert failed["error"].startswith("database: cannot be used")
        assert "canary" not in failed["error"]
        await fleet.aclose()

    asyncio.run(main())


LOCAL: list[tuple[dict[str, str], int]] = [
    ({}, 200),
    ({"Host": "localhost:8090", "Origin": "http://localhost:8090", "Sec-Fetch-Site": "same-origin"}, 200),
    ({"Host": "fleet.example"}, 403),
    ({"Origin": "http://127.0.0.1:9999"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
]
MOUNTED: list[tuple[dict[str, str], int]] = [
    ({"Host": "school.example"}, 200),
    ({"Host": "school.example", "Origin": "https://school.example", "Sec-Fetch-Site": "same-origin"}, 200),
    # What a proxy has made of the host does not matter where the browser says whose request it is.
    ({"Host": "inside:8000", "Origin": "https://school.example", "Sec-Fetch-Site": "same-origin"}, 200),
    ({"Host": "school.example:8000", "Origin": "http://School.example:8000"}, 200),
    ({"Host": "school.example", "Sec-Fetch-Site": "none"}, 200),
    ({"Host": "school.example", "Origin": "https://evil.example"}, 403),
    ({"Host": "school.example", "Origin": "https://school.example.evil.example"}, 403),
    ({"Host": "school.example", "Origin": "https://school.example:8443"}, 403),
    ({"Host": "school.example", "Origin": "null"}, 403),
    ({"Host": "school.example", "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Host": "school.example", "Origin": "https://school.example", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Host": "school.example", "Sec-Fetch-Site": "same-site"}, 403),
]


@each(("place", "headers", "status"), [("local", *one) for one in LOCAL] + [("mounted", *one) for one in MOUNTED])
def test_a_page_of_another_origin_can_do_nothing(
    place: str, headers: dict[str, str], status: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It can neither ask to stop, nor read; and no form or picture of it can."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('page')}/fleet.db", DEFAULT_APP_ID)
    store.prepare(10)
    add(store, "lesson-42")
    from cloudrec.fleet._queries import Queries

    async def main() -> None:
        page = FleetPage(store, Queries(1), is_local=place == "local")
        stopped = await told(page, "/stop", "POST", json_of={"key": "lesson-42"}, **headers)
        assert stopped[0] == status, stopped
        for path in ("/", "/recording?key=lesson-42", "/page.js"):
            answer = asked(page, path, **headers)
            await answer.content()
            assert answer.status == status
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        if status == 403:
            visit = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}
            answer = asked(page, "/", **{**visit, "Host": headers.get("Host", HOST)})
            await answer.content()
            assert answer.status == (403 if place == "local" and "Host" in headers else 200)

    asyncio.run(main())
    row = store.get("lesson-42")
    assert row is not None
    assert (row["stop_at"] is not None) == (status == 200)
    store.close()


def test_what_is_asked_wrongly(store: Store, database: str) -> None:
    async def main() -> None:
        async with local_page(database) as page:
            for body in (b"", b"{", b"[]", b'{"key": 1}', b'{"key": ""}', b"[" * 2000, b'{"key": "\\u0000"}'):
                status, _ = await told(page, "/stop", "POST", body=body, Content_Type="application/json")
                assert status == 400, body
            assert (await told(page, "/stop", "POST", body=b"{}", Content_Type="text/plain"))[0] == 415
            assert (await told(page, "/stop", "POST", json_of={"key": "k" * 5000}))[0] == 413
            assert (await told(page, "/stop"))[0] == 405
            assert (await told(page, "/recording?key=x", "POST"))[0] == 405
            assert (await told(page, "/../words.js"))[0] == 404
            answer = asked(page, "/", "HEAD")
            assert await answer.content() == b""
            assert int(answer.headers["content-length"]) > 1000

    asyncio.run(main())


def test_it_is_mounted_where_one_likes(store: Store, database: str) -> None:
    """What it is made of is found from there, with and without a slash; by servers that leave the root in the path."""

    async def main() -> None:
        async with local_page(database) as local:
            page = FleetPage(store, local._query)
            for app, scope in (
                (Starlette(routes=[Mount("/fleet", page)]), {}),
                (Starlette(routes=[Mount("/tools", Starlette(routes=[Mount("/fleet", page)]))]), {}),
                (page, {"root_path": "/fleet"}),
            ):
                root = "/tools/fleet" if "tools" in str(getattr(app, "routes", "")) else "/fleet"
                answer = Answer(app, "GET", root, {}, b"", **scope)
                await answer.content()
                assert (answer.status, answer.headers["location"].endswith(f"{root}/")) == (307, True)
                for path in ("/", "/kit.js"):
                    answer = Answer(app, "GET", root + path, {}, b"", **scope)
                    await answer.content()
                    assert answer.status == 200
            sent: list[str] = []

            async def send(message: Any) -> None:
                sent.append(message["type"])

            told_of = iter(["lifespan.startup", "lifespan.shutdown"])

            async def receive() -> Any:
                return {"type": next(told_of)}

            await page({"type": "lifespan"}, receive, send)
            assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    asyncio.run(main())


def test_what_is_no_fleet(tmp_path: Path, store: Store, database: str) -> None:
    """It is told, and nothing is made or written of it."""
    path, empty = tmp_path / "none.db", tmp_path / "empty.db"
    empty.touch()

    async def shown(url: str) -> None:
        async with local_page(url):
            pass

    for url in (f"sqlite:///{path}", f"sqlite:///{empty}"):
        with pytest.raises(FleetDatabaseError, match=r"^database: there is no fleet in it \(sqlite:///"):
            asyncio.run(shown(url))
    assert not path.exists()
    ask(database, "update cloudrec_fleet set version = 99")
    with pytest.raises(FleetDatabaseError, match=r"^database: of version 99, "):
        asyncio.run(shown(database))


def test_a_list_is_cut(store: Store, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stands first in line is there, and what was over last."""
    monkeypatch.setattr(page_module, "LISTED", 2)
    add(store, "a", "b", "c", "d", "e", "f")
    for key in "abc":
        store.ask_to_stop(key)

    async def main() -> None:
        async with local_page(database) as page, stream(page) as event:
            _, news, _ = await event()
            assert news["is_cut"]
            assert [one["key"] for one in news["recordings"]] == ["d", "e", "c", "b"]

    asyncio.run(main())


def test_who_took_over_is_in_the_list(store: Store, database: str) -> None:
    add(store, "lesson-42")
    [run] = store.admit(1, lambda _: frozenset())[0]
    for worker in ("first", "second"):
        store.join(worker, [])
        store.hold([run], worker)

    async def main() -> None:
        async with local_page(database) as page, stream(page) as event:
            [one] = (await event())[1]["recordings"]
            assert (one["taken"]["from"], one["taken"]["by"], one["takeovers"]) == ("first", "second", 1)

    asyncio.run(main())


def test_it_is_light() -> None:
    """All of it, without a build, in no more than 80 kB."""
    assert sum(len(file("cloudrec.fleet", name)[0]) for name in FILES) <= 80_000
