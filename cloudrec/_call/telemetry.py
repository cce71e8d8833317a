"""Telemetry: the log, and the hooks for attempts and orphans."""

from __future__ import annotations

import atexit
import json
import logging
from typing import TYPE_CHECKING, Any

from .._contract.frames import bared
from .._contract.redact import redacted, scrub, secrets_in
from .._io.forks import in_child
from ..errors import Attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..errors import CloudRecordingError, RecordingMayBeRunningError
    from ..handles import RecordingHandle
    from .call import Call
    from .hosts import Host
    from .outcomes import Outcome
    from .response import Reply
    from .settings import Settings

logger = logging.getLogger("cloudrec")

_SHOWN_BODY = 2048


# What is under way, and how to tell of it where the program ends first: in a thread that nobody waits for, or in an
# event loop that was left standing.
class _UnderWay(dict[object, "Callable[[], object]"]):
    pass  # only this can be referred to weakly


under_way = _UnderWay()
in_child(under_way.clear)  # it is the parent's


@atexit.register
def _program_ends() -> None:
    for tell in list(under_way.values()):
        tell()


def _handle(call: Call[Any]) -> RecordingHandle | None:
    return call.handle() if call.handle is not None else None


class Report:
    """What a session tells of its calls."""

    def __init__(self, settings: Settings) -> None:
        self._hook = settings.on_attempt
        self._on_orphan = settings.on_orphan
        self._log_bodies = settings.log_bodies
        self._secrets = settings.secrets

    def waits(self, cname: str, ahead: int) -> None:
        """A recording has to wait to be begun: a line at INFO."""
        logger.info("record of %r waits: %d before it", cname, ahead)

    def attempt(
        self,
        call: Call[Any],
        number: int,
        host: Host,
        outcome: Outcome,
        elapsed: float,
        reply: Reply | None,
        error: CloudRecordingError | None,
    ) -> Attempt:
        """Notes how an attempt ended: a line at DEBUG, and the hook."""
        status = reply.http_status if reply else error.http_status if error else None
        request_id = reply.request_id if reply else error.request_id if error else None
        name = outcome.value
        attempt = Attempt(call.endpoint, number, host.name, name, elapsed, status, request_id)
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug(
                "%s: attempt %d at %s: %s (HTTP %s, %.3f s)", call.endpoint, number, host.name, name, status, elapsed
            )
            if self._log_bodies:
                self._bodies(call, reply)
        if self._hook is not None:
            try:
                self._hook(attempt)
            except Exception as raised:
                # Somebody else's code; a recording is not lost for it, and neither is what it raised.
                logger.error("on_attempt raised", exc_info=bared(raised))
        return attempt

    def call(
        self, call: Call[Any], attempts: Sequence[Attempt], elapsed: float, error: CloudRecordingError | None
    ) -> None:
        """One line at INFO for the whole call."""
        if not logger.isEnabledFor(logging.INFO):
            return
        if not attempts:
            logger.info("%s: %s in %.3f s, not sent", call.endpoint, type(error).__name__, elapsed)
            return
        last = attempts[-1]
        times = "1 attempt" if len(attempts) == 1 else f"{len(attempts)} attempts"
        ended = "success" if error is None else f"{type(error).__name__} ({last.outcome})"
        place = f"{last.host}, HTTP {last.http_status}, request {last.request_id}"
        logger.info("%s: %s in %.3f s, %s (%s)", call.endpoint, ended, elapsed, times, place)

    def cut_off(self, call: Call[Any], cut: BaseException) -> None:
        """Says, where no error of ours can, that a start was ended from outside after it may have arrived."""
        if call.endpoint == "start" and call.may_have_arrived:
            told = f"start was cut off ({type(cut).__name__}): a recording may be running: {call.recorder}"
            if told not in getattr(cut, "__notes__", ()):
                cut.add_note(told)
            self._orphan(call, told, _handle(call))

    def may_run(self, call: Call[Any], error: RecordingMayBeRunningError) -> None:
        """Says that a start failed in a way that leaves open whether a recording runs."""
        error.handle = _handle(call)
        self._orphan(call, str(error.args[0]), error.handle)  # a log has room for all of it

    def _orphan(self, call: Call[Any], told: str, handle: RecordingHandle | None) -> None:
        # Once: what is cut off may be so at several places, one after the other.
        if not call.is_told:
            self.orphan(told, handle)
            # Not before: an interrupt may come in between.
            call.is_told = True

    def orphan(self, told: str, handle: RecordingHandle | None, level: int = logging.WARNING) -> None:
        """Says that a recording may be running that nobody holds: to the log, and to the hook for that."""
        logger.log(level, told)
        if self._on_orphan is not None and handle is not None:
            try:
                self._on_orphan(handle)
            except Exception as raised:
                logger.error("on_orphan raised", exc_info=bared(raised))

    def _bodies(self, call: Call[Any], reply: Reply | None) -> None:
        if call.body is not None:
            logger.debug("%s: sent %s", call.endpoint, json.dumps(redacted(call.body), default=str)[:_SHOWN_BODY])
        if reply is not None:
            secrets = [*self._secrets, *secrets_in(call.body)]
            try:
                received = json.dumps(redacted(json.loads(reply.body)))
            except (ValueError, RecursionError):
                received = reply.body[: 4 * _SHOWN_BODY].decode("utf-8", "replace")
            logger.debug("%s: received %s", call.endpoint, scrub(received, secrets)[:_SHOWN_BODY])
