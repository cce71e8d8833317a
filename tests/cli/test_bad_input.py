"""What is written wrongly: one line that names the option, the value and the rule, exit code 2, and nothing is sent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.support import SECRETS, Terminal
from tests.support import each

RECORD = "record lesson-42 --storage lessons"
WRONG = [
    ("record", "CHANNEL: missing"),
    ("record a b --storage lessons", "'b': more than it takes"),
    ("record a", "--storage: missing (must say where the files go"),
    ("record a --storage lesons", "--storage: 'lesons' (must be [storage.lesons] of"),
    ("record a --storage lesons", "the nearest is lessons"),
    ("record a --storge lessons", "Unknown option: --storge. Did you mean --storage?"),
    ("record a --storage ftp://b", "--storage: 'ftp://' (must begin with one of s3://"),
    ("record a --storage s3://bucket", "--storage.region: missing"),
    ("record a --storage s3://bucket?region=eu-central-1", "--storage.access_key: missing (set CLOUDREC_ACCESS_KEY"),
    ("record a --storage s3://bucket?regon=eu", "--storage: 'regon' (is nothing that is said of s3:// there)"),
    ("record a --storage s3+https://host/b?region=x", "'region' (is nothing that is said of s3+https://"),
    (f"{RECORD} --for 5x", "--for: '5x' (must be a duration such as 45m, 1h30m or 90s)"),
    (f"{RECORD} --for 0s", "--for: '0s' (must be more than 0 seconds"),
    (f"{RECORD} --for 99999999999", "--for: '99999999999' (must be a duration"),
    (f"{RECORD} --for", "--for: missing"),
    (f"{RECORD} --layout gird", "--layout: 'gird' (must be one of floating"),
    (f"{RECORD} --layout gird", "the nearest is grid"),
    (f"{RECORD} --layout grid:0", "--layout: 'grid:0' (must be a number from 1 to 17"),
    (f"{RECORD} --layout vertical:1,2", "--layout: 'vertical:1,2' (must name at most 1 users)"),
    (f"{RECORD} --mode mxi", "--mode: 'mxi' (must be one of mix, individual, raw, web; the nearest is mix)"),
    (f"{RECORD} --mode raw --layout grid", "--layout: given (is nothing that recordings of mode raw have)"),
    (f"{RECORD} --mode web", "--url: missing (must be the page to record)"),
    (f"{RECORD} --url https://me:canary@example.com", "--url: *** (holds a password"),
    (f"{RECORD} --files mp4", "--files: ['mp4'] (MP4 is made from HLS"),
    (f"{RECORD} --audio me", "--audio: 'me' (must be one of everyone, nobody"),
    (f"{RECORD} --video only:x", "must be a whole number"),
    (f"{RECORD} --uid x", "--uid: 'x' (must be a whole number"),
    (f"{RECORD} --max-idle-time 1s", "--max-idle-time: 1 (must be from 5 to 2592000)"),
    (f"{RECORD} --transcoding 9000p", "--transcoding: '9000p' (must be"),
    (f"{RECORD} --hours x", "Invalid value"),
    (f"{RECORD} --token-file nowhere", "--token-file: 'nowhere' (must be a file with the secret"),
    (f"{RECORD} --recipe nowhere", "--recipe: 'nowhere' (must be a file"),
    (f"{RECORD} --recipe recipe.toml --mode raw", "--mode: 'raw' (must be that of the recipe, mix"),
    ("record a --recipe wrong.toml", "wrong.toml: layuot: is not part of a mix recipe"),
    ("record a --recipe secret.toml", "secret.toml: token: of type str"),
    ("record a --recipe named.toml", "token: 'shcool' (must be a key of [secret] in"),
    ("status", "WHICH: missing"),
    ("status {}", "handle: version: None (must be 1; this is no handle)"),
    ("list --state runing", "--state: 'runing' (must be one of starting"),
    ("list --fleet postgresql://me:canary@host/db", "--fleet: *** (holds a password"),
    ("layout", "WHICH: missing"),
    ("layout lesson-42", "NEW: missing"),
    ("layout lesson-42 gird", "LAYOUT: 'gird' (must be one of"),
    ("layout preview nowhere", "cloudrec layout preview: FILE: 'nowhere' (must be one of"),
    ("layout preview grid:4 --size big", "--size: 'big' (must be one of 360p"),
    ("layout preview grid:4 --out layout.gif", "path: a name that ends in '.gif'"),
    ("subscribe lesson-42", "--audio, --video: missing"),
    ("storage chekc", 'Unknown command "chekc". Did you mean "check"?'),
    ("storage check nope", "cloudrec storage check: STORAGE: 'nope' (must be [storage.nope] of"),
    ("storage regions s33", "VENDOR: 's33' (must be one of s3, oss, cos, obs, bos; the nearest is s3)"),
    ("completion tcsh", "SHELL: 'tcsh' (must be one of bash, zsh, fish)"),
    ("watch", "WHICH: '' (must be a name"),
    ("recrod lesson-42", "cloudrec: 'recrod' (there is no such command; the nearest is record)"),
    ("--versoin", "cloudrec: '--versoin' (there is no such option; the nearest is --version)"),
    ("rules --hepl", "the nearest is --help"),
    ("events lisen", "the nearest is listen"),
    ("emulator --prot 1", "the nearest is --port"),
]


@pytest.fixture
def files(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that some of it names."""
    monkeypatch.chdir(cloudrec.folder)
    start = 'version = 1\nmode = "mix"\nstorage = "lessons"\n'
    for name, more in {
        "recipe": "", "wrong": 'layuot = "grid"', "secret": f'token = "{SECRETS["SCHOOL_TOKEN"]}"',
        "named": 'token = { named = "shcool" }',
    }.items():  # fmt: skip
        (cloudrec.folder / f"{name}.toml").write_text(start + more, encoding="utf-8")
    return cloudrec.folder


@each("command, told", WRONG)
def test_one_line_tells_what_is_wrong(cloudrec: Terminal, files: Path, command: str, told: str) -> None:
    done = cloudrec(*command.split())
    assert done.code == 2, done
    assert told in done.err
    assert (done.out, len(done.err.splitlines())) == ("", 1)
    assert done.err.startswith("cloudrec")
    assert "canary" not in done.err
    assert not cloudrec.emulator.calls


SECTIONS = [
    ("[storege]", "'storege' (is no section; there are agora, defaults, encryption, secret, storage; the nearest is"),
    ("storage = 1", "storage: int (must be a table: [storage])"),
    ("not toml", "must be TOML"),
    ("[storage.lessons]\nbucket = 'b'", "storage.lessons.vendor: missing (must be one of s3"),
    ("[storage.lessons]\nvendor = 's4'", "storage.lessons.vendor: 's4' (must be one of s3"),
    ("[storage.lessons]\nvendor = 's3'\nbuckt = 'b'", "storage.lessons.buckt: given (is no key of"),
    ("[storage.lessons]\nvendor = 'azure'\nsession_token = 1", "storage.lessons.session_token: given (is no key of"),
    ("[storage.lessons]\nvendor = 's3'\nsecret_key = 'SK-canary-77ab'", "lessons.secret_key: *** (must be { env"),
    ("[storage.lessons]\nvendor = 's3'\nsecret_key = { evn = 'A' }", "storage.lessons.secret_key: evn (must be { env"),
    ("[storage.lessons]\nvendor = 's3'\nsecret_key = { env = 'NONE' }", "(the environment must have NONE)"),
    ("[storage.lessons]\nvendor = 's3'\nsecret_key = { file = 'none' }", "must be a file with the secret"),
    ("[storage.lessons]\nvendor = 's3'\nsecret_key = { keyring = 'a' }", "must be SERVICE/NAME"),
    ("[defaults.record]\nlayuot = 'grid'", 'Unknown option: "[defaults][layuot]"'),
]  # fmt: skip


@each("written, told", SECTIONS)
def test_so_does_one_of_the_configuration(cloudrec: Terminal, written: str, told: str) -> None:
    (cloudrec.folder / "cloudrec.toml").write_text(written, encoding="utf-8")
    done = cloudrec(*RECORD.split())
    assert done.code == 2
    assert told in done.err
    assert len(done.err.splitlines()) == 1
    assert "cloudrec.toml" in done.err
    assert not cloudrec.emulator.calls


def test_a_configuration_that_is_not_there_is_told(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDREC_CONFIG", "nowhere.toml")
    done = cloudrec("list")
    assert (done.code, done.err) == (
        2, "cloudrec list: CLOUDREC_CONFIG: 'nowhere.toml' (must be a file that is there)\n",
    )  # fmt: skip


def test_an_account_that_is_not_whole_is_told(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGORA_APP_ID")
    assert cloudrec(*RECORD.split()).err == "cloudrec record: not set in the environment: AGORA_APP_ID\n"


@each("address, told", [
    ("s3://B?region=eu-central-1", "--storage: bucket: 'B' (must be the name alone"),
    ("s3://lessons?region=eu-centrl-1", "--storage: region: 'eu-centrl-1' (must be"),
])  # fmt: skip
def test_the_rules_of_a_storage_are_told_of_its_address(
    cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.setenv("CLOUDREC_ACCESS_KEY", "access")
    monkeypatch.setenv("CLOUDREC_SECRET_KEY", "secret")
    done = cloudrec("record", "a", "--storage", address)
    assert done.code == 2
    assert told in done.err


def test_keys_in_an_address_are_refused_and_not_shown(cloudrec: Terminal) -> None:
    address = f"s3://{os.environ['LESSONS_KEY']}:{os.environ['LESSONS_SECRET']}@bucket/a?region=eu-central-1"
    done = cloudrec("record", "a", "--storage", address)
    assert done.code == 2
    assert "--storage: s3://***@bucket (must hold no keys" in done.err
    done = cloudrec("record", "a", "--storage", f"s3://bucket?secret_key={os.environ['LESSONS_SECRET']}")
    assert done.code == 2
