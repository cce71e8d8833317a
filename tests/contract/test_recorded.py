"""Fixtures hold nothing that this version does not expect: the project's, or those of `./scripts/test --fixtures`."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path

import pytest

from tests.contract.recorded import surprises
from tests.support import ROOT, TESTS, Json, read_json

OWN = TESTS / "contract" / "fixtures"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each file of the folder that was named, or of the project's own."""
    if "recorded" in metafunc.fixturenames:
        folder = Path(metafunc.config.getoption("--recorded") or OWN)
        files = sorted(folder.glob("*.json"))
        if not files:
            raise pytest.UsageError(f"--recorded {folder}: there are no *.json files in it")
        metafunc.parametrize("recorded", files, ids=[file.stem for file in files])


def test_recorded(recorded: Path) -> None:
    """The call can be made again, the contract has all of the answer, and the library reads it whole."""
    assert surprises(json.loads(recorded.read_text(encoding="utf-8"))) == []


def changed(name: str, *path: str | int, to: Json) -> Json:
    """A fixture with something else in it."""
    fixture = copy.deepcopy(read_json("contract", "fixtures", f"{name}.json"))
    node = fixture
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = to
    return fixture


_INNER = ("response", "body", "serverResponse")


@pytest.mark.parametrize(
    ("fixture", "told"),
    [
        (changed("stop_mix_mp4", *_INNER, "uploadingStatus", to="beamed"), "uploadingStatus is not listed: 'beamed'"),
        (changed("stop_mix_mp4", *_INNER, "bitrate", to=7), "serverResponse.bitrate is not documented: 7"),
        (changed("stop_mix_mp4", *_INNER, "fileList", 0, "size", to=7), "fileList.size is not documented: 7"),
        (changed("stop_mix_mp4", *_INNER, "fileList", 0, "isPlayable", to=[]), "is_playable cannot be read"),
        (changed("stop_mix_mp4", *_INNER, "fileList", 0, "fileName", to="a.m3u8"), "name cannot be read: a.m3u8"),
        (changed("query_web", *_INNER, "extensionServiceState", 0, "serviceName", to="chat"), "nobody foresaw"),
        (changed("stop_mix_mp4", "response", "status", to=418), "HTTP 418 is not documented"),
        (changed("stop_nothing_recorded", "response", "body", to={"code": 436}), "HTTP 206 with {'code': 436}"),
        (changed("stop_mix_mp4", "response", "body", to="<html>"), "the body is no JSON object: '<html>'"),
        (changed("start_mix", "response", "body", to={"cname": "x"}), "it is read as a failure"),
        (changed("start_mix", "request", "body", to={}), "the call sends"),
        (changed("start_mix", "call", "arguments", "resource_id", to="other"), "the call is sent to"),
        (changed("start_mix", "request", "path", to="/v3/start"), "no operation is POST /v3/start"),
    ],
)
def test_what_is_a_surprise(fixture: Json, told: str) -> None:
    """Each kind of what may be unexpected is told."""
    assert told in "\n".join(surprises(fixture))


def test_a_folder_of_somebody(tmp_path: Path) -> None:
    """`./scripts/test --fixtures FOLDER`, from anywhere: what surprised it, and exit code 1."""
    for name in ("one", "two"):
        fixture = changed("stop_mix_mp4", *_INNER, "uploadingStatus", to="uploaded" if name == "one" else "beamed")
        (tmp_path / f"{name}.json").write_text(json.dumps(fixture), encoding="utf-8")
    command = [ROOT / "scripts" / "test", "--fixtures", tmp_path.name]
    done = subprocess.run(command, cwd=tmp_path.parent, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "test_recorded[two]" in done.stdout
    assert "uploadingStatus is not listed: 'beamed'" in done.stdout
    assert "1 failed, 1 passed" in done.stdout
