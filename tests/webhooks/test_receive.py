"""From bytes and headers to a notice: what is taken, and that everything else is refused in one clear way."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import pickle
import sys
import traceback
from collections import UserDict, UserList
from types import MappingProxyType
from typing import Any, NoReturn

import httpx
import pytest
from hypothesis import given, strategies as st
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from cloudrec import CloudRecordingError, ConfigurationError
from cloudrec.webhooks import (
    Event,
    HealthCheck,
    MalformedNoticeError,
    NoticeTooLargeError,
    OtherProductEvent,
    SignatureError,
    WebhookError,
    parse,
    receive,
    sign,
    verify,
)
from tests.support import examples
from tests.webhooks.support import SECRET, encoded, sent

BODY = encoded(sent())
SIGNED = sign(BODY, SECRET)
V1, V2 = SIGNED["Agora-Signature"], SIGNED["Agora-Signature-V2"]

# The provider's test vector. Its page of 2026 has lost "eventMs" and a dash of the body; the digests on it are those of
# the body that stands on the provider's other pages.
VECTOR = (
    b'{"eventMs":1560408533119,"eventType":10,"noticeId":"4eb720f0-8da7-11e9-a43e-53f411c2761f",'
    b'"notifyMs":1560408533119,"payload":{"a":"1","b":2},"productId":1}'
)
VECTOR_V1 = "033c62f40f687675f17f0f41f91a40c71c0f134c"
VECTOR_V2 = "6d3320c60b11101395b7fc8f9068748808a0aa1bfa064438e39d1bc2c7d74d99"


def test_vector_of_the_provider() -> None:
    """The provider's own body, secret and signatures."""
    assert sign(VECTOR, "secret") == {"Agora-Signature": VECTOR_V1, "Agora-Signature-V2": VECTOR_V2}
    found = receive(VECTOR, {"Agora-Signature": VECTOR_V1, "Agora-Signature-V2": VECTOR_V2}, "secret")
    assert isinstance(found, OtherProductEvent)
    assert (found.product_id, found.event_type) == (1, 10)
    assert receive(VECTOR, {"Agora-Signature": VECTOR_V1}, "secret", allow_v1=True) == found


def test_vector_as_misprinted() -> None:
    """The body as it stands on the page of 2026 does not have the signatures beside it, and is refused."""
    misprinted = VECTOR.replace(b'"eventMs":1560408533119,', b"").replace(b"a43e-53f4", b"a43e53f4")
    with pytest.raises(SignatureError, match="is not the signature of the body"):
        receive(misprinted, {"Agora-Signature": VECTOR_V1, "Agora-Signature-V2": VECTOR_V2}, "secret")


def test_signature_is_that_of_the_standard_library() -> None:
    """HMAC of the raw bytes, in hexadecimal."""
    assert hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest() == V2
    assert hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest() == V1


HEADERS: dict[str, Any] = {
    "as sent": SIGNED,
    "small letters": {"agora-signature-v2": V2},
    "capitals": {"AGORA-SIGNATURE-V2": V2.upper()},
    "bytes": {b"agora-signature-v2": V2.encode()},
    "pairs": [("Agora-Signature-V2", V2), ("Host", "example.com")],
    "pairs of bytes": [(b"host", b"example.com"), (b"agora-signature-v2", V2.encode())],
    "read-only": MappingProxyType(SIGNED),
    "another mapping": UserDict(SIGNED),
    "another list": UserList([("Agora-Signature-V2", V2)]),
    "iterator": iter([("Agora-Signature-V2", V2)]),
    "httpx": httpx.Headers(SIGNED),
    "Starlette": StarletteHeaders(SIGNED),
    "Werkzeug": WerkzeugHeaders(SIGNED),
    "odd ones beside": {"Agora-Signature-V2": V2, "X-Odd": None, 7: "x"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_headers(headers: Any) -> None:
    """Headers come in many forms, in small letters or not."""
    assert receive(BODY, headers, SECRET).raw == sent()


def test_body_is_taken_byte_for_byte() -> None:
    """Order of fields, spaces and escapes do not matter to the signature as long as nobody touches them."""
    for body in (b'{"productId": 3}', b'{\n\t"productId":3}', b'{"b":1,"productId":3,"a":"\\u00e9 \xc3\xa9"}'):
        assert receive(body, sign(body, SECRET), SECRET).raw == json.loads(body)
        with pytest.raises(SignatureError):
            receive(json.dumps(json.loads(body), separators=(", ", ":")).encode() + b" ", sign(body, SECRET), SECRET)
    assert receive(bytearray(BODY), SIGNED, SECRET).raw == sent()  # type: ignore[arg-type]


def test_rotation() -> None:
    """While the secret is being changed, both are good; afterwards the old one is not."""
    for body, secrets in [(BODY, ["new", SECRET]), (BODY, (SECRET, "new")), (BODY, UserList(["a", "b", SECRET]))]:
        assert receive(body, SIGNED, secrets).raw == sent()
    with pytest.raises(SignatureError):
        receive(BODY, SIGNED, ["new", "newer"])


def test_version_1_only_where_it_is_allowed() -> None:
    """SHA-1 is taken on request alone, and not in place of a SHA-256 that is there and wrong."""
    with pytest.raises(SignatureError, match="Agora-Signature-V2 is missing"):
        receive(BODY, {"Agora-Signature": V1}, SECRET)
    assert receive(BODY, {"Agora-Signature": V1}, SECRET, allow_v1=True).raw == sent()
    assert receive(BODY, {"Agora-Signature-V2": V2}, SECRET, allow_v1=True).raw == sent()
    for wrong in ("", "0" * 64, V1):
        with pytest.raises(SignatureError, match="Agora-Signature-V2"):
            receive(BODY, {"Agora-Signature": V1, "Agora-Signature-V2": wrong}, SECRET, allow_v1=True)
    with pytest.raises(SignatureError, match="Agora-Signature is missing"):
        receive(BODY, {}, SECRET, allow_v1=True)
    with pytest.raises(SignatureError, match="Agora-Signature has 64 characters, not 40"):
        receive(BODY, {"Agora-Signature": V2}, SECRET, allow_v1=True)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, "Agora-Signature-V2 is missing"),
        ([], "Agora-Signature-V2 is missing"),
        ({"Agora-Signature-V3": V2}, "Agora-Signature-V2 is missing"),
        ({"Agora-Signature-V2": ""}, "has 0 characters, not 64"),
        ({"Agora-Signature-V2": V2[:-1]}, "has 63 characters, not 64"),
        ({"Agora-Signature-V2": V2 + "0"}, "has 65 characters, not 64"),
        ({"Agora-Signature-V2": V2[:-1] + "g"}, "is not hexadecimal"),
        ({"Agora-Signature-V2": V2[:-2] + " 0"}, "is not hexadecimal"),
        ({"Agora-Signature-V2": V2[:-1] + "٣"}, "is not hexadecimal"),
        ({"Agora-Signature-V2": V2[:-1] + "\n"}, "is not hexadecimal"),
        ({"Agora-Signature-V2": "sha256=" + V2[7:]}, "is not hexadecimal"),
        ({"Agora-Signature-V2": "0" * 64}, "is not the signature of the body"),
        ({"Agora-Signature-V2": None}, "has 0 characters, not 64"),
        ({"Agora-Signature-V2": [V2]}, "has 0 characters, not 64"),
        ({"Agora-Signature-V2": V2, "agora-signature-v2": "0" * 64}, "is there 2 times"),
        ([("Agora-Signature-V2", V2), ("Agora-Signature-V2", V2)], "is there 2 times"),
        (None, "headers must be"),
        (7, "headers must be"),
        ("Agora-Signature-V2: 0", "headers must be"),
        ([("Agora-Signature-V2",)], "headers must be"),
        ([None], "headers must be"),
    ],
)
def test_bad_signatures(headers: Any, told: str) -> None:
    """Each way of not being signed is told apart, and none gets through."""
    with pytest.raises(SignatureError, match=told):
        receive(BODY, headers, SECRET)


@pytest.mark.parametrize(
    "secret", ["", [], (), [""], ["good", ""], None, 7, b"bytes", [b"bytes"], [None], {}, "\ud800"]
)
def test_bad_secrets(secret: Any) -> None:
    """Without a secret nothing is taken: not what is signed with an empty one, and not what is not signed at all."""
    empty = hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    for headers in ({"Agora-Signature-V2": empty}, {}, SIGNED):
        for body in (BODY, b"x" * 2_000_000, "text"):
            with pytest.raises(ConfigurationError, match="secret: must"):
                receive(body, headers, secret)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError):
        verify(BODY, SIGNED, secret)
    if not isinstance(secret, (list, tuple)):
        with pytest.raises(ConfigurationError):
            sign(BODY, secret)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "it is not JSON"),
        (b"\xff\xfe", "it is not UTF-8"),
        ('{"productId": 3}'.encode("utf-16"), "it is not UTF-8"),
        ('{"productId": 3}'.encode("utf-16-le"), "it is not JSON"),
        (b'{"a": "\xc3\x28"}', "it is not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "it is not UTF-8"),
        (b"\xef\xbb\xbf{}", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"{}{}", "it is not JSON"),
        (b"{'a': 1}", "it is not JSON"),
        (b'{"a": NaN}', "it is not JSON"),
        (b'{"a": -Infinity}', "it is not JSON"),
        (b'{"a": %s}' % (b"9" * 5000), "it is not JSON"),
        (b'{"a": "\n"}', "it is not JSON"),
        (b"[]", "it is an array"),
        (b'[{"productId": 3}]', "it is an array"),
        (b'"text"', "it is a string"),
        (b"3", "it is a number"),
        (b"3.5", "it is a number"),
        (b"true", "it is true or false"),
        (b"null", "it is null"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "it is nested too deeply"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "it is nested too deeply"),
        (b'{"a": 1e999}', "a number that is too large"),
        (b'{"a": [-1.5E+400]}', "a number that is too large"),
        (b'{"a":' + b"[" * 500 + b"]" * 500 + b"}", "it is nested too deeply"),
    ],
)
def test_bad_bodies(body: bytes, told: str) -> None:
    """What is signed and is not a JSON object is refused with the reason; what is not signed is not even looked at."""
    with pytest.raises(MalformedNoticeError, match=told):
        receive(body, sign(body, SECRET), SECRET)
    with pytest.raises(MalformedNoticeError, match=told):
        parse(body)
    with pytest.raises(SignatureError):
        receive(body, {"Agora-Signature-V2": "0" * 64}, SECRET)


def test_odd_bodies_that_are_json() -> None:
    """What is a JSON object is taken: deeper than anything that is sent, wide, with a field twice, with odd text."""
    deep = b'{"productId": 3, "a":' + b"[" * 31 + b"]" * 31 + b"}"
    wide = encoded(sent(31, {"fileList": [{"fileName": f"{number}.m3u8"} for number in range(1000)]}))
    brackets = encoded(sent(31, {"fileList": "[{" * 1000}))
    for body in (
        deep,
        wide,
        brackets,
        b'{"productId": 1, "productId": 3}',
        b'{"productId": 3, "a": "\\ud800", "b": 1e308}',
    ):
        assert isinstance(receive(body, sign(body, SECRET), SECRET), Event)
    assert isinstance(parse(b"{}"), OtherProductEvent)


def test_size() -> None:
    """A body of 5 MB is not read; how much is can be said."""
    body = b'{"productId": 3, "a": "%s"}' % (b"x" * 5_000_000)
    with pytest.raises(NoticeTooLargeError, match="the body has 5000025 bytes; at most 1048576 are read"):
        receive(body, sign(body, SECRET), SECRET)
    with pytest.raises(NoticeTooLargeError):
        receive(body, {}, SECRET)
    assert isinstance(receive(body, sign(body, SECRET), SECRET, max_size=len(body)), Event)
    with pytest.raises(NoticeTooLargeError):
        parse(body, max_size=len(body) - 1)


@pytest.mark.parametrize("body", ["{}", None, 7, memoryview(b"{}"), {"productId": 3}])
def test_bodies_that_are_no_bytes(body: Any) -> None:
    """A body that somebody has decoded already cannot be verified."""
    with pytest.raises(MalformedNoticeError, match="the body must be bytes as they came, not of type"):
        receive(body, SIGNED, SECRET)


@pytest.mark.parametrize("body", ["{}", None, 7])
def test_signing_what_is_no_bytes(body: Any) -> None:
    """The error is one of the library's, as it is of what receives."""
    with pytest.raises(MalformedNoticeError, match="must be bytes"):
        sign(body, SECRET)
    with pytest.raises(MalformedNoticeError, match="must be bytes"):
        verify(body, sign(b"{}", SECRET), SECRET)


def test_headers_that_fail() -> None:
    """Whatever they raise, they are no headers; what they say is not told."""

    class Headers:
        def items(self) -> Any:
            raise RuntimeError("do-not-show")

    with pytest.raises(SignatureError, match="headers must be a mapping") as caught:
        receive(b"{}", Headers(), SECRET)  # type: ignore[arg-type]
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("most", ["9", 0, None, True])
def test_bad_sizes(most: Any) -> None:
    """How much is read is a whole number."""
    with pytest.raises(ConfigurationError, match="max_size"):
        receive(b"{}", sign(b"{}", SECRET), SECRET, max_size=most)
    with pytest.raises(ConfigurationError, match="max_size"):
        parse(b"{}", max_size=most)


def failures() -> list[CloudRecordingError]:
    """One of each error."""
    found: list[CloudRecordingError] = []
    signed = b'{"rtmpUrl": "rtmp://x/do-not-show", '
    for body, headers, secret in [
        (BODY, {}, SECRET),
        (BODY, {"Agora-Signature-V2": "0" * 64}, [SECRET, "other-do-not-show"]),
        (BODY, {"Agora-Signature-V2": "do-not-show"}, SECRET),
        (BODY, [("do-not-show", "do-not-show", "do-not-show")], SECRET),
        (signed, sign(signed, SECRET), SECRET),
        (signed + b"\xff", sign(signed + b"\xff", SECRET), SECRET),
        (BODY, SIGNED, ["do-not-show", ""]),
        (BODY, SIGNED, "do-not-show\ud800"),
        (b"do-not-show" * 100_000, {}, SECRET),
    ]:
        with pytest.raises(CloudRecordingError) as caught:
            receive(body, headers, secret)  # type: ignore[arg-type]
        found.append(caught.value)
    return found


def test_errors() -> None:
    """Every error is of the library's tree, is a ValueError, survives a pickle, and shows neither secret nor body."""
    for error in failures():
        assert isinstance(error, ValueError)
        assert isinstance(error, (WebhookError, ConfigurationError))
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
        told = "".join(traceback.TracebackException.from_exception(error).format_exception_only())
        assert "do-not-show" not in told + str(vars(error))
        assert error.__cause__ is None
        assert error.__context__ is None


def test_time_does_not_tell_which_byte_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Digests are compared by the standard library's constant-time comparison, each of them, and by nothing else."""
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr("hmac.compare_digest", lambda a, b: compared.append((len(a), len(b))) or real(a, b))
    assert receive(BODY, SIGNED, [SECRET, "second", "third"]).raw == sent()
    with pytest.raises(SignatureError):
        receive(BODY, {"Agora-Signature-V2": "0" * 64}, SECRET)
    assert compared == [(32, 32)] * 4


def test_a_stack_that_is_nearly_full() -> None:
    """Reading deep in somebody's recursion raises what reading at the top does, or what the recursion would."""

    def down(depth: int) -> Any:
        return down(depth - 1) if depth else receive(BODY, SIGNED, SECRET)

    assert isinstance(down(sys.getrecursionlimit() - 250), Event)


bodies = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["productId", "eventType", "payload", "details", "noticeId", "cname", "sid"])
                | st.text(max_size=5),
                inner,
                max_size=4,
            )
        ),
        max_leaves=10,
    ).map(lambda value: json.dumps(value).encode()),
)
header_values = st.text(max_size=70) | st.text("0123456789abcdefABCDEF", min_size=62, max_size=66) | st.just(V2)
header_names = st.sampled_from(["Agora-Signature-V2", "agora-signature", "Agora-Signature"]) | st.text(max_size=10)
any_headers = (
    st.dictionaries(header_names, header_values | st.none() | st.binary(max_size=5), max_size=4)
    | st.lists(st.tuples(header_names, header_values), max_size=4)
    | st.none()
    | st.lists(st.integers() | st.text(max_size=3) | st.tuples(st.text(max_size=3)), max_size=3)
)


@examples(400)
@given(bodies, any_headers, st.booleans())
def test_nothing_that_is_not_signed_gets_in(body: bytes, headers: Any, allow_v1: bool) -> None:
    """Whatever comes, with whatever headers: an error of the library's tree, of the webhook kind."""
    with pytest.raises(WebhookError):
        receive(body, headers, SECRET, allow_v1=allow_v1)


def plainly(body: bytes) -> Any:
    """What a reader of nothing but JSON makes of it."""

    def refuse(name: str) -> NoReturn:
        raise ValueError(name)

    def finite(digits: str) -> float:
        return float(digits) if math.isfinite(float(digits)) else refuse(digits)

    try:
        return json.loads(body.decode("utf-8"), parse_constant=refuse, parse_float=finite)
    except ValueError:
        return None


@examples(400)
@given(bodies)
def test_whatever_is_signed_is_a_notice_or_malformed(body: bytes) -> None:
    """With a good signature: a notice if it is a JSON object, else one clear error; never anything else."""
    if isinstance(plainly(body), dict):
        found = receive(body, sign(body, SECRET), SECRET)
        assert isinstance(found, (Event, OtherProductEvent, HealthCheck))
        assert found.raw == plainly(body)
    else:
        with pytest.raises(MalformedNoticeError):
            receive(body, sign(body, SECRET), SECRET)


@examples(100)
@given(st.binary(max_size=50), st.integers(0, 63), st.sampled_from("0123456789abcdef"), st.text(min_size=1, max_size=9))
def test_one_digit_off(body: bytes, place: int, digit: str, secret: str) -> None:
    """A signature with one other digit is another one."""
    right = sign(body, secret)["Agora-Signature-V2"]
    wrong = right[:place] + digit + right[place + 1 :]
    if wrong != right:
        with pytest.raises(SignatureError):
            verify(body, {"Agora-Signature-V2": wrong}, secret)
    verify(body, {"Agora-Signature-V2": right}, secret)
