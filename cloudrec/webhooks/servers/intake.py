"""Intake: which answer a request gets, and what becomes of a notice. Both kinds of servers share it; no I/O."""

import logging
from collections.abc import Callable
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

from ..._contract.frames import bared
from ..._io.forks import in_child
from ..._numbers import whole
from ...errors import ConfigurationError
from .._errors import MalformedNoticeError, NoticeTooLargeError, WebhookError
from .._events import Event, HealthCheck, Notice, OtherProductEvent
from .._receive import receive
from .._signature import Headers, Secret, keys
from ..delivery.deduplicator import Deduplicator
from ..delivery.ordered import Ordered
from ..delivery.stores import Met

logger: logging.Logger = logging.getLogger("cloudrec.webhooks")

# Each may be a thread.
MOST_AT_ONCE = 1000

Handler: TypeAlias = Callable[[Event], object]
OnOther: TypeAlias = Callable[[OtherProductEvent | HealthCheck], object]
OnError: TypeAlias = Callable[[Notice, Exception], object]


class Answer(NamedTuple):
    """An answer to the service. All it looks at is whether that is a 200, with JSON."""

    status: int
    reason: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


def _answer(status: int, reason: str, told: str = "", **more: str) -> Answer:
    body = b'{"error": "%s"}' % told.encode() if told else b"{}"
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return Answer(status, reason, body, (*headers, *((name.replace("_", "-"), value) for name, value in more.items())))


TAKEN = _answer(200, "OK")
MALFORMED = _answer(400, "Bad Request", "not a notice")
REFUSED = _answer(401, "Unauthorized", "signature refused")
NOT_POST = _answer(405, "Method Not Allowed", "webhooks are sent by POST", Allow="POST")
TOO_LARGE = _answer(413, "Content Too Large", "too large")
FAILED = _answer(500, "Internal Server Error", "not handled")
BUSY = _answer(503, "Service Unavailable", "send it again", Retry_After="1")


class Intake:
    """Takes requests apart, and sees to it that no notice is lost without a word."""

    def __init__(
        self,
        secret: Secret,
        handler: Handler,
        on_other: OnOther | None,
        on_error: OnError | None,
        *,
        allow_v1: bool,
        max_size: int,
        answer_first: bool,
        most_waiting: int,
        at_once: int,
        deduplicator: Deduplicator | None,
        ordered: Ordered | None,
    ) -> None:
        keys(secret)
        self._secret = secret
        self.handler: Handler = handler
        self.on_other: OnOther | None = on_other
        self.on_error: OnError | None = on_error
        self._allow_v1 = allow_v1
        self.max_size: int = whole("max_size", max_size)
        self.answer_first: bool = answer_first
        self.most_waiting: int = whole("most_waiting", most_waiting)
        self.at_once: int = whole("at_once", at_once, most=MOST_AT_ONCE)
        self.deduplicator: Deduplicator | None = deduplicator
        self.ordered: Ordered | None = ordered
        self._begin_anew()
        in_child(self._begin_anew)
        functions: dict[str, object] = {"handler": handler, "on_other": on_other, "on_error": on_error}
        for name, given in functions.items():
            if not callable(given) and (given is not None or name == "handler"):
                raise ConfigurationError(f"{name}: of type {type(given).__name__} (must be a function)")
        for name, part, kind in (("deduplicator", deduplicator, Deduplicator), ("ordered", ordered, Ordered)):
            if part is not None and not isinstance(part, kind):
                raise ConfigurationError(f"{name}: of type {type(part).__name__} (must be of type {kind.__name__})")
        if ordered is not None and (at_once > 1 or not answer_first):
            raise ConfigurationError("ordered: given (goes with at_once=1 and answer_first=True alone)")

    def early(self, method: str, length: str | None) -> Answer | None:
        """An answer before the body is read; None if it is to be read."""
        if method != "POST":
            return NOT_POST
        if length is not None and not (length.isascii() and length.isdigit()):
            return MALFORMED
        # Digits are counted first: Python refuses to make numbers of thousands of them.
        return TOO_LARGE if length and (len(length) > 20 or int(length) > self.max_size) else None

    def take(self, body: bytes, headers: Headers) -> Notice | Answer:
        """The notice of a request that is to be handled, or the answer to what is none."""
        try:
            notice = receive(body, headers, self._secret, allow_v1=self._allow_v1, max_size=self.max_size)
        except WebhookError as error:
            logger.warning("webhook refused: %s", error)
            if isinstance(error, NoticeTooLargeError):
                return TOO_LARGE
            return MALFORMED if isinstance(error, MalformedNoticeError) else REFUSED
        return TAKEN if self.function_for(notice) is _nothing else notice

    def function_for(self, notice: Notice) -> Callable[[Any], object]:
        """What is to be called with it."""
        return self.handler if isinstance(notice, Event) else self.on_other or _nothing

    def begin(self, notice: Notice) -> Answer | None:
        """The answer to a repeat; None if the notice is to be handled."""
        if self.deduplicator is None:
            return None
        # What waits here may wait for longer than the store's lease, which must be short: after it a notice is new
        # again whose process was killed.
        if (here := self._here(notice)) is not None:
            return here
        try:
            met = self.deduplicator.begin(notice)
        except BaseException as error:
            self._let_go(notice)
            if not isinstance(error, Exception):
                raise
            logger.error("webhook not taken: the store of notices failed", exc_info=bared(error))
            return BUSY
        if met is Met.NEW:
            self._keep(notice)
            return None
        self._let_go(notice)
        # Whoever handles the other copy may fail, or be dead already; let the service ask again.
        return BUSY if met is Met.BUSY else TAKEN

    def done(self, notice: Notice) -> None:
        """The notice was handled."""
        if self.deduplicator is not None:
            try:
                self.deduplicator.done(notice)
            except Exception as error:
                told = "the store of notices failed: %s may be handled again"
                logger.error(told, _named(notice), exc_info=bared(error))
            finally:
                self._let_go(notice)

    def failed(self, notice: Notice, error: BaseException | None) -> None:
        """The notice was not handled. Without an error it is not taken either, and comes again."""
        if error is not None:
            logger.error("webhook not handled: %s", _named(notice), exc_info=bared(error))
        if self.deduplicator is not None:
            try:
                self.deduplicator.failed(notice)
            except Exception as another:
                told = "the store of notices failed: %s may be taken for a repeat"
                logger.error(told, _named(notice), exc_info=bared(another))
            finally:
                self._let_go(notice)

    def on_error_failed(self, notice: Notice, error: BaseException) -> None:
        """The caller's own `on_error` raised."""
        logger.error("on_error failed for %s", _named(notice), exc_info=bared(error))

    def _begin_anew(self) -> None:
        """Nothing is taken in this process: at the beginning, and after a fork."""
        self._taken: dict[str, bool] = {}  # by ID; False until the store has said that it is new
        self._lock = Lock()

    def _here(self, notice: Notice) -> Answer | None:
        """The answer to a copy of what this process has; None if it has none, and from now on it has."""
        if notice.notice_id is None:
            return None
        with self._lock:
            taken = self._taken.get(notice.notice_id)
            if taken is None:
                self._taken[notice.notice_id] = False
                return None
        return TAKEN if taken and self.answer_first else BUSY

    def _keep(self, notice: Notice) -> None:
        if notice.notice_id is not None:
            with self._lock:
                self._taken[notice.notice_id] = True

    def _let_go(self, notice: Notice) -> None:
        if notice.notice_id is not None:
            with self._lock:
                self._taken.pop(notice.notice_id, None)


def _nothing(_: object) -> None:
    """For what nobody asked for."""


def _named(notice: Notice) -> str:
    """Which notice it is, without anything that may be secret."""
    known = f"{type(notice).__name__} {notice.event_type}, notice {notice.notice_id!r}"
    return f"{known}, sid {notice.sid!r}" if isinstance(notice, Event) else known
