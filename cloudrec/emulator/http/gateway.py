"""`Gateway`: which call meets a fault, and the record of all calls."""

from __future__ import annotations

from dataclasses import dataclass

from ..faults.calls import BODY_KEPT, Bodies, CallLog
from ..faults.faults import Cut, Empty, Failover, Fault, Html, Redirect, Stall, Status, Vanish, phrase
from ..faults.header import HEADER, Wanted, read_header
from ..faults.schedule import Arrival, FaultSchedule
from ..service.messages import Answer, Reply, Request
from ..service.service import Identity, Service

#: Answers that have no body by the rules of HTTP.
_WITHOUT_BODY = {204, 304}


class Gateway:
    """The way of every call to the service."""

    def __init__(self, service: Service, schedule: FaultSchedule, log: CallLog) -> None:
        self._service = service
        self._schedule = schedule
        self._log = log

    def arrive(self, request: Request, host: int) -> Exchange:
        """A call came in at one of the hosts."""
        identity = self._service.identify(request)
        header = request.headers.get(HEADER.lower())
        wanted, refusal = None, None
        if header is not None:
            try:
                wanted = read_header(header)
            except ValueError as error:
                refusal = Answer(400, {"code": 2, "reason": f"{HEADER}: {error}"})
        fault = None if refusal is not None else self._fault(identity, host, wanted, header or "")
        at, turn = self._service.clock.now(), self._service.turn()
        bodies = Bodies(request.method, request.path, at, turn, request.body[:BODY_KEPT])
        number = self._log.add(
            bodies,
            endpoint=identity.endpoint,
            host=host,
            cname=identity.cname,
            uid=identity.uid,
            sid=identity.sid,
            resource_id=identity.resource_id,
            fault=fault,
        )
        return Exchange(self._service, self._log, request, identity, number, bodies, fault, refusal)

    def _fault(self, identity: Identity, host: int, wanted: Wanted | None, header: str) -> Fault | None:
        if not identity.endpoint:
            # No rule is for a path that is no operation; who asks by header is heard.
            return None if wanted is None else wanted.fault
        arrival = Arrival(identity.endpoint, host, identity.cname, identity.uid)
        return self._schedule.fault(arrival, wanted, header)


@dataclass(frozen=True)
class Exchange:
    """One call on its way."""

    _service: Service
    _log: CallLog
    _request: Request
    _identity: Identity
    _number: int
    _bodies: Bodies
    #: What it meets.
    fault: Fault | None
    _refusal: Answer | None

    @property
    def time(self) -> float:
        """What time it is for the service, in seconds since 1970."""
        return self._service.clock.seconds()

    def handle(self) -> Answer:
        """The service handles the request: whatever it was to change is changed."""
        if self._refusal is not None:
            return self._refusal
        move = self.fault if isinstance(self.fault, Failover) else None
        if move is not None and self._identity.sid:
            self._service.fail_over(self._identity.resource_id, move.seconds, rename=move.rename)
        answer = self._service.handle(self._request)
        if move is not None and not self._identity.sid:  # a start: there was nothing to move before
            self._service.fail_over(self._identity.resource_id, move.seconds, rename=move.rename)
        if answer.status == 200 and isinstance(self.fault, (Stall, Vanish)):
            status = self.fault.status_code if isinstance(self.fault, Stall) else None
            self._service.spoil(self._identity.resource_id, status)
        # What came into being with this call is part of its record.
        sid = self._identity.sid or str(answer.body.get("sid", ""))
        resource_id = self._identity.resource_id or str(answer.body.get("resourceId", ""))
        self._bodies.answered = reply_of(answer).content[:BODY_KEPT]
        self._log.note(self._number, handled=answer.status, sid=sid, resource_id=resource_id)
        return answer

    def told(self, reply: Reply) -> None:
        """The caller is about to be told."""
        self._bodies.told = reply.content[:BODY_KEPT]
        self._log.note(self._number, status=reply.status)


def reply_of(answer: Answer) -> Reply:
    """What the service says, in bytes."""
    return Reply.json(answer.status, answer.body)


def reply_instead(fault: Html | Empty | Redirect | Status) -> Reply:
    """What is said in place of the service's answer."""
    match fault:
        case Html():
            words = f"{fault.status_code} {phrase(fault.status_code)}"
            page = f"<html>\r\n<head><title>{words}</title></head>\r\n<body><h1>{words}</h1></body>\r\n</html>\r\n"
            reply = Reply(fault.status_code, page.encode(), "text/html")
        case Empty():
            reply = Reply(fault.status_code, b"", None)
        case Redirect():
            reply = Reply(fault.status_code, b"", None, (("Location", fault.location),))
        case Status():
            reply = Reply.json(fault.status_code, fault.body, fault.headers)
    if reply.status in _WITHOUT_BODY:
        return Reply(reply.status, b"", None, reply.headers)
    return reply


def share_of(reply: Reply, cut: Cut) -> bytes:
    """The part of a body that is sent: never all of it."""
    return reply.content[: min(int(len(reply.content) * cut.share), max(len(reply.content) - 1, 0))]
