"""`scripts/changes`: from two states of the project to what callers are told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from scripts._following import changes
from tests.support import ROOT, Json


def contract(**size: Json) -> Json:
    """A contract with one field."""
    schema = {"type": "object", "properties": {"size": {"type": "integer"} | size}}
    body = {"content": {"application/json": {"schema": schema}}}
    start = {"operationId": "start", "requestBody": body, "responses": {}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/start": {"post": start}}}


SOURCE = '''
from ._hidden import Hidden, Shown
from cloudrec_api import Base

__all__ = ["Kept", "Shown", "start"]


class Kept(Base):
    """Stays."""

    def close(self, *, within: float = 10.0) -> None:
        """Ends it."""


def start(room: str, size: int = 4) -> None:
    """Begins."""
'''
HIDDEN = '''
class Hidden:
    """Of nobody's business."""

    def gone(self) -> None: ...


class Shown:
    """Shown by another name."""

    def look(self) -> None: ...

    def _inner(self) -> None: ...
'''
BASE = '''
class Base:
    """What others inherit from."""

    def read(self) -> None: ...
'''


def write(root: Path, files: dict[str, str]) -> None:
    """Files of a checkout."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def test_names_of_a_stub(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where names are found when they are first asked for, the stub beside says what is public."""
    write(checkout, {
        "cloudrec/late/__init__.py": "def __getattr__(name): ...",
        "cloudrec/late/_there.py": "def ask(): ...",
        "cloudrec/late/__init__.pyi": "from ._there import ask as ask\n\nclass Own: ...\n",
    })  # fmt: skip
    assert changes.main(["v1"]) == 0
    assert "`cloudrec.late` is new" in capsys.readouterr().out
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "-m", "two")
    write(checkout, {"cloudrec/late/__init__.pyi": "class Own: ...\n"})
    assert changes.main(["HEAD"]) == 1
    assert "1 breaks, 0 widens" in capsys.readouterr().out


def git(root: Path, *arguments: str) -> None:
    """Git, as nobody in particular."""
    named = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.com",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "tag.gpgsign=false",
    ]
    subprocess.run(["git", "-C", str(root), *named, *arguments], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with two commits, the first one tagged."""
    monkeypatch.setattr(changes, "ROOT", tmp_path)
    write(tmp_path, {
        "openapi/cloud-recording.yaml": yaml.safe_dump(contract(maximum=9)),
        "cloudrec/__init__.py": SOURCE, "cloudrec/_hidden.py": HIDDEN, "generated/cloudrec_api/__init__.py": BASE,
    })  # fmt: skip
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    git(tmp_path, "tag", "v1")
    return tmp_path


def rewrite(path: Path, *pairs: tuple[str, str]) -> None:
    """Other words in a file."""
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_nothing_has_changed(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without arguments: from the last tag to the checkout as it is."""
    assert changes.main([]) == 0
    assert capsys.readouterr().out == "From v1 to the checkout: 0 breaks, 0 widens, 0 words.\n"


TOLD = """\
breaks: callers of before may fail, or get something else
  `start.size` maximum is 8, was 9 (request of `start`).
  `cloudrec.Kept.close` default of within is 60.0, was 10.0.
  `cloudrec.Kept.read` is gone.
  `cloudrec.Shown.look` is gone.
  `cloudrec.start` no longer takes size.
  `cloudrec_api.Base.read` is gone.

widens: what worked goes on to work
  `cloudrec.Kept.view` is new.
  `cloudrec.Shown.see` is new.
  `cloudrec.stop` is new.
  `cloudrec_api.Base.view` is new.

words: no call and no answer is different
  `start.size` description says something else (request of `start`).

From v1 to the checkout: 6 breaks, 4 widens, 1 words.

### Added

- `cloudrec.Kept.view` is new.
- `cloudrec.Shown.see` is new.
- `cloudrec.stop` is new.
- `cloudrec_api.Base.view` is new.

### Changed

- Breaks: `start.size` maximum is 8, was 9 (request of `start`).
- Breaks: `cloudrec.Kept.close` default of within is 60.0, was 10.0.

### Removed

- Breaks: `cloudrec.Kept.read` is gone.
- Breaks: `cloudrec.Shown.look` is gone.
- Breaks: `cloudrec.start` no longer takes size.
- Breaks: `cloudrec_api.Base.read` is gone.
"""


def test_wire_and_python(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both are told by level, with the draft of a changelog; exit code 1, since something breaks."""
    write(checkout, {"openapi/cloud-recording.yaml": yaml.safe_dump(contract(maximum=8, description="How many."))})
    rewrite(checkout / "cloudrec/__init__.py", ("within: float = 10.0", "within: float = 60.0"),
            ("room: str, size: int = 4", "room: str"), ('"start"]', '"start", "stop"]'))  # fmt: skip
    with (checkout / "cloudrec/__init__.py").open("a", encoding="utf-8") as source:
        source.write("\n\ndef stop() -> None: ...\n")
    rewrite(checkout / "cloudrec/_hidden.py", ("look", "see"), ("gone", "forgotten"), ("_inner", "_outer"))
    rewrite(checkout / "generated/cloudrec_api/__init__.py", ("read", "view"))
    assert changes.main([]) == 1
    assert capsys.readouterr().out == TOLD


def test_between_revisions(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two revisions, whatever lies in the checkout; what widens alone is no failure."""
    write(checkout, {"openapi/cloud-recording.yaml": yaml.safe_dump(contract(maximum=10))})
    git(checkout, "commit", "--quiet", "-a", "-m", "two")
    write(checkout, {"openapi/cloud-recording.yaml": "not even YAML: ["})
    assert changes.main(["v1", "HEAD", "--changelog"]) == 0
    assert capsys.readouterr().out == "### Added\n\n- `start.size` maximum is 10, was 9 (request of `start`).\n"


def test_moved_modules_are_no_change(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a public name is written is nobody's business."""
    (checkout / "cloudrec" / "_hidden.py").rename(checkout / "cloudrec" / "_other.py")
    rewrite(checkout / "cloudrec/__init__.py", ("._hidden", "._other"))
    assert changes.main([]) == 0
    assert "0 breaks, 0 widens" in capsys.readouterr().out


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two files, of whatever origin: the wire alone."""
    for name, document in {"old": contract(), "new": contract(minimum=1)}.items():
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    assert changes.main([str(tmp_path / "old"), str(tmp_path / "new"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "level": "breaks", "kind": "minimum-added", "side": "request", "at": "start.size",
            "text": "minimum is 1", "calls": ["start"],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "there is no tag to compare with yet: name a revision or a file, such as `scripts/changes HEAD~1`"),
        (["no-such-thing"], "'no-such-thing' is neither a file nor a revision of git"),
        (["HEAD", "no-such-thing"], "'no-such-thing' is neither a file nor a revision of git"),
    ],
)
def test_what_cannot_be_compared(
    checkout: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clear word and exit code 2."""
    git(checkout, "tag", "--delete", "v1")
    assert changes.main(arguments) == 2
    assert told in capsys.readouterr().err


def test_the_project_itself() -> None:
    """The public names of the library are read as users write them, also those that are found when first used."""
    names = {name for package, module in changes._loaded(ROOT).items() for name, _ in changes.public(module, package)}
    assert {
        "cloudrec.CloudRecording.mix", "cloudrec.S3.policy", "cloudrec.RecordingEnded.causes",
        "cloudrec.emulator.Emulator.start", "cloudrec.webhooks.receive", "cloudrec.results.StopResult.files",
        "cloudrec_api.models.StorageConfig.vendor",
    } <= names  # fmt: skip
    assert not [name for name in names if "._" in name]
