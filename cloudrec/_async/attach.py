"""`attach`: a recording, given back from its handle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from .._contract.rule_texts import TYPE
from .._numbers import check_functions
from .._recording.read_handle import read_handle
from .._recording.renewal import Renewal
from .._recording.state import Life
from ..errors import InvalidRequestError, Problem
from .recording import AsyncRecording
from .recordings import AsyncIndividualRecording, AsyncMixRecording, AsyncRawRecording, AsyncWebRecording

if TYPE_CHECKING:
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ..webhooks import Event
    from .session import AsyncSession

R = TypeVar("R", bound=AsyncRecording[Any])
AnyRecording: TypeAlias = AsyncIndividualRecording | AsyncRawRecording | AsyncMixRecording | AsyncWebRecording
KINDS: dict[str, type[AnyRecording]] = {
    kind._mode.value: kind
    for kind in (AsyncIndividualRecording, AsyncRawRecording, AsyncMixRecording, AsyncWebRecording)
}


def attached(
    session: AsyncSession,
    handle: RecordingHandle | Mapping[str, Any] | str | bytes,
    sid: str | None,
    event: Event | None,
    storage: Provider | None,
    on_problem: Callable[[Exception], object] | None,
) -> AnyRecording:
    """The recording of a handle of any mode. Nothing is sent."""
    found = read_handle(handle, session.settings.app_id, None, sid, event)
    return _made(session, KINDS[found["mode"]], found, storage, on_problem)


def attached_as(
    session: AsyncSession,
    kind: type[R],
    handle: RecordingHandle | Mapping[str, Any] | str | bytes,
    sid: str | None,
    event: Event | None,
    storage: Provider | None,
    on_problem: Callable[[Exception], object] | None,
) -> R:
    """The same of a handle that must be of this kind's mode."""
    found = read_handle(handle, session.settings.app_id, kind._mode, sid, event)
    return _made(session, kind, found, storage, on_problem)


def _made(
    session: AsyncSession,
    kind: type[R],
    handle: RecordingHandle,
    storage: Provider | None,
    on_problem: Callable[[Exception], object] | None,
) -> R:
    given: object = storage
    if given is not None and not callable(given):
        rule = "must be a function that gives a storage; one that does not change needs no renewal"
        raise InvalidRequestError.of("attach", [Problem("storage", type(given).__name__, rule, TYPE)])
    check_functions(on_problem=on_problem)
    life = Life(handle, session.wall, None)
    session.lives[handle["cname"], handle["uid"]] = life
    recording = kind(session, life, on_problem)
    if storage is not None:
        recording._renew(storage, Renewal(session.wall, None))
    return recording
