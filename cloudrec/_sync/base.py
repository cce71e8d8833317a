# Made from cloudrec/_async/base.py by scripts/generate. Do not edit.
"""What the calls of every mode share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from cloudrec_api.models.mode import Mode

from .._call.requests import (
    Call,
    acquire as acquire_call,
    client_request,
    query as query_call,
    start as start_call,
    stop as stop_call,
    update as update_call,
)
from .._call.settings import Options
from ..results import Result
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..handles import RecordingHandle
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateResult

    Fields: TypeAlias = Mapping[str, Any]

R = TypeVar("R", bound=Result)


def send_start(session: Session, call: Call[R], options: Options) -> R:
    """Sends a start. Where nobody knows what came of it, the handle of its recording is told."""

    def handle() -> RecordingHandle | None:
        from .._recording.plan import handle_of_call

        return handle_of_call(session.settings.app_id, call, session.wall())

    call.handle = handle
    return session.send(call, options)


class Base:
    """What the modes share."""

    _mode: Mode

    def __init__(self, session: Session) -> None:
        self._session = session
        self._app_id = session.settings.app_id

    def _acquire(self, cname: str, uid: int | str, options: Options, **fields: Any) -> AcquireResult:
        return self._session.send(
            acquire_call(self._app_id, cname, uid, client_request(**fields), checks=options.check), options
        )

    def _start(self, resource_id: str, cname: str, uid: int | str, options: Options, **fields: Any) -> StartResult:
        call = start_call(
            self._app_id, resource_id, self._mode, cname, uid, client_request(**fields), checks=options.check
        )
        return send_start(self._session, call, options)

    def _query(self, resource_id: str, sid: str, options: Options) -> QueryResult[Any]:
        return self._session.send(query_call(self._app_id, resource_id, sid, self._mode), options)

    def _update(
        self, resource_id: str, sid: str, cname: str, uid: int | str, options: Options, **fields: Any
    ) -> UpdateResult:
        call = update_call(
            self._app_id, resource_id, sid, self._mode, cname, uid, client_request(**fields), checks=options.check
        )
        return self._session.send(call, options)

    def _stop(
        self, resource_id: str, sid: str, cname: str, uid: int | str, async_stop: bool, options: Options
    ) -> StopResult[Any]:
        call = stop_call(self._app_id, resource_id, sid, self._mode, cname, uid, async_stop, checks=options.check)
        return self._session.send(call, options)
