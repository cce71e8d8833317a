"""Every rule of a request has a name and words, stands on the page, and is what the checker tells when it is broken."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest

from cloudrec import (
    S3,
    Custom,
    DeferredTranscoding,
    Encryption,
    InvalidRequestError,
    Region,
    Transcoding,
    everyone,
    explain,
    grid,
    nobody,
    only,
    speaker_with_strip,
)
from cloudrec._contract import rule_texts as _words
from cloudrec._contract.checker import check, notes, unsendable
from cloudrec._contract.document import component, document
from cloudrec._contract.rules import Rule, matching, rules, rules_of_values, told_calls
from cloudrec.cli import main
from cloudrec.errors import Problem
from cloudrec.subscriptions import for_start
from scripts import _rules_page
from tests.bodies import (
    COMPATIBLE,
    COMPONENTS,
    LAYOUT,
    PAGE,
    PUSH,
    RECORDING,
    REQUESTS,
    SALT,
    STARTS,
    STORAGE,
    Place,
    at,
    changed,
    place_of,
    without,
)
from tests.support import Json, each

BESIDE = {"app_id", "resource_id", "sid", "mode", "cname", "uid"}
ACROSS = [rule for rule in rules() if rule.is_across]
SINGLE = [rule for rule in rules() if not rule.is_across and rule.field not in BESIDE]

# ------------------------------------------------------------------------------------------- names

# Whoever adds a rule adds its name here; people and programs look rules up by their names, so none goes or changes.
NAMES = """
alibaba-key alibaba-region amazon-key audio-only-lists azure-region baidu-region channel-name colour count
custom-layout-regions decryption-salt decryption-secret deferred-files-policy deferred-mixing-format
deferred-transcoding-format everyone-alone frame-rate google-region http-url huawei-region length listed-value
mixed-sound mp3-is-sound mp4-needs-hls number-as-text one-audio-list one-kind-of-region one-video-list one-web-recorder
original-audio-only overlap page-size pattern picture-size prefix-length prefix-part range region-needed
region-on-canvas-x region-on-canvas-y
regions-custom-layout required rtmp-url s3-compatible-endpoint s3-compatible-region s3-region salt
salt-without-mode scene-2-apps-collection scene-2-region scene-of-start-parameter secret-without-mode
snapshots-need-video snapshots-video-list sse-vendor
stream-mode-in-mix sts-end-of-token sts-vendors tag-vendors tencent-key tencent-region type uid unique unknown-field
user-once video-only-lists
""".split()
# Those that values and calls have beside the contract.
NAMES_OF_VALUES = """
given-twice in-the-future json medium-off mode-of-call neither-medium preset-or-size
unknown-in-force visible
""".split()


def test_names() -> None:
    """These names and no others, readable ones, and none of them for two rules."""
    assert sorted({rule.name for rule in rules()}) == NAMES
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in NAMES)
    by_name = sorted((rule.name, rule.words) for rule in ACROSS)
    for name, group in groupby(by_name, key=lambda item: item[0]):
        assert len(set(group)) == 1, name
        assert name not in _words.NAMES
    of_values = sorted(rule.name for rule in rules_of_values())
    assert of_values == NAMES_OF_VALUES
    assert not set(of_values) & set(NAMES)


PACKAGE = Path(__file__).resolve().parents[2] / "cloudrec"
# The halves are made from one source, and the emulator has rules of its own.
MODULES = [path for path in PACKAGE.rglob("*.py") if not {"_sync", "emulator"} & set(path.relative_to(PACKAGE).parts)]


def test_every_problem_has_the_name_of_its_rule() -> None:
    """Whatever is told of as wrong, its rule has a name, wherever in the package it is told of."""
    calls = [
        (path, node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Problem"
    ]
    nameless = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path, node in calls
        if len(node.args) < 4 and "name" not in {keyword.arg for keyword in node.keywords}
    ]
    assert calls
    assert nameless == []


def below(node: Json) -> Iterator[Json]:
    """Every schema of a component."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from below(inner)


@pytest.mark.parametrize("name", sorted({*COMPONENTS.values(), "StorageConfig", "TranscodingConfig", "AcquireRequest"}))
def test_the_contract_names_its_rules(name: str) -> None:
    """A rule in words has a name beside it."""
    for schema in below(component(name)):
        assert all("x-name" in member and "description" in member for member in schema.get("allOf", []))


# ------------------------------------------------------------------------------------------- what the checker tells


def generic(field: str) -> str:
    """The field of a problem as rules have it."""
    return re.sub(r"\[\d+\]", "[]", field)


def plain(field: str) -> str:
    """The field of a rule with any entry of a list as `[]`."""
    return re.sub(r"\[\w+\]", "[]", field)


def problems(call: str, body: Json) -> list[Problem]:
    """What is wrong with a clientRequest of that call."""
    return check(body, component(COMPONENTS[call]))


def test_good_bodies() -> None:
    """The requests that are spoiled below are good before."""
    for call, bodies in REQUESTS.items():
        for body in bodies:
            assert problems(call, body) == []


def broken(rule: Rule, body: Json, place: Place) -> Json:
    """The body with a value that breaks the rule there."""
    value = at(body, place)
    match rule.name:
        case _words.TYPE:
            return changed(body, place, None)
        case _words.LISTED_VALUE:
            return changed(body, place, "no such" if isinstance(value, str) else 99)
        case _words.RANGE:
            return changed(body, place, -1)
        case _words.LENGTH:
            return changed(body, place, "" if "empty" in rule.words else "x" * 5000)
        case _words.COUNT:
            return changed(body, place, [] if "empty" in rule.words else value * 40)
        case _words.UNIQUE:
            return changed(body, place, [value[0], value[0]])
        case _words.USER_ONCE:
            return changed(body, place, [value[0], value[0]])
        case _words.REQUIRED:
            return without(body, place)
        case _words.UNKNOWN_FIELD:
            return changed(body, place, {**value, "x": 1}) if place else {**value, "x": 1}
        case "prefix-length":
            return changed(body, place, ["x" * 64] * 2)
    return changed(body, place, "\n")


@each("rule", SINGLE)
def test_every_rule_of_a_field_is_told(rule: Rule) -> None:
    """For each call that it is for: broken, it is told of by its name, with field, value and words."""
    for call in rule.calls:
        body, place = next(
            (body, place) for body in REQUESTS[call] if (place := place_of(body, rule.field)) is not None
        )
        wanted = f"{plain(rule.field)}.x".lstrip(".") if rule.name == _words.UNKNOWN_FIELD else plain(rule.field)
        if rule.name == _words.USER_ONCE:  # it is told of the second place
            wanted += "[].uid" if isinstance(at(body, place)[0], dict) else "[]"
        found = [problem for problem in problems(call, broken(rule, body, place)) if generic(problem.field) == wanted]
        assert rule.name in [problem.name for problem in found], (call, found)
        assert all(problem.value and problem.rule for problem in found)


@pytest.mark.parametrize("name", sorted(BESIDE))
def test_the_rules_beside_a_client_request_are_told(name: str) -> None:
    """The same for what stands in the path, and for cname and uid."""
    schemas = {"app_id": "AppId", "resource_id": "ResourceId", "sid": "Sid", "mode": "Mode", "uid": "RecorderUid"}
    schema = component(schemas.get(name, "ChannelName"))
    told = {problem.name for value in (None, "", "\n", "x" * 5000) for problem in check(value, schema)}
    if name == "cname":
        told |= {problem.name for problem in check("a/b", component("RtcChannelName"))}
    assert told == {rule.name for rule in rules() if rule.field == name}


def storage(**changes: Json) -> Json:
    """A start with another storage."""
    return {**STARTS["mix"][0], "storageConfig": {**STORAGE, **changes}}


def bare(**changes: Json) -> Json:
    """A start with a storage that has nothing special."""
    config = {"vendor": 1, "region": 7, "bucket": "b", "accessKey": "a", "secretKey": "s", **changes}
    return {**STARTS["mix"][1], "storageConfig": config}


def recording(mode: str = "mix", **changes: Json) -> Json:
    """A start with another recordingConfig."""
    return {**STARTS[mode][0], "recordingConfig": {"channelType": 0, **changes}}


def picture(**changes: Json) -> Json:
    """A start with another picture."""
    return recording(transcodingConfig=changes)


def page(**changes: Json) -> Json:
    """A start of another page."""
    services = [{**PAGE, "serviceParam": {**PAGE["serviceParam"], **changes}}]
    return {"storageConfig": COMPATIBLE, "extensionServiceConfig": {"extensionServices": services}}


REGION = LAYOUT["layoutConfig"][0]
DEFERRED = STARTS["individual"][2]
WEB, MIX = STARTS["web"][1], STARTS["mix"][1]
# Requests that break one rule between fields and no other.
BREAKS: dict[str, list[tuple[str, Json]]] = {
    "one-kind-of-region": [("acquire", {"region": "EU", "regionAffinity": 3})],
    "scene-of-start-parameter": [
        ("acquire", {"scene": 1, "startParameter": MIX}),
        ("acquire", {"scene": 0, "startParameter": WEB}),
        ("acquire", {"startParameter": WEB}),
    ],
    "scene-2-apps-collection": [("acquire", {"scene": 2, "region": "EU", "startParameter": STARTS["individual"][1]})],
    "scene-2-region": [("acquire", {"scene": 2}), ("acquire", {"scene": 2, "regionAffinity": 3})],
    "region-needed": [
        ("start mix", without(bare(vendor=vendor), ("storageConfig", "region"))) for vendor in (1, 2, 3, 7, 8)
    ],
    "amazon-key": [
        ("start mix", bare(vendor=vendor, region=0, accessKey=key))
        for vendor, key in ((2, "AKIAIOSFODNN7EXAMPLE"), (3, "ASIA1"), (7, "AKIA"))
    ],
    "alibaba-key": [("start mix", bare(accessKey="LTAI5t8")), ("start mix", bare(vendor=3, accessKey="LTAI"))],
    "tencent-key": [("start mix", bare(accessKey="AKIDz8")), ("start mix", bare(vendor=2, accessKey="AKID"))],
    "snapshots-need-video": [
        ("start individual", {**recording("individual", streamTypes=0)}),
    ],
    "snapshots-video-list": [("start individual", recording("individual", subscribeAudioUids=["1"]))],
    "deferred-files-policy": [
        ("start individual", without(DEFERRED, ("appsCollection",))),
        ("start individual", {**DEFERRED, "appsCollection": {}}),
        ("start individual", {**DEFERRED, "appsCollection": {"combinationPolicy": "default"}}),
    ],
    "sts-end-of-token": [("start mix", bare(stsExpiration=1893456000))],
    "sts-vendors": [("start mix", bare(vendor=vendor, region=0, stsToken="t")) for vendor in (5, 6, 7)],
    "s3-compatible-endpoint": [
        ("start mix", bare(vendor=11, region=0)),
        ("start mix", bare(vendor=11, region=0, extensionParams={})),
    ],
    "sse-vendor": [("start mix", bare(vendor=2, extensionParams={"sse": "kms"}))],
    "tag-vendors": [("start mix", bare(vendor=3, extensionParams={"tag": "t"}))],
    "s3-region": [("start mix", storage(region=17)), ("update mix", {"storageConfig": {**STORAGE, "region": 23}})],
    "alibaba-region": [("start mix", bare(vendor=2, region=28))],
    "tencent-region": [("start mix", bare(vendor=3, region=20))],
    "huawei-region": [("start mix", bare(vendor=7, region=16))],
    "baidu-region": [("start mix", bare(vendor=8, region=8))],
    "one-audio-list": [
        ("start mix", recording(subscribeAudioUids=["1"], unSubscribeAudioUids=["2"])),
        (
            "update mix",
            {"streamSubscribe": {"audioUidList": {"subscribeAudioUids": ["1"], "unSubscribeAudioUids": ["2"]}}},
        ),
    ],
    "one-video-list": [
        ("start mix", recording(subscribeVideoUids=["1"], unSubscribeVideoUids=["2"])),
        (
            "update individual",
            {"streamSubscribe": {"videoUidList": {"subscribeVideoUids": ["1"], "unSubscribeVideoUids": ["2"]}}},
        ),
    ],
    "audio-only-lists": [("start mix", recording(streamTypes=0, subscribeVideoUids=["1"]))],
    "video-only-lists": [("start mix", recording(streamTypes=1, unSubscribeAudioUids=["1"]))],
    "decryption-secret": [("start mix", recording(decryptionMode=1))],
    "decryption-salt": [("start mix", recording(decryptionMode=7, secret="s"))],
    "original-audio-only": [
        ("start individual", {**DEFERRED, "recordingConfig": {"channelType": 0, "streamMode": "original"}})
    ],
    "everyone-alone": [("start mix", recording(subscribeAudioUids=["#allstream#", "1"]))],
    "deferred-transcoding-format": [
        (
            "start individual",
            {
                **DEFERRED,
                "transcodeOptions": {
                    "transConfig": {"transMode": "postponeTranscoding"},
                    "container": {"format": "mp3"},
                },
            },
        )
    ],
    "deferred-mixing-format": [
        (
            "start individual",
            {
                **DEFERRED,
                "transcodeOptions": {"transConfig": {"transMode": "audioMix"}, "container": {"format": "mp4"}},
            },
        )
    ],
    "picture-size": [("start mix", picture(width=1920, height=1081)), ("start mix", picture(width=1920, height=1920))],
    "frame-rate": [("start mix", picture(fps=25))],
    "custom-layout-regions": [("start mix", picture(mixedVideoLayout=3)), ("updateLayout", {"mixedVideoLayout": 3})],
    "regions-custom-layout": [
        ("start mix", picture(layoutConfig=[REGION])),
        ("updateLayout", {"mixedVideoLayout": 1, "layoutConfig": [REGION]}),
    ],
    "region-on-canvas-x": [("updateLayout", {**LAYOUT, "layoutConfig": [{**REGION, "x_axis": 0.6}]})],
    "region-on-canvas-y": [("updateLayout", {**LAYOUT, "layoutConfig": [{**REGION, "y_axis": 0.1}]})],
    "mp4-needs-hls": [("start mix", {**MIX, "recordingFileConfig": {"avFileType": ["mp4"]}})],
    "one-web-recorder": [
        ("start web", {**WEB, "extensionServiceConfig": {"extensionServices": [PUSH]}}),
        ("start web", {**WEB, "extensionServiceConfig": {"extensionServices": [PAGE, PAGE]}}),
    ],
    "page-size": [("start web", page(videoWidth=1920, videoHeight=1081))],
}


# Requests that the service takes, of which something has no effect.
IGNORED: dict[str, tuple[str, Json]] = {
    "azure-region": ("start mix", bare(vendor=5, region=1)),
    "google-region": ("start mix", bare(vendor=6, region=1)),
    "s3-compatible-region": ("start mix", bare(vendor=11, region=1, extensionParams={"endpoint": "e"})),
    "stream-mode-in-mix": ("start mix", recording(streamMode="standard")),
    "secret-without-mode": ("start mix", recording(secret="s")),
    "salt-without-mode": ("start mix", recording(decryptionMode=6, secret="s", salt=SALT)),
    "mixed-sound": (
        "start individual",
        {
            **DEFERRED,
            "transcodeOptions": {"transConfig": {"transMode": "postponeTranscoding"}, "audio": {"channels": "1"}},
        },
    ),
    "mp3-is-sound": ("start raw", {**STARTS["raw"][1], "recordingFileConfig": {"avFileType": ["mp3"]}}),
    "overlap": ("updateLayout", {"mixedVideoLayout": 3, "layoutConfig": [REGION, {**REGION, "uid": "7"}]}),
}
# Where what they are about stands.
ABOUT = {"mixed-sound": "transcodeOptions", "mp3-is-sound": "", "overlap": "layoutConfig"}


def test_every_rule_between_fields_can_be_broken() -> None:
    """The tables above are of all of them."""
    assert set(BREAKS) | set(IGNORED) == {rule.name for rule in ACROSS}


@pytest.mark.parametrize("name", IGNORED)
def test_what_has_no_effect_is_noted_and_not_refused(name: str) -> None:
    """In the words of its rule, at the object that it is about."""
    call, body = IGNORED[name]
    assert problems(call, body) == []
    [note] = [note for note in notes(body, component(COMPONENTS[call])) if not note.is_withdrawn]
    [words] = {rule.words for rule in ACROSS if rule.name == name}
    assert note.words == words
    assert note.field == ABOUT.get(name, "storageConfig" if name.endswith("-region") else "recordingConfig")


@pytest.mark.parametrize("name", sorted({*COMPONENTS.values(), "StorageConfig", "TranscodingConfig", "AcquireRequest"}))
def test_every_rule_says_what_the_service_does(name: str) -> None:
    """Refuses, takes, allows or ignores: of every rule between fields, and of the keywords of our own."""
    for schema in below(component(name)):
        members = [member for member in schema.get("allOf", []) if "x-name" in member]
        own = [schema] if any(re.match("x-(max|named)-", word) for word in schema) and "x-name" in schema else []
        for rule in [*members, *own]:
            assert rule.get("x-service") in ("refuses", "takes", "allows", "ignores"), rule.get("x-name")


@each(("name", "call", "body"), [(name, *case) for name, some in BREAKS.items() for case in some])
def test_a_rule_between_fields_is_told(name: str, call: str, body: Json) -> None:
    """Broken alone, it is told of alone: by its name, in its own words, at the object that it is about."""
    [problem] = problems(call, body)
    assert problem.name == name
    assert problem.value
    meant = [rule for rule in ACROSS if rule.name == name and call in rule.calls]
    assert {rule.words for rule in meant} == {problem.rule}
    # Of a product the problem names the first of the fields.
    place = generic(problem.field)
    assert {place, place.rpartition(".")[0]} & {plain(rule.field) for rule in meant}


def test_all_broken_rules_at_once() -> None:
    """A request full of mistakes is told of all of them in one go."""
    body = {
        "storageConfig": {"vendor": 1, "region": 17, "bucket": "", "accessKey": "a", "stsExpiration": "soon"},
        "recordingConfig": {**RECORDING, "maxIdleTime": 1, "unSubscribeAudioUids": ["0"], "salt": "short"},
        "recordingFileConfig": {"avFileType": ["mp4"]},
    }
    assert sorted((problem.field, problem.name) for problem in problems("start mix", body)) == [
        ("recordingConfig", "one-audio-list"),
        ("recordingConfig.maxIdleTime", "range"),
        ("recordingConfig.salt", "salt"),
        ("recordingConfig.unSubscribeAudioUids[0]", "uid"),
        ("recordingFileConfig.avFileType", "mp4-needs-hls"),
        ("storageConfig", "s3-region"),
        ("storageConfig", "sts-end-of-token"),
        ("storageConfig.bucket", "length"),
        ("storageConfig.secretKey", "required"),
        ("storageConfig.stsExpiration", "type"),
    ]


WHOLE = {"x": 0, "y": 0, "width": 1, "height": 1}
NINE: Json = {"width": 9, "height": 9, "canvas": (16, 16)}
BUCKET = {"bucket": "recordings", "region": "us-east-1", "access_key": "AKIA", "secret_key": "hidden"}


@pytest.mark.parametrize(
    ("make", "name"),
    [
        pytest.param(lambda: only(), "count", id="only nobody"),
        pytest.param(lambda: only(1, 1), "user-once", id="only one twice"),
        pytest.param(lambda: for_start(nobody(), nobody()), "neither-medium", id="no medium"),
        pytest.param(lambda: for_start(everyone(), everyone(), stream_types=0), "medium-off", id="video that is off"),
        pytest.param(lambda: grid(99), "count", id="grid too large"),
        pytest.param(lambda: grid(4, columns=99), "range", id="columns"),
        pytest.param(lambda: speaker_with_strip(4, side="above"), "listed-value", id="side"),
        pytest.param(lambda: grid(2, gap=0.3333333), "visible", id="gap"),
        pytest.param(lambda: Custom([Region(**WHOLE), Region(**WHOLE)]), "overlap", id="regions"),
        pytest.param(lambda: Region.pixels(x=9, y=0, **NINE), "region-on-canvas-x", id="too far right"),
        pytest.param(lambda: Region.pixels(x=0, y=9, **NINE), "region-on-canvas-y", id="too far down"),
        pytest.param(lambda: Transcoding("9000p"), "listed-value", id="preset"),
        pytest.param(lambda: Transcoding("720p", width=16), "preset-or-size", id="preset and size"),
        pytest.param(lambda: Transcoding(width=16, height=16, portrait=True), "preset-or-size", id="size and portrait"),
        pytest.param(lambda: Transcoding(width=16), "required", id="width alone"),
        pytest.param(lambda: DeferredTranscoding("mp4", channels=1), "mixed-sound", id="channels"),
        pytest.param(lambda: Encryption("none", "a key"), "secret-without-mode", id="encryption"),
        pytest.param(lambda: S3(**BUCKET | {"region": "mars"}), "listed-value", id="region"),
        pytest.param(lambda: S3(**BUCKET | {"bucket": "a/b"}), "pattern", id="bucket"),
        pytest.param(lambda: explain(endpoint="begin"), "listed-value", id="endpoint"),
    ],
)  # fmt: skip
def test_what_values_tell(make: Callable[[], object], name: str) -> None:
    """What is wrong with a value is told with the name of the rule that it breaks, under which the rule is found."""
    with pytest.raises(InvalidRequestError) as caught:
        make()
    assert {problem.name for problem in caught.value.problems} == {name}
    assert any(rule.name == name for rule in matching([name]))


# ------------------------------------------------------------------------------------------- what JSON cannot carry


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (math.nan, ""), (math.inf, ""), (-math.inf, ""), (b"x", ""), ({1, 2}, ""), (object(), ""), ("\ud800", ""),
        (2**70, ""), ({"a": [1, {"b": b"x"}]}, "a[1].b"), ({"a": {1: 2}}, "a"), ({"\ud800": 1}, ""),
    ],
)  # fmt: skip
def test_what_json_has_not(value: Json, field: str) -> None:
    """What cannot be sent at all is told by its field, whatever else is checked or not."""
    [problem] = unsendable(value)
    assert (problem.field, problem.name) == (field, "json")
    assert str(problem).isprintable()


def test_what_json_has() -> None:
    """Everything else can be sent, in every depth that anybody needs."""
    assert unsendable({"a": [None, True, 1, 2**64 - 1, 1.5, "é", (), {"b": {}}]}) == []
    for call, bodies in REQUESTS.items():
        assert all(unsendable(body) == [] for body in bodies), call


def test_a_list_in_itself() -> None:
    """A value without an end is refused, and not walked for ever."""
    endless: list[Json] = []
    endless.append(endless)
    [problem] = unsendable(endless)
    assert "deep" in problem.rule


@pytest.mark.parametrize("value", ["\ud800", "a\udfff"])
@pytest.mark.parametrize("field", ["bucket", "accessKey"])
def test_half_a_surrogate_pair(field: str, value: str) -> None:
    """Text that has no bytes in UTF-8 is refused where anything else is accepted, and a secret is not shown."""
    [problem] = check({**STORAGE, field: value}, component("StorageConfig"))
    assert (problem.field, problem.name) == (field, "json")
    assert str(problem).isprintable()
    assert field == "bucket" or problem.value == "***"


def test_numbers_without_end() -> None:
    """A number of thousands of digits, which Python refuses to write, is refused in words."""
    [problem] = check({"width": 10**5000, "height": 2}, component("TranscodingConfig"))
    assert (problem.field, problem.name) == ("width", "json")


# ------------------------------------------------------------------------------------------- where they are listed


def test_the_page() -> None:
    """docs/rules.md and its Chinese twin are what ./scripts/rules makes today, and hold every rule."""
    for path, text in _rules_page.wanted().items():
        assert path.read_text(encoding="utf-8") == text
        assert all(f"`{name}`" in text for name in NAMES)
        assert all(f"| `{name}` |" in text.rpartition("\n## ")[2] for name in NAMES_OF_VALUES)


@pytest.mark.parametrize("is_stale", [False, True])
def test_checking_the_page(
    is_stale: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`scripts/rules --check` fails where the page is not what it would be; without it the page is made."""
    monkeypatch.setattr(_rules_page, "DOCS", tmp_path)
    assert _rules_page.main(["--check"]) == 1
    assert "./scripts/rules" in capsys.readouterr().err
    assert _rules_page.main([]) == 0
    if is_stale:
        (tmp_path / "rules.zh-CN.md").write_text("old", encoding="utf-8")
    assert _rules_page.main(["--check"]) == (1 if is_stale else 0)


def test_every_field_has_rules() -> None:
    """No field of a request is without: a type at the least, except for what is said of `start`."""
    fields = {plain(rule.field) for rule in rules()}
    for call, bodies in REQUESTS.items():
        for body in bodies:
            for field in fields_of(body):
                assert field in fields or field.startswith("startParameter"), (call, field)


def fields_of(node: Json, field: str = "") -> Iterator[str]:
    """Every field of a body."""
    if isinstance(node, dict):
        for name, inner in node.items():
            place = f"{field}.{name}".lstrip(".")
            yield place
            yield from fields_of(inner, place)
    elif isinstance(node, list):
        for inner in node:
            yield from fields_of(inner, f"{field}[]")


def test_every_call_has_rules() -> None:
    """Every call with arguments is spoken of, in each mode that it has."""
    calls = {call for rule in rules() for call in rule.calls}
    assert calls == {*REQUESTS, "query"}
    bodies = {item["post"]["operationId"] for item in document()["paths"].values() if "post" in item}
    assert {call.partition(" ")[0] for call in REQUESTS} == bodies


def test_matching() -> None:
    """Rules are found by words of their name, field, call and text; all words must be there."""
    assert {rule.name for rule in matching(["s3-region"])} == {"s3-region"}
    assert {rule.field for rule in matching(["MAXIDLETIME"])} == {"recordingConfig.maxIdleTime"}
    assert [rule.words for rule in matching(["avFileType", "individual", "entry"])] == ["must have at most 1 entry"]
    assert [rule.words for rule in matching(["preset-or-size"])] == [_words.OF_VALUES["preset-or-size"]]
    assert matching(["no such rule"]) == []
    assert matching([]) == [*rules(), *rules_of_values()]


def test_rules_of_values_in_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """They are found by `cloudrec rules` as all others are."""
    assert main(["rules", "preset-or-size"]) == 0
    head, *told = capsys.readouterr().out.splitlines()
    assert head == "values"
    assert " ".join(" ".join(told).split()) == f"preset-or-size {_words.OF_VALUES['preset-or-size']}"


def test_told_calls() -> None:
    """Modes are named where a rule is not for all of them."""
    assert told_calls(["start individual", "start mix", "start web", "start raw", "acquire"]) == "start, acquire"
    assert told_calls(["start individual", "update mix"]) == "start (individual), update (mix)"
