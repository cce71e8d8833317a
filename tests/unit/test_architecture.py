"""Imports run one way. Which way stands in docs/architecture.md, and nowhere else."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.support import each

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def order(fence: str) -> dict[str, int]:
    """What the page names in a line of order, each with its place from the left."""
    line = re.search(rf"^```{fence}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert line is not None
    groups = [group.split(",") for group in line[1].split("<")]
    return {name.strip(): place for place, names in enumerate(groups) for name in names}


@cache
def sources(folder: str = "") -> dict[str, Path]:
    """Modules below cloudrec/ by their names there; a package by its own."""
    home = ROOT / "cloudrec" / folder
    return {
        ".".join(path.relative_to(home).with_suffix("").parts).removesuffix(".__init__") or "__init__": path
        for path in sorted(home.rglob("*.py"))
    }


@cache
def imported(path: Path) -> set[str]:
    """What a module imports of cloudrec and cloudrec_api, by full names."""
    package = list(path.relative_to(ROOT).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            home = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*home, *filter(None, [node.module])])
            # `from . import answers` names a module, `from .answers import Unknown` what is in one.
            found |= {
                f"{module}.{alias.name}" if is_module(f"{module}.{alias.name}") else module for alias in node.names
            }
    return {name for name in found if name.partition(".")[0] in {"cloudrec", "cloudrec_api"}}


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


ORDERS = {"cloudrec": order("order"), "cloudrec.emulator": order("order-emulator")}
HOUSE = [("cloudrec", name) for name in sources()] + [("cloudrec.emulator", name) for name in sources("emulator")]


@pytest.mark.parametrize("package", ORDERS)
def test_every_file_and_folder_has_its_place(package: str) -> None:
    folder = package.partition(".")[2]
    assert set(ORDERS[package]) == {name.partition(".")[0] for name in sources(folder)}


@each(("package", "module"), HOUSE)
def test_a_folder_imports_only_what_stands_left_of_it(package: str, module: str) -> None:
    order = ORDERS[package]
    room = module.partition(".")[0]
    for name in imported(sources(package.partition(".")[2])[module]):
        other = name.removeprefix(f"{package}.").partition(".")[0]
        if name.startswith(f"{package}.") and other != room:
            assert order[other] < order[room], f"{module} imports {name}, which is not left of it"


def test_no_module_imports_itself_by_way_of_others() -> None:
    imports = {f"cloudrec.{name}": imported(path) for name, path in sources().items()}
    seen: dict[str, bool] = {}

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join([*way, name])
        if name in imports and name not in seen:
            for other in imports[name]:
                walk(other, (*way, name))
            seen[name] = True

    for name in imports:
        walk(name, ())


def test_a_module_can_be_read_in_one_go() -> None:
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in sources().items()}
    assert {name: count for name, count in lines.items() if count > 500} == {}


@pytest.mark.parametrize("half", ["_async", "_sync"])
def test_each_half_is_imported_by_itself_only(half: str) -> None:
    for name, path in sources().items():
        if any(other.startswith(f"cloudrec.{half}.") for other in imported(path)):
            # A fleet is of one kind, and its blocking face waits for it. The command line waits by itself.
            assert name.startswith((f"{half}.", "fleet.", "cli.") if half == "_async" else f"{half}."), name


def test_the_emulator_imports_nothing_of_the_client_but_the_credential_and_what_forks_need() -> None:
    for module, path in sources("emulator").items():
        theirs = {name for name in imported(path) if not name.startswith("cloudrec.emulator")}
        # What makes a client of it for a test makes it as everybody does.
        made = {"cloudrec"} if module in {"emulator", "pytest_plugin"} else set()
        # The page shows what the library's own previews show, and hides what its logs hide.
        if module == "control.views":
            made |= {"cloudrec.layouts", "cloudrec.errors", "cloudrec._contract.redact"}
        if module.startswith("control."):
            made |= {"cloudrec._version", "cloudrec._pages.guard", "cloudrec._pages.sending"}
        assert theirs <= {"cloudrec._call.auth", "cloudrec._io.forks"} | made, f"{module} imports {theirs}"


def test_httpx_is_imported_in_one_folder() -> None:
    found = re.compile(r"^\s*(import|from) httpx", re.MULTILINE)
    users = {name.partition(".")[0] for name, path in sources().items() if found.search(path.read_text("utf-8"))}
    assert users == {"_http", "emulator"}


QUERY = """
import sys, httpx, cloudrec
http_client = httpx.Client(
    transport=httpx.MockTransport(lambda request: httpx.Response(200, json={"resourceId": "r", "sid": "s"}))
)
client = cloudrec.CloudRecording("a" * 32, cloudrec.BasicAuth("k", "s"), area="EU", http_client=http_client)
client.mix.query("r", "s")
print(*sys.modules)
client.acquire("lesson-42", "7")
client.mix.stop("r", "s", "lesson-42", "7")
print(*sys.modules)
"""


def test_a_call_loads_nothing_of_recordings_and_of_values() -> None:
    done = subprocess.run([sys.executable, "-c", QUERY], capture_output=True, encoding="utf-8", check=True, timeout=60)
    query, calls = (set(line.split()) for line in done.stdout.splitlines())
    rooms = {name.split(".")[1] for name in calls if name.startswith("cloudrec.")}
    assert "_call" in rooms
    assert not rooms & {"_recording", "values", "layouts", "storage", "webhooks", "emulator", "cli"}
    # Nor what only a failure or a token of one's own needs.
    assert not {"cloudrec._call.failures", "cloudrec._call.access_token"} & calls
    # A query needs nothing of the other requests.
    others = {"cloudrec._call.requests", "cloudrec._contract.storage_rules"}
    assert not others & query
    assert others <= calls


def test_importing_the_client_loads_neither_the_contract_nor_its_answers() -> None:
    """What a call is made of, and what is read from its answer, comes with the first client that is made."""
    code = "import sys; from cloudrec import AsyncCloudRecording, CloudRecording; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    later = {
        "cloudrec._call.queries",
        "cloudrec._call.requests",
        "cloudrec._contract.checker",
        "cloudrec.answers",
        "cloudrec.results",
    }
    assert not later & set(done.stdout.split())


def test_importing_the_package_imports_neither_emulator_nor_command_line() -> None:
    code = "import sys, cloudrec; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    names = set(done.stdout.split())
    assert not names & {"starlette", "uvicorn", "jsonschema", "argparse", "cloudrec.cli", "cloudrec.emulator", "yaml"}
