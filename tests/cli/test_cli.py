"""The command `cloudrec`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import cloudrec
from cloudrec import BasicAuth, CloudRecording
from cloudrec.cli import main
from cloudrec.cli.table import ABOUTS, PLAIN

SCRIPT = Path(sys.executable).with_name("cloudrec")
COMMANDS = [[str(SCRIPT)], [sys.executable, "-m", "cloudrec"]]


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60, check=False, env={**os.environ, **environ}
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_version(command: list[str]) -> None:
    done = run(*command, "--version")
    assert (done.returncode, done.stdout) == (0, f"cloudrec {cloudrec.__version__}\n")


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["help"]])
def test_help_names_the_commands(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert set(ABOUTS) == set(re.findall(r"^  ([a-z-]+)  ", out, re.MULTILINE))
    assert "Example:\n  cloudrec record" in out


def test_alone_it_says_what_to_do_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert re.search(
        r"first:\n  cloudrec emulator .*\n  cloudrec check .*\n  cloudrec record ", capsys.readouterr().out
    )


def page(*argv: str) -> None:
    if argv[0] in PLAIN or argv[-1] in PLAIN:
        with pytest.raises(SystemExit, match=r"^0$"):  # of argparse
            main(list(argv))
    else:
        assert main(list(argv)) == 0


@pytest.mark.parametrize("name", ABOUTS)
def test_each_command_has_a_page_and_those_of_the_extra_an_example(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    page(name, "--help")
    out = capsys.readouterr().out
    assert ABOUTS[name].partition(" ")[2].partition(";")[0].split()[-1].lower() in out.lower()
    if name not in PLAIN:
        assert f"cloudrec {name}" in out.partition("Example:")[2]
    page("help", name)
    assert capsys.readouterr().out == out


@pytest.mark.parametrize(("command", "number"), [(COMMANDS[0], signal.SIGINT), (COMMANDS[1], signal.SIGTERM)])
def test_the_emulator_serves_until_it_is_told_to_end(command: list[str], number: signal.Signals) -> None:
    """Each command by one signal: `python -m cloudrec.emulator` has both, in tests/emulator/test_server.py."""
    arguments = ["emulator", "--port", "0", "--app-id", "my-app", "--customer-id", "me", "--customer-secret", "mine"]
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as running:
        assert running.stdout is not None
        greeting = "".join(iter(running.stdout.readline, "\n"))
        url = re.search(r"http://\S+", greeting)
        assert url
        with CloudRecording("my-app", BasicAuth("me", "mine"), base_url=url[0]) as client:
            assert client.mix.acquire("lesson-42", 527841).resource_id
        running.send_signal(number)
        assert running.wait(30) == 0
        assert "export AGORA_APP_ID=my-app" in running.stdout.read()
        assert running.stderr is not None
        assert running.stderr.read() == ""


HEAVY = "{'argparse', 'asyncio', 'attrs', 'cyclopts', 'httpx', 'jsonschema', 'json', 'rich', 'starlette', 'uvicorn'}"


def test_the_first_page_reads_nothing_that_takes_time() -> None:
    code = f"import sys; from cloudrec.cli import main; main(['--help']); print('read:', *{HEAVY} & set(sys.modules))"
    assert run(sys.executable, "-c", code).stdout.splitlines()[-1] == "read:"


WITHOUT = "import sys; sys.modules[{name!r}] = None; from cloudrec.cli import main; sys.exit(main({argv!r}))"
OTHERS = """
import sys; sys.modules[{name!r}] = None
from cloudrec.cli import main
for argv in (["rules", "avFileType"], ["explain", "432"], []):
    assert main(argv) == 0
main(["emulator", "--help"])
"""


@pytest.mark.parametrize("missing", ["cyclopts", "rich"])
def test_without_the_extra_it_says_what_to_install_and_the_others_run(missing: str) -> None:
    done = run(sys.executable, "-c", WITHOUT.format(name=missing, argv=["record", "lesson-42"]))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"cloudrec record: needs .*not installed: pip install 'cloudrec\[cli\]'; .*\n", done.stderr)
    done = run(sys.executable, "-c", OTHERS.format(name=missing))
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: cloudrec emulator" in done.stdout


def test_without_the_extra_of_the_emulator_it_says_in_one_sentence_what_to_install() -> None:
    done = run(sys.executable, "-c", WITHOUT.format(name="starlette", argv=["emulator"]))
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"cloudrec emulator: .*not installed: pip install 'cloudrec\[emulator\]'\n", done.stderr)


def test_a_port_that_is_taken_is_told(cloudrec_emulator: object) -> None:
    port = str(getattr(cloudrec_emulator, "url", "")).rpartition(":")[2]
    done = run(str(SCRIPT), "emulator", "--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("cloudrec emulator: ")
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    with subprocess.Popen([str(SCRIPT), "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(1)
        running.stdout.close()
        assert (running.stderr.read(), running.wait(20)) == (b"", 0)
