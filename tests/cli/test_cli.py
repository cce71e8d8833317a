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

SCRIPT = Path(sys.executable).with_name("cloudrec")
COMMANDS = [[str(SCRIPT)], [sys.executable, "-m", "cloudrec"], [sys.executable, "-m", "cloudrec.emulator"]]


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60, check=False, env={**os.environ, **environ}
    )


@pytest.mark.parametrize("command", COMMANDS[:2])
def test_version(command: list[str]) -> None:
    done = run(*command, "--version")
    assert (done.returncode, done.stdout) == (0, f"cloudrec {cloudrec.__version__}\n")


def test_help_names_the_commands() -> None:
    done = run(str(SCRIPT), "--help")
    assert done.returncode == 0
    assert "emulator" in done.stdout


def test_without_a_command_it_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", COMMANDS)
def test_the_emulator_serves_until_it_is_told_to_end(command: list[str], number: signal.Signals) -> None:
    arguments = [] if command[-1] == "cloudrec.emulator" else ["emulator"]
    arguments += ["--port", "0", "--app-id", "my-app", "--customer-id", "me", "--customer-secret", "mine"]
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


def test_reading_the_command_line_does_not_import_the_emulator() -> None:
    code = "import sys, cloudrec.cli; print(*{'starlette', 'uvicorn', 'jsonschema', 'pytest'} & set(sys.modules))"
    assert run(sys.executable, "-c", code).stdout.split() == []


def test_without_the_extra_it_says_in_one_sentence_what_to_install() -> None:
    code = "import sys; sys.modules['starlette'] = None; from cloudrec.cli import main; sys.exit(main(['emulator']))"
    done = run(sys.executable, "-c", code)
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
