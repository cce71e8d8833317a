"""Secrets show in no repr, no exception, no traceback and no log record, not even when the service echoes them."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st
from pytest_httpx import HTTPXMock

from cloudrec import (
    AsyncCloudRecording,
    BasicAuth,
    CloudRecording,
    CloudRecordingError,
    IndividualRecordingConfig,
    MixRecordingConfig,
    MixStartClientRequest,
    StorageConfig,
    WebStartClientRequest,
)
from cloudrec._call.response import Reply
from cloudrec_api.client import AuthenticatedClient
from tests.support import (
    APP_ID,
    BASE_URL,
    CALLS,
    CNAME,
    CREDENTIAL as CREDENTIAL_OF_SUPPORT,
    RESOURCE_ID,
    SID,
    UID,
    answered,
    examples,
    run,
)

# Every one holds this, and is looked for by it. In letters alone, since a salt is Base64.
MARK = "doNotShow"
SECRETS = {
    name: f"{name}-{MARK}" for name in ("customer_secret", "accessKey", "secretKey", "stsToken", "token", "secret")
}
SECRETS["salt"] = f"{MARK:x>43}="
CREDENTIAL = BasicAuth("customer", SECRETS["customer_secret"])
BASIC = base64.b64encode(f"customer:{SECRETS['customer_secret']}".encode()).decode()
STORAGE = {
    "vendor": 1,
    "region": 0,
    "bucket": "lessons",
    **{name: SECRETS[name] for name in ("accessKey", "secretKey", "stsToken")},
}
RECORDING = {"channelType": 0, "decryptionMode": 7, "secret": SECRETS["secret"], "salt": SECRETS["salt"]}


def start(client: Any) -> Any:
    """A start with every secret that there is."""
    return client.mix.start(
        RESOURCE_ID, CNAME, UID, token=SECRETS["token"], storage_config=STORAGE, recording_config=RECORDING
    )


def clean(text: str) -> None:
    """A text holds no secret."""
    assert MARK not in text
    assert BASIC not in text


def check_error(error: BaseException) -> None:
    """No form of an exception, its causes and their traceback holds a secret."""
    clean(str(error))
    clean(repr(error))
    clean(repr(error.args))
    clean(repr(vars(error)))
    clean("".join(traceback.format_exception(error)))


@pytest.mark.parametrize(
    "thing",
    [
        CREDENTIAL,
        StorageConfig.from_dict(STORAGE),
        IndividualRecordingConfig.from_dict(RECORDING),
        MixRecordingConfig.from_dict(RECORDING),
        MixStartClientRequest.from_dict(
            {"token": SECRETS["token"], "storageConfig": STORAGE, "recordingConfig": RECORDING}
        ),
        WebStartClientRequest.from_dict(
            {"token": SECRETS["token"], "storageConfig": STORAGE, "extensionServiceConfig": {"extensionServices": []}}
        ),
        AuthenticatedClient(base_url=BASE_URL, token=SECRETS["token"], headers={"Authorization": BASIC}),
        Reply(200, {"x-echo": BASIC}, json.dumps(STORAGE).encode()),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_reprs(thing: Any) -> None:
    """Whatever holds secrets shows asterisks in their place, alone and in a list, a dict and an f-string."""
    for text in (repr(thing), str(thing), f"{thing}", f"{thing!r}", repr([thing]), repr({"x": thing})):
        clean(text)
    assert "***" in repr(thing) or isinstance(thing, (AuthenticatedClient, Reply))


@pytest.mark.parametrize("kind", [CloudRecording, AsyncCloudRecording])
def test_repr_of_clients(kind: Any) -> None:
    """A client and its parts show no credential."""
    client = kind(APP_ID, CREDENTIAL, area="EU")
    for thing in (client, client.individual, client.mix, client.web):
        clean(repr(thing))
    assert APP_ID in repr(client)
    assert "area=Area.EU" in repr(client)


def echo(request: httpx.Request) -> str:
    """All of a request, as a careless service might repeat it."""
    return f"{request.headers['Authorization']} {request.content.decode()}"


ECHOES: dict[str, Any] = {
    "reason": lambda request: httpx.Response(400, json={"code": 2, "reason": echo(request)}),
    "message": lambda request: httpx.Response(401, json={"message": echo(request)}),
    "code": lambda request: httpx.Response(400, json={"code": echo(request)}),
    "body": lambda request: httpx.Response(400, json={"code": 2, "request": json.loads(request.content or b"{}")}),
    "html": lambda request: httpx.Response(502, text=f"<html>{echo(request)}</html>"),
    "cut short": lambda request: httpx.Response(200, text='{"sid": "' + echo(request)),
    "list": lambda request: httpx.Response(200, json=[echo(request)]),
    "at the edge": lambda request: httpx.Response(400, text="x" * 4080 + echo(request)),
    "redirect": lambda request: httpx.Response(
        302, headers={"Location": f"https://{MARK}:{MARK}@x.test/{MARK}?t={BASIC}"}
    ),
    "content type": lambda request: httpx.Response(200, text="x", headers={"Content-Type": SECRETS["token"]}),
    "no sid": lambda request: httpx.Response(200, json={"cname": echo(request)}),
}


@pytest.mark.parametrize("name", ECHOES)
@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_echoes(name: str, kind: str, httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture) -> None:
    """What the service repeats of a request is taken out of every text; logs at DEBUG hold nothing either."""
    caplog.set_level(logging.DEBUG)
    httpx_mock.add_callback(ECHOES[name])
    with pytest.raises(CloudRecordingError) as caught:
        run(kind, start, credential=CREDENTIAL)
    check_error(caught.value)
    for record in caplog.records:
        clean(record.getMessage())
        clean(repr(record.args))


def test_words_of_transports() -> None:
    """What a transport says is part of our text without the credential that it may repeat."""
    header = CREDENTIAL_OF_SUPPORT.header
    with pytest.raises(CloudRecordingError) as caught:
        answered(httpx.RemoteProtocolError(f"illegal header line: {header}"), start)
    assert header.removeprefix("Basic ") not in str(caught.value)
    assert "illegal header line: Basic ***" in caught.value.args[0]


def test_results_do_not_show_what_was_sent() -> None:
    """A result shows what came back, and an address to push to (its stream key) is not shown."""
    state = {"serviceName": "rtmp_publish_service", "payload": {"outputs": [{"rtmpUrl": f"rtmp://x/{MARK}"}]}}
    result = answered(
        httpx.Response(200, json={"serverResponse": {"extensionServiceState": [state]}}),
        lambda client: client.query(RESOURCE_ID, SID, "web"),
    )
    clean(repr(result))
    assert result.server_response.rtmp_publisher.outputs[0].rtmp_url.endswith(MARK)


def test_log_of_a_success(caplog: pytest.LogCaptureFixture) -> None:
    """A call that succeeds leaves no secret in the log at DEBUG, ours or httpx's."""
    caplog.set_level(logging.DEBUG)
    answered(httpx.Response(200, json={"sid": "s"}), start)
    assert caplog.records
    for record in caplog.records:
        clean(record.getMessage())


@examples(150)
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=20),
    st.sampled_from(["reason", "message", "msg", "other"]),
    st.sampled_from(["", "secret is {}!", "{0}{0}", "x{}y", '"{}"', "{}\n{}"]),
)
def test_any_secret_is_taken_out(secret: str, field: str, around: str) -> None:
    """Whatever characters a secret is made of, an echo of it in JSON does not show it."""
    response = httpx.Response(400, json={"code": 2, field: around.replace("{0}", "{}").replace("{}", secret)})

    def use(client: Any) -> Any:
        return client.mix.start(RESOURCE_ID, CNAME, UID, storage_config=STORAGE | {"secretKey": secret})

    with pytest.raises(CloudRecordingError) as caught:
        answered(response, use)
    error = caught.value
    # Our own words may by chance hold it: nobody's secret is "please".
    plain = answered_plain(use)
    for text, own in ((str(error), str(plain)), (error.reason or "", ""), (error.response_body or "", '{"code": 2, }')):
        assert secret not in text or secret in own or secret in f'{{"code":2,"{field}":"'


def answered_plain(use: Any) -> CloudRecordingError:
    """The error of the same call without an echo."""
    with pytest.raises(CloudRecordingError) as caught:
        answered(httpx.Response(400, json={"code": 2}), use)
    return caught.value


@pytest.mark.parametrize("endpoint", CALLS)
def test_customer_secret_in_every_call(endpoint: str) -> None:
    """The customer secret and the header made of it are taken out whatever the call."""
    secret = "customer-secret-do-not-show"
    header = base64.b64encode(f"customer-id:{secret}".encode()).decode()
    response = httpx.Response(400, json={"code": 2, "reason": f"{secret} Basic {header}"})
    with pytest.raises(CloudRecordingError) as caught:
        answered(response, CALLS[endpoint])
    assert secret not in str(vars(caught.value)) + str(caught.value)
    assert header not in str(vars(caught.value)) + str(caught.value)
