"""Faults of a call, as values.

A fault says what the caller sees. Whether the service did what it was asked is its `after_effect`:
true means that the service handled the request (a recording started, a recording stopped) and the
caller was not told; false means that the request never reached it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, cast

from ..world.clock import check_number, check_whole

Headers = tuple[tuple[str, str], ...]

#: The service's words for its codes, for a fault that gives none of its own.
_REASONS = {
    2: "invalid parameter",
    7: "already started",
    8: "request header error",
    49: "invalid operation",
    53: "task conflict",
    62: "request timeout",
    65: "request not completed",
    404: "failed to find worker",
    406: "vendor_over_load",
    432: "request parameter error",
    433: "resource expired",
    435: "no recorded data",
    500: "internal_error",
    501: "no_worker_manager_available",
    502: "Failed to allocate worker",
    504: "allocate_timeout",
    1001: "failed to parse resource id",
    1003: "sid does not match resource id",
}

#: The gateway's words for a status, where they are not those of HTTP.
_MESSAGES = {403: "You cannot consume this service"}

#: What holds a caller up in real time. A fault longer than that is a mistake in a test.
MAX_SECONDS = 3600.0


def _check_seconds(seconds: float) -> None:
    check_number("seconds", seconds, 0, MAX_SECONDS, above=True)


def _check_status(status: int) -> None:
    check_whole("status", status, 200, 599)


#: What the emulator says itself about an answer's body.
_OWN = {"content-length", "transfer-encoding", "connection"}


def _check_header(name: str, value: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or name.lower() in _OWN:
        raise ValueError(f"{name!r} is no header that an answer can be given")
    if not re.fullmatch(r"[\x20-\x7e]*", value) or value != value.strip():
        raise ValueError(f"the value of header {name} must be printable ASCII, not {value!r}")


@dataclass(frozen=True, repr=False)
class Fault:
    """One thing that goes wrong with one call. Made by the methods below; there are no others.

    >>> Fault.drop(after_effect=True)
    Fault.drop(after_effect=True)
    >>> Fault.drop(after_effect=True).header
    'drop; after_effect=true'
    """

    def __post_init__(self) -> None:
        if type(self) is Fault:
            raise TypeError("a fault is made by one of Fault's methods, for example Fault.drop()")
        self._check()

    def _check(self) -> None:
        """ValueError where a value makes no sense."""

    # -- the connection -------------------------------------------------------------------------

    @staticmethod
    def drop(*, after_effect: bool = False, reset: bool = False) -> Drop:
        """The connection is closed and no byte of an answer was sent; `reset`: by a TCP reset."""
        return Drop(after_effect, reset)

    @staticmethod
    def refuse(seconds: float = 1.0) -> Refuse:
        """The host goes down: this call is dropped without effect, and its port refuses connections.

        For so many real seconds. `Emulator.refuse` closes a port before a call instead, and for as
        long as a test wants.
        """
        return Refuse(seconds)

    @staticmethod
    def garbage(*, after_effect: bool = False) -> Garbage:
        """Bytes that are no HTTP, then the connection is closed."""
        return Garbage(after_effect)

    # -- time -----------------------------------------------------------------------------------

    @staticmethod
    def delay(seconds: float, *, after_effect: bool = True) -> Delay:
        """The service's answer, so many real seconds late: a read time-out is real time too.

        With `after_effect=False` it is the request that is late: it takes effect after the wait,
        even where the caller has given up by then.
        """
        return Delay(seconds, after_effect)

    @staticmethod
    def hang(*, after_effect: bool = False) -> Hang:
        """No answer ever: until the client goes away, or the emulator stops."""
        return Hang(after_effect)

    # -- the answer -----------------------------------------------------------------------------

    @staticmethod
    def cut(share: float = 0.5, *, consistent: bool = False) -> Cut:
        """The service's answer, of whose body only this share is sent. It took effect.

        Content-Length promises all of it, and the connection is closed too soon. With `consistent`
        it promises what is sent: sound HTTP that holds broken JSON.
        """
        return Cut(share, consistent)

    @staticmethod
    def html(status: int = 502, *, after_effect: bool = False) -> Html:
        """A gateway's error page."""
        return Html(status, after_effect)

    @staticmethod
    def empty(status: int = 200, *, after_effect: bool = False) -> Empty:
        """An answer without a body."""
        return Empty(status, after_effect)

    @staticmethod
    def redirect(location: str = "/login", status: int = 302, *, after_effect: bool = False) -> Redirect:
        """An answer that sends the caller elsewhere."""
        return Redirect(location, status, after_effect)

    @staticmethod
    def status(
        status: int,
        code: int | None = None,
        reason: str | None = None,
        *,
        message: str | None = None,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        within: bool = False,
        after_effect: bool = False,
    ) -> Status:
        """Any answer in JSON: of the service (`code` and `reason`), or of the gateway before it (`message`).

        With neither it is the gateway's. Words that are left out are the usual ones. With `within`
        the service's words do not stand in `reason`, but in `serverResponse.payload.message`, as
        of some recordings that are not found.
        """
        pairs = cast("Iterable[tuple[str, str]]", headers.items() if isinstance(headers, Mapping) else headers)
        return Status(status, code, reason, message, tuple(pairs), within, after_effect)

    @staticmethod
    def not_completed(*, after_effect: bool = False) -> Status:
        """206 with code 65: within 2xx, and not a success. It may have taken effect."""
        return Status(206, 65, after_effect=after_effect)

    @staticmethod
    def rate_limited(retry_after: float | str | datetime | None = None) -> Status:
        """429, with `Retry-After` where one is given: seconds, a date, or any text."""
        headers: Headers = ()
        if isinstance(retry_after, datetime):
            retry_after = format_datetime(retry_after.astimezone(UTC), usegmt=True)
        if retry_after is not None:
            headers = (("Retry-After", str(retry_after)),)
        return Status(429, message="API rate limit exceeded", headers=headers)

    @staticmethod
    def failover(seconds: float = 30.0, *, rename: bool = False) -> Failover:
        """The recording moves to another server: every call on it answers 404, and it goes on all the while.

        For so many seconds of the emulator's clock, from this call on; a `start` still succeeds.
        With `rename` its files gain `bak<n>_` from here on. A call that is about no recording
        does not meet it.
        """
        return Failover(seconds, rename)

    @staticmethod
    def stall(status: int = 3) -> Stall:
        """The start succeeds, and the recorder never gets into the channel: it stays at this status, 1, 2 or 3.

        Only a start can meet it.
        """
        return Stall(status)

    @staticmethod
    def vanish() -> Vanish:
        """The start succeeds, and the recording is gone at once: every call on it answers 404.

        Only a start can meet it.
        """
        return Vanish()

    # -- as text --------------------------------------------------------------------------------

    @property
    def header(self) -> str:
        """This fault as the value of the request header."""
        parts = [self._name]
        for name, value in self._given():
            if name == "headers":
                parts += [f"header={_quoted(f'{key}: {text}')}" for key, text in value]
            elif isinstance(value, str):
                parts.append(f"{name}={_quoted(value)}")
            else:
                parts.append(f"{name}={str(value).lower()}")
        return "; ".join(parts)

    @property
    def _name(self) -> str:
        return type(self).__name__.lower()

    def _given(self) -> list[tuple[str, Any]]:
        """The fields that differ from what they are when left out."""
        values = [(field, getattr(self, field.name)) for field in fields(self)]
        # A field cannot be called `status`: that is a method here.
        return [(field.name.removesuffix("_code"), value) for field, value in values if value != field.default]

    def __repr__(self) -> str:
        return f"Fault.{self._name}({', '.join(f'{name}={value!r}' for name, value in self._given())})"


@dataclass(frozen=True, repr=False)
class Drop(Fault):
    """See `Fault.drop`."""

    after_effect: bool = False
    reset: bool = False


@dataclass(frozen=True, repr=False)
class Refuse(Fault):
    """See `Fault.refuse`."""

    seconds: float = 1.0

    def _check(self) -> None:
        _check_seconds(self.seconds)


@dataclass(frozen=True, repr=False)
class Garbage(Fault):
    """See `Fault.garbage`."""

    after_effect: bool = False


@dataclass(frozen=True, repr=False)
class Delay(Fault):
    """See `Fault.delay`."""

    seconds: float
    after_effect: bool = True

    def _check(self) -> None:
        _check_seconds(self.seconds)


@dataclass(frozen=True, repr=False)
class Hang(Fault):
    """See `Fault.hang`."""

    after_effect: bool = False


@dataclass(frozen=True, repr=False)
class Cut(Fault):
    """See `Fault.cut`."""

    share: float = 0.5
    consistent: bool = False

    def _check(self) -> None:
        check_number("share", self.share, 0, 1)
        if self.share == 1:
            raise ValueError("share must be from 0 to less than 1")


@dataclass(frozen=True, repr=False)
class Html(Fault):
    """See `Fault.html`."""

    status_code: int = 502
    after_effect: bool = False

    def _check(self) -> None:
        _check_status(self.status_code)


@dataclass(frozen=True, repr=False)
class Empty(Fault):
    """See `Fault.empty`."""

    status_code: int = 200
    after_effect: bool = False

    def _check(self) -> None:
        _check_status(self.status_code)


@dataclass(frozen=True, repr=False)
class Redirect(Fault):
    """See `Fault.redirect`."""

    location: str = "/login"
    status_code: int = 302
    after_effect: bool = False

    def _check(self) -> None:
        _check_header("Location", self.location)
        if self.status_code not in {301, 302, 303, 307, 308}:
            raise ValueError(f"status of a redirect must be 301, 302, 303, 307 or 308, not {self.status_code!r}")


@dataclass(frozen=True, repr=False)
class Status(Fault):
    """See `Fault.status`."""

    status_code: int
    code: int | None = None
    reason: str | None = None
    message: str | None = None
    headers: Headers = ()
    within: bool = False
    after_effect: bool = False

    def _check(self) -> None:
        _check_status(self.status_code)
        if self.within and self.code is None and self.reason is None:
            raise ValueError("within is where the service's words stand: give code or reason")
        if self.message is not None and (self.code is not None or self.reason is not None):
            raise ValueError("message is the gateway's, code and reason are the service's: give one or the other")
        for name, value in self.headers:
            _check_header(name, value)

    @property
    def body(self) -> dict[str, Any]:
        """What the caller reads."""
        if self.code is None and self.reason is None:
            usual = _MESSAGES.get(self.status_code) or phrase(self.status_code)
            return {"message": usual if self.message is None else self.message}
        body: dict[str, Any] = {} if self.code is None else {"code": self.code}
        default = "emulated fault" if self.code is None else _REASONS.get(self.code, "emulated fault")
        words = default if self.reason is None else self.reason
        if self.within:
            return {**body, "serverResponse": {"command": "QueryCloudRecording", "payload": {"message": words}}}
        return {**body, "reason": words}


@dataclass(frozen=True, repr=False)
class Failover(Fault):
    """See `Fault.failover`."""

    seconds: float = 30.0
    rename: bool = False

    def _check(self) -> None:
        _check_seconds(self.seconds)


@dataclass(frozen=True, repr=False)
class Stall(Fault):
    """See `Fault.stall`."""

    status_code: int = 3

    def _check(self) -> None:
        if self.status_code not in {1, 2, 3}:
            raise ValueError(f"status must be 1, 2 or 3, not {self.status_code!r}")


@dataclass(frozen=True, repr=False)
class Vanish(Fault):
    """See `Fault.vanish`."""


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def phrase(status: int) -> str:
    """The words that go with a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # 520 to 527 are of a gateway's own making
        return "Unknown Error"


#: A storm's mix unless told otherwise: every way of failing that takes no real time, needs no clock that moves, and
#: loses no recording. `delay`, `hang`, `refuse`, `failover`, `stall` and `vanish` are added by who wants them.
STORM_FAULTS: tuple[Fault, ...] = (
    Fault.drop(),
    Fault.drop(after_effect=True),
    Fault.drop(reset=True),
    Fault.drop(after_effect=True, reset=True),
    Fault.garbage(),
    Fault.garbage(after_effect=True),
    Fault.cut(),
    Fault.cut(consistent=True),
    Fault.html(502),
    Fault.html(502, after_effect=True),
    Fault.empty(),
    Fault.empty(after_effect=True),
    Fault.status(500, 62),
    Fault.status(500, 62, after_effect=True),
    Fault.status(503),
    Fault.status(503, after_effect=True),
    Fault.status(504, 62),
    Fault.status(504, 62, after_effect=True),
    Fault.status(520),
    Fault.not_completed(),
    Fault.not_completed(after_effect=True),
    Fault.rate_limited(),
    Fault.rate_limited(1),
)
