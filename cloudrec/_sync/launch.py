# Made from cloudrec/_async/launch.py by scripts/generate. Do not edit.
"""`record`: acquire, start and confirm as one, and all that may go wrong in between."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic

from attrs import field, frozen

from cloudrec_api.models.mode import Mode

from .._call.access_token import AccessToken
from .._call.line import Ticket, Urgency
from .._call.requests import acquire as acquire_call, start as start_call
from .._call.settings import CLIENT_DEFAULT, Options
from .._contract.frames import discreet, steps_to_the_caller
from .._io._sync.calls import invoke, invoke_in_thread
from .._io._sync.tasks import shielded
from .._numbers import check_functions
from .._recording.options import LaunchOptions, RecipeOptions, refuse_unknown
from .._recording.plan import ROUNDS, Plan, number_of
from .._recording.recipe import Recipe
from .._recording.renewal import Renewal, are_short_lived
from .._recording.state import CONFIRM_WAITS, CONFIRM_WITHIN, Life
from .._recording.tokens import ends_at
from .._recording.words import storage_fields
from ..errors import CloudRecordingError, RecipeError, RequestWarning, TaskConflictError, TokenExpiryWarning
from .attach import KINDS
from .ending import STOP_WITHIN, abandoned, stopped_in_any_case, tell_of
from .pair import R, RecordingPair
from .recording import Recording

# Seconds after which a start that met another one looks again whether that was answered.
LOOK_AGAIN = 0.05

if TYPE_CHECKING:
    from .._call.access_token import TokenMaker
    from .._recording.renewal import AnyStorage, Provider
    from ..handles import RecordingHandle
    from .session import Session


@frozen
class Launch(Generic[R]):
    """What `record` was asked for, beside what it sends."""

    kind: type[R]
    storage: AnyStorage | Provider = field(repr=False)
    """A storage, or a function that gives one."""
    token: str | TokenMaker | None = field(repr=False)
    """A token, None, or a function of (cname, uid)."""
    options: Options
    confirm: bool = True
    on_acquired: Callable[[RecordingHandle], object] | None = None
    on_started: Callable[[RecordingHandle], object] | None = None
    on_problem: Callable[[Exception], object] | None = None
    on_wait: Callable[[int], object] | None = None
    begun: list[R] = field(factory=list, init=False)
    """The recorders that were asked for until now: whatever happens, none of them is forgotten."""


def record(
    session: Session,
    kind: type[R],
    recipe: Recipe,
    cname: str,
    redundancy: int,
    options: LaunchOptions,
) -> R | RecordingPair[R]:
    """A recording of that kind, or two, by this recipe."""
    token = recipe.arguments.get("token")
    if token is None and recipe.mode is not Mode.WEB:
        token = session.settings.tokens
    launch = Launch(
        kind,
        recipe.arguments["storage"],
        token,
        Options(options.get("timeout"), options.get("retry", CLIENT_DEFAULT), recipe.check),
        options.get("confirm", True),
        options.get("on_acquired"),
        options.get("on_started"),
        options.get("on_problem"),
        options.get("on_wait"),
    )
    hooks = ("on_acquired", "on_started", "on_problem", "on_wait")
    check_functions(**{name: getattr(launch, name) for name in hooks})
    plan = Plan(session.settings.app_id, kind._mode, cname, recipe.body(), redundancy, check=recipe.check)
    return _recorded(session, plan, launch)


def record_words(
    session: Session, kind: type[R], made: type[Recipe], cname: str, redundancy: int, words: Mapping[str, Any]
) -> R | RecordingPair[R]:
    """The same by the words of a mode's `record`: those of its recipe, and those of :class:`LaunchOptions`."""
    options: Any = {name: value for name, value in words.items() if name in LaunchOptions.__annotations__}
    recipe = made.unchecked("record", {name: value for name, value in words.items() if name not in options})
    return record(session, kind, recipe, cname, redundancy, options)


def record_recipe(
    session: Session, recipe: Recipe, cname: str, redundancy: int, options: RecipeOptions
) -> Recording[Any] | RecordingPair[Any]:
    """The same by a recipe, with what its names stand for."""
    refuse_unknown("record", options, RecipeOptions)
    given: object = recipe
    if not isinstance(given, Recipe):
        raise RecipeError(
            f"recipe: {type(given).__name__} (must be a MixRecipe or the like; Recipe.from_dict makes one)"
        )
    filled = recipe.filled(options.get("secrets", {}))
    return record(session, KINDS[recipe.mode.value], filled, cname, redundancy, options)


@discreet
def _recorded(session: Session, plan: Plan, launch: Launch[R]) -> R | RecordingPair[R]:
    place = Ticket(Urgency.BEGIN)
    try:
        try:
            try:
                session.let_in(place, plan.cname, launch.on_wait)
                recorders = [_begun(session, plan, launch)]
                if plan.redundancy == 2:
                    recorders += _spare(session, plan, launch, recorders[0])
                if launch.confirm:
                    recorders = _confirmed(session, launch, recorders)
            finally:
                # In here, so that what is interrupted in it is stopped, too.
                session.let_out(place)
            return recorders[0] if plan.redundancy == 1 else RecordingPair(*recorders)
        except BaseException as error:
            session.let_out(place)
            abandoned(launch.begun, error)
            raise
    except BaseException as cut:
        # It may be a second interrupt, perhaps before any of it was stopped.
        tell_of(launch.begun, cut)
        raise


def _spare(session: Session, plan: Plan, launch: Launch[R], first: R) -> list[R]:
    """The second recorder; none, and a report, where it could not be started: the first one goes on."""
    try:
        try:
            return [_begun(session, plan.beside(first.uid, first.resource_id), launch)]
        except Exception as error:
            abandoned([recorder for recorder in launch.begun if recorder is not first], error)
            raise
    except Exception as error:
        first._report("start of a second recorder beside", error, again=False)
        return []


def _confirmed(session: Session, launch: Launch[R], recorders: list[R]) -> list[R]:
    """Those recorders that are seen to run: where only one of two does, the other one is reported, and stopped."""
    waiting = list(recorders)
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
    running = [recorder for recorder in recorders if id(recorder) not in failures]
    if not running:
        first, *others = (failures[id(recorder)] for recorder in recorders)
        for other in others:
            first.add_note(f"The second recorder, too: {other}")
        raise first
    for recorder in recorders:
        if recorder not in running:
            # It is stopped, in case it comes to run after all.
            reason = failures[id(recorder)]
            running[0]._report("confirmation of the other recorder beside", reason, again=False)
            stopped_in_any_case([recorder])
    return running


def _begun(session: Session, plan: Plan, launch: Launch[R]) -> R:
    """Acquires and starts; anew, where nothing was started and it may do better."""
    given = invoke_in_thread("storage", launch.storage) if callable(launch.storage) else launch.storage
    storage = storage_fields(given, session.wall())
    tries = 1 if session.settings.retry_of(launch.options).attempts == 1 else ROUNDS
    for left in reversed(range(tries)):
        try:
            return _begun_once(session, plan, launch, storage)
        except CloudRecordingError as error:
            if not (left and plan.may_begin_anew(error)):
                raise
    raise AssertionError("the last round returns or raises")


def bodies(
    session: Session, plan: Plan, given: str | TokenMaker | None, storage: dict[str, Any]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The uid, and the `clientRequest` of acquire and of start, all of it checked; with a token made for it.

    Raises:
        InvalidRequestError: everything that is wrong with them.
    """
    uid = plan.next_uid()
    token: str | None
    # What is wrong with the rest is told before somebody's code gets to see it.
    plan.refuse_what_is_wrong(uid, None if callable(given) else given, storage)
    if callable(given):
        if isinstance(given, AccessToken):
            token = given(plan.cname, uid, hours=plan.token_hours, now=session.wall())
        else:
            token = invoke("token", given, plan.cname, number_of(uid))
        plan.refuse_wrong_token(token)
    else:
        token = given
    _warn_of_token(token, plan, session.wall())
    for contradiction in plan.contradictions:
        warnings.warn(f"record: {contradiction}", RequestWarning, stacklevel=steps_to_the_caller())
    return uid, *plan.fields(token, storage)


def _begun_once(session: Session, plan: Plan, launch: Launch[R], storage: dict[str, Any]) -> R:
    uid, acquiring, starting = bodies(session, plan, launch.token, storage)
    acquired = session.send(
        acquire_call(plan.app_id, plan.cname, uid, acquiring, is_right=True, checks=plan.check), launch.options
    )
    handle = plan.handle(uid, acquired.resource_id, storage)
    if launch.on_acquired is not None:
        invoke("on_acquired", launch.on_acquired, handle)
    handle = handle.copy()
    handle["started_at"] = session.wall()
    life = Life(handle, session.wall, plan.recording_config, checks=plan.check)
    recording = launch.kind(session, life, launch.on_problem)
    call = start_call(
        plan.app_id, acquired.resource_id, plan.mode, plan.cname, uid, starting, is_right=True, checks=plan.check
    )
    call.handle = lambda: life.handle
    life.start = call
    launch.begun.append(recording)
    this = plan.cname, uid
    session.lives.setdefault(this, life)
    rivals = session.starting.setdefault(this, [])
    rivals.append(life)

    def started() -> None:
        # What runs from here on is known by its sid, whatever becomes of the task that waits for this.
        try:
            life.started((session.send(call, launch.options)).sid)
            session.lives[this] = life
        except TaskConflictError as error:
            rivals.remove(life)
            # Which of those that were begun at the same moment runs, their answers say.
            while rivals:
                session.wait(LOOK_AGAIN)
            raise _conflict(error, plan, uid, session.lives.get(this), life) from error
        finally:
            if life in rivals:
                rivals.remove(life)
            if not rivals:
                session.starting.pop(this, None)

    def unheard(failure: BaseException) -> None:
        if recording.sid:
            tell_of([recording], failure)
        # Else the session has told of it.

    shielded(started, STOP_WITHIN, unheard)
    if launch.on_started is not None:
        invoke("on_started", launch.on_started, recording.handle)
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


def _warn_of_token(token: object, plan: Plan, now: float) -> None:
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
