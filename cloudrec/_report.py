"""Telling people what goes on: the log, and a hook for each attempt."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from ._frames import bared
from ._redact import redacted, scrub, secrets_in
from .errors import Attempt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._calls import Call
    from ._hosts import Host
    from ._reply import Reply
    from ._retry import Outcome
    from ._settings import Settings
    from .errors import CloudRecordingError

logger = logging.getLogger("cloudrec")

_SHOWN_BODY = 2048


class Report:
    """What a session tells of its calls."""

    def __init__(self, settings: Settings) -> None:
        self._hook = settings.on_attempt
        self._log_bodies = settings.log_bodies
        self._secrets = settings.secrets

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
        """Says, where no error can, that a start was ended from outside after it may have arrived."""
        if call.endpoint == "start" and call.body is not None:
            told = (
                f"start was cut off ({type(cut).__name__}): a recording may be running: cname {call.body['cname']!r}, "
                f"uid {call.body['uid']}, resource ID {call.ids['resourceid']}"
            )
            logger.warning(told)
            cut.add_note(told)

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
