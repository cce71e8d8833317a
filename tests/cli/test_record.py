"""`cloudrec record`: what it sends, what it prints, how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from cloudrec.cli import holding
from cloudrec.cli.views import View
from cloudrec.emulator import Fault
from tests.cli.support import Terminal

RECORD = ("record", "lesson-42", "--storage", "lessons")
RECIPE = """
version = 1
mode = "mix"
storage = "lessons"
files = ["hls", "mp4"]
layout = "vertical"
encryption = "school"
token = { named = "school" }
"""


def interrupt() -> None:
    """Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


def test_a_channel_is_recorded_for_as_long_as_was_said(cloudrec: Terminal) -> None:
    done = cloudrec(*RECORD, "--layout", "grid:4", "--files", "hls,mp4", "--for", "1m")
    [recorded] = cloudrec.emulator.recordings
    assert done.code == 0
    assert sorted(done.lines) == sorted(key for key in recorded.keys if key.endswith((".m3u8", ".mp4")))
    assert done.err.splitlines()[0] == f"lesson-42: started, sid {recorded.sid}"
    assert f"file school/year1/{recorded.sid}_lesson-42.m3u8" in done.err
    assert "stopped after" in done.err
    assert recorded.ended == "stopped"
    assert recorded.request["recordingFileConfig"]["avFileType"] == ["hls", "mp4"]
    assert len(recorded.layout["layoutConfig"]) == 4


def test_as_json_each_change_is_an_object(cloudrec: Terminal) -> None:
    done = cloudrec(*RECORD, "--for", "1m", "--json")
    [recorded] = cloudrec.emulator.recordings
    events = [found["event"] for found in done.objects]
    assert events == ["started", "state", "file", "state", "result"]
    assert done.objects[0]["handle"]["sid"] == recorded.sid
    assert done.objects[-1]["files"][0]["key"].endswith(".m3u8")
    assert (done.code, done.err) == (0, "")


def test_a_recipe_says_what_is_the_same_each_time_and_the_command_line_goes_before_it(cloudrec: Terminal) -> None:
    path = cloudrec.folder / "lesson.toml"
    path.write_text(RECIPE, encoding="utf-8")
    done = cloudrec("record", "lesson-42", "--recipe", str(path), "--files", "hls", "--key", "teacher", "--for", "10s")
    [recorded] = cloudrec.emulator.recordings
    assert done.code == 0, done.err
    assert recorded.request["token"] == os.environ["SCHOOL_TOKEN"]
    assert recorded.request["recordingConfig"]["secret"] == os.environ["CHANNEL_KEY"]
    assert recorded.request["recordingFileConfig"]["avFileType"] == ["hls"]
    assert recorded.storage["secretKey"] == os.environ["LESSONS_SECRET"]
    assert recorded.layout["mixedVideoLayout"] == 2
    assert done.err.startswith("lesson-42/teacher: started")


def test_a_storage_may_be_an_address_with_its_keys_in_the_environment(
    cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDREC_ACCESS_KEY", os.environ["LESSONS_KEY"])
    monkeypatch.setenv("CLOUDREC_SECRET_KEY", os.environ["LESSONS_SECRET"])
    done = cloudrec("record", "lesson-42", "--storage", "oss://bucket/a/b?region=cn-hangzhou", "--for", "10s")
    [recorded] = cloudrec.emulator.recordings
    assert done.code == 0, done.err
    assert (recorded.storage["vendor"], recorded.storage["bucket"], recorded.storage["fileNamePrefix"]) == (
        2, "bucket", ["a", "b"],
    )  # fmt: skip
    assert recorded.storage["secretKey"] == os.environ["LESSONS_SECRET"]


def test_options_have_defaults_in_the_file_and_in_the_environment(
    cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (cloudrec.folder / "cloudrec.toml").open("a", encoding="utf-8") as file:
        file.write('[defaults.record]\nstorage = "lessons"\nlayout = "best-fit"\nmax-idle-time = "1m"\n')
    monkeypatch.setenv("CLOUDREC_RECORD_LAYOUT", "vertical")
    assert cloudrec("record", "lesson-42", "--for", "10s").code == 0
    [recorded] = cloudrec.emulator.recordings
    assert recorded.layout["mixedVideoLayout"] == 2
    assert recorded.request["recordingConfig"]["maxIdleTime"] == 60


def test_the_account_may_stand_in_the_file(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = cloudrec.folder / "secret"
    secret.write_text(os.environ["AGORA_CUSTOMER_SECRET"] + "\n", encoding="utf-8")
    monkeypatch.delenv("AGORA_CUSTOMER_SECRET")
    with (cloudrec.folder / "cloudrec.toml").open("a", encoding="utf-8") as file:
        file.write('[agora]\ncustomer_secret = { file = "secret" }\n')
    assert cloudrec(*RECORD, "--for", "10s").code == 0
    assert "AGORA_CUSTOMER_SECRET" not in os.environ


def test_a_secret_may_lie_in_a_keyring(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("cloudrec", "lessons"): os.environ["LESSONS_SECRET"]}
    ring = SimpleNamespace(get_password=lambda service, name: kept.get((service, name)))
    path = cloudrec.folder / "cloudrec.toml"
    text = path.read_text(encoding="utf-8").replace('{ env = "LESSONS_SECRET" }', '{ keyring = "cloudrec/lessons" }')
    path.write_text(text, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install keyring" in cloudrec(*RECORD, "--for", "10s").err
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert cloudrec(*RECORD, "--for", "10s").code == 0
    assert cloudrec.emulator.recordings[0].storage["secretKey"] == os.environ["LESSONS_SECRET"]
    kept.clear()
    done = cloudrec(*RECORD)
    assert done.code == 2
    assert "keyring set cloudrec lessons" in done.err


def test_a_page_is_recorded_and_its_address_may_lie_in_a_file(cloudrec: Terminal) -> None:
    address = cloudrec.folder / "address"
    address.write_text("https://example.com/lesson?ticket=4711\n", encoding="utf-8")
    done = cloudrec("record", "page-7", "--storage", "lessons", "--url", f"@{address}", "--hours", "2", "--for", "20s")
    [recorded] = cloudrec.emulator.recordings
    assert done.code == 0, done.err
    [service] = recorded.request["extensionServiceConfig"]["extensionServices"]
    assert service["serviceParam"]["url"] == "https://example.com/lesson?ticket=4711"
    assert service["serviceParam"]["maxRecordingHour"] == 2
    assert "4711" not in done.out + done.err


@pytest.mark.parametrize("mode", ["individual", "raw"])
def test_other_modes(cloudrec: Terminal, mode: str) -> None:
    done = cloudrec(*RECORD, "--mode", mode, "--audio", "everyone-but:7", "--video", "only:101", "--for", "20s")
    [recorded] = cloudrec.emulator.recordings
    assert done.code == 0, done.err
    assert recorded.mode == mode
    assert not recorded.subscription.audio.takes("7")
    assert not recorded.subscription.video.takes("102")


def test_detached_it_runs_on_and_its_handle_is_printed(cloudrec: Terminal) -> None:
    done = cloudrec(*RECORD, "--detach")
    [recorded] = cloudrec.emulator.running
    assert done.code == 0
    assert done.objects[0]["sid"] == recorded.sid
    assert len(done.lines) == 1


def test_a_reader_that_has_had_enough_ends_no_recording(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with monkeypatch.context() as change:
        change.setattr("sys.stdout", Gone())
        done = cloudrec(*RECORD, "--for", "1m", "--json")
    assert done.code == 0
    assert cloudrec.emulator.recordings[0].ended == "stopped"


def test_that_nobody_renews_short_lived_credentials_is_told_where_it_is_let_go(
    cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDREC_ACCESS_KEY", os.environ["LESSONS_KEY"])
    monkeypatch.setenv("CLOUDREC_SECRET_KEY", os.environ["LESSONS_SECRET"])
    monkeypatch.setenv("CLOUDREC_SESSION_TOKEN", os.environ["SCHOOL_TOKEN"])
    storage = ("--storage", "s3://lessons?region=eu-central-1")
    assert cloudrec("record", "lesson-42", *storage, "--for", "10s").code == 0
    [recorded] = cloudrec.emulator.recordings
    assert recorded.storage["stsToken"] == os.environ["SCHOOL_TOKEN"]
    done = cloudrec("record", "lesson-43", *storage, "--detach")
    assert "nobody renews them" in done.err


def test_ctrl_c_stops_it(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "GRACE", 0.01)
    cloudrec.then(lambda: None, interrupt)
    done = cloudrec(*RECORD)
    [recorded] = cloudrec.emulator.recordings
    assert (done.code, recorded.ended) == (0, "stopped")
    assert done.lines
    assert "Ctrl-C again leaves it running" in done.err


def test_ctrl_c_twice_leaves_it_running_and_says_how_to_find_it(
    cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = holding.Interrupts.comes_again

    async def press_again(self: holding.Interrupts, within: float) -> bool:
        interrupt()
        return await told(self, within)

    monkeypatch.setattr(holding.Interrupts, "comes_again", press_again)
    cloudrec.then(lambda: None, interrupt)
    done = cloudrec(*RECORD)
    [recorded] = cloudrec.emulator.running
    assert (done.code, done.out) == (130, "")
    assert "stop it:     cloudrec stop lesson-42\n" in done.err
    assert json.loads(done.err.splitlines()[-1])["sid"] == recorded.sid
    assert cloudrec("stop", "lesson-42").code == 0
    assert not cloudrec.emulator.running


def test_a_signal_that_ends_the_process_stops_it_at_once(cloudrec: Terminal) -> None:
    cloudrec.then(lambda: None, lambda: signal.raise_signal(signal.SIGTERM))
    done = cloudrec(*RECORD)
    [recorded] = cloudrec.emulator.recordings
    assert (done.code, recorded.ended) == (0, "stopped")
    assert "again" not in done.err


def test_ctrl_c_before_it_was_begun_begins_nothing(cloudrec: Terminal) -> None:
    cloudrec.emulator.fail("start", Fault.status(503), times=1)
    cloudrec.then(interrupt)
    done = cloudrec(*RECORD)
    assert done.code == 130
    assert "nothing runs" in done.err
    assert cloudrec("list").out == ""
    assert not cloudrec.emulator.running


def test_one_that_ends_by_itself_has_an_exit_code_of_its_own(cloudrec: Terminal) -> None:
    channel = cloudrec.emulator.channel("lesson-42")
    channel.join(101)
    cloudrec.then(lambda: None, lambda: channel.leave(101))
    done = cloudrec(*RECORD, "--max-idle-time", "30s")
    assert done.code == 3
    assert "ended by itself: nobody sent a stream for 30 seconds" in done.err
    assert done.lines


def test_so_has_one_of_which_there_is_nothing(cloudrec: Terminal) -> None:
    cloudrec.emulator.channel("lesson-42")
    done = cloudrec(*RECORD, "--for", "20s")
    assert (done.code, done.out) == (4, "")
    assert "nothing was recorded: nobody sent" in done.err


def test_one_that_never_comes_to_run_is_stopped_and_told(cloudrec: Terminal) -> None:
    cloudrec.emulator.fail("start", Fault.stall())
    done = cloudrec(*RECORD)
    assert done.code == 1
    assert "cloudrec record: it was not seen to run within 90 seconds" in done.err
    assert not cloudrec.emulator.running


def test_a_refused_start_fails(cloudrec: Terminal) -> None:
    cloudrec.emulator.fail("start", Fault.status(400, code=2, reason="invalid parameter"))
    done = cloudrec(*RECORD)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1].startswith("cloudrec record: start: invalid parameter")
    assert cloudrec("list").out == ""


def test_a_start_whose_answer_is_lost_may_run(cloudrec: Terminal) -> None:
    cloudrec.emulator.fail("start", Fault.drop(after_effect=True))
    done = cloudrec(*RECORD)
    assert done.code == 5
    assert "may be running" in done.err
    [kept] = cloudrec("list", "--json").objects
    assert (kept["state"], kept["sid"]) == ("unknown", None)
    assert cloudrec("status", "lesson-42").code == 5


def test_where_handles_cannot_be_kept_nothing_is_begun(cloudrec: Terminal) -> None:
    (cloudrec.folder / "data").write_text("no folder", encoding="utf-8")
    assert cloudrec(*RECORD).code == 2
    assert not cloudrec.emulator.calls


def test_whatever_goes_wrong_it_is_stopped(cloudrec: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: View, recording: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(View, "saw", fail)
    with pytest.raises(ZeroDivisionError):
        cloudrec(*RECORD)
    [recorded] = cloudrec.emulator.recordings
    assert recorded.ended == "stopped"


def test_a_stop_that_fails_leaves_it_running_and_says_how_to_find_it(cloudrec: Terminal) -> None:
    cloudrec.emulator.fail("stop", Fault.refuse())
    done = cloudrec(*RECORD, "--for", "20s")
    assert done.code == 5
    assert "cloudrec stop lesson-42" in done.err
    cloudrec.emulator.heal()
    assert cloudrec("stop", "lesson-42").code == 0
    assert not cloudrec.emulator.running


def test_what_was_tried_again_and_what_is_to_be_known_is_told(cloudrec: Terminal) -> None:
    cloudrec.emulator.fail("acquire", Fault.status(503), times=1)
    done = cloudrec(*RECORD, "--for", "20s")
    assert done.code == 0
    assert "acquire, attempt 1: unavailable, HTTP 503" in done.err
    assert "acquire, attempt 2: success" in done.err


def test_warnings_of_the_library_are_told(cloudrec: Terminal) -> None:
    def fail() -> None:
        cloudrec.emulator.fail("query", Fault.status(503), times=8)

    cloudrec.then(lambda: None, fail)
    done = cloudrec(*RECORD, "--for", "10m")
    assert done.code == 0
    assert "lesson-42: warning: query of AsyncMixRecording" in done.err


@pytest.mark.parametrize("word", ["floating", "best-fit", "grid", "grid:101,102", "vertical:101", "speaker:101"])
def test_layouts_by_word(cloudrec: Terminal, word: str) -> None:
    assert cloudrec(*RECORD, "--layout", word, "--detach").code == 0


def test_a_layout_of_a_file(cloudrec: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "layout.json"
    path.write_text(json.dumps({"mixedVideoLayout": 1, "backgroundColor": "#123456"}), encoding="utf-8")
    assert cloudrec(*RECORD, "--layout", str(path), "--detach").code == 0
    assert cloudrec.emulator.running[0].layout["backgroundColor"] == "#123456"
