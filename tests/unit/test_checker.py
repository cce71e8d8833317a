"""The checker of requests says what the `jsonschema` package says, and says it in words."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings, strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from cloudrec._contract import checker
from cloudrec._contract.checker import ANNOTATIONS, ASSERTIONS, check, is_right
from cloudrec._contract.document import component, document, resolve
from cloudrec.emulator.service.json_schema import remembering
from tests.support import Json, each, examples, some_of

Found = Iterator[ValidationError]

# ------------------------------------------------------------------------------------------- jsonschema, extended


def is_number(_: Any, value: Json) -> bool:
    """A JSON number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def max_of_fields(combine: Any) -> Any:
    """The keywords x-max-product and x-max-sum."""

    def keyword(_: Any, limit: Json, value: Json, schema: Json) -> Found:
        # A field that is left out counts with its x-default.
        known = schema.get("properties", {})
        defaults = {name: known.get(name, {}).get("x-default") for name in limit["fields"]}
        numbers = [value.get(name, defaults[name]) for name in defaults] if isinstance(value, dict) else [None]
        # 0.7 + 0.3 is a little more than 1 to a computer.
        if all(is_number(None, number) for number in numbers) and combine(numbers) > limit["maximum"] + 1e-9:
            yield ValidationError("too much together")

    return keyword


def max_joined_length(_: Any, limit: int, value: Json, __: Json) -> Found:
    """The keyword x-max-joined-length."""
    strings = isinstance(value, list) and all(isinstance(item, str) for item in value)
    if strings and len("/".join(value) + "/") > limit:
        yield ValidationError("too long together")


def named_once(_: Any, by: Json, value: Json, __: Json) -> Found:
    """The keyword x-named-once."""
    items = value if isinstance(value, list) else []
    names = [item if by is True else item.get(by) for item in items if by is True or isinstance(item, dict)]
    if any(name in names[:place] for place, name in enumerate(names) if name is not None):
        yield ValidationError("named twice")


def min_bytes(_: Any, limit: int, value: Json, __: Json) -> Found:
    """`minLength` in bytes, as the service counts; JSON Schema counts characters."""
    if isinstance(value, str) and len(value.encode("utf-8", "surrogatepass")) < limit:
        yield ValidationError("too short")


def max_bytes(_: Any, limit: int, value: Json, __: Json) -> Found:
    """`maxLength` in bytes, as the service counts; JSON Schema counts characters."""
    if isinstance(value, str) and len(value.encode("utf-8", "surrogatepass")) > limit:
        yield ValidationError("too long")


def pattern(_: Any, expression: str, value: Json, __: Json) -> Found:
    """`pattern` with `$` as JSON Schema means it; the package lets Python's `re` accept a newline after the end."""
    if isinstance(value, str) and not re.search(expression.removesuffix("$") + r"\Z" * expression.endswith("$"), value):
        yield ValidationError("not so")


Reference = remembering(
    extend(
        Draft202012Validator,
        {
            "x-max-product": max_of_fields(math.prod),
            "x-max-sum": max_of_fields(sum),
            "x-max-joined-length": max_joined_length,
            "x-named-once": named_once,
            "minLength": min_bytes,
            "maxLength": max_bytes,
            "pattern": pattern,
        },
        # 3.0 is an integer to JSON Schema. On the wire it would be `3.0`, of which nobody knows what the service makes.
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
            "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
        ),
    )
)


@cache
def reference(name: str) -> Any:
    """A validator of the component of that name."""
    return Reference(spelt_out(component(name)))


def spelt_out(node: Json) -> Json:
    """A schema with what it refers to in its place: `jsonschema` is slow with references.

    Without the rules about what has no effect, which are no mistakes.
    """
    if isinstance(node, list):
        return [spelt_out(item) for item in node if not (isinstance(item, dict) and item.get("x-service") == "ignores")]
    if not isinstance(node, dict):
        return node
    return {name: spelt_out(item) for name, item in resolve(node).items()}


# ------------------------------------------------------------------------------------------- which components

BODIES = ("AcquireRequest", "StartRequest", "UpdateRequest", "UpdateLayoutRequest", "StopRequest")
PATH = ("AppId", "ResourceId", "Sid", "Mode", "RtcChannelName")


def below(schema: Json) -> Iterator[Json]:
    """A schema and every schema in it, references not followed."""
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword in ("properties",):
        for inner in schema.get(keyword, {}).values():
            yield from below(inner)
    for keyword in ("allOf", "anyOf"):
        for inner in schema.get(keyword, []):
            yield from below(inner)
    for keyword in ("items", "contains", "not", "if", "then", "else"):
        yield from below(schema.get(keyword))


def reached(*names: str) -> list[str]:
    """These components and all that they refer to."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += [inner["$ref"].rpartition("/")[2] for inner in below(component(name)) if "$ref" in inner]
    return list(found)


COMPONENTS = reached(*BODIES, *PATH)


# ------------------------------------------------------------------------------------------- bodies of all sorts

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-(2.0**126), 2.0**126, width=32)
    | st.sampled_from(["", "0", "1", "hls", "mp4", "#allstream#", "web_recorder_service", "é" * 40, "a\n"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["url", "uid", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)
UIDS = st.sampled_from(["1", "527841", "999999999", "4294967295", "4294967296", "0", "007", "-1", "1\n", "١", " 1", ""])
FRACTIONS = st.sampled_from([0, 0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1, 1.0, -0.1, 1.1, 0.7000001])


class Unprinted(dict[str, Any]):
    """A schema without its text: hypothesis writes down what the strategies are of whose values it gives up."""

    def __repr__(self) -> str:
        return "a schema"


@st.composite
def body(draw: st.DrawFn, schema: Json, wild: bool = True) -> Json:
    """A value that is often what the schema asks for, and often at the edge of it; `wild`: now and then not at all."""
    schema = resolve(schema)
    if wild and draw(st.integers(0, 24)) == 0:
        return draw(ANY_JSON)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    if "anyOf" in schema:
        return draw(body(draw(st.sampled_from(schema["anyOf"])), wild))
    match schema["type"]:
        case "boolean":
            return draw(st.booleans())
        case "integer":
            low, high = schema.get("minimum", 0), schema.get("maximum", 4000)
            edges = [low, high, low + 1, 1080, 1920] + ([low - 1, high + 1] if wild else [])
            return draw(st.sampled_from(edges) | st.integers(low, high))
        case "number":
            return draw(FRACTIONS if wild else st.sampled_from([0, 0.1, 0.3, 0.5, 0.7, 1]))
        case "string":
            return draw(strings(schema, wild))
        case "array":
            most = schema.get("maxItems", 3) + (1 if wild else 0)
            low = 0 if wild else schema.get("minItems", 0)
            items = draw(st.lists(body(schema["items"], wild), min_size=low, max_size=min(most, 3)))
            if wild and items and draw(st.integers(0, 9)) == 0:
                return items * most
            return items
    names = list(schema["properties"])
    needed = schema.get("required", [])
    chosen = [name for name in names if name in needed or draw(st.booleans())]
    value = {name: draw(body(schema["properties"][name], wild)) for name in chosen}
    if wild and draw(st.integers(0, 9)) == 0:
        value["x"] = draw(ANY_JSON)
    if wild and value and draw(st.integers(0, 9)) == 0:
        del value[draw(st.sampled_from(sorted(value)))]
    return value


def strings(schema: Json, wild: bool) -> st.SearchStrategy[str]:
    """Strings for a schema: right, at the edge, and (wild) wrong."""
    if "1-9" in schema.get("pattern", ""):
        return UIDS if wild else st.sampled_from(["1", "4294967295"])
    right = st.from_regex(schema["pattern"]) if "pattern" in schema else st.sampled_from(["a", "ab", "x" * 64])
    if not wild:
        return right.filter(lambda value: not value.endswith("\n"))
    return right | st.sampled_from(["", "a", "a" * 64, "a" * 65, "é" * 32, "é" * 33, "x" * 127, "x" * 128, "a/b", ".."])


@st.composite
def spoiled(draw: st.DrawFn, schema: Json) -> Json:
    """A value as the schema asks for it, with one thing changed somewhere in it."""
    value = draw(body(schema, wild=False))
    places = [()]
    walk: list[tuple[Any, tuple[Any, ...]]] = [(value, ())]
    while walk:
        node, place = walk.pop()
        inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, item in inner:
            places.append((*place, key))
            walk.append((item, (*place, key)))
    place = draw(st.sampled_from(places))
    if not place:
        return draw(ANY_JSON)
    parent = value
    for key in place[:-1]:
        parent = parent[key]
    old = parent[place[-1]]
    if isinstance(old, bool):
        parent[place[-1]] = draw(st.sampled_from([0, 1, "true", None]))
    elif isinstance(old, int):
        parent[place[-1]] = draw(
            st.sampled_from([old + 1, old - 1, float(old), str(old), bool(old), -old, old * 10**9])
        )
    elif isinstance(old, list):
        parent[place[-1]] = draw(st.sampled_from([[], old * 2, old * 33, {}, None, [old]]))
    elif isinstance(parent, dict) and draw(st.booleans()):
        del parent[place[-1]]
    else:
        parent[place[-1]] = draw(ANY_JSON)
    return value


def agree(name: str, value: Json) -> None:
    """The checker and the reference judge a value alike, and the checker has words for what it refuses."""
    problems = check(value, component(name))
    judge = reference(name)
    assert bool(problems) != judge.is_valid(value), (value, list(map(str, problems)), [*judge.iter_errors(value)])
    for problem in problems:
        assert problem.rule
        assert problem.value
        assert len(problem.value) <= 400


# ------------------------------------------------------------------------------------------- tests


@pytest.mark.parametrize("name", COMPONENTS)
def test_known_keywords(name: str) -> None:
    """Request schemas use no keyword that the checker would pass over."""
    for schema in below(component(name)):
        assert set(schema) <= ANNOTATIONS | ASSERTIONS


@pytest.mark.parametrize("name", COMPONENTS)
def test_rules_have_words(name: str) -> None:
    """Every pattern has its rule in words, and every rule across fields a description: messages show those."""
    for schema in below(component(name)):
        assert "pattern" not in schema or "x-rule" in schema
        assert all("description" in member for member in schema.get("allOf", []))


@pytest.mark.parametrize("name", COMPONENTS)
def test_agrees_with_jsonschema(name: str) -> None:
    """On bodies of all sorts (right ones, ones at the edge, ones wrong in one place, any JSON) both judge alike."""
    schema = Unprinted(component(name))
    many = 60 if name in BODIES or name.endswith("ClientRequest") else 20

    @examples(many, suppress_health_check=list(HealthCheck))
    @given(st.one_of(body(schema), body(schema, wild=False), spoiled(schema), ANY_JSON))
    def judged_alike(value: Json) -> None:
        agree(name, value)

    judged_alike()


# Accepted bodies with nearly every field, to be spoiled one place at a time.
STORAGE = {
    "vendor": 1, "region": 25, "bucket": "b", "accessKey": "a", "secretKey": "s", "stsToken": "t", "stsExpiration": 5,
    "fileNamePrefix": ["a" * 63, "b" * 63], "extensionParams": {"sse": "kms", "tag": "t"},
}  # fmt: skip
# Where the one above would be spoiled once more.
SHORT = {"vendor": 1, "region": 0, "bucket": "b", "accessKey": "a", "secretKey": "s"}
SUBSCRIPTIONS = {"subscribeAudioUids": ["#allstream#"], "subscribeVideoUids": ["1", "4294967295"]}
ENCRYPTION = {"decryptionMode": 8, "secret": "s", "salt": "c2FsdA" * 7 + "s="}
REGIONS = [
    {"uid": "7", "x_axis": 0.3, "y_axis": 0.7, "width": 0.7, "height": 0.3, "alpha": 1, "render_mode": 1},
    {"x_axis": 0, "y_axis": 0.0, "width": 1, "height": 1.0},
]
LAYOUT = {
    "mixedVideoLayout": 3, "layoutConfig": REGIONS, "maxResolutionUid": "1", "backgroundColor": "#FF00aa",
    "backgroundImage": "https://x", "backgroundConfig": [{"uid": "1", "image_url": "http://x", "render_mode": 0}],
}  # fmt: skip
PAGE = {
    "serviceName": "web_recorder_service", "errorHandlePolicy": "error_abort",
    "serviceParam": {
        "url": "https://x", "audioProfile": 2, "videoWidth": 1920, "videoHeight": 1080, "maxRecordingHour": 720,
        "videoBitrate": 1, "videoFps": 60, "mobile": True, "maxVideoDuration": 30, "onhold": False, "readyTimeout": 0,
    },
}  # fmt: skip
PUSH = {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": "rtmp://x"}]}}
RICH: dict[str, tuple[str, Json]] = {
    "acquire": ("AcquireClientRequest", {
        "scene": 2, "resourceExpiredHour": 720, "excludeResourceIds": ["a"], "region": "EU",
    }),
    "individual": ("IndividualStartClientRequest", {
        "storageConfig": STORAGE,
        "recordingConfig": {"channelType": 1, "streamTypes": 2, "streamMode": "standard", "maxIdleTime": 5,
                            "subscribeUidGroup": 5, **SUBSCRIPTIONS, **ENCRYPTION},
        "recordingFileConfig": {"avFileType": ["hls"]},
        "snapshotConfig": {"captureInterval": 3600, "fileType": ["jpg"]},
    }),
    "original audio": ("IndividualStartClientRequest", {
        "storageConfig": STORAGE | {"vendor": 11, "region": 0, "extensionParams": {"endpoint": "e"}, "stsToken": "t"},
        "recordingConfig": {
            "channelType": 0, "streamTypes": 0, "streamMode": "original", "unSubscribeAudioUids": ["1"],
        },
        "appsCollection": {"combinationPolicy": "postpone_transcoding"},
        "transcodeOptions": {"transConfig": {"transMode": "audioMix"}, "container": {"format": "mp3"},
                             "audio": {"sampleRate": "48000", "bitrate": "48000", "channels": "2"}},
    }),
    "mix": ("MixStartClientRequest", {
        "token": "t", "storageConfig": SHORT,
        "recordingConfig": {"channelType": 0, "audioProfile": 2, "videoStreamType": 1, "privateParams": "{}",
                            **SUBSCRIPTIONS, "transcodingConfig": {"width": 1080, "height": 1920, "fps": 60,
                                                                   "bitrate": 1, **LAYOUT}},
        "recordingFileConfig": {"avFileType": ["hls", "mp4"]},
    }),
    "web": ("WebStartClientRequest", {
        "token": "t", "storageConfig": SHORT, "recordingFileConfig": {"avFileType": ["mp4", "hls"]},
        "extensionServiceConfig": {
            "apiVersion": "v1", "errorHandlePolicy": "error_abort", "extensionServices": [PUSH, PAGE],
        },
    }),
    "update": ("MixUpdateClientRequest", {"streamSubscribe": {
        "audioUidList": {"subscribeAudioUids": ["1"]}, "videoUidList": {"unSubscribeVideoUids": ["2"]}}}),
    "update web": ("WebUpdateClientRequest", {
        "webRecordingConfig": {"onhold": True}, "rtmpPublishConfig": {"outputs": [{"rtmpUrl": "rtmps://x"}]}}),
    "layout": ("UpdateLayoutClientRequest", LAYOUT),
    "whole acquire": ("AcquireRequest", {"cname": "a b", "uid": "1", "clientRequest": {"scene": 0}}),
    "whole acquire of a page": ("AcquireRequest", {"cname": "课程/1", "uid": "1", "clientRequest": {"scene": 1}}),
    "whole start": ("StartRequest", {
        "cname": "c", "uid": "1", "clientRequest": {"storageConfig": STORAGE, "extensionServiceConfig": {
            "extensionServices": [PAGE]}}}),
    "whole stop": ("StopRequest", {"cname": "c", "uid": "1", "clientRequest": {"async_stop": True}}),
}  # fmt: skip
WORDS = [
    "",
    "a",
    "x" * 64,
    "x" * 65,
    "é" * 32,
    "é" * 512,
    "é" * 513,
    "a/b",
    "..",
    "0",
    "1",
    "1\n",
    "hls",
    "mp4",
    "kms",
    "CN",
]
WORDS += ["#allstream#", "#FFFFFF", "original", "web_recorder_service", "rtmp_publish_service", "https://x"]
NUMBERS = [*range(-1, 12), 17, 30, 61, 720, 721, 1921, 3601, 2592001, 0.5, 1.0, 1.5, -0.5]
OTHERS = [*WORDS, *NUMBERS, True, False, None, [], {}, [1], ["1"], {"x": 1}]


def changed(value: Json, turns: Iterator[int], depth: int = 99) -> Iterator[Json]:
    """The value with one thing changed in it, in every place that is no deeper and in many ways.

    Others in each place, in turn; the edges of the rules of each field are in test_rules_agree.py, too.
    """
    yield from some_of(OTHERS, next(turns), 3)
    if not depth:
        return
    if isinstance(value, dict):
        yield value | {"x": 1}
        for name, inner in value.items():
            yield {key: item for key, item in value.items() if key != name}
            yield from (value | {name: other} for other in changed(inner, turns, depth - 1))
    elif isinstance(value, list):
        yield value * 2
        yield (value * 40)[:32]
        yield (value * 40)[:33]
        for place, inner in enumerate(value):
            yield value[:place] + value[place + 1 :]
            yield from ([*value[:place], other, *value[place + 1 :]] for other in changed(inner, turns, depth - 1))


@pytest.mark.parametrize("case", RICH)
def test_agrees_in_every_place(case: str) -> None:
    """A rich body is spoiled in every place in many ways, and both judge each of them alike."""
    name, good = RICH[case]
    judge = reference(name)
    if case != "original audio":
        assert check(good, component(name)) == []
    else:
        # Vendor 11 with a stsToken: one rule is broken, so that mending it is among the changes.
        assert len(check(good, component(name))) == 1
    # What a clientRequest is of is spoiled where it stands alone; here, what stands beside it, and it as a whole.
    for value in changed(good, count(), 2 if case.startswith("whole") else 99):
        assert (check(value, component(name)) == []) == judge.is_valid(value), value


@pytest.mark.parametrize("case", RICH)
def test_the_quick_verdict_is_that_of_the_words(case: str) -> None:
    """Also of each rule between fields, whichever value it is asked about."""
    name, value = RICH[case]
    # Each once: many stand in several places, word for word.
    schemas = {json.dumps(part): part for part in below(component(name)) if isinstance(part, dict) and part}
    for wrong in itertools.chain([value], changed(value, count(), 1)):
        for schema in schemas.values():
            assert is_right(wrong, schema) == (not checker._problems(wrong, schema, "")), (wrong, schema)


@each(
    "schema",
    [{"type": "boolean", "not": {"const": True}}, {"type": "object", "const": "a"}, {"type": "number", "minimum": 1},
     {"type": "number", "minimum": 1, "maximum": 2}, {"enum": [1, "a", True]}, {"enum": ["a", "bc"], "minLength": 2},
     {"minimum": 1, "items": {"const": 1}}, {"maxLength": 1, "required": ["a"]}, {"dependentRequired": {"a": ["b"]}},
     {"type": "integer"}, {"if": {"const": 1}, "else": {"const": "a"}}, {"anyOf": [{"const": 1}, {"required": ["a"]}]},
     {"x-max-sum": {"fields": ["a", "b"], "maximum": 1}, "properties": {"a": {"x-default": 1}}}, {}],
)  # fmt: skip
def test_the_quick_verdict_of_odd_schemas(schema: Json) -> None:
    """What the contract does not have today, too."""
    values = [True, False, 0, 1, 2, 1.5, math.nan, math.inf, 2**64 - 1, 2**64, -(2**64), "", "a", "bc", "é", None, [1],
              [2], (1,), {}, {"a": 1}, {"a": 0, "b": 1}, {"a": 0, "b": 2}, {"a": 0.7, "b": 0.30000000000000004},
              {"b": 0}, {"a": True, "b": 9}, *IntEnum("Number", {"ONE": 1})]  # fmt: skip
    for value in values:
        words = [str(problem) for problem in checker._problems(value, schema, "")]
        assert is_right(value, schema) == (not words), (value, words)


def test_a_right_start_is_not_read_by_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which take ten times as long."""
    storage = {"vendor": 1, "region": 7, "bucket": "lessons", "accessKey": "AK", "secretKey": "SK"}
    picture = {"width": 1280, "height": 720, "fps": 15, "bitrate": 2000}
    request = {"storageConfig": storage, "recordingConfig": {"channelType": 1, "transcodingConfig": picture}}
    monkeypatch.setattr(checker, "_problems", pytest.fail)
    assert check(request, component("MixStartClientRequest")) == []
    assert list(checker.notes(request, component("MixStartClientRequest"))) == []


@pytest.mark.parametrize("name", BODIES)
def test_bodies_reach_both_verdicts(name: str) -> None:
    """The bodies of the test above hold accepted ones that are not the smallest, and refused ones."""
    schema = component(name)
    judge = reference(name)
    # That there is one is enough; the smallest is not looked for.
    quiet = settings(
        max_examples=5000,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
    find(body(schema, wild=False), lambda value: bool(value["clientRequest"]) and judge.is_valid(value), settings=quiet)
    find(spoiled(schema), lambda value: not judge.is_valid(value), settings=quiet)


@pytest.mark.parametrize("operation", ["acquire", "start", "update", "updateLayout", "stop"])
def test_accepts_the_documents_examples(operation: str) -> None:
    """What the document shows as a request is accepted."""
    [post] = [
        item["post"] for item in document()["paths"].values() if item.get("post", {}).get("operationId") == operation
    ]
    content = post["requestBody"]["content"]["application/json"]
    for example in content["examples"].values():
        assert check(example["value"], content["schema"]) == []


@given(st.integers(-(2**33), 2**34) | st.sampled_from([0, 1, 2**32 - 1, 2**32]))
def test_uid_pattern_is_the_range(number: int) -> None:
    """The pattern of a uid accepts the decimal strings of 1 to 2^32 − 1 and no other number."""
    assert (check(str(number), component("RecorderUid")) == []) == (1 <= number <= 2**32 - 1)
    assert (check(str(number), component("UserUid")) == []) == (1 <= number <= 2**32 - 1)


def test_defaults_count() -> None:
    """A field that is left out counts with its default: what is too large with that is told of all the same."""
    schema = component("TranscodingConfig")
    fields = {
        name: {**field, "maximum": 10**6} for name, field in schema["properties"].items() if name in ("width", "height")
    }
    schema = {**schema, "properties": fields}
    assert check({"width": 3240}, schema) == []
    [problem] = check({"width": 3241}, schema)
    assert problem.rule == "width × height must be at most 2073600"


def test_rounding_of_fractions() -> None:
    """Regions that tile the canvas pass although their binary fractions add up to a little more than 1."""
    region = {"x_axis": 0.9, "y_axis": 0.7, "width": 0.1, "height": 0.30000000000000004}
    assert check(region, component("LayoutRegion")) == []
    told = check(region | {"width": 0.1001}, component("LayoutRegion"))
    assert [str(problem) for problem in told] == [
        "x_axis: x_axis=0.9, width=0.1001 (x_axis + width is at most 1, so that the region stays on the canvas)"
    ]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_has_not(value: float) -> None:
    """NaN and the infinities, which JSON cannot carry, are refused wherever there is a range."""
    region = {"x_axis": 0, "y_axis": 0, "width": value, "height": 1}
    assert check(region, component("LayoutRegion"))


def test_values_that_cannot_be_written() -> None:
    endless: list[object] = []
    endless += [endless, endless]
    for wrong in (10**5000, endless, {"x": endless}):
        (problem,) = check(wrong, component("UserUid"))
        assert len(problem.value) <= 80
