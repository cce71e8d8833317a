"""Failures that the service is known to answer with: what each means, its causes, and advice.

The one home of all this: exceptions take their class and their advice from here, and `explain` everything.
"""

from typing import NamedTuple

from ..errors import (
    AccountInactiveError,
    AlreadyStartedError,
    AlreadyStoppingError,
    AppNotEnabledError,
    AuthenticationError,
    BadRequestError,
    InvalidResourceError,
    NotCompletedError,
    PermissionDeniedError,
    RateLimitError,
    RouteNotFoundError,
    ServiceError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    TaskConflictError,
    TaskNotFoundError,
    TooManyRecordingsError,
)


class Text(NamedTuple):
    """A failure in words."""

    meaning: str
    causes: tuple[str, ...]
    """What usually brings it about, the likeliest first."""
    advice: str


class Entry(NamedTuple):
    """One failure. None stands for any endpoint, status, code or reason."""

    endpoint: str | None
    http_status: int | None
    code: int | None
    reason: str | None
    """Words that the reason must hold, in lower case."""
    error: type[ServiceError]
    retryable: bool
    text: Text
    says: str | None = None
    """The reason as the service is known to word it."""

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.text.advice


# ------------------------------------------------------------------------------------------- the gateway

_NOT_ENABLED = Text(
    "Cloud recording is not enabled for this App ID.",
    (
        "cloud recording was never enabled for this project in the console",
        "the App ID is of another project than the one it was enabled for, or is mistyped",
        "the App Certificate stands in the place of the App ID",
    ),
    "Enable cloud recording for this App ID in the console, and check the App ID.",
)
_MAY_NOT = Text(
    "This customer ID may not use cloud recording for this App ID, or cloud recording is not enabled for it.",
    (
        "cloud recording was never enabled for this project in the console, or was a moment ago",
        "the customer ID is of another account, or may not use this product",
        "the host is one of another product",
    ),
    "Enable cloud recording for this App ID in the console, and use a customer ID of the same account that may use it.",
)
_FORBIDDEN = Text(
    "Access was refused, and not in the words of the service.",
    (
        "a proxy, a firewall or a filter between you and the service refuses it",
        "cloud recording is not enabled for this App ID, or the customer ID may not use it",
    ),
    "Check what stands between you and the service, and in the console that cloud recording is enabled for the App ID.",
)
_CHECK_CREDENTIALS = (
    "Check the customer ID and the customer secret, and that they belong to the account of this App ID."
)
_NO_CREDENTIALS = Text(
    "The request came without an Authorization header.",
    ("a proxy on the way took the header off", "the request was made by hand, without HTTP Basic"),
    _CHECK_CREDENTIALS,
)
_WRONG_CREDENTIALS = Text(
    "The gateway does not know this customer ID with this customer secret.",
    (
        "one of the two is mistyped, or was deleted in the console",
        "they are of another account than the App ID",
        "the App ID and App Certificate stand in their place; those are another pair, for tokens",
        "the word Basic, or the colon between the two before they are encoded, is missing",
    ),
    _CHECK_CREDENTIALS,
)
_NO_ROUTE = Text(
    "The host knows no such method and path.",
    (
        "the host is not one of cloud recording's (base_url)",
        "a part of the path is misspelt or empty, or the method is another than the call's",
        "a proxy on the way changed the path",
    ),
    "Check the host (area or base_url).",
)
_TOO_FAST = Text(
    "More requests a second than the App ID may send: 10, unless that was raised.",
    (
        "several processes send for one App ID, each within the limit by itself",
        "many starts or stops at the same moment",
        "recordings are queried more often than every two minutes or so",
    ),
    "Send fewer requests a second, or have the limit raised.",
)

# ------------------------------------------------------------------------------------------- wrong requests

_REFUSED = Text(
    "The service refused the request.",
    ("a parameter is wrong in a way that this catalogue does not know",),
    "Correct the parameter that the reason names.",
)
_INVALID = Text(
    "The service refused a parameter. Its reason often names which one.",
    (
        "a field is misspelt (case counts), missing, or not one of this mode's",
        "a value is of the wrong type: user IDs are strings, numbers are not",
        "a value is outside of its range, or not one of those listed",
    ),
    "Correct the parameter that the reason names.",
)
_HASH = Text(
    "start does not repeat what its acquire was given as startParameter.",
    (
        "a token, a file prefix or STS credentials were made anew between the two calls",
        "a default was filled in, or a null left out, in one of the two",
        "the startParameter was that of another recording",
    ),
    "Give start exactly the clientRequest that acquire was given as startParameter, or acquire without startParameter.",
)
_NO_SERVICES = Text(
    "start found nothing to do: what clientRequest asks for is not what the resource ID was acquired for.",
    (
        "the scene of acquire does not go with the mode of start: web needs scene 1, the others must not have it",
        "clientRequest is written for another mode than the one in the path",
        "cloud recording, or the recording of web pages, is not enabled for the App ID",
    ),
    "Acquire with the scene of the mode, and start with the clientRequest of that mode.",
)
_BODY = Text(
    "The body was refused as a whole, before its fields were looked at one by one; so the reason names none.",
    (
        "uid is above 4294967295: a time stamp, a telephone number or a database key is too long",
        "uid is a number and not a string",
        "a required field is missing, or one is of the wrong type",
        "startParameter is one that start would refuse",
    ),
    "Check every field against its rules, uid first.",
)
_UID_LIST = Text(
    "An entry of a subscription list is no user ID.",
    (
        "user accounts or database keys stand where numbers must; the clients joined with string accounts",
        "a user ID is above 4294967295, or empty",
    ),
    "List user IDs: whole numbers from 1 to 4294967295, each as a string.",
)
_CHANNEL_NAME = Text(
    "No channel can have this name.",
    (
        "it holds a slash, a quote, a line break or a letter beyond ASCII",
        "it is longer than 64 bytes",
        "a web page is to be recorded, and acquire does not say so with scene 1",
    ),
    "Use only characters that channel names may have, at most 64 bytes.",
)
_HEADER = Text(
    "The service saw another method, path or content type than the call has.",
    (
        "the content type is not application/json;charset=utf-8",
        "the path lacks a part, or the method is another",
        "the body is no valid JSON",
    ),
    "Check what stands between you and the service: it saw another method, path or content type.",
)
_NEW_TOKEN = "Make a new channel token, for this App ID, cname and uid."
_TOKEN_ENDED = Text(
    "The channel token has ended.",
    (
        "it was made with too short a life; the service takes no new one while it records",
        "it was made long before the start, and kept",
    ),
    _NEW_TOKEN,
)
_TOKEN_WRONG = Text(
    "The channel token is not one for this channel and recorder.",
    (
        "it was made for another uid than the recorder's, such as that of a user",
        "it was made for another cname or App ID, or with another App Certificate",
        "the project has an App Certificate, and no token was given",
    ),
    _NEW_TOKEN,
)
_LAYOUT = Text(
    "The layout was refused.",
    (
        "a region leaves the canvas, or there are more than 17",
        "layoutConfig without mixedVideoLayout 3, or 3 without layoutConfig",
    ),
    "Correct the layout.",
)

# ------------------------------------------------------------------------------------------- resource IDs

_ACQUIRE_ANEW = "Acquire a new resource ID, and start within five minutes with the same App ID, cname and uid."
_MISMATCH = Text(
    "The request does not fit its resource ID.",
    (
        "cname or uid are not those that it was acquired for; they must be the same in every call",
        "the App ID is another one",
        "another parameter is wrong",
    ),
    _ACQUIRE_ANEW,
)
_EXPIRED = Text(
    "The resource ID is of no more use.",
    (
        "more than five minutes passed between acquire and start",
        "it has served its one recording",
        "many resource IDs were acquired first and started afterwards",
    ),
    _ACQUIRE_ANEW,
)
_UNREADABLE = Text(
    "The resource ID cannot be read.",
    (
        "it was cut off where it was stored; it is some hundred characters long",
        "it was changed on its way into the path",
        "it is of another App ID",
    ),
    _ACQUIRE_ANEW,
)
_WRONG_PAIR = Text(
    "The sid, or the App ID, does not belong to the resource ID.",
    ("sid and resource ID are of two recordings", "the App ID is another one"),
    "Use the sid and the resource ID of one and the same recording.",
)

# ------------------------------------------------------------------------------------------- quotas

_INACTIVE = Text(
    "The account or the project is not active.",
    ("bills are overdue", "the project was switched off in the console"),
    "Check the account's state in the console.",
)
_QUOTA = Text(
    "As many recordings run as the account may have at once: 50, or 200 of web pages, unless that was raised. Other "
    "pages of the provider count by area and, for mix and web, by the size of the picture: from 10 to 1000.",
    (
        "recordings that nobody stopped wait out their maxIdleTime, or go on",
        "starts without an answer were sent again with other uids, and each became a recording",
        "there are that many recordings",
    ),
    "Stop recordings you no longer need, or have the limit raised.",
)

# ------------------------------------------------------------------------------------------- the service itself

_AGAIN = "Send the same request again after a pause."
_AGAIN_START = (
    "Send the same start again after 3 and 6 seconds; answered with AlreadyStartedError, it runs. "
    "If that does not settle it, a recording may be running: look for it before you start another."
)
_PASSING = ("a passing fault inside of the service, or jitter of its network",)
_INTERNAL = Text("Something failed inside of the service.", _PASSING, _AGAIN)
_NO_RESOURCES = Text(
    "The service has no resources left right now.",
    ("the region that the request went to, or that acquire asks for, is busy or failing",),
    _AGAIN,
)
_ALLOCATE = Text("The service did not get resources in time.", ("the region is busy",), _AGAIN)
_ALLOCATE_START = Text(
    "No recorder could be had for the recording. It does not run.",
    ("the region that the resource ID was acquired in is busy",),
    "Acquire a new resource ID and start again.",
)
_TIMED_OUT = Text("A part of the service did not answer in time.", _PASSING, _AGAIN)
_TIMED_OUT_START = Text(
    "The start timed out inside of the service. Whether the recording runs is not known.", _PASSING, _AGAIN_START
)
_NO_SID = Text(
    "The recorder could not be started: the answer has an empty sid.",
    ("a passing fault inside of the service", "a parameter that is looked at only when the recorder starts"),
    _AGAIN_START,
)
_NOT_DONE = Text(
    "The request reached the service, which timed out inside. Whether it had an effect is not known.", _PASSING, _AGAIN
)
_NOT_DONE_START = Text(
    "The start reached the service, which timed out inside. Whether the recording runs is not known.",
    _PASSING,
    _AGAIN_START,
)
_DOWN = Text("The service cannot do it right now.", _PASSING, _AGAIN)
_DOWN_START = Text(
    "The service cannot do it right now. Whether the recording runs is not known.", _PASSING, _AGAIN_START
)
_STRANGE = Text(
    "A failure that is not in the catalogue.",
    ("the service has moved on, or something between you and it answered",),
    "Quote the request ID to the provider's support.",
)

# ------------------------------------------------------------------------------------------- the life of a recording

_RUNS = Text(
    "The recording of this resource ID runs already.",
    ("start was sent twice, by you, by a retry or by a proxy; the answer to the first was late or lost",),
    "Nothing to do: it runs. Its sid was in the first answer.",
)
_CONFLICT = Text(
    "A recording with this App ID, cname and uid runs already.",
    (
        "an earlier run, or another process, records this channel with the same uid",
        "a start whose answer was lost did take effect, and this one came with a new resource ID",
    ),
    "Stop the other recording, or use another uid and acquire anew.",
)
_LEAVING = Text(
    "The recording is on its way out already.",
    (
        "stop was sent before",
        "the channel was empty for maxIdleTime, and it leaves by itself",
        "the recorder was removed from the channel",
    ),
    "Nothing to do: it is stopping already.",
)
_UPLOADING = Text(
    "The recording has stopped, and its upload takes longer than the 20 seconds that a waiting stop allows.",
    ("large files, or a bucket far from the region that recorded", "the bucket does not take the files"),
    "It is stopped; files go on uploading. Look in the bucket later.",
)
_OVER = Text(
    "There is no such recording now: it is over, never came to run, or is being moved to another server.",
    (
        "the channel was empty for maxIdleTime, 30 seconds unless set",
        "the token was wrong or ended, or the uid was in use, so that the recorder could not join or stay",
        "a parameter that is looked at only after the start was wrong, such as one of transcodingConfig",
        "the bucket does not take the files: its keys, name or region are wrong",
        "the web page could not be opened",
        "it is being moved to another server, for up to 90 seconds, and goes on",
        "more hours have passed than resourceExpiredHour",
    ),
    "Ask again after 5, 10 and 15 seconds before you believe it: the recording is over (an empty channel for "
    "maxIdleTime is the usual cause), never started, or is being moved.",
)
_NOTHING = Text(
    "The recording has ended, and nothing was recorded.",
    (
        "nobody sent a stream while it ran",
        "nobody sent one that was subscribed to: a list for one medium alone turns the other off",
        "it was stopped before the first slice was done, about 15 seconds after the first stream",
    ),
    "Nothing to mend in the call: the result of stop says so (nothing_recorded). Look at who was in the channel.",
)

# The first entry that fits counts, so the particular stand before the general.
CATALOGUE = (
    # the gateway: no code, and `message` in place of `reason`
    Entry(None, 400, None, "appid is invalid", AppNotEnabledError, False, _NOT_ENABLED, "appid is invalid"),
    Entry(None, 401, None, "unauthorized", AuthenticationError, False, _NO_CREDENTIALS, "Unauthorized"),
    Entry(None, 401, None, None, AuthenticationError, False, _WRONG_CREDENTIALS, "Invalid authentication credentials"),
    Entry(None, 403, None, "cannot consume this service", PermissionDeniedError, False, _MAY_NOT,
          "You cannot consume this service"),
    Entry(None, 404, None, "no route matched", RouteNotFoundError, False, _NO_ROUTE,
          "no Route matched with those values"),
    Entry(None, 429, None, None, RateLimitError, True, _TOO_FAST, "API rate limit exceeded"),
    # seen in the field, and on no page of the reference
    Entry("start", 400, 2, "request_hash mismatch", BadRequestError, False, _HASH, "request_hash mismatch!"),
    Entry("start", 400, 2, "services not selected", BadRequestError, False, _NO_SERVICES, "services not selected!"),
    Entry(None, 400, 2, "api body validate failed", BadRequestError, False, _BODY, "api body validate failed!"),
    Entry(None, None, 2, "body check failed", BadRequestError, False, _BODY, "post method api body check failed!"),
    Entry(None, 400, None, "uint32_t", BadRequestError, False, _UID_LIST,
          "uid inside the List can't be converted to uint32_t"),
    # acquire
    Entry("acquire", 400, 400, None, AppNotEnabledError, False, _NOT_ENABLED, "invalid_appid"),
    Entry("acquire", 400, 401, None, BadRequestError, False, _CHANNEL_NAME, "invalid_channel_name"),
    Entry("acquire", 400, 405, None, AccountInactiveError, False, _INACTIVE, "no_active_status"),
    Entry("acquire", 400, 406, None, TooManyRecordingsError, True, _QUOTA, "vendor_over_load"),
    Entry("acquire", 400, 62, None, AppNotEnabledError, False, _NOT_ENABLED),
    Entry("acquire", 500, 500, None, ServiceUnavailableError, True, _INTERNAL, "internal_error"),
    Entry("acquire", 500, 501, None, ServiceUnavailableError, True, _NO_RESOURCES, "no_worker_manager_available"),
    Entry("acquire", 500, 504, None, ServiceTimeoutError, True, _ALLOCATE, "allocate_timeout"),
    Entry("acquire", 500, None, None, ServiceUnavailableError, True, _DOWN),
    # start
    Entry("start", 201, 7, None, AlreadyStartedError, False, _RUNS, "already started"),
    Entry("start", 206, 65, None, NotCompletedError, True, _NOT_DONE_START, "request not completed"),
    Entry("start", 400, 53, None, TaskConflictError, False, _CONFLICT, "task conflict"),
    Entry("start", 500, 502, None, ServiceUnavailableError, False, _ALLOCATE_START, "Failed to allocate worker"),
    Entry("start", 500, 62, None, ServiceTimeoutError, True, _TIMED_OUT_START, "request timeout"),
    # on no page; from a public report, with an empty sid
    Entry("start", 500, 15, None, ServiceUnavailableError, True, _NO_SID),
    # stop
    Entry("stop", 400, 49, None, AlreadyStoppingError, False, _LEAVING, "invalid operation"),
    Entry("stop", None, 50, None, ServiceTimeoutError, False, _UPLOADING),
    # a running recording
    Entry(None, 206, 65, None, NotCompletedError, True, _NOT_DONE, "request not completed"),
    Entry(None, 404, 404, None, TaskNotFoundError, False, _OVER, "failed to find worker"),
    Entry(None, 404, None, "failed to find worker", TaskNotFoundError, False, _OVER, "failed to find worker"),
    Entry(None, 504, 62, None, ServiceTimeoutError, True, _TIMED_OUT, "request timeout"),
    # from the provider's Chinese page of error codes; the newer table of the reference leaves them out
    Entry(None, 400, 8, None, BadRequestError, False, _HEADER),
    Entry(None, 400, 109, None, BadRequestError, False, _TOKEN_ENDED),
    Entry(None, 400, 110, None, BadRequestError, False, _TOKEN_WRONG),
    Entry(None, 400, 432, None, InvalidResourceError, False, _MISMATCH),
    Entry(None, 400, 433, None, InvalidResourceError, False, _EXPIRED),
    Entry(None, 400, 501, None, AlreadyStoppingError, False, _LEAVING),
    Entry(None, 400, 1001, None, InvalidResourceError, False, _UNREADABLE),
    Entry(None, 400, 1003, None, InvalidResourceError, False, _WRONG_PAIR),
    Entry(None, 400, 1013, None, BadRequestError, False, _CHANNEL_NAME),
    Entry(None, 400, 1028, None, BadRequestError, False, _LAYOUT),
    # any parameter
    Entry(None, 400, 2, None, BadRequestError, False, _INVALID),
)  # fmt: skip

# Whatever else comes, told by its status alone.
GENERAL = (
    Entry(None, 400, None, None, BadRequestError, False, _REFUSED),
    Entry(None, 403, None, None, PermissionDeniedError, False, _FORBIDDEN),
    Entry(None, 404, None, None, RouteNotFoundError, False, _NO_ROUTE),
    Entry("start", 504, None, None, ServiceTimeoutError, True, _TIMED_OUT_START),
    Entry(None, 504, None, None, ServiceTimeoutError, True, _TIMED_OUT),
)
_ALL = (*CATALOGUE, *GENERAL)
# After a start nobody knows whether it took effect; every other call may be sent twice.
_UNAVAILABLE_START = Entry("start", None, None, None, ServiceUnavailableError, False, _DOWN_START)
_UNAVAILABLE = Entry(None, None, None, None, ServiceUnavailableError, True, _DOWN)
_UNKNOWN = Entry(None, None, None, None, ServiceError, False, _STRANGE)

# Answers that callers get as results. Here they are only explained; no exception is made of them.
RESULTS = (Entry("stop", 206, 435, None, ServiceError, False, _NOTHING, "no recorded data"),)


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
    # A code that this call alone has means the same under whatever status it comes.
    return _by_code(endpoint, code, words) or general(endpoint, http_status)


def _by_code(endpoint: str, code: int | str | None, words: str) -> Entry | None:
    if code is None:
        return None
    known = (entry for entry in (*CATALOGUE, *RESULTS) if entry.endpoint == endpoint and entry.code == code)
    return next((entry for entry in known if entry.reason is None or entry.reason in words), None)


def meaning_of(endpoint: str, http_status: int, code: int | str, reason: str | None) -> str | None:
    """What a failure's code means that stands beside an answer; None where nobody knows."""
    entry = _by_code(endpoint, code, (reason or "").lower()) or look_up(endpoint, http_status, code, reason)
    return entry.text.meaning if entry in CATALOGUE or entry in RESULTS else None


def general(endpoint: str | None, http_status: int | None) -> Entry:
    """The entry for a failure of which nothing but that is known."""
    for entry in GENERAL:
        if entry.endpoint in (None, endpoint) and entry.http_status == http_status:
            return entry
    if http_status is None or http_status < 500:
        return _UNKNOWN
    return _UNAVAILABLE_START if endpoint == "start" else _UNAVAILABLE
