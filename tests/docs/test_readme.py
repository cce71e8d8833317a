"""The READMEs hold what they say: their code runs, their commands exist, their links lead somewhere."""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import cloudrec
import cloudrec.emulator
from cloudrec.cli import commands

ROOT = Path(__file__).resolve().parent.parent.parent
READMES = ("README.md", "README.zh-CN.md")
PAGES = [*sorted(ROOT.glob("*.md")), ROOT / "openapi" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(name: str, *kinds: str) -> list[tuple[int, str]]:
    """The code blocks of a page, each with the line before its own first."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, found.start(2)), found[2])
        for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        if found[1] in kinds
    ]


def is_test_file(code: str) -> bool:
    return code.startswith("# test_")


def test_python_blocks_run_one_after_the_other_as_they_stand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AGORA_APP_ID", "AGORA_CUSTOMER_ID", "AGORA_CUSTOMER_SECRET"):
        monkeypatch.setenv(name, "from-environment")
    monkeypatch.setenv("AGORA_AREA", "EU")
    names: dict[str, Any] = {"__name__": "readme"}
    for line, code in blocks("README.md", "python"):
        if not is_test_file(code):
            # The empty lines make a traceback name the right line of README.md.
            exec(compile("\n" * line + code, str(ROOT / "README.md"), "exec"), names)
    printed = capsys.readouterr().out
    for said in (
        "_lesson-42.m3u8\nuploaded\n",
        "uploaded\nTrue True\nTrue\n",
        "IN_PROGRESS [True]\n",
        "nobody sent a stream for 60 seconds (maxIdleTime)\n",
        "the nearest are eu-central-1 (7)",
        '"arn:aws:s3:::lessons/lessons/42/*"',
        "everyone_but('7')",
        "Custom layout, 3 users",
        "True uploaded\n",
        "IN_PROGRESS\nuploaded\n",
        "True\nlesson-46 527841\n",
        "storage_config | vendor=1, region=17 | region of vendor 1",
        "404 failed to find worker Ask again after",
        "What to do",
        "outcome='success'",
        "[1, 1, 1, 1, 1]\n",
        "\nidle\n",
        "[(1, 'unavailable'), (2, 'unavailable'), (3, 'success')]\n[1, 3]\nlesson-43 527841 True\nTrue\n",
        "CloudRecording(app_id='from-environment', area=Area.EU)",
        "('192.0.2.10', '192.0.2.11')",
        "BasicAuth(customer_id='customer ID', customer_secret='***')",
        "access_key='***', secret_key='***'",
    ):
        assert said in printed


def test_the_pytest_example_passes(tmp_path: Path) -> None:
    [(_, code)] = [block for block in blocks("README.md", "python") if is_test_file(block[1])]
    file = tmp_path / code.split()[1]
    file.write_text(code, encoding="utf-8")
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(file),
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_python_blocks_are_formatted_and_pass_the_type_checker(tmp_path: Path) -> None:
    code = "\n\n".join(code for _, code in blocks("README.md", "python") if not is_test_file(code))
    file = tmp_path / "readme.py"
    file.write_text(code, encoding="utf-8")
    config = str(ROOT / "pyproject.toml")
    for command in (
        [
            "ruff",
            "check",
            "--isolated",
            "--line-length=100",
            "--no-cache",
            "--select=E501,E9,F,UP",
            "--ignore=F811",
            str(file),
        ],
        # With what the checker has kept of the project itself, which else it reads anew, for half a minute.
        ["mypy", "--config-file", config, str(file)],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command], capture_output=True, encoding="utf-8", cwd=ROOT, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
    for _, block in blocks("README.md", "python"):
        ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--line-length=100", "-"]
        done = subprocess.run(ruff, input=block, capture_output=True, encoding="utf-8", check=True, timeout=60)
        assert done.stdout == block


def test_both_readmes_have_the_same_code() -> None:
    ours, theirs = ([without_comments(code) for _, code in blocks(name, "python", "sh")] for name in READMES)
    assert ours == theirs


def test_both_readmes_have_the_same_parts() -> None:
    depths = [re.findall(r"^#+(?= )", prose(ROOT / name), re.MULTILINE) for name in READMES]
    rows = [len(re.findall(r"^\|", prose(ROOT / name), re.MULTILINE)) for name in READMES]
    assert depths[0] == depths[1]
    assert rows[0] == rows[1]


def without_comments(code: str) -> str:
    # What a comment says is translated.
    return re.sub(r"^ *# (?!test_).*\n|  +# .*", "", code, flags=re.MULTILINE)


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        path, _, anchor = target.partition("#")
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / path).exists() if path else anchor, f"{page.name}: {target}"


COMMANDS = [*READMES, "openapi/README.md", "docs/architecture.md", "docs/cli.md", "docs/cli.zh-CN.md"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists(name: str) -> None:
    extras = importlib.metadata.metadata("cloudrec").get_all("Provides-Extra") or []
    for _, code in blocks(name, "sh"):
        for line in code.splitlines():
            words = re.split(" [<>|] ", line)[0].partition("#")[0].split()
            match words:
                case []:
                    pass
                case ["pip", "install", "."]:
                    pass
                case ["pip", "install", target]:
                    found = re.fullmatch(r"'(?:\.|cloudrec)\[(\w+)\]'", target)
                    assert found, line
                    assert found[1] in extras
                case [script, *_] if script.startswith("./scripts/"):
                    assert os.access(ROOT / script, os.X_OK), line
                case ["cloudrec", "explain" | "rules", *_]:
                    command = [sys.executable, "-m", *words]
                    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0, line
                case ["cloudrec", "emulator" | "events" | "record-fixtures", *_]:
                    # What serves without end, or wants a file, says by its help that it knows the options.
                    command = [sys.executable, "-m", *words, "--help"]
                    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0, line
                case ["cloudrec", command, *_] if command in commands.WHERE:
                    # It is read, and not run.
                    commands.app().parse_args(
                        commands.words_of(shlex.split(line)[1 : len(words)]), exit_on_error=False, print_error=False
                    )
                case _:
                    pytest.fail(f"nobody checks this command: {line}")


def test_every_variable_and_script_that_is_named_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for script in re.findall(r"\./scripts/\w+", text):
        assert (ROOT / script).exists()
    source = (ROOT / "cloudrec" / "_call" / "settings.py").read_text(encoding="utf-8")
    for name in set(re.findall(r"AGORA_\w+", text)):
        assert name in source


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
