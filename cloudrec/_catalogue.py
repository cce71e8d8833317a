"""The failures that the service is known to answer with: what each means, and what to do about it."""

from typing import NamedTuple

from .errors import (
    AccountInactiveError,
    AlreadyStartedError,
    AlreadyStoppingError,
    AppNotEnabledError,
    AuthenticationError,
    BadRequestError,
    InvalidResourceError,
    NotCompletedError,
    RateLimitError,
    RouteNotFoundError,
    ServiceError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    TaskConflictError,
    TaskNotFoundError,
    TooManyRecordingsError,
)


class Entry(NamedTuple):
    """One failure. None stands for any endpoint, status, code or reason."""

    endpoint: str | None
    http_status: int | None
    code: int | None
    reason: str | None
    error: type[ServiceError]
    retryable: bool
    advice: str


_FIX = "Correct the parameter that the reason names."
_CONSOLE = "Enable cloud recording for this App ID in the console, and check the App ID."
_CREDENTIALS = "Check the customer ID and the customer secret, and that they belong to the account of this App ID."
_AGAIN = "Send the same request again after a pause."
_AGAIN_START = (
    "Send the same start again after 3 and 6 seconds; answered with AlreadyStartedError, it runs. "
    "If that does not settle it, a recording may be running: look for it before you start another."
)
_ANEW = "Acquire a new resource ID and start again."
_NEW_RESOURCE = "Acquire a new resource ID, and start within five minutes with the same App ID, cname and uid."
_OVER = (
    "The recording is over (an empty channel for maxIdleTime is the usual cause), never started, or is being moved; "
    "ask again after 5, 10 and 15 seconds before you believe it."
)
_STOPPED = "Nothing to do: it is stopping already."

_HOST = "Check the host (area or base_url)."
_LIMIT = "Send fewer requests a second, or have the limit raised."
_NAME = "Use only characters that channel names may have, at most 64 bytes."
_QUOTA = "Stop recordings you no longer need, or have the limit raised."
_RUNS = "Nothing to do: it runs. Its sid was in the first answer."
_OTHER_UID = "Stop the other recording, or use another uid and acquire anew."
_UPLOADS = "It is stopped; files go on uploading. Look in the bucket later."
_PATH = "Check what stands between you and the service: it saw another method, path or content type."
_TOKEN = "Make a new channel token, for this App ID, cname and uid."
_PAIR = "Use the sid and the resource ID of one and the same recording."

# The first entry that fits counts, so the particular stand before the general.
CATALOGUE = (
    # the gateway: no code, and `message` in place of `reason`
    Entry(None, 400, None, "appid is invalid", AppNotEnabledError, False, _CONSOLE),
    Entry(None, 401, None, None, AuthenticationError, False, _CREDENTIALS),
    Entry(None, 404, None, "no route matched", RouteNotFoundError, False, _HOST),
    Entry(None, 429, None, None, RateLimitError, True, _LIMIT),
    # acquire
    Entry("acquire", 400, 400, None, AppNotEnabledError, False, _CONSOLE),
    Entry("acquire", 400, 401, None, BadRequestError, False, _NAME),
    Entry("acquire", 400, 405, None, AccountInactiveError, False, "Check the account's state in the console."),
    Entry("acquire", 400, 406, None, TooManyRecordingsError, True, _QUOTA),
    Entry("acquire", 400, 62, None, AppNotEnabledError, False, _CONSOLE),
    Entry("acquire", 500, 504, None, ServiceTimeoutError, True, _AGAIN),
    Entry("acquire", 500, None, None, ServiceUnavailableError, True, _AGAIN),
    # start
    Entry("start", 201, 7, None, AlreadyStartedError, False, _RUNS),
    Entry("start", 206, 65, None, NotCompletedError, True, _AGAIN_START),
    Entry("start", 400, 53, None, TaskConflictError, False, _OTHER_UID),
    Entry("start", 500, 502, None, ServiceUnavailableError, False, _ANEW),
    Entry("start", 500, 62, None, ServiceTimeoutError, True, _AGAIN_START),
    # stop
    Entry("stop", 400, 49, None, AlreadyStoppingError, False, _STOPPED),
    Entry("stop", None, 50, None, ServiceTimeoutError, False, _UPLOADS),
    # a running recording
    Entry(None, 206, 65, None, NotCompletedError, True, _AGAIN),
    Entry(None, 404, 404, None, TaskNotFoundError, False, _OVER),
    Entry(None, 404, None, "failed to find worker", TaskNotFoundError, False, _OVER),
    Entry(None, 504, 62, None, ServiceTimeoutError, True, _AGAIN),
    # from the provider's Chinese page of error codes; the newer table of the reference leaves them out
    Entry(None, 400, 8, None, BadRequestError, False, _PATH),
    Entry(None, 400, 109, None, BadRequestError, False, _TOKEN),
    Entry(None, 400, 110, None, BadRequestError, False, _TOKEN),
    Entry(None, 400, 432, None, InvalidResourceError, False, _NEW_RESOURCE),
    Entry(None, 400, 433, None, InvalidResourceError, False, _NEW_RESOURCE),
    Entry(None, 400, 501, None, AlreadyStoppingError, False, _STOPPED),
    Entry(None, 400, 1001, None, InvalidResourceError, False, _NEW_RESOURCE),
    Entry(None, 400, 1003, None, InvalidResourceError, False, _PAIR),
    Entry(None, 400, 1013, None, BadRequestError, False, _NAME),
    Entry(None, 400, 1028, None, BadRequestError, False, "Correct the layout."),
    # whatever else comes
    Entry(None, 400, None, None, BadRequestError, False, _FIX),
    Entry(None, 404, None, None, RouteNotFoundError, False, _HOST),
    Entry("start", 504, None, None, ServiceTimeoutError, True, _AGAIN_START),
    Entry(None, 504, None, None, ServiceTimeoutError, True, _AGAIN),
)  # fmt: skip


def look_up(endpoint: str, http_status: int, code: int | str | None, reason: str | None) -> Entry:
    """The entry for a failure; a general one where it is not known."""
    words = (reason or "").lower()
    for entry in CATALOGUE:
        if (
            entry.endpoint in (None, endpoint)
            and entry.http_status in (None, http_status)
            and entry.code in (None, code)
            and (entry.reason is None or entry.reason in words)
        ):
            return entry
    if http_status >= 500:
        # After a start nobody knows whether it took effect; every other call may be sent twice.
        start = endpoint == "start"
        return Entry(None, None, None, None, ServiceUnavailableError, not start, _AGAIN_START if start else _AGAIN)
    return Entry(None, None, None, None, ServiceError, False, "Quote the request ID to the provider's support.")
