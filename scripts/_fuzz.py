"""Lets atheris look for a webhook that makes cloudrec.webhooks raise what it should not.

    ./scripts/fuzz                    for a minute
    ./scripts/fuzz --seconds 600
    ./scripts/fuzz --input crash-…    once, with what was found

atheris is no part of the development environment: it is large, and not to be had everywhere. Where it is missing, the
script says how to install it. It exits with 1 if something was found, and with 2 if it could not look.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECRET = "the secret of the fuzzer"
INSTALL = f"""\
fuzz: atheris is not installed. Install it beside what is there, and try again:

    {sys.executable} -m pip install atheris

It is not in the lock: the next change of that takes it away again."""

# What the first byte of an input says: who signs, in which form the headers come, and whether the rest of the input is
# the body or says how to build one. (Most changes to a body make something of it that is not JSON.)
SIGNED, ALLOW_V1, PAIRS, BYTES, BUILT = 1, 2, 4, 8, 16

DOCUMENT = json.loads((ROOT / "cloudrec" / "contract.json").read_bytes())
SCHEMAS = DOCUMENT["components"]["schemas"]
ABOUT = [name for name in SCHEMAS if name.endswith(("Notice", "NoticePayload", "Details", "RecordedFile"))]
NAMES = sorted({name for kind in ABOUT for name in SCHEMAS[kind]["properties"]})
NUMBERS = SCHEMAS["EventType"]["enum"]
TEXTS = ["", "0", "audio", "a.m3u8", "a;b", '["a"]', "[{", "true", "test_webhook", "12121212", "\ud800", "publishing"]
WHOLE = [0, 1, 3, -1, 2**31, 2**32, 1619172871, 1619172871089, 10**18, 10**400]


def load() -> Callable[[bytes], None]:
    """The function to call with each input. Imports the library, so that atheris may see to it first."""
    from cloudrec import CloudRecordingError
    from cloudrec.webhooks import Deduplicator, Event, MalformedNoticeError, Ordered, receive, sign

    deduplicator, ordered = Deduplicator(), Ordered(recordings=10, held=10)

    def one_input(data: bytes) -> None:
        """Whatever comes: a notice that can be read, or one error of the library's tree."""
        kind, rest = (data[0], data[1:]) if data else (0, b"")
        if kind & BUILT:
            kind, rest = kind | SIGNED, json.dumps(Builder(rest).notice()).encode()
        if kind & SIGNED:
            body, headers = rest, sign(rest, SECRET)
        else:
            signature, _, body = rest.partition(b"\n")
            headers = dict.fromkeys(("Agora-Signature-V2", "Agora-Signature"), signature.decode("latin-1"))
        given: Any = headers
        if kind & BYTES:
            given = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        if kind & PAIRS:
            given = list(given.items())
        notice = refused = None
        try:
            notice = receive(body, given, SECRET, allow_v1=bool(kind & ALLOW_V1))
        except CloudRecordingError as error:
            refused = error
        if notice is None:
            assert SECRET not in str(refused)
            assert not kind & SIGNED or isinstance(refused, MalformedNoticeError)
            return
        assert kind & SIGNED, "taken without a signature"
        read(notice)
        assert notice.raw == json.loads(body)
        deduplicator.first_time(notice)
        if isinstance(notice, Event):
            ordered.push(notice, 0.0)

    return one_input


def read(value: Any) -> None:
    """Reads everything of a view that can be read, and what is in it."""
    repr(value)
    for name in dir(value):
        if not name.startswith("_") and name != "raw":
            found = getattr(value, name)
            for item in found if isinstance(found, tuple) else [found]:
                if hasattr(item, "raw"):
                    read(item)


class Builder:
    """Builds a notice by what bytes decide: names and numbers of the contract, in their places or not."""

    def __init__(self, decisions: bytes) -> None:
        self._decisions = iter(decisions)

    def one_of(self, choices: list[Any]) -> Any:
        """One of them."""
        return choices[next(self._decisions, 0) % len(choices)]

    def notice(self) -> dict[str, Any]:
        """The whole of it."""
        details = {self.one_of(NAMES): self.value(3) for _ in range(self.one_of([4, 0, 1, 2, 8]))}
        payload = {self.one_of(NAMES): self.value(2) for _ in range(self.one_of([1, 0, 4]))}
        outside = {self.one_of(NAMES): self.value(2) for _ in range(self.one_of([0, 1, 4]))}
        payload["details"] = self.one_of([details, details, details, self.value(2)])
        number = self.one_of([*NUMBERS, "31", 13, None])
        return {"productId": 3, "noticeId": self.value(0), "eventType": number, "payload": payload} | outside

    def value(self, depth: int) -> Any:
        """Anything that JSON has."""
        kinds: list[Callable[[], Any]] = [
            lambda: self.one_of(TEXTS),
            lambda: self.one_of(WHOLE),
            lambda: self.one_of([None, True, False, 0.5, 1e300]),
            lambda: self.one_of(NUMBERS),
            lambda: next(self._decisions, 0),
        ]
        if depth:
            kinds += [
                lambda: [self.value(depth - 1) for _ in range(self.one_of([1, 0, 2]))],
                lambda: {self.one_of(NAMES): self.value(depth - 1) for _ in range(self.one_of([2, 0, 4]))},
            ]
        return self.one_of(kinds)()


def seeds() -> list[bytes]:
    """The document's examples, signed, some bodies that are refused, and some decisions."""
    contents = [item["post"]["requestBody"]["content"]["application/json"] for item in DOCUMENT["webhooks"].values()]
    notices = [content["examples"]["sent"]["value"] for content in contents]
    bodies = [json.dumps(notice, separators=(",", ":")).encode() for notice in notices]
    bodies += [b"{}", b"[]", b'{"productId":3}', b'{"productId":1,"payload":{"channelName":"test_webhook"}}']
    signed = [bytes([SIGNED]) + body for body in bodies]
    return [*signed, b"\0" + b"0" * 64 + b"\n" + bodies[0], *[bytes([BUILT, place]) * 40 for place in range(20)]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/fuzz", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=60, help="how long to look (60)")
    parser.add_argument("--input", type=Path, help="a file that was found: try it once")
    options = parser.parse_args(arguments)
    if options.input:
        load()(options.input.read_bytes())
        print("nothing found")
        return 0
    try:
        atheris: Any = import_module("atheris")
    except ImportError:
        print(INSTALL, file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["cloudrec"]):
        one_input = load()
    with tempfile.TemporaryDirectory() as folder:
        corpus, words = Path(folder, "corpus"), Path(folder, "words")
        corpus.mkdir()
        for number, seed in enumerate(seeds()):
            (corpus / str(number)).write_bytes(seed)
        words.write_text("".join(f'"\\"{name}\\":"\n' for name in NAMES), encoding="utf-8")
        how = [f"-max_total_time={options.seconds}", "-max_len=4096", "-timeout=10", f"-dict={words}", str(corpus)]
        # atheris ends its process by itself, so it gets one of its own, and this one cleans up.
        child = os.fork()
        if child == 0:
            atheris.Setup([sys.argv[0], *how], one_input)
            atheris.Fuzz()
            os._exit(0)
        return 1 if os.waitpid(child, 0)[1] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
