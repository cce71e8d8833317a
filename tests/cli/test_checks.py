"""`cloudrec check`, `storage`, `layout preview` and `completion`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudrec import AccessToken
from cloudrec.cli import settings, storages
from cloudrec.emulator import Fault
from cloudrec.storage import Storage, StorageCheck, StorageCheckError, StorageProblem
from tests.cli.support import Terminal

Looked = dict[str, tuple[str, str, str]]


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The buckets that were written to, which no test does."""
    found: list[str] = []

    async def acheck(self: Storage, **options: Any) -> StorageCheck:
        found.append(self.bucket)
        if self.bucket == "closed":
            raise StorageCheckError("no", problem=StorageProblem.NO_RIGHT_TO_WRITE, advice="Give the key the right.")
        return StorageCheck("a/check.txt", True, False, ("It could not be deleted.",))

    monkeypatch.setattr(Storage, "acheck", acheck)
    return found


def looked(cloudrec: Terminal, *argv: str) -> tuple[int, Looked]:
    done = cloudrec("check", "--json", *argv)
    return done.code, {found["what"]: (found["state"], found["told"], found["advice"]) for found in done.objects}


def test_all_is_well(cloudrec: Terminal, written: list[str]) -> None:
    code, found = looked(cloudrec)
    assert code == 0
    assert {what: state for what, (state, _, _) in found.items()} == {
        "versions": "ok", "configuration": "ok", "credentials": "ok", "clock": "ok", "host": "ok", "token": "warn",
        "storage lessons": "ok",
    }  # fmt: skip
    assert "Python" in found["versions"][1]
    assert cloudrec.emulator.app_id in found["credentials"][1]
    assert found["host"][1].endswith(" ms")
    assert found["storage lessons"][1] == "recordings can be written; It could not be deleted."
    assert written == ["lessons"]
    assert not cloudrec.emulator.recordings


def test_a_wrong_secret_is_told_with_what_to_do(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_CUSTOMER_SECRET", "another")
    code, found = looked(cloudrec)
    assert (code, found["credentials"][0]) == (1, "FAIL")
    assert "AGORA_CUSTOMER_SECRET" in found["credentials"][2]


def test_an_app_that_is_not_enabled_is_told(cloudrec: Terminal) -> None:
    cloudrec.emulator.fail("acquire", Fault.status(400, code=501, reason="recording not enabled"))
    code, found = looked(cloudrec)
    assert (code, found["credentials"][0]) == (1, "FAIL")


def test_what_is_not_set_is_told_and_the_rest_is_looked_at(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGORA_CUSTOMER_ID")
    code, found = looked(cloudrec)
    assert code == 1
    assert found["credentials"][:2] == ("FAIL", "not set in the environment: AGORA_CUSTOMER_ID")
    assert found["storage lessons"][0] == "ok"


def test_of_several_hosts_one_may_be_away(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    url = cloudrec.emulator.url
    monkeypatch.setenv("AGORA_BASE_URL", f"http://127.0.0.1:1 {url}")
    done = cloudrec("check")
    hosts = [line.split("\t") for line in done.lines if "\thost\t" in line]
    assert [host[0] for host in hosts] == ["warn", "ok"]
    assert "firewall" in hosts[0][3]
    monkeypatch.setenv("AGORA_BASE_URL", "http://127.0.0.1:1 http://127.0.0.1:2")
    code, found = looked(cloudrec)
    assert (code, found["host"][0], found["credentials"][0]) == (1, "FAIL", "warn")
    assert found["clock"] == ("warn", "not known: no host told the time", "")


@pytest.mark.parametrize(("seconds", "told"), [(3600, "ahead of"), (-3600, "behind"), (3, None)])
def test_a_clock_that_is_off_is_told(
    cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch, seconds: float, told: str | None
) -> None:
    """By the time that the service puts on its answers, which is its own."""
    monkeypatch.setitem(settings.CLIENT, "clock", lambda: cloudrec.emulator.clock.seconds() + seconds)
    code, found = looked(cloudrec)
    if told is None:
        assert (code, found["clock"]) == (0, ("ok", "within 5 s of the service's", ""))
    else:
        assert (code, found["clock"][:2]) == (1, ("FAIL", f"{found['clock'][1].split()[0]} s {told} the service's"))
        assert abs(float(found["clock"][1].split()[0]) - 3600) <= 1


def test_the_end_of_a_token_is_told(cloudrec: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = "5CFd2fd1755d40ecb72977518be15d3b"
    token = AccessToken(cloudrec.emulator.app_id, certificate)("lesson-42", 1, hours=0.5)
    path = tmp_path / "token"
    path.write_text(token, encoding="utf-8")
    _, found = looked(cloudrec, "--token-file", str(path))
    assert found["token"][0] == "warn"
    assert "ends at" in found["token"][1]
    assert token not in str(found)
    path.write_text("no token", encoding="utf-8")
    assert "cannot be read" in looked(cloudrec, "--token-file", str(path))[1]["token"][1]
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", certificate)
    assert looked(cloudrec)[1]["token"][:2] == ("ok", "made for each recording, of AGORA_APP_CERTIFICATE")


def test_a_storage_that_cannot_be_written_is_told(cloudrec: Terminal) -> None:
    code, found = looked(cloudrec, "--storage", "nope", "--storage", "lessons")
    assert (code, found["storage nope"][0], found["storage lessons"][0]) == (1, "FAIL", "ok")


def test_storage_check(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    done = cloudrec("storage", "check", "lessons")
    assert done.code == 0
    assert "recordings can be written" in done.out
    assert done.err == "It could not be deleted.\n"
    assert cloudrec("storage", "check", "lessons", "--json").objects[0]["ok"] is True
    for name in ("CLOUDREC_ACCESS_KEY", "CLOUDREC_SECRET_KEY"):
        monkeypatch.setenv(name, "key")
    closed = ("storage", "check", "s3://closed?region=eu-central-1")
    assert cloudrec(*closed).code == 1
    refused = cloudrec(*closed, "--json")
    assert (refused.code, refused.objects[0]["problem"]) == (1, "no right to write")


def test_storage_regions(cloudrec: Terminal) -> None:
    assert "s3\teu-central-1\t7" in cloudrec("storage", "regions", "s3").lines
    everywhere = cloudrec("storage", "regions", "--json").objects
    assert {found["vendor"] for found in everywhere} == set(storages.REGIONS)


ADDRESSES = [
    ("s3://lessons/x?region=eu-central-1", 1, "lessons"),
    ("oss://lessons?region=cn-hangzhou", 2, "lessons"),
    ("cos://lessons-1250000000?region=ap-guangzhou", 3, "lessons-1250000000"),
    ("azure://box", 5, "box"),
    ("gs://lessons/x", 6, "lessons"),
    ("obs://lessons?region=cn-north-4", 7, "lessons"),
    ("bos://lessons?region=suzhou", 8, "lessons"),
    ("s3+https://minio.example.com/lessons/x", 11, "lessons"),
]


@pytest.mark.parametrize(("address", "vendor", "bucket"), ADDRESSES)
def test_addresses(monkeypatch: pytest.MonkeyPatch, address: str, vendor: int, bucket: str) -> None:
    monkeypatch.setenv("CLOUDREC_ACCESS_KEY", "access")
    monkeypatch.setenv("CLOUDREC_SECRET_KEY", "c2VjcmV0")
    wire = storages.of_address("--storage", address).to_dict()
    assert (wire["vendor"], wire["bucket"], wire["accessKey"]) == (vendor, bucket, "access")


def test_a_layout_is_drawn(cloudrec: Terminal, tmp_path: Path) -> None:
    done = cloudrec("layout", "preview", "grid:4", "--users", "101,102", "--columns", "30")
    assert done.lines[0] == "┌─────────────┬──────────────┐"
    assert "101" in done.lines[2]
    assert done.lines[-1].startswith("Custom layout, 2 users, 1280 x 720")
    path = tmp_path / "layout.svg"
    assert cloudrec("layout", "preview", "speaker:101", "--size", "640x360", "--out", str(path)).out == ""
    assert 'width="640"' in path.read_text(encoding="utf-8")


def test_where_lines_cannot_be_shown_it_is_drawn_with_signs() -> None:
    code = "from cloudrec.cli import main; main(['layout', 'preview', 'grid:1', '--columns', '20'])"
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code], capture_output=True, encoding="ascii", check=True, timeout=60,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )  # fmt: skip
    assert done.stdout.startswith("+------------------+\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_all_commands(cloudrec: Terminal, shell: str) -> None:
    done = cloudrec("completion", shell)
    assert done.code == 0
    for word in ("record", "emulator", "max-idle-time", "webhook-duplicates", "listen", "secret-file"):
        assert word in done.out


def test_completion_of_what_argparse_reads(cloudrec: Terminal) -> None:
    """Options, and commands within a command, as bash gives them for what was written by then."""
    written = {
        "cloudrec emulator --webhook-d": ["--webhook-duplicates", "--webhook-disorder"],
        "cloudrec events ": ["listen", "verify"],
        "cloudrec events listen --secret-": ["--secret-env", "--secret-file"],
        "cloudrec explain --st": ["--status"],
    }
    asks = "".join(
        f'COMP_WORDS=({" ".join(map(repr, line.split(" ")))}); COMP_CWORD={line.count(" ")}; COMPREPLY=(); _cloudrec\n'
        'echo "${COMPREPLY[*]}"\n'
        for line in written
    )  # fmt: skip
    script = cloudrec("completion", "bash").out + asks
    done = subprocess.run(["bash"], input=script, capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert done.stdout.splitlines() == [" ".join(told) for told in written.values()]
