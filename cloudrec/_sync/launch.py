# Made from cloudrec/_async/launch.py by scripts/generate. Do not edit.
"""`record`: from a plan to a recording that runs, or to nothing that runs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from cloudrec_api.models.mode import Mode

from .._call.access_token import AccessToken
from .._call.line import Ticket, Urgency
from .._call.requests import acquire as acquire_call, start as start_call
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._contract.frames import discreet, steps_to_the_caller
from .._io._sync import called, called_apart, to_the_end
from .._numbers import check_functions
from .._recording.plan import ROUNDS, Plan, acquire_fields, number_of, storage_fields
from .._recording.renewal import Renewal, are_short_lived
from .._recording.state import CONFIRM_WAITS, CONFIRM_WITHIN, Life
from .._recording.tokens import ends_at
from ..errors import CloudRecordingError, TaskConflictError, TokenExpiryWarning
from .recording import STOP_WITHIN, Recording, abandoned

if TYPE_CHECKING:
    from .._call.retry import Retry
    from ..errors import Problem
    from ..handles import RecordingHandle
    from .session import Session

R = TypeVar("R", bound=Recording[Any])


class Launch(NamedTuple, Generic[R]):
    """What `record` was asked for, beside what it sends."""

    kind: type[R]
    storage: Any
    """A storage, or a function that gives one."""
    token: Any
    """A token, None, or a function of (cname, uid)."""
    confirm: bool
    on_acquired: Callable[[RecordingHandle], object] | None
    on_started: Callable[[RecordingHandle], object] | None
    on_problem: Callable[[Exception], object] | None
    on_wait: Callable[[int], object] | None
    options: Options
    begun: list[R]
    """The recorders that were asked for until now: whatever happens, none of them is forgotten."""

    def __repr__(self) -> str:
        return f"Launch({self.kind.__name__})"  # without storage and token


def record(
    session: Session,
    kind: type[R],
    cname: str,
    start: dict[str, Any],
    problems: Iterable[Problem],
    *,
    storage: Any,
    deferred_transcoding: bool = False,
    uid: int | str | None = None,
    key: str | int | None = None,
    avoid: Iterable[int | str] = (),
    token: Any = None,
    resource_expired_hour: int | None = None,
    exclude_resource_ids: Sequence[str] | None = None,
    region: Any = None,
    region_affinity: Any = None,
    confirm: bool = True,
    redundancy: int = 1,
    on_acquired: Callable[[RecordingHandle], object] | None = None,
    on_started: Callable[[RecordingHandle], object] | None = None,
    on_problem: Callable[[Exception], object] | None = None,
    on_wait: Callable[[int], object] | None = None,
    check: bool = True,
    timeout: float | None = None,
    retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
) -> R:
    """A recording of that kind, by this `clientRequest` of start, with whose words these ``problems`` were found.

    What has a default is described at :class:`RecordOptions`.
    """
    check_functions(on_acquired=on_acquired, on_started=on_started, on_problem=on_problem, on_wait=on_wait)
    acquiring = acquire_fields(
        kind._mode,
        deferred_transcoding=deferred_transcoding,
        resource_expired_hour=resource_expired_hour,
        region=region,
        region_affinity=region_affinity,
        exclude_resource_ids=exclude_resource_ids,
    )
    app_id = session.settings.app_id
    plan = Plan(
        app_id, kind._mode, cname, uid, avoid, acquiring, start, redundancy, check=check, key=key, problems=problems
    )
    options = Options(timeout, retry, check)
    if token is None and kind._mode is not Mode.WEB:
        token = session.settings.tokens
    launch = Launch(kind, storage, token, confirm, on_acquired, on_started, on_problem, on_wait, options, [])
    return _recorded(session, plan, launch)


@discreet
def _recorded(session: Session, plan: Plan, launch: Launch[R]) -> R:
    place = Ticket(Urgency.BEGIN)
    try:
        session.let_in(place, plan.cname, launch.on_wait)
        recording = _begun(session, plan, launch)
        if plan.redundancy == 2:
            recording._spare = _spare(session, plan, launch, recording)
        return _confirmed(session, launch, recording) if launch.confirm else recording
    except BaseException as error:
        abandoned(launch.begun, error)
        raise
    finally:
        session.let_out(place)


def _spare(session: Session, plan: Plan, launch: Launch[R], first: R) -> R | None:
    """The second recorder; None, and a report, where it could not be started: the first one goes on."""
    try:
        try:
            return _begun(session, plan.beside(first.uid, first.resource_id), launch)
        except Exception as error:
            abandoned([recorder for recorder in launch.begun if recorder is not first], error)
            raise
    except Exception as error:
        first._report("start of a second recorder beside", error, again=False)
        return None


def _confirmed(session: Session, launch: Launch[R], first: R) -> R:
    """The recording once it is seen to run; the second recorder in its place where only that one does."""
    waiting: list[R] = [first] if first._spare is None else [first, first._spare]
    failures: dict[int, CloudRecordingError] = {}
    until = session.wall() + CONFIRM_WITHIN
    for wait in CONFIRM_WAITS:
        session.wait(max(0.0, min(wait, until - session.wall())))
        for recorder in tuple(waiting):
            # Once each time: what fails is asked again soon enough. While it cannot be asked, no time is counted.
            ticket, asks = Ticket(Urgency.CONFIRM), session.wall()
            try:
                session.turn(ticket, recorder._ending)
                until += session.wall() - asks
                options = session.patience(Options(launch.options.timeout, None), until - session.wall())
                if recorder._is_seen_to_run(options, ticket):
                    waiting.remove(recorder)
            except CloudRecordingError as error:
                failures[id(recorder)] = error
                waiting.remove(recorder)
            finally:
                session.leave(ticket)
        if not waiting or session.wall() >= until:
            break
    for recorder in waiting:
        not_started = recorder._life.not_started()
        if recorder._life.was_asked:
            failures[id(recorder)] = not_started
        else:
            # What could not be asked is not known, and nothing is stopped for it.
            recorder._report("confirmation", not_started, again=False)
    spare, failure = first._spare, failures.get(id(first))
    lost = failures.get(id(spare)) if spare is not None else None
    if failure is not None and (spare is None or lost is not None):
        raise failure
    if spare is not None and (failure is not None or lost is not None):
        # One of the two runs. The other is stopped, in case it comes to run after all.
        runs, other = (spare, first) if failure is not None else (first, spare)
        reason = failure or lost
        assert reason is not None
        runs._report("confirmation of the other recorder beside", reason, again=False)
        first._stopped_in_any_case(other)
        first._spare = None
        return runs
    return first


def _begun(session: Session, plan: Plan, launch: Launch[R]) -> R:
    """Acquires and starts; anew, where nothing was started and it may do better."""
    given = called_apart("storage", launch.storage) if callable(launch.storage) else launch.storage
    storage = storage_fields(given, session.wall())
    tries = 1 if session.settings.retry_of(launch.options).attempts == 1 else ROUNDS
    for left in reversed(range(tries)):
        try:
            return _begun_once(session, plan, launch, storage)
        except CloudRecordingError as error:
            if not (left and plan.may_begin_anew(error)):
                raise
    raise AssertionError("the last round returns or raises")


def _begun_once(session: Session, plan: Plan, launch: Launch[R], storage: dict[str, Any]) -> R:
    uid = plan.next_uid()
    token = launch.token
    if callable(token):
        plan.fields(uid, None, storage)  # what is wrong with the rest is told before somebody's code gets to see it
        if isinstance(token, AccessToken):
            token = token(plan.cname, uid, hours=plan.token_hours, now=session.wall())
        else:
            token = called("token", token, plan.cname, number_of(uid))
    acquiring, starting = plan.fields(uid, token, storage)
    _warn_of_token(token, plan, session.wall())
    acquired = session.send(acquire_call(plan.app_id, plan.cname, uid, acquiring, checks=plan.check), launch.options)
    handle = plan.handle(uid, acquired.resource_id, storage)
    if launch.on_acquired is not None:
        called("on_acquired", launch.on_acquired, handle)
    handle = handle.copy()
    handle["started_at"] = session.wall()
    life = Life(handle, session.wall, plan.recording_config, checks=plan.check)
    recording = launch.kind(session, life, launch.on_problem)
    call = start_call(plan.app_id, acquired.resource_id, plan.mode, plan.cname, uid, starting, checks=plan.check)
    call.handle = lambda: life.handle
    life.start = call
    launch.begun.append(recording)
    this = plan.cname, uid
    session.lives.setdefault(this, life)

    def started() -> None:
        # What runs from here on is known by its sid, whatever becomes of the task that waits for this.
        try:
            life.started((session.send(call, launch.options)).sid)
        except TaskConflictError as error:
            conflict = _conflict(error, plan, uid, session.lives.get(this), life)
            raise conflict from error
        session.lives[this] = life

    # What nobody gets to see of its failure, the session has told.
    to_the_end(started, STOP_WITHIN, lambda failure: None)
    if launch.on_started is not None:
        called("on_started", launch.on_started, recording.handle)
    if callable(launch.storage) and are_short_lived(storage):
        recording._renew(launch.storage, Renewal(session.wall, storage))
    return recording


def _conflict(error: TaskConflictError, plan: Plan, uid: str, other: Life | None, own: Life) -> TaskConflictError:
    """This very recording runs already; with what finds it again, where that is known here."""
    told = TaskConflictError(
        f"record: this very recording runs already ({plan.mode.value}, cname {plan.cname!r}, uid {uid})",
        **error.__dict__,
    )
    told.cname, told.uid = plan.cname, uid
    if other is None or other is own:
        told.advice = "Attach to it with the handle that on_started got where it was begun, or record with another key."
    else:
        told.handle, told.is_over = other.handle, other.is_done or other.ended is not None
        told.advice = "attach(error.handle) gives it back; to record the channel once more beside it, give a key."
    return told


def _warn_of_token(token: Any, plan: Plan, now: float) -> None:
    """Warns of a token that ends before the recording may."""
    ends = ends_at(token) if isinstance(token, str) else None
    if ends is None:
        return
    left = (ends.timestamp() - now) / 3600
    if left <= 0:
        told = f"the token for {plan.cname!r} ended at {ends:%Y-%m-%d %H:%M:%S} UTC"
    elif left < plan.most_hours:
        told = (
            f"the token for {plan.cname!r} ends in {left:.1f} hours, at {ends:%Y-%m-%d %H:%M:%S} UTC, and cannot be "
            f"renewed while it records; the recording may last longer. Make one that lives for as much as 24 hours, or "
            "say by resource_expired_hour how long the recording may last"
        )
    else:
        return
    warnings.warn(told, TokenExpiryWarning, stacklevel=steps_to_the_caller())
