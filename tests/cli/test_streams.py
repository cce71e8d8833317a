"""What is printed where letters are missing or nobody reads; as on Windows, too, which says so in other words."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cloudrec.cli import main, streams
from tests.cli.support import Terminal

PRINTED = ["rules", "rules record", "explain --help", "record-fixtures --help", "--help", "record --help"]


def test_letters_that_the_encoding_does_not_have_are_written_otherwise() -> None:
    """A pipe's is that of the country on Windows: cp1251 has no multiplication sign, cp437 no dash."""
    calls = f"from cloudrec.cli import main\nfor argv in {PRINTED}:\n    try:\n        main(argv.split())\n"
    code = f"{calls}    except SystemExit as left:\n        assert left.code == 0\n"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert rb"\u2013" in done.stdout
    assert done.stdout.isascii()


class Gone(io.StringIO):
    """What Windows says of a pipe that nobody reads."""

    def __init__(self, number: int, name: str | None = None) -> None:
        super().__init__()
        self._number, self._name = number, name

    def fileno(self) -> int:
        return self._number

    def write(self, text: str) -> int:
        raise OSError(errno.EINVAL, "Invalid argument", self._name)


@pytest.mark.parametrize("argv", [["--help"], ["rules"], ["check", "--help"]])
def test_a_reader_that_has_gone_is_no_error_on_windows(
    argv: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(streams, "IS_WINDOWS", True)
    with open(tmp_path / "out", "wb") as file, monkeypatch.context() as change:
        change.setattr("sys.stdout", Gone(file.fileno()))
        assert main(argv) == 0


def test_another_invalid_argument_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with open(tmp_path / "out", "wb") as file, monkeypatch.context() as change:
        change.setattr("sys.stdout", Gone(file.fileno()))
        with pytest.raises(OSError, match="Invalid argument"):
            main(["--help"])  # elsewhere
        change.setattr(streams, "IS_WINDOWS", True)
        change.setattr("sys.stdout", Gone(file.fileno(), "con:"))
        with pytest.raises(OSError, match="Invalid argument"):
            main(["--help"])  # of a file that has a name


def test_files_may_begin_with_the_mark_of_windows_editors(
    cloudrec: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def marked(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
        return str(tmp_path / name)

    configuration = (Path(os.environ["CLOUDREC_CONFIG"])).read_text(encoding="utf-8")
    configuration = configuration.replace('{ env = "LESSONS_SECRET" }', '{ file = "key.txt" }')
    monkeypatch.setenv("CLOUDREC_CONFIG", marked("marked.toml", configuration))
    marked("key.txt", os.environ["LESSONS_SECRET"])
    layout = marked("grid.json", '{"mixedVideoLayout": 1}')
    recipe = marked("lesson.toml", 'version = 1\nmode = "mix"\nstorage = "lessons"\n')

    for argv in (["lesson-1", "--storage", "lessons", "--layout", layout], ["lesson-2", "--recipe", recipe]):
        done = cloudrec("record", *argv, "--detach")
        assert done.code == 0, done.err
    assert [one.cname for one in cloudrec.emulator.recordings] == ["lesson-1", "lesson-2"]
