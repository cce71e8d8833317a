"""The emulator under what schemathesis makes of the OpenAPI document: every operation, valid and invalid requests."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests

from cloudrec.emulator import Emulator
from cloudrec.emulator.service.contract import Contract
from tests.emulator.fuzzing import conformance, for_any_request, operations
from tests.support import are_many

STORAGE = {"vendor": 1, "region": 0, "bucket": "b", "accessKey": "AK", "secretKey": "SK"}
PAGE = {"url": "https://example.com", "audioProfile": 0, "videoWidth": 240, "videoHeight": 240, "maxRecordingHour": 1}
SERVICES = [
    {"serviceName": "web_recorder_service", "serviceParam": PAGE},
    {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": [{"rtmpUrl": "rtmp://example.com/a"}]}},
]

# With these, what breaks the contract is more than can be generated. They have tests of their own.
BEYOND = {"amazon-key", "alibaba-key", "tencent-key", "original-audio-only"}


def document() -> dict[str, Any]:
    """The contract without its security: every request is sent with credentials, which have tests of their own.

    And without the rules about what has no effect or may be meant, whose breach nobody refuses.
    """
    made = copy.deepcopy(Contract.shipped().document)
    del made["security"]
    for schema in made["components"]["schemas"].values():
        if "allOf" in schema:
            schema["allOf"] = [
                rule
                for rule in schema["allOf"]
                if rule.get("x-service") not in ("allows", "ignores") and rule.get("x-name") not in BEYOND
            ]
    if not are_many():
        # It takes as long as all else to make one up, and it is what `start` is sent as its clientRequest.
        del made["components"]["schemas"]["AcquireClientRequest"]["properties"]["startParameter"]
    return made


# At random only: tests/contract/test_rules_agree.py sends a value at each edge of each rule, without a socket.
OPERATIONS = operations(document())


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One for all examples, with room for every recording that they start."""
    with Emulator(max_recordings=10**6, max_web_recordings=10**6, strict=True) as running:
        yield running


class Caller:
    """Makes recordings for the operations that need one."""

    def __init__(self, emulator: Emulator) -> None:
        self.auth = (emulator.credential.customer_id, emulator.credential.customer_secret)
        self.emulator = emulator
        base = f"{emulator.url}/v1/apps/{emulator.app_id}/cloud_recording"
        self.client = httpx.Client(base_url=base, auth=self.auth, verify=False)
        self.uids = map(str, itertools.count(1))
        # For schemathesis' own requests; looking for a proxy before each takes longer than the request.
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = self.auth

    def acquire(self, mode: str) -> dict[str, str]:
        """What names a resource."""
        names = {"cname": "lesson", "uid": next(self.uids)}
        body = {**names, "clientRequest": {"scene": int(mode == "web")}}
        return {**names, "resourceid": self.client.post("/acquire", json=body).json()["resourceId"]}

    def start(self, mode: str) -> dict[str, str]:
        """What names a recording that has recorded something."""
        names = self.acquire(mode)
        request: dict[str, Any] = {"storageConfig": STORAGE}
        if mode == "web":
            request["extensionServiceConfig"] = {"extensionServices": SERVICES}
        body = {"cname": names["cname"], "uid": names["uid"], "clientRequest": request}
        response = self.client.post(f"/resourceid/{names['resourceid']}/mode/{mode}/start", json=body)
        self.emulator.clock.advance(20)
        return {**names, "sid": response.json()["sid"]}


@pytest.fixture(scope="module")
def caller(emulator: Emulator) -> Iterator[Caller]:
    """A caller with a connection of its own."""
    made = Caller(emulator)
    with made.client, made.session:
        yield made


@pytest.mark.parametrize("operation", OPERATIONS)
def test_any_request_is_answered_as_documented(operation: str, emulator: Emulator, caller: Caller) -> None:
    """Whatever is sent, the status is documented, the body fits its schema, and what is invalid is refused."""
    from schemathesis.specs.openapi.checks import negative_data_rejection, response_headers_conformance

    checks = [*conformance(), response_headers_conformance, negative_data_rejection]

    def answered(case: Any) -> None:
        parameters = case.path_parameters or {}
        # Half of the requests are for the emulator's own App ID, so that they get past that check.
        if len(str(parameters.get("appid", ""))) % 2:
            parameters["appid"] = emulator.app_id
        case.call_and_validate(base_url=emulator.url, session=caller.session, checks=checks)

    for_any_request(document, operation, 20, answered)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_requests_on_real_recordings_are_answered_as_documented(
    operation: str, emulator: Emulator, caller: Caller
) -> None:
    """The same where resource ID, sid, cname and uid are those of a running recording."""
    from schemathesis.specs.openapi.checks import response_headers_conformance

    checks = [*conformance(), response_headers_conformance]

    def answered(case: Any) -> None:
        parameters = case.path_parameters or {}
        if "appid" in parameters:
            parameters["appid"] = emulator.app_id
        mode = parameters.get("mode")
        if "resourceid" in parameters and mode in ("individual", "raw", "mix", "web"):
            names = caller.start(mode) if "sid" in parameters else caller.acquire(mode)
            parameters.update({name: value for name, value in names.items() if name in parameters})
            if isinstance(case.body, dict):
                case.body.update(cname=names["cname"], uid=names["uid"])
        case.validate_response(case.call(base_url=emulator.url, session=caller.session), checks=checks)

    for_any_request(document, operation, 20, answered)
