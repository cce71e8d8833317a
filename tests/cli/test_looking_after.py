"""The commands that look after what runs: list, status, watch, files, layout, subscribe, pause, resume and stop."""

from __future__ import annotations

import io
import json
import re
import signal
import sqlite3

import pytest

from cloudrec.emulator import Fault
from tests.cli.support import SECRETS, Terminal

RECORD = ("record", "lesson-42", "--storage", "lessons")


@pytest.fixture
def handle(cloudrec: Terminal) -> str:
    """That of a recording that runs, as JSON."""
    return cloudrec(*RECORD, "--detach").out


def test_without_a_terminal_a_list_is_a_line_for_each_with_tabs(cloudrec: Terminal, handle: str) -> None:
    cloudrec("record", "lesson-43", "--storage", "lessons", "--for", "10s")
    rows = [line.split("\t") for line in cloudrec("list").lines]
    assert [row[:3] for row in rows] == [["lesson-43", "stopped", "mix"], ["lesson-42", "running", "mix"]]
    assert rows[1][5] == json.loads(handle)["sid"]
    assert [found["name"] for found in cloudrec("list", "--json", "--state", "running").objects] == ["lesson-42"]


def test_of_nothing_it_says_what_to_do(cloudrec: Terminal) -> None:
    done = cloudrec("list")
    assert (done.code, done.out) == (0, "")
    assert "cloudrec record" in done.err


def test_a_recording_is_found_by_name_by_sid_and_by_handle(
    cloudrec: Terminal, handle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid = json.loads(handle)["sid"]
    for which in ("lesson-42", sid, sid[:6], handle, "-"):
        monkeypatch.setattr("sys.stdin", io.StringIO(handle))
        [found] = cloudrec("status", which, "--json").objects
        assert (found["state"], found["sid"]) == ("running", sid), which


def test_a_handle_of_another_machine_needs_no_store(cloudrec: Terminal, handle: str) -> None:
    (cloudrec.folder / "data" / "recordings.db").unlink()
    assert cloudrec("status", handle).code == 0
    assert cloudrec("stop", handle).code == 0
    assert not cloudrec.emulator.running


def test_of_a_channel_with_keys_the_one_that_runs_is_meant_and_of_two_neither(cloudrec: Terminal) -> None:
    cloudrec(*RECORD, "--key", "teacher", "--detach")
    assert cloudrec("status", "lesson-42").code == 0
    cloudrec(*RECORD, "--key", "class", "--detach")
    done = cloudrec("stop", "lesson-42")
    assert done.code == 3
    assert "say which by its sid" in done.err
    assert cloudrec("stop", "lesson-42/class").code == 0
    assert cloudrec("stop", "lesson-42").code == 0
    assert not cloudrec.emulator.running


def test_status_in_words(cloudrec: Terminal, handle: str) -> None:
    cloudrec.emulator.clock.advance(60)
    told = dict(re.findall(r"^(\w+) +(.+)$", cloudrec("status", "lesson-42").out, re.MULTILINE))
    assert told["state"] == "running (IN_PROGRESS)"
    assert told["channel"] == "lesson-42"
    assert told["sid"] == json.loads(handle)["sid"]
    assert told["video"] == "everyone"


def test_of_one_that_is_over_the_store_tells_and_nobody_is_asked(cloudrec: Terminal, handle: str) -> None:
    stopped = cloudrec("stop", "lesson-42")
    calls = len(cloudrec.emulator.calls)
    status, files = cloudrec("status", "lesson-42", "--json"), cloudrec("files", "lesson-42")
    assert (status.code, status.objects[0]["state"]) == (3, "stopped")
    assert files.lines == stopped.lines != []
    again = cloudrec("stop", "lesson-42")
    assert (again.code, again.lines) == (0, stopped.lines)
    assert len(cloudrec.emulator.calls) == calls


def test_of_one_that_ended_elsewhere_the_service_tells(cloudrec: Terminal, handle: str) -> None:
    cloudrec.emulator.crash(json.loads(handle)["sid"])
    cloudrec.emulator.clock.advance(120)
    done = cloudrec("status", "lesson-42", "--json")
    assert (done.code, done.objects[0]["state"]) == (3, "ended")
    assert cloudrec("list", "--json").objects[0]["state"] == "ended"


def test_one_that_is_being_moved_is_waited_for_and_that_is_said(cloudrec: Terminal, handle: str) -> None:
    cloudrec.emulator.failover(json.loads(handle)["sid"], seconds=12)
    done = cloudrec("status", "lesson-42")
    assert done.code == 0
    assert "being moved" in done.err


def test_what_nobody_knows_has_an_exit_code_of_its_own_and_the_nearest_name_is_told(
    cloudrec: Terminal, handle: str
) -> None:
    with_more = {"layout": ["grid"], "subscribe": ["--audio", "nobody"]}
    for command in ("status", "stop", "files", "watch", "pause", "layout", "subscribe"):
        done = cloudrec(command, "lesson-24", *with_more.get(command, []))
        assert done.code == 3
        assert done.err.startswith(f"cloudrec {command}: 'lesson-24': nothing of that name")
        assert "the nearest is lesson-42" in done.err


def test_files_while_it_runs(cloudrec: Terminal, handle: str) -> None:
    cloudrec.emulator.clock.advance(60)
    done = cloudrec("files", "lesson-42")
    assert done.lines == [f"school/year1/{json.loads(handle)['sid']}_lesson-42.m3u8"]
    assert cloudrec("files", "lesson-42", "--json").objects[0]["key"] == done.lines[0]


def test_stop_prints_the_files(cloudrec: Terminal, handle: str) -> None:
    done = cloudrec("stop", "lesson-42")
    [recorded] = cloudrec.emulator.recordings
    assert (done.code, recorded.ended) == (0, "stopped")
    assert set(done.lines) <= set(recorded.keys)
    assert done.lines


def test_stop_needs_nobody_who_reads_what_it_says_beside_the_answer(
    cloudrec: Terminal, handle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with monkeypatch.context() as change:
        change.setattr("sys.stderr", Gone())
        done = cloudrec("stop", "lesson-42")
    assert done.code == 0
    assert done.lines


def test_a_secret_in_a_handle_or_an_address_is_neither_shown_nor_kept(cloudrec: Terminal, handle: str) -> None:
    secret = SECRETS["LESSONS_SECRET"]
    with_more = json.dumps({**json.loads(handle), "secretKey": secret})
    assert cloudrec("status", with_more, "--json").code == 0
    path = cloudrec.folder / "layout.json"
    path.write_text(json.dumps({"backgroundImage": f"https://example.com/a.png?sign={secret}"}), encoding="utf-8")
    assert cloudrec("layout", "lesson-42", str(path), "--json").code == 0
    assert cloudrec.emulator.running[0].layout["backgroundImage"].endswith(secret)
    assert "a.png" in cloudrec("status", "lesson-42", "--json").out


def test_stop_as_json(cloudrec: Terminal, handle: str) -> None:
    [found] = cloudrec("stop", "lesson-42", "--json").objects
    assert (found["name"], found["state"]) == ("lesson-42", "stopped")
    assert cloudrec.emulator.recordings[0].ended == "stopped"


def test_stop_of_what_recorded_nothing(cloudrec: Terminal) -> None:
    cloudrec.emulator.channel("lesson-42")
    cloudrec(*RECORD, "--detach")
    assert cloudrec("stop", "lesson-42").code == 4


def test_the_layout_is_changed_and_kept(cloudrec: Terminal, handle: str) -> None:
    assert cloudrec("layout", "lesson-42", "grid:4").code == 0
    assert len(cloudrec.emulator.running[0].layout["layoutConfig"]) == 4
    [found] = cloudrec("status", "lesson-42", "--json").objects
    assert len(found["known"]["layout"]["layoutConfig"]) == 4


def test_of_what_is_subscribed_the_medium_that_is_not_spoken_of_stays(cloudrec: Terminal, handle: str) -> None:
    assert cloudrec("subscribe", "lesson-42", "--video", "only:101").code == 0
    done = cloudrec("subscribe", "lesson-42", "--audio", "everyone-but:102")
    assert done.out == "lesson-42: audio everyone-but:102, video only:101\n"
    taken = cloudrec.emulator.running[0].subscription
    assert [taken.audio.takes(uid) for uid in ("101", "102")] == [True, False]
    assert [taken.video.takes(uid) for uid in ("101", "102")] == [True, False]


def test_of_a_handle_from_elsewhere_both_must_be_said(cloudrec: Terminal, handle: str) -> None:
    (cloudrec.folder / "data" / "recordings.db").unlink()
    done = cloudrec("subscribe", handle, "--video", "only:101")
    assert done.code == 2
    assert "--audio: missing" in done.err
    assert cloudrec("subscribe", handle, "--video", "only:101", "--audio", "everyone").code == 0


def test_a_page_is_paused_and_goes_on(cloudrec: Terminal) -> None:
    cloudrec("record", "page-7", "--storage", "lessons", "--url", "https://example.com", "--detach")
    assert cloudrec("pause", "page-7").code == 0
    assert cloudrec.emulator.running[0].onhold
    assert cloudrec("resume", "page-7", "--json").objects[0]["name"] == "page-7"
    assert not cloudrec.emulator.running[0].onhold
    for argv in (["layout", "page-7", "grid"], ["subscribe", "page-7", "--audio", "nobody", "--video", "everyone"]):
        done = cloudrec(*argv)
        assert done.code == 2
        assert "WHICH: 'page-7'" in done.err


def test_what_is_no_page_cannot_be_paused(cloudrec: Terminal, handle: str) -> None:
    done = cloudrec("pause", "lesson-42")
    assert done.code == 2
    assert "must be a recording of a page" in done.err


def test_watch_looks_on_until_it_is_over(cloudrec: Terminal, handle: str) -> None:
    sid = json.loads(handle)["sid"]
    cloudrec.then(lambda: None, lambda: cloudrec.emulator.crash(sid))
    done = cloudrec("watch", "lesson-42")
    assert done.code == 3
    assert "lesson-42: is over; likely causes: " in done.err
    assert cloudrec("list", "--json").objects[0]["state"] == "ended"


def test_ctrl_c_ends_the_looking_on_alone(cloudrec: Terminal, handle: str) -> None:
    cloudrec.then(lambda: None, lambda: signal.raise_signal(signal.SIGINT))
    done = cloudrec("watch", "lesson-42", "--json")
    assert done.code == 130
    assert done.objects[0] == {"event": "state", "name": "lesson-42", "state": "running"}
    assert cloudrec.emulator.running


def test_a_store_of_a_later_version_is_left_alone(cloudrec: Terminal, handle: str) -> None:
    path = cloudrec.folder / "data" / "recordings.db"
    with sqlite3.connect(path) as database:
        database.execute("pragma user_version = 99")
    database.close()
    done = cloudrec("list")
    assert done.code == 2
    assert "is of a later cloudrec" in done.err


def test_a_store_that_cannot_be_used_is_told(cloudrec: Terminal) -> None:
    (cloudrec.folder / "data").write_text("no folder", encoding="utf-8")
    done = cloudrec("list")
    assert done.code == 2
    assert done.err.startswith("cloudrec list: store: ")
    assert "CLOUDREC_DATA names another folder" in done.err


def test_a_failure_of_the_service_has_exit_code_1(cloudrec: Terminal, handle: str) -> None:
    cloudrec.emulator.fail("updateLayout", Fault.status(400, code=2, reason="no"))
    done = cloudrec("layout", "lesson-42", "grid")
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
