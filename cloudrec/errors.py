"""Exceptions: one class for each kind of failure that a caller handles differently.

::

    CloudRecordingError
    ├── ConfigurationError            the client was set up wrongly              (also a ValueError)
    ├── ClientClosedError             the client was closed before the call ended (also a RuntimeError)
    ├── InvalidRequestError           a call's arguments break rules; not sent   (also a ValueError)
    ├── NetworkError                  no answer: name, connection or TLS failed, or the connection broke
    │   └── RequestTimeoutError       no answer in time                          (also a TimeoutError)
    ├── InvalidResponseError          an answer that is not this service's: HTML, cut short, a redirect
    ├── RecordingMayBeRunningError    a start whose answer was lost and could not be had again
    ├── RecordingNotStartedError      started, but not seen to run within 90 seconds; it was stopped
    ├── RecordingEnded                a recording is over, with what may have ended it
    ├── RecordingNotStoppedError      its result was asked for before it was stopped (also a RuntimeError)
    ├── WaitTimeoutError              what was waited for did not come in time  (also a TimeoutError)
    ├── HandleError                   a handle that is no handle of this client (also a ValueError)
    ├── RecipeError                   a recipe cannot be kept, read or begun      (also a ValueError)
    ├── FleetError                    a fleet cannot do what was asked of it     (see cloudrec.fleet)
    │   └── FleetDatabaseError            its database cannot be used, or is another's
    ├── StorageCheckError             storage.check() found what is wrong with a bucket (in cloudrec.storage)
    ├── WebhookError                  a webhook that must not be believed; also a ValueError (in cloudrec.webhooks)
    │   ├── SignatureError                its signature is missing or not right
    │   └── MalformedNoticeError          its body cannot be read
    │       └── NoticeTooLargeError       it is too long
    └── ServiceError                  the service answered with a failure
        ├── BadRequestError               400  it refused the parameters
        ├── AuthenticationError           401  credentials missing or wrong
        ├── PermissionDeniedError         403  the key may not use the service, or it is not enabled
        ├── AppNotEnabledError            400  cloud recording is not enabled for the App ID
        ├── AccountInactiveError          400  the account is not in good standing
        ├── TooManyRecordingsError        400  as many recordings run as the account may have
        ├── InvalidResourceError          400  resource ID expired, unreadable, or of another recording
        ├── TaskConflictError             400  (cname, uid) is being recorded already
        ├── AlreadyStartedError           201  this resource ID's recording runs
        ├── AlreadyStoppingError          400  the recording is on its way out
        ├── TaskNotFoundError             404  no such recording, or it is over
        ├── RouteNotFoundError            404  no such path on this host
        ├── RateLimitError                429  too many requests a second
        ├── NotCompletedError             206  the service timed out inside; its effect is not known
        ├── ServiceTimeoutError           5xx  a part of the service did not answer in time
        └── ServiceUnavailableError       5xx  the service cannot do it right now
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

if TYPE_CHECKING:
    from datetime import datetime

    from cloudrec_api.models.responses import RecordedFile

    from .handles import RecordingHandle


class Problem(NamedTuple):
    """One broken rule of a request: the field, what was given, and what it must be."""

    field: str
    """Name of the field as the API spells it, from the outermost one on: ``recordingConfig.maxIdleTime``."""
    value: str
    """The value that was given, in short; ``***`` for a secret."""
    rule: str
    """What the value must be."""
    name: str = ""
    """Name of the rule, as in docs/rules.md: ``range``, ``mp4-needs-hls``. Empty where it is none of the API's."""
    argument: str = ""
    """What was written: an argument, and what of it, by keys of dicts and attributes of values: ``max_idle_time``."""

    def __str__(self) -> str:
        told = f"{self.value} ({self.rule})"
        if self.argument and _last(self.argument) != _last(self.field):
            return f"{self.argument} ({self.field}): {told}"
        if self.argument:
            return f"{self.argument}: {told}"
        return f"{self.field}: {told}" if self.field else told

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return self._asdict()


def _last(path: str) -> str:
    return path.rpartition(".")[2]


class Attempt(NamedTuple):
    """One sending of a request: to which host, how it ended, and how long it took. A call has one or more."""

    endpoint: str
    """Which call."""
    number: int
    """Which attempt of the call, from 1."""
    host: str
    """Host (and port, if it is not the usual one) that was asked."""
    outcome: str
    """How it ended, in a word or two: ``success``, ``no connection``, ``rate limited``, …"""
    elapsed: float
    """Seconds from sending the request to the end of the answer."""
    http_status: int | None
    """HTTP status of the answer; None where there was none."""
    request_id: str | None
    """The ``X-Request-Id`` of the answer."""

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return self._asdict()


DOCS_URL: str | None = None
"""Address of the documentation's site; None until it has one."""


class CloudRecordingError(Exception):
    """Base of all errors of this package: which call, what the service said, whether a retry helps, and what to do."""

    endpoint: str | None = None
    """Which call: ``acquire``, ``start``, ``query``, ``update``, ``updateLayout``, ``stop`` or ``ncsIps``."""
    http_status: int | None = None
    """HTTP status of the answer; None where there was no answer."""
    code: int | str | None = None
    """The service's number for the failure; None where it sent none. A string only where that is no number."""
    reason: str | None = None
    """The service's (or its gateway's) words for the failure."""
    request_id: str | None = None
    """The ``X-Request-Id`` of the answer. Quote it to the provider's support."""
    retryable: bool = False
    """Whether the same call, sent again as it is, may succeed and does no harm."""
    advice: str = ""
    """What to do about it."""
    response_body: str | None = None
    """The answer's body, its first 4096 characters, with secrets taken out."""
    attempts: tuple[Attempt, ...] = ()
    """Every attempt of the call, in order; empty where nothing was sent."""

    @property
    def host(self) -> str | None:
        """Host that the last attempt was made at; None where nothing was sent."""
        return self.attempts[-1].host if self.attempts else None

    @property
    def url(self) -> str | None:
        """Page about this error on the documentation's site; None where the address of the site is not known.

        The variable ``CLOUDREC_DOCS_URL`` of the environment names it, such as ``https://docs.example.com/cloudrec``.
        """
        base = os.environ.get("CLOUDREC_DOCS_URL") or DOCS_URL
        if not base:
            return None
        # A class of somebody else's has no page; what it is made of has.
        kind = next(kind for kind in type(self).__mro__ if kind.__module__.partition(".")[0] == __package__)
        part = f"#code-{self.code}" if isinstance(self.code, int) else ""
        return f"{base.rstrip('/')}/errors/{kind.__name__}.html{part}"

    # Resource IDs have some 300 characters, sids 32.
    _long_id: ClassVar[str] = r"[A-Za-z0-9_=+-]{30,}"

    def __str__(self) -> str:
        """At most 200 characters, which fit an alert: what happened, then what to do. ``args[0]`` is the whole text."""
        told, advice = self._shorter_ids(super().__str__()), self.advice
        end = f" [{len(self.attempts)} attempts]" if len(self.attempts) > 1 else ""
        room = MOST - len(end)
        told = told.removesuffix(advice).rstrip() if advice else told
        if not told or not advice or advice in told:
            return shortened(told or advice, room) + end
        # What happened is cut for what to do, down to what still says what it was; and then what to do is cut.
        told = shortened(told, max(_LEAST, room - len(advice) - len(". ")))
        told += " " if told.endswith((".", "!", "?", "…")) else ". "
        return told + shortened(advice, room - len(told)) + end

    def _shorter_ids(self, text: str) -> str:
        return re.sub(self._long_id, lambda found: f"{found[0][:6]}…{found[0][-4:]}", text)

    def to_dict(self) -> dict[str, Any]:
        """What is known of it, for JSON: its class as ``error``, its text as ``message``, and the fields that are set.

        The body of the answer is left out.
        """
        from cloudrec_api.views import plain

        known = {name: value for name, value in self.__dict__.items() if name not in _NOT_TOLD}
        told = {"error": type(self).__name__, "message": str(self)} | ({"url": self.url} if self.url else {})
        return told | {name: plain(known[name]) for name in known}

    def __init__(self, message: str, **fields: Any) -> None:
        super().__init__(message)
        for name, value in fields.items():
            setattr(self, name, value)
        if self.url:
            self.add_note(f"See {self.url}")

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the class with the message alone; this one keeps the fields, also of subclasses.
        return _restore, (type(self), self.args, self.__dict__)


MOST = 200
"""Characters that the text of an exception has at the most."""
_LEAST = 60


def shortened(text: str, most: int) -> str:
    """A text that has no more characters than that, cut at its end."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


# The notes stand in tracebacks.
_NOT_TOLD = frozenset({"response_body", "__notes__"})


def _restore(kind: type[CloudRecordingError], args: tuple[Any, ...], fields: dict[str, Any]) -> CloudRecordingError:
    error = kind.__new__(kind, *args)
    error.args = args  # an OSError, such as RequestTimeoutError, does not take them from __new__ here
    error.__dict__.update(fields)
    return error


class ConfigurationError(CloudRecordingError, ValueError):
    """The client was set up wrongly: an argument, a setting, or a missing extra. Nothing was sent."""


class ClientClosedError(CloudRecordingError, RuntimeError):
    """The client, or the httpx client given to it, was closed before the call ended."""


class InvalidRequestError(CloudRecordingError, ValueError):
    """A call's arguments break rules of the API. Nothing was sent.

    All broken rules are reported at once, in :attr:`problems`.
    """

    problems: tuple[Problem, ...] = ()
    """Every broken rule, with the argument that breaks it."""
    # What somebody wrote, and is to write instead, is shown: often a UUID.
    _long_id = r"[A-Za-z0-9_=+-]{40,}"

    @classmethod
    def of(cls, endpoint: str, problems: list[Problem]) -> Self:
        """The error for these problems."""
        told = "; ".join(map(str, problems))
        return cls(f"{endpoint}: {told}", endpoint=endpoint, problems=tuple(problems), advice="Correct the call.")

    def __str__(self) -> str:
        """At most 200 characters: as many problems as fit, each with what it must be, and how many more there are."""
        whole, told = self._shorter_ids(self.args[0]), "; ".join(map(str, self.problems))
        if len(whole) <= MOST or not told or not self.args[0].endswith(told):
            return shortened(whole, MOST)
        head, more = self.args[0].removesuffix(told), ""
        for count in range(len(self.problems), 0, -1):
            more = f"; {len(self.problems) - count} more in problems" if count < len(self.problems) else ""
            some = self._shorter_ids(head + "; ".join(map(str, self.problems[:count])))
            if len(some) + len(more) <= MOST:
                return some + more
        # One alone does not fit: what was written and what it must be come before the value and the wire's name.
        field, value, rule, _, argument = self.problems[0]
        value = value if len(value) <= _LEAST // 2 else f"{value[: _LEAST // 3]}…{value[-4:]}"
        return shortened(self._shorter_ids(f"{head}{argument or field}: {value} ({rule})"), MOST - len(more)) + more


class NetworkError(CloudRecordingError):
    """No answer came. Whether the request had an effect is not known unless the connection never stood.

    Of a start it means that nothing was sent: one that may have arrived ends in :class:`RecordingMayBeRunningError`.
    """


class RequestTimeoutError(NetworkError, TimeoutError):
    """No answer came in time. Whether the request had an effect is not known.

    Without :attr:`attempts` nothing was sent: the deadline passed before a connection was free.
    """


class InvalidResponseError(CloudRecordingError):
    """The answer is not one of this service to this call.

    It is not JSON, cut short, too long, packed in a way that was not asked for, a redirect, or names another channel,
    user or recording than was asked for. Whether the request had an effect is not known.
    """


class RecordingMayBeRunningError(CloudRecordingError):
    """A start may have taken effect, and its sid is not known: a recording may be running, and be billed.

    Where it could be sent again (see :class:`Retry`), it was, with the same resource ID, which never makes a second
    recording; that did not settle it. What is known of the recording is in the fields below; the last failure is the
    ``__cause__``. Left alone, the recording ends when its channel has been empty for ``maxIdleTime``. Its webhook event
    40 carries cname, uid and sid.
    """

    cname: str = ""
    """Channel of the start."""
    uid: str = ""
    """The recorder's user ID of the start."""
    resource_id: str = ""
    """Resource ID of the start."""
    mode: str = ""
    """Mode of the start."""
    is_running: bool | None = None
    """True where the service said that it runs (201/7), None where nobody knows."""
    sid: str | None = None
    """Recording ID; None where no answer told it. With one, ``attach(error.handle)`` gives the recording back."""
    handle: RecordingHandle | None = None
    """Of a recording made with ``record``: what ``attach`` takes, once its sid is known."""


class RecordingNotStartedError(CloudRecordingError):
    """The service took a start on, and the recording was not seen to run within 90 seconds. It has been stopped."""

    handle: RecordingHandle | None = None
    """Which recording."""
    last_status: int | None = None
    """Status that it had last; None where no query was answered."""


class RecordingEnded(CloudRecordingError):
    """A recording is over, or never came to run. :attr:`causes` lists what may have ended this very one.

    A 404 alone does not say so, since a recording that is being moved to another server answers so, too; it is believed
    after further queries 5, 10 and 15 seconds later.
    """

    causes: tuple[str, ...] = ()
    """What may have ended it, the likeliest first, in words."""
    handle: RecordingHandle | None = None
    """Which recording."""
    last_status: int | None = None
    """Status that it had last; None where no query was answered."""
    last_seen: datetime | None = None
    """When it last answered, in UTC; None where it never did to this process."""


class RecordingNotStoppedError(CloudRecordingError, RuntimeError):
    """The result of a recording was asked for before it was stopped."""


class WaitTimeoutError(CloudRecordingError, TimeoutError):
    """What was waited for did not come in time. The recording goes on."""


class HandleError(CloudRecordingError, ValueError):
    """A handle cannot be used: cut short, from a newer version, of another App ID or mode, or without a sid."""


class RecipeError(CloudRecordingError, ValueError):
    """A recipe cannot be kept, read or begun: it holds a secret, is from a later version, or names what is missing."""


class FleetError(CloudRecordingError):
    """A fleet cannot do what was asked of it, such as find a key or become a worker twice. Its text says which."""


class FleetDatabaseError(FleetError):
    """A fleet's database cannot be used: it is not there, cannot be written, or is of another version or App ID."""


class ServiceError(CloudRecordingError):
    """The service, or its gateway, answered with a failure; the class below says of which kind."""

    files: tuple[RecordedFile, ...] = ()
    """Files that the answer named all the same."""


class BadRequestError(ServiceError):
    """The service refused the parameters. :attr:`reason` says which."""


class AuthenticationError(ServiceError):
    """The customer ID or the customer secret is missing or wrong."""


class PermissionDeniedError(ServiceError):
    """The customer ID may not use the service, or cloud recording is not enabled for the App ID: the gateway's 403.

    Which of the two, it does not say. Where the service itself refuses an App ID, that is :class:`AppNotEnabledError`.
    """


class AppNotEnabledError(ServiceError):
    """Cloud recording is not enabled for the App ID, or the App ID is wrong."""


class AccountInactiveError(ServiceError):
    """The account is not in good standing; bills may be overdue."""


class TooManyRecordingsError(ServiceError):
    """As many recordings run as the account may have (50, or 200 of web pages, unless raised)."""


class InvalidResourceError(ServiceError):
    """The resource ID expired, cannot be read, or belongs to another App ID, cname, uid or sid."""


class TaskConflictError(ServiceError):
    """A recording with this (App ID, cname, uid) runs already.

    ``record`` derives the uid from the channel: then it is this very recording that runs, and is not made twice.
    """

    cname: str = ""
    """Channel of the recording, where ``record`` was to make it."""
    uid: str = ""
    """Its recorder's user ID."""
    handle: RecordingHandle | None = None
    """Of the recording that runs, where this client began or attached it: ``attach`` gives it back, once it has a sid.
    None where another process did; its handle is what that one was given by ``on_started``."""
    is_over: bool = False
    """Whether it is known here to be over."""


class AlreadyStartedError(ServiceError):
    """The recording of this resource ID runs already."""


class AlreadyStoppingError(ServiceError):
    """The recording is on its way out: stopped before, removed from the channel, or idle for too long."""


class TaskNotFoundError(ServiceError):
    """There is no such recording now.

    It is over, or never started, or is being moved to another server and answers again within 90 seconds.
    """


class RouteNotFoundError(ServiceError):
    """The host does not know the path; it may not be a host of this service."""


class RateLimitError(ServiceError):
    """More requests a second than the App ID is allowed (10 unless raised).

    With :attr:`http_status` None it comes from the client itself: so many calls wait for its own limit that the
    deadline would pass. Nothing was sent then.
    """

    retry_after: float | None = None
    """Seconds to wait, where the service said so."""


class NotCompletedError(ServiceError):
    """The request reached the service, which timed out inside. Whether it had an effect is not known."""


class ServiceTimeoutError(ServiceError):
    """A part of the service did not answer in time. Whether the request had an effect is not known."""


class ServiceUnavailableError(ServiceError):
    """The service cannot do it right now."""


class RequestWarning(UserWarning):
    """A request is sent of which something has no effect, or hardly the one that is meant."""


class TokenExpiryWarning(UserWarning):
    """A token ends before the recording that it is for may.

    No token lives longer than 24 hours. One that is good for nearly that long is not warned of, however long the
    recording may last.
    """
