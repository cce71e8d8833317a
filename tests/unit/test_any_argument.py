"""Whatever is given for any argument of anything public: what is raised is of our tree, or nothing is.

`CALLED` names every function, every class to be made and every method, each with arguments that are right; one test
holds the table complete. Each argument in turn is then every one of `VALUES`.
"""

from __future__ import annotations

import inspect
import json
import math
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, is_typeddict

import httpx
import pytest

import cloudrec
from cloudrec import (
    AccessToken,
    AsyncCloudRecording,
    CloudRecording,
    CloudRecordingError,
    RateLimit,
    RecordingEnded,
    Retry,
    SQLiteRateLimit,
    Timeouts,
    files,
    layouts,
    storage,
    subscriptions,
    values,
    webhooks,
)
from cloudrec._recording import options
from cloudrec.webhooks import Deduplicator, MemoryStore, Ordered
from cloudrec.webhooks.servers import asgi, wsgi
from cloudrec_api.views import View
from tests.support import APP_ID, BASE_URL, CNAME, CREDENTIAL, PAGE, RESOURCE_ID, SID, STORAGE, UID, some_of

# What is taken and has no effect, or was withdrawn, is warned of.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::cloudrec.RequestWarning"),
]

VALUES: list[Any] = [
    0, -1, 1e9, 1e10, 1e308, math.nan, math.inf, -math.inf, 10**400, -(10**5000), True, "x", "", None, [[]], {},
    object(), lambda *_: math.nan,
]  # fmt: skip
IDS = {"resource_id": RESOURCE_ID, "sid": SID, "cname": CNAME, "uid": UID}
HANDLE: dict[str, Any] = {
    "version": 1, "app_id": APP_ID, "mode": "mix", **IDS, "started_at": 1.0, "resource_expired_hour": 72,
    "max_idle_time": 300, "max_recording_hour": None, "prefix": [], "files": ["hls"], "uids": [], "stream_types": 2,
    "kinds": [],
}  # fmt: skip
SECRET = "secret"


class Called(NamedTuple):
    """One thing that is called: how, with what at the least, and whose signature says what else."""

    use: Callable[..., Any]
    right: Mapping[str, Any] = {}
    of: Callable[..., Any] | None = None

    @property
    def arguments(self) -> list[str]:
        kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
        found = inspect.signature(self.of or self.use).parameters.values()
        names = [item.name for item in found if item.kind not in kinds and item.name != "self"]
        unpacked = re.findall(r"Unpack\[(\w+)\]", " ".join(str(item.annotation) for item in found))
        return [*names, *(name for kind in unpacked for name in getattr(options, kind).__annotations__)]


class Time:
    """A clock that waiting moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


FOUND = {"resourceId": RESOURCE_ID, "sid": SID, "serverResponse": {"status": 5, "uploadingStatus": "uploaded"}}
ANSWER = json.dumps(FOUND).encode()


class Answering(httpx.Client):
    """A success of every call, at once: what httpx does with a request takes as long as all that is done here."""

    def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        return httpx.Response(200, content=ANSWER, request=request)


HTTP_CLIENT = Answering(transport=httpx.MockTransport(lambda _: httpx.Response(500)))
CLIENTS: list[CloudRecording] = []
OVER = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(404, json={"code": 404})))


def client(**settings: Any) -> CloudRecording:
    """A client whose calls are all answered."""
    time = Time()
    given = {"app_id": APP_ID, "credential": CREDENTIAL, "base_url": BASE_URL, "retry": Retry(attempts=1)}
    made = CloudRecording(**given | {"clock": time, "wait": time.wait, "http_client": HTTP_CLIENT} | settings)
    CLIENTS.append(made)
    return made


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """What renews credentials ends with its client."""
    yield
    while CLIENTS:
        CLIENTS.pop().close()
    for thread in threading.enumerate():
        if thread.name.startswith("cloudrec-renewal"):
            thread.join(10)


ASYNC_CLIENT = AsyncCloudRecording(APP_ID, CREDENTIAL, base_url=BASE_URL)


def event(**payload: Any) -> Any:
    sent = {"sid": SID, "cname": CNAME, "uid": UID, "sequence": 0, "sendts": 1, "details": {}, **payload}
    return webhooks.parse(json.dumps({"noticeId": "n", "productId": 3, "eventType": 31, "payload": sent}).encode())


NOTICE = event()
BODY = json.dumps(NOTICE.raw).encode()


def deduplicated(deduplicator: Deduplicator) -> None:
    with deduplicator.once(NOTICE):
        pass


def ordered(queue: Ordered) -> None:
    queue.push(event(sequence=3))
    queue.due_in()
    queue.due()


def remembered(store: MemoryStore) -> None:
    store.begin("a", 1, 2)
    store.finish("a", 3)


def drawn(make: Callable[..., Any]) -> Callable[..., None]:
    """Makes a value and looks at it."""

    def use(**arguments: Any) -> None:
        made = make(**arguments)
        if not isinstance(made, dict):
            repr(made)
            with suppress(TypeError):  # a recipe may hold what cannot be hashed
                hash(made)

    return use


def of_methods(
    made: Callable[[], Any], name: str, right: Mapping[str, Mapping[str, Any]], *, of_web: bool = True
) -> dict[str, Called]:
    """All public methods, each called on one that was just made."""
    one = made()
    kind = type(one)
    methods = [method for method in dir(kind) if method[0] != "_" and inspect.isroutine(vars(kind).get(method, print))]

    def use(method: str) -> Callable[..., Any]:
        if method == "watch":
            return lambda **given: next(made().watch(**given))
        return lambda **given: getattr(made(), method)(**given)

    others = {"from_env"} if of_web else {"from_env", "pause", "resume", "push_to"}
    found = [method for method in methods if callable(getattr(kind, method)) and method not in others]
    return {f"{name}.{method}": Called(use(method), right.get(method, {}), getattr(one, method)) for method in found}


START = {"resource_id": RESOURCE_ID, "cname": CNAME, "uid": UID, "storage_config": STORAGE}
RECORD = {"cname": CNAME, "storage": STORAGE, "confirm": False}
PAGE_RECORD = {"name": CNAME, "page": "https://example.com", "max_recording_hour": 1, "storage": STORAGE}
RECIPE = cloudrec.MixRecipe(storage="lessons")
METHODS: dict[str, Mapping[str, Any]] = {
    "acquire": {"cname": CNAME, "uid": UID}, "start": START, "query": {"resource_id": RESOURCE_ID, "sid": SID},
    "update": IDS, "update_layout": IDS, "stop": IDS, "record": RECORD, "attach": {"handle": HANDLE},
}  # fmt: skip
WITH_MODE = {
    name: right if name in ("acquire", "attach") else {**right, "mode": "mix"} for name, right in METHODS.items()
} | {"record": {"recipe": RECIPE, "cname": CNAME, "secrets": {"lessons": STORAGE}, "confirm": False}}
OF_WEB = {**METHODS, "start": {**START, "extension_service_config": PAGE}, "record": PAGE_RECORD}
ALL = {"audio": cloudrec.everyone(), "video": cloudrec.everyone()}
OF_RECORDING: dict[str, Mapping[str, Any]] = {
    "wait_until": {"condition": 5}, "feed": {"event": NOTICE}, "update_storage": {"storage": STORAGE},
    "subscribe": ALL, "layout": {"layout": cloudrec.grid(4)},
}  # fmt: skip
OF_BUCKET = {"bucket": "lessons", "access_key": "key", "secret_key": "secret"}
REGIONS = {
    "S3": "eu-central-1", "AlibabaOSS": "cn-hangzhou", "TencentCOS": "ap-beijing", "HuaweiOBS": "cn-north-1",
    "BaiduBOS": "suzhou",
}  # fmt: skip
OF_VALUES: dict[str, Mapping[str, Any]] = {
    "Vertical": {"max_resolution_uid": 1},
    "extension_service_config": {"page": "https://example.com", "max_recording_hour": 1},
    "Encryption": {"mode": 1, "secret": "k"}, "WebPage": {"url": "https://example.com"},
    "Transcoding": {"preset": "720p"},
    "Custom": {"regions": [cloudrec.Region(x=0, y=0, width=1, height=1)]},
    "Region": {"x": 0, "y": 0, "width": 1, "height": 1}, "Background": {"uid": 1, "image_url": "https://example.com/a"},
    "grid": {"users": 4}, "side_by_side": {"left": 1, "right": 2}, "picture_in_picture": {"main": 1, "inset": 2},
    "speaker_with_strip": {"speaker": 1, "others": 3}, "screen_share_with_camera": {"screen": 1, "camera": 2},
}  # fmt: skip
STORAGES = [
    "S3",
    "AlibabaOSS",
    "TencentCOS",
    "AzureBlob",
    "GoogleCloudStorage",
    "HuaweiOBS",
    "BaiduBOS",
    "S3Compatible",
]


def of_storage(name: str) -> Called:
    kind = getattr(cloudrec, name)
    right = {
        "region": REGIONS.get(name), "endpoint": "s3.example.com", "access_key": "key", "secret_key": "secret",
        "key": "a2V5",
    }  # fmt: skip
    wanted = [item.name for item in inspect.signature(kind).parameters.values() if item.default is item.empty]
    return Called(drawn(kind), {argument: right.get(argument, "lessons") for argument in wanted}, kind)


def positional(function: Callable[..., Any]) -> Callable[..., Any]:
    """With its first argument where it takes that by place alone."""
    return lambda **given: function(*[given.pop(name) for name in ("code", "failure") if name in given][:1], **given)


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word is a path, too, where one is taken."""
    monkeypatch.chdir(tmp_path)


CALLED: dict[str, Called] = {
    "CloudRecording": Called(lambda **given: client(**given).ncs_ips(), {}, CloudRecording),
    "AsyncCloudRecording": Called(AsyncCloudRecording, {"app_id": APP_ID, "credential": CREDENTIAL, "area": "EU"}),
    "BasicAuth": Called(cloudrec.BasicAuth, {"customer_id": "a", "customer_secret": "b"}),
    "AccessToken": Called(
        lambda **given: AccessToken(**given)("a", 1), {"app_id": APP_ID, "certificate": APP_ID}, AccessToken
    ),
    "SQLiteRateLimit": Called(SQLiteRateLimit, {"path": ":memory:"}),
    "Timeouts": Called(lambda **given: client(timeout=Timeouts(**given)).ncs_ips(), {}, Timeouts),
    "Retry": Called(lambda **given: client(retry=Retry(**given)).ncs_ips(), {}, Retry),
    "RateLimit": Called(lambda **given: client(rate_limit=RateLimit(**given)).ncs_ips(), {}, RateLimit),
    **of_methods(client, "client", WITH_MODE),
    **of_methods(lambda: client().individual, "client.individual",
                 {**METHODS, "attach": {"handle": {**HANDLE, "mode": "individual"}}}),
    **of_methods(lambda: client().raw, "client.raw", {**METHODS, "attach": {"handle": {**HANDLE, "mode": "raw"}}}),
    **of_methods(lambda: client().mix, "client.mix", METHODS),
    **of_methods(lambda: client().web, "client.web", {**OF_WEB, "attach": {"handle": {**HANDLE, "mode": "web"}}}),
    **of_methods(lambda: client().attach({**HANDLE, "mode": "individual"}), "IndividualRecording", OF_RECORDING),
    **of_methods(lambda: client().attach({**HANDLE, "mode": "raw"}), "RawRecording", OF_RECORDING),
    **of_methods(lambda: client().attach(HANDLE), "MixRecording", OF_RECORDING),
    **of_methods(lambda: client().attach({**HANDLE, "mode": "web"}), "WebRecording", OF_RECORDING),
    "RecordingPair": Called(cloudrec.RecordingPair, {"first": client().attach(HANDLE)}),
    "AsyncRecordingPair": Called(cloudrec.AsyncRecordingPair, {"first": ASYNC_CLIENT.attach(HANDLE)}),
    **of_methods(lambda: cloudrec.RecordingPair(client().attach({**HANDLE, "mode": "web"})), "a pair", OF_RECORDING),
    **of_methods(lambda: cloudrec.RecordingPair(client().attach(HANDLE)), "a pair", OF_RECORDING, of_web=False),
    "IndividualRecipe": Called(drawn(cloudrec.IndividualRecipe), {"storage": STORAGE}),
    "RawRecipe": Called(drawn(cloudrec.RawRecipe), {"storage": STORAGE}),
    "MixRecipe": Called(drawn(cloudrec.MixRecipe), {"storage": STORAGE}),
    "WebRecipe": Called(
        drawn(cloudrec.WebRecipe), {"page": "https://example.com", "max_recording_hour": 1, "storage": STORAGE}
    ),
    "Recipe.from_dict": Called(cloudrec.Recipe.from_dict, {"given": RECIPE.to_dict()}),
    "Recipe.from_toml": Called(cloudrec.Recipe.from_toml, {"text": "version=1\nmode='mix'\nstorage='lessons'"}),
    "Recipe.to_dict": Called(RECIPE.to_dict),
    "Recipe.filled": Called(RECIPE.filled, {"secrets": {"lessons": STORAGE}}),
    "Recipe.replace": Called(lambda **given: RECIPE.replace(**given), {}, cloudrec.MixRecipe),
    "Named": Called(drawn(cloudrec.Named), {"name": "lessons"}),
    **{name: of_storage(name) for name in STORAGES},
    "S3.policy": Called(storage.S3("lessons", "eu-central-1", "key", "secret").policy),
    **{
        name: Called(drawn(getattr(module, name)), OF_VALUES.get(name, {}), getattr(module, name))
        for module in (layouts, values)
        for name in module.__all__
        if name not in ("Layout", "Preview", "CdnPush")
    },
    **{name: Called(getattr(subscriptions, name)) for name in ("everyone", "nobody")},
    "only": Called(lambda uids=1: cloudrec.only(uids)),
    "everyone_but": Called(lambda uids=1: cloudrec.everyone_but(uids)),
    "CdnPush": Called(lambda urls="rtmp://example.com/a": cloudrec.CdnPush(urls)),
    "Layout.preview": Called(cloudrec.grid(4).preview),
    "Preview.ascii": Called(cloudrec.grid(4).preview().ascii),
    "parse_file_name": Called(files.parse_file_name, {"name": "a_b.m3u8"}),
    "key_prefixes": Called(files.key_prefixes, {"sid": SID}),
    "predict_files": Called(files.predict_files, {"mode": "mix", "sid": SID, "cname": CNAME}),
    "types_recorded": Called(files.types_recorded),
    "object_key": Called(files.object_key, {"prefix": ["a"], "name": "b"}),
    "explain": Called(positional(cloudrec.explain), {"code": 2}, cloudrec.explain),
    "receive": Called(webhooks.receive, {"body": BODY, "headers": webhooks.sign(BODY, SECRET), "secret": SECRET}),
    "verify": Called(webhooks.verify, {"body": BODY, "headers": webhooks.sign(BODY, SECRET), "secret": SECRET}),
    "sign": Called(webhooks.sign, {"body": BODY, "secret": SECRET}),
    "parse": Called(webhooks.parse, {"body": BODY}),
    "Deduplicator": Called(lambda **given: deduplicated(Deduplicator(**given)), {}, Deduplicator),
    "Deduplicator.begin": Called(Deduplicator().begin, {"notice": NOTICE}),
    "Ordered": Called(lambda **given: ordered(Ordered(**given)), {}, Ordered),
    "Ordered.push": Called(lambda **given: Ordered().push(**given), {"event": event(sequence=3)}, Ordered.push),
    "Ordered.due": Called(lambda **given: Ordered().due(**given), {}, Ordered.due),
    "Ordered.due_in": Called(lambda **given: Ordered().due_in(**given), {}, Ordered.due_in),
    "MemoryStore": Called(lambda **given: remembered(MemoryStore(**given)), {}, MemoryStore),
    "SQLiteStore": Called(webhooks.SQLiteStore, {"path": "x"}),
    "asgi.WebhookApp": Called(asgi.WebhookApp, {"secret": SECRET, "handler": print}),
    "wsgi.WebhookApp": Called(wsgi.WebhookApp, {"secret": SECRET, "handler": print}),
    "wsgi.WebhookApp.close": Called(
        lambda **given: wsgi.WebhookApp(SECRET, print).close(**given), {}, wsgi.WebhookApp(SECRET, print).close
    ),
}  # fmt: skip


def test_the_table_is_complete() -> None:
    """Everything public that is made or called by people stands in it; what answers and models are is made for them."""
    public = {name: getattr(cloudrec, name) for name in cloudrec.__all__}
    for module in (files, webhooks, layouts, values, storage):
        public |= {name: getattr(module, name) for name in module.__all__}

    def is_made_by_people(thing: Any) -> bool:
        if not callable(thing) or is_typeddict(thing) or thing.__module__.split(".")[0] == "cloudrec_api":
            return False
        return not isinstance(thing, type) or not issubclass(thing, (Enum, Exception, View, tuple))

    # Protocols, and what others of the table give.
    given = {
        "Layout", "Preview", "Storage", "StorageCheck", "StorageRegion", "Subscription", "Store", "FileName",
        "IndividualRecording", "MixRecording", "WebRecording", "AsyncIndividualRecording", "AsyncMixRecording",
        "AsyncWebRecording", "RawRecording", "AsyncRawRecording", "RecordingResult", "ResultFile",
        "Pace", "Recipe",
    }  # fmt: skip
    wanted = {
        name
        for name, thing in public.items()
        if is_made_by_people(thing) and str(getattr(thing, "__module__", "")).startswith("cloudrec.")
    }
    assert wanted - given - set(CALLED) == set()


def test_the_table_is_right() -> None:
    """With the arguments that the table has, each does what it should, so that one wrong argument is what is wrong."""
    for name, (use, right, _) in CALLED.items():
        try:
            use(**right)
        except CloudRecordingError as error:
            pytest.fail(f"{name}: {error}")


def tried(told: str, use: Callable[[], Any]) -> None:
    """Does it; fails where what is raised is not of our tree."""
    try:
        use()
    except CloudRecordingError:
        pass
    except Exception as error:
        pytest.fail(f"{told}: {type(error).__name__}: {error}")


HALVES = dict.fromkeys(["client", "client.raw", "RawRecording", "a pair"], 0)
HALVES |= dict.fromkeys(["client.individual", "client.mix", "client.web"], 1)
HALVES |= dict.fromkeys(["IndividualRecording", "MixRecording", "WebRecording"], 1)


@pytest.mark.parametrize("name", CALLED)
def test_any_value_for_any_argument(name: str) -> None:
    """Nothing but an error of our tree, whatever it is that is given.

    Where two take the same argument, each gets half of the values: individual and raw are one kind of client and of
    recording with another word for the mode, the client itself takes what its modes do, and a pair what one does.
    """
    called = CALLED[name]
    half = HALVES.get(name.rpartition(".")[0])
    tried_here = list(enumerate(VALUES))
    for argument in called.arguments:
        for place, value in tried_here if half is None else some_of(tried_here, half, 2):
            given = {**called.right, argument: value}
            tried(f"{name}({argument}=VALUES[{place}])", lambda given=given: called.use(**given))


@pytest.mark.parametrize("field", HANDLE)
def test_any_value_in_a_handle(field: str) -> None:
    """A handle that was taken is one that everything can be done with, also where the recording is over."""

    def lived(settings: dict[str, Any], handle: dict[str, Any]) -> None:
        recording = client(**settings).attach(handle)
        with suppress(RecordingEnded):
            recording.query()
        result = recording.stop()
        assert json.loads(json.dumps([recording.handle, [file.key for file in result.files], repr(recording)]))

    for place, value in enumerate([*VALUES, [1e308]]):
        for settings in ({}, {"http_client": OVER}):
            handle = {**HANDLE, field: value}
            tried(f"handle[{place}]", lambda handle=handle, settings=settings: lived(settings, handle))


@pytest.mark.parametrize("mode", ["individual", "raw", "mix", "web"])
def test_any_value_unchecked(mode: str) -> None:
    """With `check=False` whatever is sent is sent, and what is kept of it is kept."""
    config = ["streamTypes", "streamMode", "maxIdleTime", "subscribeVideoUids", "transcodingConfig", "channelType"]
    part = getattr(client(), mode)
    for place, value in enumerate(VALUES):
        for name in config:
            if mode == "web":
                given = {**PAGE_RECORD, "max_recording_hour": value, "confirm": False}
            else:
                given = {**RECORD, "recording_config": {name: value}}
            tried(f"{name}[{place}]", lambda given=given: part.record(**given, check=False).stop())


@pytest.mark.parametrize("name", ["sequence", "sendts", "serviceType", "uid", "details"])
def test_any_number_in_an_event(name: str) -> None:
    """What a webhook tells may be any JSON."""
    numbers = [0, -1, 0.5, 1e308, 2**31, 10**12, 10**19, 10**400, True]
    for turn, number in enumerate([*numbers, "x", "9" * 5000, None, [], {}]):
        kinds = some_of([1, 2, 3, 11, 12, 31, 40, 41, 60, 70, 71, 73, 90], turn, 3)
        for payload in ({name: number}, {"details": {name: number, "status": number, "exitStatus": number}}):
            for kind in (*kinds, number):
                sent = {**NOTICE.raw, "eventType": kind, "payload": {**NOTICE.raw["payload"], **payload}}
                found = webhooks.parse(json.dumps(sent).encode())
                recording = client().attach(HANDLE)
                assert recording.feed(found) in (True, False)
                Ordered().push(found)
                repr((found, recording))
