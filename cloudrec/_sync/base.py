# Made from cloudrec/_async/base.py by scripts/generate. Do not edit.
"""`Base`: the session that the calls of every mode are sent by."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .._call.call import Call
from .._call.settings import Options
from .session import Session

if TYPE_CHECKING:
    from ..handles import RecordingHandle
    from ..results import Result

R = TypeVar("R", bound="Result")


def send_start(session: Session, call: Call[R], options: Options) -> R:
    """Sends a start. Where nobody knows what came of it, the handle of its recording is told."""

    def handle() -> RecordingHandle | None:
        from .._recording.plan import handle_of_call

        return handle_of_call(session.settings.app_id, call, session.wall())

    call.handle = handle
    return session.send(call, options)


class Base:
    """A session, and the App ID that its calls are for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._app_id = session.settings.app_id
