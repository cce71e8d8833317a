"""Alters the contract one place at a time, in a copy of the project, and counts what of it is noticed.

Noticed is what a test of the document itself finds, or, where the client is made anew from it, one of what stands on
the contract. What none of them finds must be named in tests/following/unnoticed.yaml, with why that is right; and what
is named there must not be noticed.

Exit code: 0 if enough are noticed and all others are named there, 1 if not, 2 if the tests fail without any alteration.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from .document import CONTRACT, ROOT, Json, read
from .mutants import Mutant, mutants

LEAST = 0.98
UNNOTICED = ROOT / "tests" / "following" / "unnoticed.yaml"
# What reads the document alone, so that nothing need be made anew for it.
OF_THE_DOCUMENT = ["tests/contract/test_consistency.py", "tests/contract/test_document.py"]
# What stands on what is made from it, the quick ones first.
OF_WHAT_IS_MADE = [
    "tests/unit/test_rules.py",
    "tests/webhooks/test_contract.py",
    "tests/webhooks/test_details.py",
    "tests/contract/test_calls.py",
    "tests/contract/test_failures.py",
    "tests/contract/test_generated.py",
    "tests/contract/test_recorded.py",
    "tests/unit/test_public_names.py",
    "tests/contract/test_answers.py",
]
# Whether what is made is up to date, which it is; and what asks nothing of the contract and takes long.
_LEFT_OUT = (
    "not up_to_date and not page and not documentation and not committed and not any_ and not folder_of_somebody"
)
# Read once, before anything is forked.
_HEAVY = (
    *("pytest", "_pytest.assertion.rewrite", "hypothesis.strategies", "anyio.pytest_plugin", "pytest_httpx", "httpx"),
    *("jsonschema", "referencing.jsonschema", "openapi_spec_validator", "attrs", "starlette.applications", "uvicorn"),
    *("openapi_python_client.cli", "anyio", "trio", "hypothesis.extra._patching"),
)
_LONGEST = 300


class BrokenError(Exception):
    """The tests fail as it is; nothing can be said of alterations."""


class Outcome(NamedTuple):
    """What became of a mutant."""

    name: str
    noticed_by: str | None
    """The test that failed first; None where none did."""
    seconds: float


# ------------------------------------------------------------------------------------------- one mutant


class _First:
    """Notes the first test that fails."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.name:
            self.name = f"{report.nodeid} (cannot be read)"


def _tested(files: list[str]) -> str | None:
    """What fails first of these tests, in this process and this folder."""
    import pytest

    first = _First()
    plugins = ["anyio.pytest_plugin", "pytest_httpx", "_hypothesis_pytestplugin"]
    arguments = ["-x", "-q", "--no-header", "--assert=plain", "-p", "no:cacheprovider", "-k", _LEFT_OUT, "--tb=no"]
    arguments += [word for plugin in plugins for word in ("-p", plugin)]
    code = pytest.main([*arguments, *files], plugins=[first])
    if code == pytest.ExitCode.USAGE_ERROR and all(Path(file).exists() for file in files):
        return "tests/conftest.py (cannot be read)"
    if code not in (0, 1, 2):
        raise RuntimeError(f"pytest ended with {code}")
    return first.name or ("tests" if code else None)


def _called(files: list[str]) -> str | None:
    """What fails first of these tests, which take nothing but their parameters: called, without pytest around them."""
    tests = []
    for file in files:
        try:
            module = import_module(file.removesuffix(".py").replace("/", "."))
        except Exception:
            return f"{file} (cannot be read)"
        tests += [(f"{file}::{name}", test) for name, test in vars(module).items() if name.startswith("test_")]
    # The reference validator takes as long as all the others.
    for name, test in sorted(tests, key=lambda one: "is_openapi" in one[0]):
        for given in _parameters(test):
            try:
                test(**given)
            except BaseException:
                return name
    return None


def _parameters(test: Any) -> Iterator[dict[str, Any]]:
    """The arguments of each of a test's cases."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    cases = []
    for mark in marks:
        names = mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0]
        values = [getattr(value, "values", value) if not isinstance(value, dict) else value for value in mark.args[1]]
        rows = [
            value if isinstance(value, tuple) and (len(names) > 1 or len(value) == 1) else (value,) for value in values
        ]
        cases.append([dict(zip(map(str.strip, names), row, strict=True)) for row in rows])
    for chosen in product(*cases):
        yield {name: value for one in chosen for name, value in one.items()}


def _in_place(tree: Path, document: Json) -> None:
    """Puts a document where everything reads it."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    (tree / "cloudrec" / "contract.json").write_text(text + "\n", encoding="utf-8")
    (tree / "openapi" / CONTRACT.name).write_text(text, encoding="utf-8")
    slow = yaml.load

    def load(stream: Any, loader: Any) -> Any:
        # JSON is YAML, and read a hundred times as quickly.
        if isinstance(stream, str) and stream == text:
            return json.loads(stream)
        return slow(stream, loader)

    yaml.load = load  # type: ignore[assignment]  # which `safe_load` calls as well


def _made(tree: Path) -> str | None:
    """Makes anew what is made of the document, as a person does; why that is refused, where it is."""
    sys.path.insert(0, str(tree / "scripts"))
    sys.argv = ["generate"]
    try:
        import_module("_generate").main()
    except (SystemExit, Exception) as error:
        return f"generate: {error}"[:200]
    return None


def _judged(tree: Path, document: Json, only_document: bool) -> str | None:
    """What notices a document that stands in a copy of the project."""
    os.chdir(tree)
    # Of the project, only what is in the copy is to be found.
    sys.path[:] = [str(tree), str(tree / "generated"), *(p for p in sys.path if not _is_below(p, ROOT))]
    for name in [
        name for name in sys.modules if name.partition(".")[0] in ("cloudrec", "cloudrec_api", "scripts", "tests")
    ]:
        del sys.modules[name]
    _in_place(tree, document)
    found = _called(OF_THE_DOCUMENT)
    if found is None and not only_document:
        found = _made(tree)
        for name in [name for name in sys.modules if name.partition(".")[0] in ("cloudrec", "cloudrec_api", "tests")]:
            del sys.modules[name]
        found = found or _tested(OF_WHAT_IS_MADE)
    return found


def _is_below(path: str, folder: Path) -> bool:
    return Path(path or ".").resolve() in (folder, folder / "generated", folder / "scripts")


# ------------------------------------------------------------------------------------------- many


def _copied(source: Path, into: Path) -> Path:
    """A copy of the project, as far as tests read it."""
    ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "dist", "*.egg-info")
    shutil.copytree(source, into, ignore=ignored)
    return into


# The copy that a process has for itself, and the one that nothing is altered in.
_OWN: list[Path] = []


def _begin(folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    sys.pycache_prefix = f"{folder}/pycache"
    clean = Path(folder) / "clean"
    _OWN[:] = [_copied(clean, Path(folder) / f"tree-{os.getpid()}"), clean]


def _run(task: tuple[str, Json, bool]) -> Outcome:
    """Judges one in a process of its own, which leaves nothing behind."""
    tree, clean = _OWN
    name, document, only_document = task
    start = time.monotonic()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setpgid(0, 0)
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                signal.alarm(_LONGEST)
                null = os.open(os.devnull, os.O_RDWR)
                for number in (0, 1, 2):
                    os.dup2(null, number)
                try:
                    said = json.dumps([_judged(tree, document, only_document)])
                except BaseException as error:
                    said = json.dumps({"error": f"{type(error).__name__}: {error}"})
            os.write(writer, said.encode()[:4000])
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    result = json.loads(told) if told else ["it ran too long, or crashed"]
    if isinstance(result, dict):
        raise RuntimeError(f"{name}: {result['error']}")
    if not (result[0] or "").startswith(tuple(OF_THE_DOCUMENT)):
        # What was made in the copy is put back.
        for folder in ("cloudrec", "generated"):
            shutil.rmtree(tree / folder)
            shutil.copytree(clean / folder, tree / folder)
    return Outcome(name, result[0], time.monotonic() - start)


def judge(chosen: list[Mutant], document: Json, jobs: int, *, quick: bool = False) -> Iterable[Outcome]:
    """What becomes of each, as it is known."""
    for name in _HEAVY:
        with suppress(ImportError):  # it only takes longer then
            import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        # People go on working meanwhile.
        _copied(ROOT, Path(folder) / "clean")
        context = multiprocessing.get_context("fork")
        with context.Pool(jobs, _begin, (folder,)) as pool:

            def must_pass(only_document: bool) -> None:
                if by := pool.apply(_run, (("nothing", document, only_document),)).noticed_by:
                    raise BrokenError(f"{by} fails without any alteration")

            must_pass(only_document=True)
            is_made = False
            tasks = ((mutant.name, mutant.of(document), quick) for mutant in chosen)
            for outcome in pool.imap_unordered(_run, tasks):
                is_made = is_made or not (outcome.noticed_by or "").startswith(tuple(OF_THE_DOCUMENT))
                yield outcome
            if is_made and not quick:
                must_pass(only_document=False)


class Right(NamedTuple):
    """Mutants that need not be noticed."""

    pattern: str
    why: str


def right(path: Path = UNNOTICED) -> list[Right]:
    """Those that the file names."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    return [Right(entry["mutant"], entry["why"]) for entry in entries or []]


def is_right(name: str, named: Iterable[Right]) -> bool:
    """Whether a mutant need not be noticed."""
    return any(is_of(name, one) for one in named)


def is_of(name: str, one: Right) -> bool:
    """Whether a mutant is one of these."""
    return re.fullmatch(".*".join(map(re.escape, one.pattern.split("*"))), name) is not None


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/mutate", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("only", nargs="*", metavar="WORDS", help="only mutants whose names hold all of these")
    parser.add_argument("--sample", type=int, metavar="N", help="so many of them, drawn by the seed")
    parser.add_argument("--seed", type=int, default=0, help="0 if left out; the same seed draws the same ones")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes; one for each core if left out"
    )
    parser.add_argument("--quick", action="store_true", help="only the tests that read nothing but the document")
    parser.add_argument("--list", action="store_true", help="only tell their names")
    parser.add_argument("--each", action="store_true", help="tell of each what noticed it")
    options = parser.parse_args(arguments)
    document = read(CONTRACT)
    chosen = [one for one in mutants(document) if all(word in one.name for word in options.only)]
    if options.sample is not None:
        chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
    if options.list:
        print("\n".join(one.name for one in chosen))
        return 0
    start, outcomes, by = time.monotonic(), list[Outcome](), Counter[str]()
    try:
        _count(chosen, document, options, outcomes, by)
    except BrokenError as error:
        print(f"scripts/mutate: {error}", file=sys.stderr)
        return 2
    # Of a few, one that need not be noticed is more than its share.
    is_whole = options.sample is None and not options.only
    return report(outcomes, by, time.monotonic() - start, LEAST if options.sample is None else 0, is_whole=is_whole)


def _count(
    chosen: list[Mutant], document: Json, options: argparse.Namespace, outcomes: list[Outcome], by: Counter[str]
) -> None:
    for outcome in judge(chosen, document, options.jobs, quick=options.quick):
        outcomes.append(outcome)
        if sys.stderr.isatty() or len(outcomes) % 100 == 0:
            print(f"\r{len(outcomes)} of {len(chosen)} ", end="", file=sys.stderr, flush=True)
        by[(outcome.noticed_by or "nothing").partition("::")[0].partition(":")[0]] += 1
        if options.each or outcome.noticed_by is None:
            print(f"{outcome.seconds:5.1f} s  {outcome.name}: {outcome.noticed_by or 'UNNOTICED'}", flush=True)


def report(
    outcomes: list[Outcome], by: Counter[str], seconds: float, least: float = LEAST, *, is_whole: bool = True
) -> int:
    """Tells what became of all; the exit code."""
    survivors = sorted(one.name for one in outcomes if one.noticed_by is None)
    named = right()
    unnamed = [name for name in survivors if not is_right(name, named)]
    # Of one that stands for several, some may be noticed; whether all are is known where all were looked at.
    stale = [
        one.pattern
        for one in named
        if (its := [outcome for outcome in outcomes if is_of(outcome.name, one)])
        and all(outcome.noticed_by for outcome in its)
        and (is_whole or "*" not in one.pattern)
    ]
    share = 1 - len(survivors) / max(1, len(outcomes))
    print(f"\n{len(outcomes)} mutants in {seconds:.0f} s: {len(outcomes) - len(survivors)} noticed, {share:.2%}")
    for place, count in by.most_common():
        print(f"  {count:5}  {place}")
    if unnamed:
        print(f"\nNoticed by nothing, and not named in {UNNOTICED.relative_to(ROOT)}:")
        print("\n".join(f"  {name}" for name in unnamed))
    if stale:
        print(f"\nNoticed, and still named in {UNNOTICED.relative_to(ROOT)}:")
        print("\n".join(f"  {pattern}" for pattern in stale))
    if share < least:
        print(f"\nAt least {least:.0%} are to be noticed.")
    return 1 if unnamed or stale or share < least else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
