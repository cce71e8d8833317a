"""A problem names what the caller wrote: an argument, the attribute of a value, the key of a dict, for every field."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest

import cloudrec
from cloudrec import (
    S3,
    CdnPush,
    CloudRecording,
    DeferredTranscoding,
    Encryption,
    Floating,
    IndividualRecipe,
    InvalidRequestError,
    MixRecipe,
    Region,
    Snapshots,
    Transcoding,
    Vertical,
    WebPage,
    WebRecipe,
)
from cloudrec._contract.document import component, operations
from cloudrec._recording.arguments import argument_of
from cloudrec.errors import Problem
from cloudrec_api import models
from cloudrec_api.types import UNSET
from tests.support import BASE_URL, CNAME, CREDENTIAL, PAGE, RESOURCE_ID, SID, STORAGE, UID, each

APP_ID = "0123456789abcdef0123456789abcdef"
_PART = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
WRONG = object()


def found(problem: Problem, written: Mapping[str, Any]) -> Any:
    """What stands where the problem says, in what was written; KeyError or AttributeError where nothing does."""
    value: Any = written
    for name, place in _PART.findall(problem.argument):
        value = value[int(place)] if place else value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value


class Case(NamedTuple):
    """A call with one wrong field, in one of the ways in which it can be written."""

    call: Callable[[CloudRecording, dict[str, Any]], Any]
    written: dict[str, Any]
    endpoint: str = ""
    mode: str = ""

    def problems(self) -> tuple[Problem, ...]:
        with CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL) as client, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pytest.raises(InvalidRequestError) as caught:
                self.call(client, self.written)
        assert len(str(caught.value)) <= 200
        return caught.value.problems


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = component(schema["$ref"].rpartition("/")[2])
    return schema


def model_of(name: str, field: str, value: Any) -> Any:
    """The generated model of that component with one field, and the others not said."""
    kind = getattr(models, name)
    arguments = {
        attribute.name: UNSET for attribute in kind.__attrs_attrs__ if attribute.name != "additional_properties"
    }
    return kind(**{**arguments, snake(field): value})


CALLS: dict[str, Callable[[Any, str], Callable[..., Any]]] = {
    "acquire": lambda client, mode: lambda **written: getattr(client, mode).acquire(CNAME, UID, **written),
    "start": lambda client, mode: lambda **written: getattr(client, mode).start(RESOURCE_ID, CNAME, UID, **written),
    "update": lambda client, mode: lambda **written: getattr(client, mode).update(
        RESOURCE_ID, SID, CNAME, UID, **written
    ),
    "updateLayout": lambda client, mode: lambda **written: getattr(client, mode).update_layout(
        RESOURCE_ID, SID, CNAME, UID, **written
    ),
}  # fmt: skip


def needed(endpoint: str, mode: str) -> dict[str, Any]:
    if endpoint != "start":
        return {}
    return {"storage_config": STORAGE, **({"extension_service_config": PAGE} if mode == "web" else {})}


def cases() -> Iterator[Any]:
    """Every field of every call: as the argument itself, and as a part of it, in a dict and in a model."""
    for endpoint, called in CALLS.items():
        for mode, name in operations()[endpoint].client_requests.items() if endpoint != "acquire" else [("mix", "")]:
            schema = component(name or "AcquireClientRequest")

            def call(
                client: CloudRecording,
                written: dict[str, Any],
                called: Any = called,
                endpoint: str = endpoint,
                mode: str = mode,
            ) -> Any:
                return called(client, mode)(**{**needed(endpoint, mode), **written})

            for field, inner in schema["properties"].items():
                if field in {"scene", "startParameter"}:
                    continue
                argument, whole = snake(field), resolved(inner)
                yield Case(call, {argument: WRONG}, endpoint, mode)
                for part in whole.get("properties", {}):
                    yield Case(call, {argument: {part: WRONG}}, endpoint, mode)
                    component_name = inner.get("$ref", "").rpartition("/")[2]
                    if component_name and "properties" not in resolved(whole["properties"][part]):
                        made = model_of(component_name, part, b"wrong")
                        yield Case(call, {argument: made}, endpoint, mode)


@each("case", cases())
def test_every_field_is_named_as_it_was_written(case: Case) -> None:
    """What is named can be followed in what was written, to what is wrong there, or to where it is missing."""
    seen = set()
    for problem in case.problems():
        if problem.value == "missing":
            continue
        try:
            seen.add(id(found(problem, case.written)))
        except (KeyError, AttributeError) as error:  # pragma: no cover
            pytest.fail(f"{problem.argument} is not in what was written: {error!r}")
    [value] = case.written.values()
    if isinstance(value, dict):
        [value] = value.values()
    elif hasattr(value, "__attrs_attrs__"):
        [value] = [each for each in (getattr(value, a.name) for a in value.__attrs_attrs__) if each not in (UNSET, {})]
    assert id(value) in seen


def told(use: Callable[[CloudRecording], Any]) -> list[str]:
    """The arguments that are named."""
    return [problem.argument for problem in Case(lambda client, _: use(client), {}).problems()]


WRONG_REGION = models.StorageConfig(vendor=1, region=-1, bucket="lessons", access_key="AK", secret_key="SK")
TOO_FEW = {"captureInterval": 4_000, "fileType": ["jpg"]}
STORE = S3("lessons", "eu-central-1", "AK", "SK")


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ({"recording_config": {"channelType": 1, "maxIdleTime": 1}}, "recording_config.maxIdleTime"),
        ({"recording_config": models.MixRecordingConfig(max_idle_time=1)}, "recording_config.max_idle_time"),
        ({"max_idle_time": 1}, "max_idle_time"),
        ({"layout": {"mixedVideoLayout": 9}}, "layout.mixedVideoLayout"),
        ({"layout": "mosaic"}, "layout"),
        ({"transcoding": {"width": 360, "height": 640, "bitrate": "x"}}, "transcoding.bitrate"),
        ({"files": ["mp4"]}, "files"),
        ({"files": ["hls", "avi"]}, "files[1]"),
        ({"files": "avi"}, "files"),
        ({"storage": {**STORAGE, "accessKey": 7}}, "storage.accessKey"),
        ({"storage": WRONG_REGION}, "storage.region"),
        ({"channel_type": 7}, "channel_type"),
        ({"region": "XX"}, "region"),
        ({"resource_expired_hour": 0}, "resource_expired_hour"),
        ({"encryption": {"decryptionMode": 99}}, "encryption.decryptionMode"),
    ],
)  # fmt: skip
def test_record(written: dict[str, Any], named: str) -> None:
    """What `record` and a recipe take, in words, as a whole, as a value or as a dict."""
    whole = {"storage": STORE, **written}
    assert told(lambda client: client.mix.record(CNAME, **whole))[0] == named
    with pytest.raises(InvalidRequestError) as caught:
        MixRecipe(**whole)
    assert caught.value.problems[0].argument == named


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Snapshots(4_000), "interval"),
        (lambda: Encryption("aes-999", "key"), "mode"),
        (lambda: Transcoding("720p", bitrate=0), "bitrate"),
        (lambda: DeferredTranscoding("avi"), "format"),
        (lambda: DeferredTranscoding("mp3", sample_rate=7), "sample_rate"),
        (lambda: WebPage("https://example.com", width=9), "width"),
        (lambda: WebPage("https://example.com", start_paused=1), "start_paused"),  # type: ignore[arg-type]
        (lambda: WebPage("https://example.com", fps=1), "fps"),
        (lambda: CdnPush("ftp://example.com"), "urls[0]"),
        (lambda: Floating(background_color="red"), "background_color"),
        (lambda: Vertical("nobody"), "max_resolution_uid"),
        (lambda: Region(x=2, y=0, width=1, height=1), "x"),
        (lambda: cloudrec.Custom([{"x_axis": 2, "y_axis": 0, "width": 1, "height": 1}]), "regions[0].x_axis"),
        (lambda: Snapshots.from_dict(TOO_FEW), "captureInterval"),
        (lambda: IndividualRecipe(storage=STORE, snapshots=TOO_FEW), "snapshots.captureInterval"),
        (lambda: WebRecipe({"url": 7}, storage=STORE, max_recording_hour=1), "page.url"),
        (lambda: WebRecipe("https://example.com", storage=STORE, max_recording_hour=0), "max_recording_hour"),
        (lambda: WebRecipe("https://example.com", storage=STORE, max_recording_hour=1, push_to=["ftp://x"]), "push_to"),
    ],
)  # fmt: skip
def test_values(make: Callable[[], Any], named: str) -> None:
    """A value names what it was made with; what was read from the wire, the wire's names."""
    with pytest.raises(InvalidRequestError) as caught:
        make()
    problem = caught.value.problems[0]
    assert (problem.argument or problem.field) == named
    assert named in str(caught.value)
    assert len(str(caught.value)) <= 200


@pytest.mark.parametrize(
    ("field", "written", "named"),
    [
        ("appsCollection", {}, "deferred_transcoding.appsCollection"),
        ("recordingConfig", {}, "recording_config"),
        ("recordingConfig.subscribeAudioUids[0]", {"audio": ["101"]}, "audio"),
        ("recordingConfig.unSubscribeVideoUids", {}, "video"),
        ("extensionServiceConfig.extensionServices[0].serviceParam.url", {"page": "https://x"}, "page"),
        ("extensionServiceConfig.extensionServices[0].serviceParam.url", {"page": {"url": ""}}, "page.url"),
    ],
)  # fmt: skip
def test_fields_that_arguments_of_other_names_become(field: str, written: dict[str, Any], named: str) -> None:
    """Also where a value has checked itself before, so that the whole request has no such problem."""
    assert argument_of(field, written) == named


@pytest.mark.parametrize(
    ("wrong", "argument", "told"),
    [
        ({"layout": {"mixed_video_layout": 1}}, "layout.mixed_video_layout", "; layout takes backgroundColor, "),
        ({"transcoding": {"Width": 1}}, "transcoding.Width", "; transcoding takes backgroundColor, "),
        ({"storage": {**STORAGE, "access_key": "a"}}, "storage.access_key", "; storage takes accessKey, "),
    ],
)
def test_what_takes_no_such_field_is_what_was_written_around_it(
    wrong: dict[str, Any], argument: str, told: str
) -> None:
    """And the names that it takes are those of a dict's keys, since a dict was written."""
    given: dict[str, Any] = {"storage": STORAGE, **wrong}
    with CloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL) as client, pytest.raises(InvalidRequestError) as caught:
        client.mix.record(CNAME, **given)
    [problem] = caught.value.problems
    assert problem.argument == argument
    assert told in problem.rule


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Encryption(mode=7, secret="x"), "mode: mode=7 (mode 7 and 8 need salt)"),
        (lambda: S3("lessons", 7, "LTAIx", "s"), "access_key: access_key=***, vendor=1 (an access_key that begins "),
    ],
)
def test_the_rule_of_a_value_speaks_of_its_attributes(make: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        make()
    [problem] = caught.value.problems
    assert told in str(problem).replace(f" ({problem.field})", "")
