"""What this side lets through, the emulator takes; what the emulator refuses with code 2, this side refused first.

For every documented field of a request. Both read the contract, with checks that have not a line in common. What the
emulator answers is documented, whatever it was asked.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given, strategies as st

from cloudrec._call import requests as _calls
from cloudrec._contract.document import component, document, resolve
from cloudrec.emulator.service.contract import Contract
from cloudrec.emulator.service.messages import Answer, Request
from cloudrec.emulator.service.service import Limits, Service
from cloudrec.emulator.world.channels import Stream
from cloudrec.emulator.world.clock import Clock
from cloudrec.errors import InvalidRequestError
from tests.bodies import COMPONENTS, REQUESTS, STARTS, Place, at, changed, place_of, without
from tests.support import APP_ID, CNAME, CREDENTIAL, UID, Json, are_many, examples, is_documented, read_json, some_of

# What is taken and has no effect, or was withdrawn, is warned of.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::cloudrec.RequestWarning"),
]

# As the document has it; see test_document.py for why.
RENAMED = {"unsubscribeAudioUids": "unSubscribeAudioUids", "unsubscribeVideoUids": "unSubscribeVideoUids"}
ENDPOINTS = {
    "acquire": "acquire",
    "start": "start",
    "update": "update",
    "update-layout": "updateLayout",
    "stop": "stop",
}


class Field(NamedTuple):
    """A documented field of a request."""

    endpoint: str
    path: str


FIELDS = [
    Field(ENDPOINTS[name], ".".join(RENAMED.get(part, part) for part in row["path"].split(".")))
    for name, rows in read_json("data", "fields.json").items()
    for row in rows
    # `clientRequest` itself is made here from arguments; there is no way to give another thing in its place.
    if row["where"] == "request" and row["path"] != "clientRequest"
]


class Asked(NamedTuple):
    """A request, whole."""

    call: str
    """The call, and its mode where the clientRequest depends on it."""
    cname: Json
    uid: Json
    client_request: Json

    @property
    def endpoint(self) -> str:
        """The operation."""
        return self.call.partition(" ")[0]

    @property
    def mode(self) -> str:
        """The mode that it is asked in."""
        if self.call == "acquire":
            return "web" if self.client_request.get("scene") == 1 else "mix"
        return self.call.partition(" ")[2] or "mix"


def asked(field: Field) -> list[tuple[Asked, Place]]:
    """Good requests that have the field, and where in the clientRequest it is; nowhere there for cname and uid."""
    calls = [call for call in REQUESTS if call.partition(" ")[0] == field.endpoint]
    whole = [(Asked(call, CNAME, UID, body), body) for call in calls for body in REQUESTS[call]]
    if not field.path.startswith("clientRequest."):
        return [(one, ()) for one, _ in whole]
    found = [(one, place_of(body, field.path.removeprefix("clientRequest."))) for one, body in whole]
    return [(one, place) for one, place in found if place is not None]


# ------------------------------------------------------------------------------------------- the two sides


def is_let_through(request: Asked) -> bool:
    """Whether this side would send it."""
    ids, who = ("r", "s", request.mode), (request.cname, request.uid)
    body: Any = request.client_request
    try:
        match request.endpoint:
            case "acquire":
                _calls.acquire(APP_ID, *who, body)
            case "start":
                _calls.start(APP_ID, "r", request.mode, *who, body)
            case "update":
                _calls.update(APP_ID, *ids, *who, body)
            case "updateLayout":
                _calls.update_layout(APP_ID, *ids, *who, body)
            case _:
                _calls.stop(APP_ID, *ids, *who, body.get("async_stop", False))
    except InvalidRequestError as error:
        refused = error
    else:
        return True
    assert refused.problems
    assert all(problem.name for problem in refused.problems)
    return False


class Side:
    """The emulator, without a socket."""

    def __init__(self, *, strict: bool = True) -> None:
        self._service = Service(
            app_id=APP_ID,
            credential=CREDENTIAL,
            clock=Clock(),
            contract=Contract.shipped(strict=strict),
            limits=Limits(recordings=10**6, web_recordings=10**6, requests=None),
            default_streams=(Stream(101),),
        )
        pair = f"{CREDENTIAL.customer_id}:{CREDENTIAL.customer_secret}"
        self._headers = {
            "authorization": f"Basic {b64encode(pair.encode()).decode()}",
            "content-type": "application/json;charset=utf-8",
        }
        self._running: dict[str, tuple[str, str]] = {}
        #: Resource IDs that were not used up.
        self._spare: dict[str, str] = {}

    def answer(self, request: Asked) -> Answer:
        """What it answers, in a state in which it would take the request if it is good."""
        base = f"/v1/apps/{APP_ID}/cloud_recording"
        if request.endpoint == "acquire":
            return self._post(f"{base}/acquire", request)
        if request.endpoint == "start":
            # So that no start meets a recording of the same uid.
            self._service.recordings.clear()
            self._service._running.clear()
            resource_id = self._spare.pop(request.mode, "") or self._acquired(request.mode)
            answer = self._post(f"{base}/resourceid/{resource_id}/mode/{request.mode}/start", request)
            if answer.status != 200:  # nothing has come of it
                self._spare[request.mode] = resource_id
            return answer
        resource_id, sid = self._recording(request.mode, is_new=request.endpoint == "stop")
        path = f"{base}/resourceid/{resource_id}/sid/{sid}/mode/{request.mode}/{request.endpoint}"
        return self._post(path, request)

    def _acquired(self, mode: str) -> str:
        """A resource ID for another recording."""
        request = Asked("acquire", CNAME, UID, {"scene": 1 if mode == "web" else 0})
        # What it answers to that is looked at where that is what is asked.
        answer = self._answered(f"/v1/apps/{APP_ID}/cloud_recording/acquire", request)
        resource_id: str = answer.body["resourceId"]
        return resource_id

    def _recording(self, mode: str, *, is_new: bool) -> tuple[str, str]:
        if is_new or mode not in self._running:
            answer = self.answer(Asked(f"start {mode}", CNAME, UID, STARTS[mode][0]))
            self._running[mode] = answer.body["resourceId"], answer.body["sid"]
        return self._running[mode]

    def _post(self, path: str, request: Asked) -> Answer:
        answer = self._answered(path, request)
        assert is_documented("POST", path, answer.status, lambda: answer.body)
        return answer

    def _answered(self, path: str, request: Asked) -> Answer:
        body = {"cname": request.cname, "uid": request.uid, "clientRequest": request.client_request}
        return self._service.handle(Request("POST", path, self._headers, json.dumps(body).encode()))


def judge(request: Asked, side: Side) -> bool:
    """Whether this side lets it through; the emulator must not contradict."""
    answer = side.answer(request)
    code = answer.body.get("code")
    if is_let_through(request):
        # 432: a cname or uid that is fine, and not that of the resource ID.
        assert answer.status in (200, 206) or code == 432, answer.body
        assert code != 2, answer.body
        return True
    return False


# ------------------------------------------------------------------------------------------- values for a field

LEFT_OUT = object()


def schemas(name: str, place: Place) -> list[Json]:
    """What the contract says of the value at a place: one schema, or several where there are forms."""
    found = [component(name)]
    for key in place:
        forms = [form for schema in found for form in _forms(schema)]
        found = [
            form["items"] if isinstance(key, int) else form["properties"][key]
            for form in forms
            if (("items" in form) if isinstance(key, int) else (key in form.get("properties", {})))
        ]
    return [form for schema in found for form in _forms(schema)]


def _forms(schema: Json) -> Iterator[Json]:
    schema = resolve(schema)
    yield schema
    for form in schema.get("anyOf", []):
        yield from _forms(form)


def edges_of(request: Asked, field: Field, place: Place) -> Iterator[Json]:
    """Values at the edges of the rules of a field."""
    if place:
        return edges(at(request.client_request, place), schemas(COMPONENTS[request.call], place))
    return edges(getattr(request, field.path), [])


def edges(value: Json, found: list[Json]) -> Iterator[Json]:
    """Values at the edges of what the schemas allow, and just beyond."""
    yield LEFT_OUT
    yield from (None, "", "x", 0, -1, True, [], {}, 1.5)
    for schema in found:
        yield from schema.get("enum", [])
        for bound in ("minimum", "maximum"):
            if bound in schema:
                yield from (schema[bound] - 1, schema[bound], schema[bound] + 1)
        if "maxLength" in schema:
            yield from ("x" * schema["maxLength"], "x" * (schema["maxLength"] + 1))
    if isinstance(value, str):
        yield from (value, f"{value}\n", f" {value}", value * 2, "x" * 64, "x" * 65, "é" * 32, "a/b", "..")
        yield from ("0", "1", "01", "4294967295", "4294967296", "#allstream#", "#FFFFFF", "https://x", "rtmp://x")
    elif isinstance(value, list):
        yield from (value, value * 2, value * 40, [value[0]], [None], [value], [*value, "#allstream#"])
        if isinstance(value[0], str):
            yield from ([str(number) for number in range(1, count)] for count in (18, 33, 34))
            yield from (["mp4"], ["mp4", "hls"], ["x" * 127], ["x" * 128], ["a", "b" * 125], ["a", "b" * 126])
    elif isinstance(value, dict):
        yield {**value, "x": 1}
        yield from ({name: item for name, item in value.items() if name != left_out} for left_out in value)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(-1e6, 1e6) | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def spoiled(request: Asked, field: Field, place: Place, value: Json) -> Asked:
    """The request with another value in the field, or without it."""
    if not place:
        # Nobody can leave cname or uid out: they are arguments.
        return request._replace(**{field.path: None if value is LEFT_OUT else value})
    body = request.client_request
    return request._replace(client_request=without(body, place) if value is LEFT_OUT else changed(body, place, value))


# ------------------------------------------------------------------------------------------- the tests


@cache
def is_good(request: str) -> bool:
    """Whether a request, in JSON, is let through as it is: once, since each has many of the fields."""
    return judge(Asked(*json.loads(request)), Side())


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.endpoint} {field.path}")
def test_both_sides_agree(field: Field) -> None:
    """Whatever a field is given, at the edges of its rules or anything at all."""
    cases = asked(field)
    assert cases, "no request of tests/bodies.py has it"
    side = Side()
    for request, _ in cases:
        assert is_good(json.dumps(request)), "the request as it is"
    near = [list(edges_of(request, field, place)) for request, place in cases]
    first, place = cases[0]
    # What is in startParameter is looked at more closely where it is the clientRequest of start.
    is_looked_at = "startParameter." not in field.path
    some = some_of(near[0], FIELDS.index(field), 3) if is_looked_at else near[0][::5]
    assert False in {judge(spoiled(first, field, place, value), side) for value in some}

    @examples(12)
    @given(st.data())
    def anything(data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(range(len(cases))))
        value = data.draw(st.sampled_from(near[number]) | ANY_JSON)
        judge(spoiled(cases[number][0], field, cases[number][1], value), side)

    if is_looked_at or are_many():
        anything()


def test_every_rule_between_fields_is_known_to_both() -> None:
    """What breaks a rule between fields, the emulator refuses as well."""
    from tests.unit.test_rules import BREAKS

    for name, some in BREAKS.items():
        for call, body in some:
            request = Asked(call, CNAME, UID, body)
            assert not is_let_through(request), name
            assert Side().answer(request).body.get("code") == 2, name


def services() -> dict[str, str]:
    """What the service does with a request that breaks a rule, by the rule's name."""
    found: dict[str, str] = {}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "x-service" in node:
                found[node["x-name"]] = node["x-service"]
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(document()["components"]["schemas"])
    return found


def test_the_emulator_refuses_what_the_service_is_known_to_refuse() -> None:
    """Of the rules between fields: that and no more, unless it is strict."""
    from tests.unit.test_rules import BREAKS

    does = services()
    assert {"refuses", "takes", "allows", "ignores"} == set(does.values())
    for name, some in BREAKS.items():
        for call, body in some:
            answer = Side(strict=False).answer(Asked(call, CNAME, UID, body))
            assert (answer.body.get("code") == 2) == (does[name] == "refuses"), (name, answer.body)
