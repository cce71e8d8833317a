"""Imports run one way. Which way stands in docs/architecture.md, and nowhere else."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
BESIDE = {"cli", "__main__", "_events_command", "_explain_command", "_rules_command"}
EMPTY = {"_async", "_sync", "_values"}


def client_floors() -> dict[str, int]:
    """Every module of the client with its floor, as the page says."""
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", PAGE, re.MULTILINE)
    return {name: int(floor) for floor, cell in rows for name in re.findall(r"`([\w.]+)`", cell)}


def sources(folder: str = "") -> dict[str, Path]:
    """Modules below cloudrec/ by their names there; a package by its own."""
    home = ROOT / "cloudrec" / folder
    return {
        ".".join(path.relative_to(home).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(home.rglob("*.py"))
        if folder or "emulator" not in path.relative_to(home).parts
    }


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


FLOORS = client_floors()


def test_every_module_of_the_client_has_a_floor() -> None:
    assert set(FLOORS) == set(sources()) - BESIDE - EMPTY


def test_every_module_of_the_emulator_is_spoken_of() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE.partition("## The emulator")[2].partition("\n## ")[0]))
    assert named == set(sources("emulator")) - {"__init__", "__main__"}


@pytest.mark.parametrize("module", FLOORS)
def test_the_client_imports_from_lower_floors_only(module: str) -> None:
    for name in imported(sources()[module]):
        if name.startswith("cloudrec."):
            below = name.removeprefix("cloudrec.")
            assert below in FLOORS, f"{module} imports {name}"
            assert FLOORS[below] < FLOORS[module], f"{module} imports {name}, which is not below it"


@pytest.mark.parametrize("half", ["_async", "_sync"])
def test_each_half_is_imported_by_the_package_and_by_itself_only(half: str) -> None:
    users = {name for name, path in sources().items() if any(i.startswith(f"cloudrec.{half}") for i in imported(path))}
    # `_io_sync` and `_io_async` choose the connections of their half.
    assert {name for name in users if not name.startswith(f"{half}.")} == {"__init__", f"_io{half}"}


def test_the_emulator_imports_nothing_of_the_client_but_the_credential_and_what_forks_need() -> None:
    for module, path in sources("emulator").items():
        theirs = {name for name in imported(path) if not name.startswith("cloudrec.emulator")}
        assert theirs <= {"cloudrec._auth", "cloudrec._forks"}, f"{module} imports {theirs}"


def test_only_the_sessions_send() -> None:
    users = {
        name for name, path in sources().items() if re.search(r"^import httpx", path.read_text("utf-8"), re.MULTILINE)
    }
    # Beside the sessions, and the transports that they send through: the clients name its types, the settings its
    # version, `_attempts` its exceptions, `_ssl` has it read the certificates.
    halves = {f"{half}.{name}" for half in ("_async", "_sync") for name in ("session", "transport", "client")}
    assert users == halves | {"_io_async", "_io_sync", "_aiohttp", "_attempts", "_settings", "_ssl"}


def test_importing_the_package_imports_neither_emulator_nor_command_line() -> None:
    code = "import sys, cloudrec; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    names = set(done.stdout.split())
    assert not names & {"starlette", "uvicorn", "jsonschema", "argparse", "cloudrec.cli", "cloudrec.emulator", "yaml"}
