"""When a token ends: the provider's published examples, tokens built here by the published layout, and no tokens."""

from __future__ import annotations

import base64
import struct
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cloudrec._recording.tokens import ends_at

APP_ID = "0123456789abcdef0123456789abcdef"
ISSUED = 1_780_000_000
HOUR, DAY = 3600, 86_400
JOIN = 1
RTC, RTM, STREAMING, FPA, CHAT = 1, 2, 3, 4, 5
STRINGS = {RTC: ("lesson-42", "527841"), RTM: ("me",), STREAMING: ("lesson-42", "1"), FPA: (), CHAT: ("me",)}


def string(text: str | bytes) -> bytes:
    """A string, its length before it."""
    content = text.encode() if isinstance(text, str) else text
    return struct.pack("<H", len(content)) + content


def privileges(given: dict[int, int]) -> bytes:
    """Privileges with their ends."""
    return struct.pack("<H", len(given)) + b"".join(struct.pack("<HI", *pair) for pair in given.items())


def service(kind: int, given: dict[int, int], strings: tuple[str, ...] | None = None) -> bytes:
    """One service of an AccessToken2."""
    texts = STRINGS[kind] if strings is None else strings
    return struct.pack("<H", kind) + privileges(given) + b"".join(map(string, texts))


def inside_007(*services: bytes, lasts: int = HOUR, issued: int = ISSUED) -> bytes:
    """An AccessToken2 before it is packed."""
    numbers = struct.pack("<IIIH", issued, lasts, 1, len(services))
    return string(b"s" * 32) + string(APP_ID) + numbers + b"".join(services)


def pack_007(content: bytes) -> str:
    """An AccessToken2."""
    return "007" + base64.b64encode(zlib.compress(content)).decode()


def token_007(*services: bytes, **numbers: int) -> str:
    """An AccessToken2 with these services."""
    return pack_007(inside_007(*services, **numbers))


def token_006(given: dict[int, int], end: int = ISSUED + DAY) -> str:
    """An AccessToken."""
    inner = struct.pack("<II", 1, end) + privileges(given)
    content = string(b"s" * 32) + struct.pack("<II", 1, 2) + string(inner)
    return "006" + APP_ID + base64.b64encode(content).decode()


def seconds(token: str) -> int | None:
    """Seconds from its issue to its end."""
    end = ends_at(token)
    if end is None:
        return None
    assert end.tzinfo is UTC
    return round(end.timestamp()) - ISSUED


# From the tests of the provider's own builders, github.com/AgoraIO/Tools. The first two were issued at 1111111 for 600
# seconds; the second of them is for five services at once.
PUBLISHED = {
    "AccessToken2": (
        "007eJxTYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAw"
        "MoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxgDCaiTj"
    ),
    "AccessToken2 of five services": (
        "007eJxTYAh5UWu1drfhsnu9etvupS0v/iFs+3PC/Sbl8gdht55xSusqMFiaGzg7GpumpJoZJJuYmJmYJiUlplokGhmaGpgZJhkbu38RYIhgYmBg"
        "ZGBgYAWSLEAM4jOBSWYwyQImFRjMU8yNjM1MU5MsLYxNLEyNLc1TjVON0yxTTMwMklJSErkYjCwsjIxNDI3MjZmA5kBM4mQoSS0uiS8tTi1iZmBC"
        "MZ40I1mgToSYgCwDAGL1OcI="
    ),
    "AccessToken": (
        "006970CA35de60c44645bbae8a215061b33IACV0fZUBw+72cVoL9eyGGh3Q6Poi8bgjwVLnyKSJyOXR7dIfRBXoFHlEAABAAAAR/QQAAEAAQCvKD"
        "dW"
    ),
}


@pytest.mark.parametrize(
    ("kind", "end"),
    [("AccessToken2", 1_111_711), ("AccessToken2 of five services", 1_111_711), ("AccessToken", 1_446_455_471)],
)
def test_the_provider_s_examples(kind: str, end: int) -> None:
    assert ends_at(PUBLISHED[kind]) == datetime.fromtimestamp(end, UTC)


OTHERS = [service(kind, {1: 60, 2: 60}) for kind in (RTM, STREAMING, FPA, CHAT)]


@pytest.mark.parametrize(
    ("services", "lasts", "expected"),
    [
        ([service(RTC, {JOIN: HOUR})], HOUR, HOUR),
        ([service(RTC, {JOIN: 600})], HOUR, 600),
        ([service(RTC, {JOIN: 2 * HOUR})], HOUR, HOUR),
        ([service(RTC, {JOIN: 0})], HOUR, HOUR),
        ([service(RTC, {2: 600, 3: 600})], HOUR, HOUR),
        ([service(RTC, {2: 60, JOIN: 600})], HOUR, 600),
        ([service(RTC, {JOIN: 30 * DAY})], 30 * DAY, DAY),
        # Others may stand before it, and are stepped over.
        (
            [*(service(kind, {1: 60, 2: 60}) for kind in (RTM, STREAMING, FPA, CHAT)), service(RTC, {JOIN: 600})],
            HOUR,
            600,
        ),
        ([service(99, {1: 60}, ("?", "?")), service(RTC, {JOIN: 600})], HOUR, HOUR),
        ([service(RTM, {1: 60})], HOUR, HOUR),
        ([], HOUR, HOUR),
    ],
)
def test_access_token_2(services: list[bytes], lasts: int, expected: int) -> None:
    """The earliest of: the token's end, the end of the privilege to join, a day. 0 stands for no end of its own."""
    assert seconds(token_007(*services, lasts=lasts)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({JOIN: ISSUED + HOUR}, HOUR),
        ({2: ISSUED + 60, JOIN: ISSUED + HOUR, 101: ISSUED}, HOUR),
        ({JOIN: 0}, DAY),
        ({2: ISSUED + HOUR}, None),
        ({}, None),
    ],
)
def test_access_token(given: dict[int, int], expected: int | None) -> None:
    """The end of the privilege to join; the token's own where that has none; unknown without such a privilege."""
    assert seconds(token_006(given)) == expected


GOOD = [token_007(service(RTC, {JOIN: 600})), token_006({JOIN: ISSUED})]


@pytest.mark.parametrize("token", GOOD)
def test_a_token_that_was_cut_short_says_nothing(token: str) -> None:
    assert [ends_at(token[:length]) for length in range(len(token))] == [None] * len(token)


def test_a_packed_token_that_was_cut_short_before_packing_says_nothing() -> None:
    content = inside_007(service(RTC, {JOIN: 600}))
    before_strings = len(content) - len(string("lesson-42")) - len(string("527841"))
    assert {ends_at(pack_007(content[:length])) for length in range(before_strings)} == {None}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "006",
        "007",
        "008" + GOOD[0][3:],
        "no token at all",
        APP_ID,
        "007" + base64.b64encode(b"not packed").decode(),
        "007Ünicode",
        "006" + APP_ID + "%%%%",
        "007" + "A" * 1_000_000,
        None,
        7,
        b"007",
    ],
    ids=repr,
)
def test_what_is_no_token_says_nothing(token: Any) -> None:
    assert ends_at(token) is None


def test_a_bomb_is_not_unpacked() -> None:
    """A megabyte of nothing in a kilobyte, and a token with more after it than tokens have."""
    assert ends_at(pack_007(bytes(1_000_000))) is None
    assert ends_at(pack_007(inside_007(service(RTC, {JOIN: 600})) + bytes(1_000_000))) is None


@given(st.one_of(st.text(), st.text().map("007".__add__), st.text().map(f"006{APP_ID}".__add__)))
def test_no_text_makes_it_raise(text: str) -> None:
    ends_at(text)


@given(st.binary(max_size=200))
def test_no_content_makes_it_raise(content: bytes) -> None:
    ends_at(pack_007(content))
    ends_at(pack_007(inside_007()[:-2] + content))
    ends_at("006" + APP_ID + base64.b64encode(content).decode())


@given(st.sampled_from(GOOD), st.data())
def test_no_change_of_a_token_makes_it_raise(token: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(token) - 1))
    ends_at(token[:place] + data.draw(st.characters(max_codepoint=255)) + token[place + 1 :])
