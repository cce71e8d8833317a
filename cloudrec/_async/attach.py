"""`attach`: from a handle to its recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from cloudrec_api.models.mode import Mode

from .._attach import read_handle
from .._life import Life
from .._renewal import Renewal
from ..errors import InvalidRequestError, Problem
from .recording import AsyncIndividualRecording, AsyncMixRecording, AsyncWebRecording

if TYPE_CHECKING:
    from .._handle import RecordingHandle
    from ..webhooks import Event
    from .session import AsyncSession

AnyRecording: TypeAlias = AsyncIndividualRecording | AsyncMixRecording | AsyncWebRecording
_KINDS: dict[str, type[AsyncIndividualRecording] | type[AsyncMixRecording] | type[AsyncWebRecording]] = {
    "individual": AsyncIndividualRecording,
    "mix": AsyncMixRecording,
    "web": AsyncWebRecording,
}


def attached(
    session: AsyncSession,
    handle: RecordingHandle | Mapping[str, Any] | str | bytes,
    sid: str | None,
    event: Event | None,
    storage: object,
    on_problem: Callable[[Exception], object] | None,
    mode: Mode | None,
) -> AnyRecording:
    """The recording of a handle. Nothing is sent."""
    if storage is not None and not callable(storage):
        rule = "must be a function that gives a storage; one that does not change needs no renewal"
        raise InvalidRequestError.of("attach", [Problem("storage", type(storage).__name__, rule)])
    found = read_handle(handle, session.settings.app_id, mode, sid, event)
    life = Life(found, session.wall, None)
    recording = _KINDS[found["mode"]](session, life, on_problem)
    if storage is not None:
        recording._renew(storage, Renewal(session.wall, None))
    return recording
