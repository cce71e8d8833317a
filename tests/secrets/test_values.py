"""Neither values and credentials nor webhooks show a secret when something is wrong with them."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from hypothesis import given, strategies as st

import cloudrec
from cloudrec import BasicAuth, CloudRecording, MixRecipe, Named, Recipe, WebRecipe, errors
from cloudrec._contract.redact import hidden_url, redacted, scrub, secrets_in
from cloudrec._io._async.contexts import NotAwaited
from cloudrec.fixtures import StillSecretError
from cloudrec.layouts import Background, Floating
from cloudrec.storage import S3, AzureBlob, S3Compatible, StorageCheckError
from cloudrec.values import CdnPush, Encryption, WebPage
from cloudrec.webhooks import MalformedNoticeError, NoticeTooLargeError, SignatureError, parse, receive, sign
from cloudrec.webhooks.servers import asgi, wsgi
from tests.resilience.support import free_port
from tests.secrets import test_calls, test_recordings
from tests.secrets.support import OTHER, PAGE, PUSH, STORAGE, WEBHOOK, clean, told_of
from tests.webhooks.support import encoded, sent

Catch = Callable[[type[BaseException], Callable[[], Any]], BaseException]
ACCESS, SECRET, STS = (STORAGE[name] for name in ("accessKey", "secretKey", "stsToken"))
AMAZON = S3("lessons", "eu-central-1", ACCESS, SECRET, session_token=STS)
BODY = encoded(sent())
NO_JSON = OTHER.encode()
NO_WAY = f"http://127.0.0.1:{free_port()}"

WRONG: dict[str, tuple[type[BaseException], Callable[[], Any]]] = {
    "credential": (errors.ConfigurationError, lambda: BasicAuth("a:b", OTHER)),
    "credential of no text": (errors.ConfigurationError, lambda: BasicAuth("a", f"{OTHER}\n")),
    "storage": (errors.InvalidRequestError, lambda: S3("lessons", "nowhere", ACCESS, SECRET, session_token=STS)),
    "storage the wrong way round": (errors.InvalidRequestError, lambda: S3(SECRET, ACCESS, "lessons", f" {SECRET}")),
    "storage of another form": (TypeError, lambda: S3("lessons", ACCESS, SECRET, STS, "too many")),
    "account": (errors.InvalidRequestError, lambda: AzureBlob("lessons", OTHER, SECRET)),
    "address": (
        errors.InvalidRequestError,
        lambda: S3Compatible("lessons", f"https://example.com?{OTHER}", ACCESS, SECRET),
    ),
    "renewed": (errors.InvalidRequestError, lambda: AMAZON.renewed(ACCESS, f" {SECRET}", STS)),
    "address of a check": (
        errors.InvalidRequestError,
        lambda: AMAZON.check(endpoint=f"https://{OTHER}:{SECRET}@example.com"),
    ),
    "check": (StorageCheckError, lambda: AMAZON.check(endpoint=NO_WAY, timeout=1)),
    "async check": (StorageCheckError, lambda: anyio.run(lambda: AMAZON.acheck(endpoint=NO_WAY, timeout=1))),
    "encryption": (errors.InvalidRequestError, lambda: Encryption(OTHER, "aes-256-gcm2", salt=OTHER.encode())),
    "page": (errors.InvalidRequestError, lambda: WebPage(f"ftp:{PAGE}", width=1)),
    "page in bytes": (errors.InvalidRequestError, lambda: WebPage(PAGE.encode())),
    "push": (errors.InvalidRequestError, lambda: CdnPush(f"http:{PUSH}")),
    "background": (errors.InvalidRequestError, lambda: Floating(background_image=f"x:{PAGE}")),
    "background of a user": (errors.InvalidRequestError, lambda: Background("1", f"x:{PAGE}")),
    "recipe": (errors.InvalidRequestError, lambda: MixRecipe(storage=STORAGE, token=OTHER, max_idle_time=1)),
    "recipe of a page": (
        errors.InvalidRequestError,
        lambda: WebRecipe(f"x{PAGE}", max_recording_hour=0, storage=AMAZON, push_to=[PUSH]),
    ),
    "recipe that is kept": (errors.RecipeError, lambda: MixRecipe(storage=AMAZON, token=OTHER).to_dict()),
    "recipe of a page that is kept": (
        errors.RecipeError,
        lambda: WebRecipe(PAGE, max_recording_hour=1, storage="a", push_to=[PUSH]).to_dict(addresses=True),
    ),
    "recipe that was written": (
        errors.RecipeError,
        lambda: Recipe.from_dict({"version": 1, "mode": "mix", "storage": STORAGE}),
    ),
    "recipe in TOML": (errors.RecipeError, lambda: Recipe.from_toml(f"token = {OTHER}")),
    "recipe whose name stands for nothing": (
        errors.RecipeError,
        lambda: MixRecipe(storage="a", token=Named("b")).filled({"a": STORAGE, "c": OTHER}),
    ),
    "signature": (SignatureError, lambda: receive(BODY, sign(BODY, WEBHOOK), [WEBHOOK[:-1]])),
    "no signature": (SignatureError, lambda: receive(BODY, {}, WEBHOOK)),
    "malformed": (MalformedNoticeError, lambda: receive(NO_JSON, sign(NO_JSON, WEBHOOK), WEBHOOK)),
    "malformed, and kept": (MalformedNoticeError, lambda: parse(NO_JSON)),
    "too large": (NoticeTooLargeError, lambda: receive(BODY, sign(BODY, WEBHOOK), WEBHOOK, max_size=1)),
    "no text": (errors.ConfigurationError, lambda: receive(BODY, {}, f"{WEBHOOK}\ud800")),
    "signing": (errors.ConfigurationError, lambda: sign(BODY, f"{WEBHOOK}\ud800")),
    "asgi": (errors.ConfigurationError, lambda: asgi.WebhookApp(WEBHOOK, print, max_size=0)),
    "wsgi": (errors.ConfigurationError, lambda: wsgi.WebhookApp(WEBHOOK, print, max_size=0)),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be(name: str, caught: Catch) -> None:
    caught(*WRONG[name])


@pytest.mark.parametrize(
    "environment", [{"AGORA_APP_ID": ""}, {"AGORA_APP_ID": "no App ID"}, {"AGORA_CUSTOMER_ID": "a:b"}]
)
def test_an_environment_that_cannot_be(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, caught: Catch
) -> None:
    usual = {"AGORA_APP_ID": "a" * 32, "AGORA_CUSTOMER_ID": "id", "AGORA_CUSTOMER_SECRET": OTHER, "AGORA_AREA": "EU"}
    for name, value in {**usual, **environment}.items():
        monkeypatch.setenv(name, value)
    caught(errors.ConfigurationError, CloudRecording.from_env)


def request(app: Any, body: bytes) -> None:
    """One request to a WSGI application, whose answer does not matter."""
    import io

    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sign(body, WEBHOOK).items()}
    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **headers}
    app(environ | {"AGORA_CUSTOMER_SECRET": OTHER}, lambda *_: None)


@pytest.mark.parametrize("raised", [LookupError, KeyboardInterrupt])
def test_a_handler_that_raises(raised: type[BaseException]) -> None:
    """In the log, handed over to `on_error`, or on its way out."""
    handed: list[BaseException] = []

    def handle(_: Any) -> None:
        raise raised

    def on_error(_: Any, error: Exception) -> None:
        handed.append(error)
        raise ValueError("its own")

    with wsgi.WebhookApp(WEBHOOK, handle, on_error=on_error, answer_first=False) as app:
        try:
            request(app, encoded(sent(100, {"msgName": "rtmp_publish_status", "rtmpUrl": PUSH})))
        except KeyboardInterrupt as error:
            handed.append(error)
    assert [type(error) for error in handed] == [raised]
    clean(told_of(handed[0]))


@given(
    st.sampled_from(["https://", "http://", "rtmp://", "rtmps://", "https:/", "https:", "x:https://", "//", ""]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8),
    st.sampled_from(["example.com", "example.com:8443", "[::1]:80"]),
    st.sampled_from(["", "/", "/a", "/a@b/c", f"/app/{OTHER}"]),
    st.sampled_from(["", f"?ticket={OTHER}", f"?{OTHER}#x", f"#a={OTHER}"]),
)
def test_addresses(scheme: str, password: str, host: str, path: str, rest: str) -> None:
    """Right or wrong, none shows a user, a query or a stream's key; nor does a text that repeats a right one."""
    is_stream = scheme.startswith("rtmp")
    path = path if is_stream else path.replace(OTHER, "lesson")
    url = f"{scheme}user:{OTHER}{password}@{host}{path}{rest}"
    assert OTHER not in hidden_url(url)
    if scheme in {"https://", "http://", "rtmp://", "rtmps://"}:
        assert OTHER not in str(redacted({"url": url, "words": ["of", {"any": f"at {scheme}{host}{rest}"}]}))
        parts = [url, OTHER + password, f"user:{OTHER}{password}", rest[1:], path.rpartition("/")[2]]
        assert OTHER not in scrub(" ".join(parts), secrets_in({"rtmpUrl" if is_stream else "url": url}))


def every(kind: type[Any]) -> set[type[Any]]:
    return {kind}.union(*map(every, kind.__subclasses__()))


# Bases, whose own kind nothing raises; and one that is raised before there is anything to show.
BASES = {errors.CloudRecordingError, cloudrec.webhooks.WebhookError, NotAwaited}


def test_every_class_of_errors_is_among_them() -> None:
    """So that one that comes later is looked at, too."""
    raised = {kind for kind, _ in WRONG.values()} | {kind for kind, _, _ in test_calls.ENDS} | test_calls.OTHERS
    raised |= {kind for _, kind in test_recordings.STARTS} | test_recordings.OTHERS
    ours = {kind for kind in every(errors.CloudRecordingError) if kind.__module__.startswith("cloudrec.")}
    # What is not written as a fixture is looked at with the recorder, and fleets by tests of their own.
    fleets = {errors.FleetError, errors.FleetDatabaseError}
    assert ours - raised == BASES | {StillSecretError} | fleets


@pytest.mark.parametrize("value", [AMAZON, WebPage("https://example.com"), CdnPush(PUSH), BasicAuth("a", "b")])
def test_values_are_what_they_were(value: Any) -> None:
    """Signatures, copies and equality are those that they would have been."""
    assert pickle.loads(pickle.dumps(value)) == value
    assert next(iter(inspect.signature(type(value)).parameters)) in {"bucket", "url", "urls", "customer_id"}
