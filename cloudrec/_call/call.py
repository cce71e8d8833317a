"""`Call`: one request, and how to read its reply.

What it is made of is in `requests`, which is read when a client is made: that takes as long as all the rest.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import urlencode

from .._contract.redact import secrets_in
from .._contract.rule_texts import IN_THE_FUTURE
from ..errors import (
    AlreadyStartedError,
    CloudRecordingError,
    InvalidRequestError,
    Problem,
    RecordingMayBeRunningError,
)
from .response import Reply, parsed, read

if TYPE_CHECKING:
    from ..handles import RecordingHandle
    from ..results import Result

R = TypeVar("R", bound="Result")
Fields = Mapping[str, Any]


class Call(Generic[R]):
    """One request, and how to read its reply.

    Args:
        endpoint: Its operationId.
        request: What the endpoint's generated ``_get_kwargs`` makes of the arguments.
        decode: The result, from the JSON of a success and the reply that it came in.
        ids: The parameters of the path.
    """

    __slots__ = (
        "_asked",
        "_decode",
        "body",
        "endpoint",
        "handle",
        "headers",
        "ids",
        "is_told",
        "lent_until",
        "may_have_arrived",
        "method",
        "path",
    )

    def __init__(
        self, endpoint: str, request: Fields, decode: Callable[[Any, Reply], R], ids: Mapping[str, str]
    ) -> None:
        self.endpoint: str = endpoint
        self.method: str = request["method"].upper()
        self.path: str = request["url"] + (f"?{urlencode(request['params'])}" if "params" in request else "")
        self.ids: Mapping[str, str] = ids
        self.body: Fields | None = request.get("json")
        self._decode = decode
        # What an answer repeats of the question: IDs of the path and of the body, as far as there are any.
        named: dict[str, Any] = {"resourceId": ids.get("resourceid"), "sid": ids.get("sid")}
        if self.body is not None:
            named |= {"cname": self.body.get("cname"), "uid": self.body.get("uid")}
        # One that was not checked may be anything.
        self._asked = [(name, value) for name, value in named.items() if value and isinstance(value, str)]
        self.headers: Mapping[str, str] = {}
        """What is sent beside the session's own headers."""
        self.may_have_arrived: bool = False
        """Whether an attempt of it may have had an effect."""
        self.lent_until: int | None = None
        """When the short-lived storage credentials end that it holds; None where nothing is to be looked at."""
        self.is_told: bool = False
        """Whether it was told that a recording may be running that it started."""
        self.handle: Callable[[], RecordingHandle | None] | None = None
        """Of a start: what is known of its recording."""

    @property
    def recorder(self) -> str:
        """Of a start: which recording it is of, for people."""
        body = self.body or {}
        return f"cname {body.get('cname')!r}, uid {body.get('uid')}, resource ID {self.ids['resourceid']}"

    @property
    def content(self) -> bytes | None:
        """The body as it is sent."""
        if self.body is None:
            return None
        return _AS_SENT.encode(self.body).encode()

    def result(self, reply: Reply, secrets: Iterable[str]) -> R:
        """The result; or the exception that the reply stands for is raised."""
        # What is secret in a body is looked for only where something may repeat it.
        sent = read(self.endpoint, reply, chain(secrets, secrets_in(self.body)), self._asked)
        return self._decode(sent, reply)

    def stopped(self, reply: Reply) -> R:
        """The result of a stop that is answered as if there were nothing to stop, after one that may have arrived."""
        from ..answers import AlreadyStopped
        from ..results import StopResult

        sent = parsed(reply.body)
        raw = sent if isinstance(sent, dict) else {}
        found = StopResult(raw, AlreadyStopped(raw), http_status=reply.http_status, request_id=reply.request_id)
        return cast("R", found)

    def may_run(self, error: CloudRecordingError) -> RecordingMayBeRunningError:
        """The error for a start that may have taken effect, ended by that one."""
        cname, uid = (self.body or {}).get("cname"), (self.body or {}).get("uid")
        runs = isinstance(error, AlreadyStartedError)
        what = "a recording is running" if runs else "a recording may be running"
        made = RecordingMayBeRunningError(
            f"start: {what}: {self.recorder}; its sid is not known (the last of it: {error})",
            endpoint="start",
            http_status=error.http_status,
            code=error.code,
            reason=error.reason,
            request_id=error.request_id,
            response_body=error.response_body,
            advice=_LOST,
            cname=cname,
            uid=uid,
            resource_id=self.ids["resourceid"],
            mode=self.ids["mode"],
            is_running=runs or None,
        )
        made.__cause__ = error
        return made


_AS_SENT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LOST = "Wait for its webhook event 40, which has the sid, or let it end by itself. Do not start another one."


def refuse_what_has_ended(endpoint: str, ends: int | None, now: float) -> None:
    """Refuses short-lived storage credentials that have ended by now, in seconds since 1970.

    Raises:
        InvalidRequestError: they have.
    """
    if ends is not None and ends <= now:
        rule = "must be in the future; these short-lived credentials have ended"
        raise InvalidRequestError.of(endpoint, [Problem("storageConfig.stsExpiration", str(ends), rule, IN_THE_FUTURE)])
