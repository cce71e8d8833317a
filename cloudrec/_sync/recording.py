# Made from cloudrec/_async/recording.py by scripts/generate. Do not edit.
"""A recording as one thing: what can be done with it from its start to its files."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Generator, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeAlias, TypeVar

from cloudrec_api.models.recording_status import RecordingStatus
from cloudrec_api.views import plain

from .._call.line import Ticket, Urgency
from .._call.requests import client_request, query, stop, update
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._call.telemetry import under_way
from .._contract.frames import bared, discreet
from .._contract.redact import scrub
from .._io._sync import Background, Closing, OnlyWith, OwnLock, called, current_loop, to_the_end
from .._io.forks import in_child
from .._numbers import seconds
from .._recording.renewal import Provider, Renewal
from .._recording.state import WATCH_INTERVAL, Life, met
from ..errors import (
    AlreadyStoppingError,
    CloudRecordingError,
    NetworkError,
    RateLimitError,
    RecordingEnded,
    RecordingMayBeRunningError,
    TaskNotFoundError,
    WaitTimeoutError,
)
from .renew import renewed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cloudrec_api import models
    from cloudrec_api.models.mode import Mode

    from .._call.retry import Retry
    from .._recording.result import RecordingResult
    from ..answers import RecordedFile
    from ..handles import RecordingHandle
    from ..results import QueryResult, UpdateResult
    from ..storage import Storage
    from ..subscriptions import Subscription
    from ..webhooks import Event
    from .session import Session

    Fields: TypeAlias = Mapping[str, Any]

logger = logging.getLogger("cloudrec")

Q = TypeVar("Q")
T = TypeVar("T")

# Seconds that a stop has when the task it runs in is cancelled: its own time-out, and once more.
STOP_WITHIN = 60.0
STOP = Options()


@discreet
class Recording(OnlyWith, Generic[Q]):
    """One recording, from its start to its files.

    ``record`` of a mode makes one, and ``attach`` of a client gives one back. It holds resource ID, sid, cname, uid and
    mode, so that no call can mix them up. Use it in a ``with`` statement, which stops it at its end in any case.

    It may be used by many threads, or by many tasks of its event loop, at once: its updates are sent one at a time, and
    it is stopped once.

    A process that was forked while it runs may go on with it, too. Its storage credentials are still renewed by the
    process that began with that, and by no other, for as long as that lives; a warning says so when a child queries or
    updates it. ``client.attach(recording.handle, storage=...)`` has the child renew them.
    """

    _mode: ClassVar[Mode]

    def __init__(self, session: Session, life: Life, on_problem: Callable[[Exception], object] | None) -> None:
        self._session = session
        self._app_id = session.settings.app_id
        self._life = life
        self._on_problem = on_problem
        # Waiting that ends with the recording; and waiting that ends with the next news, too.
        self._ending: Closing = session.part()
        self._news: Closing = session.part()
        self._renewing: Background | None = None
        self._is_renewed_elsewhere = False
        self._spare: Self | None = None
        self._loop: object = None
        self._is_told = False
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """At the beginning, and in a process that was forked: whoever held a lock, stopped or renewed is not there."""
        self._updating = OwnLock()
        self._stopping = OwnLock()
        self._life.is_stopping = False
        if self._renewing is not None:
            self._renewing, self._is_renewed_elsewhere = None, True

    # -- what it is ---------------------------------------------------------------------------

    @property
    def handle(self) -> RecordingHandle:
        """What ``client.attach`` gives it back from, in another process: a small dict for JSON, without secrets."""
        return self._life.handle

    @property
    def mode(self) -> Mode:
        """``individual``, ``raw``, ``mix`` or ``web``."""
        return self._mode

    @property
    def cname(self) -> str:
        """Its channel, or in `web` mode the name that was given."""
        return self._life.handle["cname"]

    @property
    def uid(self) -> str:
        """The recorder's user ID."""
        return self._life.handle["uid"]

    @property
    def resource_id(self) -> str:
        """Its resource ID."""
        return self._life.handle["resource_id"]

    @property
    def sid(self) -> str:
        """Its ID."""
        return self._life.ids[1]

    @property
    def spare(self) -> Self | None:
        """The second recorder of ``redundancy=2``; None where there is none, or where it could not be started."""
        return self._spare

    @property
    def last_status(self) -> RecordingStatus | int | None:
        """Status in the last answer to a query, or the later one that events tell of since; None before either."""
        return self._life.last_status

    @property
    def last_seen(self) -> datetime | None:
        """When a query was answered last, in UTC; None before that."""
        return self._life.last_seen

    @property
    def files(self) -> tuple[RecordedFile, ...]:
        """Its files until now, as answers and events named them."""
        return self._life.files

    @property
    def users(self) -> dict[str, tuple[str, ...]]:
        """Who sends what, as events (43, 44) have told: ``{"101": ("audio", "video")}``; empty where none was fed."""
        return self._life.users

    @property
    def ended(self) -> RecordingEnded | None:
        """Why it is over, as far as it is known to be; None while it is not. As an error, which can be raised."""
        return None if self._life.ended is None else bared(self._life.ended)

    @property
    def current_uid(self) -> str:
        """User ID that the recorder has in the channel: another than :attr:`uid` after an event told of a move."""
        return self._life.current_uid

    @property
    def result(self) -> RecordingResult:
        """What came of it: files, their keys, and whether they are uploaded.

        Raises:
            RecordingNotStoppedError: it has not been stopped yet.
        """
        result = self._life.result
        if self._spare is not None and self._spare._life.is_done:
            result.spare = self._spare.result
        return result

    def to_dict(self) -> dict[str, Any]:
        """What is known of it now, for JSON: its names, state, files and users, and why it is over."""
        names = ("mode", "cname", "uid", "resource_id", "sid", "last_status", "last_seen", "users", "files", "ended")
        return {name: plain(getattr(self, name)) for name in names}

    def __repr__(self) -> str:
        state = "stopped" if self._life.is_done else "ended" if self._life.ended else f"status={self._life.last_status}"
        sid = f"sid={self.sid!r}" if self.sid else f"resource_id={self.resource_id!r}"
        return f"{type(self).__name__}(cname={self.cname!r}, uid={self.uid!r}, {sid}, {state})"

    # -- asking -------------------------------------------------------------------------------

    def query(
        self, *, timeout: float | None = None, retry: Retry | ClientDefault | None = CLIENT_DEFAULT
    ) -> QueryResult[Q]:
        """State and files now.

        A 404 is not believed at once, since a recording that is being moved to another server answers so: it is asked
        again after 5, 10 and 15 seconds.

        Args:
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
            retry: How often to try this call; None for once. As the client is set up by default.

        Raises:
            RecordingEnded: it is over; with what may have ended it.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``GET …/query``
        """
        return self._query(Options(timeout, retry))

    def _query(self, options: Options, within: float = math.inf, ticket: Ticket | None = None) -> QueryResult[Q]:
        result = self._until_believed(lambda: self._query_once(options, ticket), self._life.waits, within)
        self._life.saw(result)
        if (stalled := self._life.stalled()) is not None:
            # Whoever did not wait for it to run is told where it does not come to that.
            self._report("start", stalled, again=False)
        return result

    def _query_once(self, options: Options, ticket: Ticket | None = None) -> QueryResult[Q]:
        return self._session.send(query(self._app_id, *self._life.ids), options, ticket)

    def wait_until(
        self,
        condition: RecordingStatus | Iterable[RecordingStatus] | Callable[[QueryResult[Q]], object],
        *,
        timeout: float = 90.0,
        interval: float = 5.0,
    ) -> QueryResult[Q]:
        """Queries until the answer is as wanted, and returns that one.

        A query that fails for a reason that may pass is logged as a warning, and made again.

        Example::

            recording.wait_until(RecordingStatus.IN_PROGRESS)
            recording.wait_until(lambda state: len(state.files) > 0, timeout=60)

        Args:
            condition: A status, several of which any will do, or a function of the answer.
            timeout: Seconds to wait at the most. 90 by default.
            interval: Seconds between two queries. 5 by default.

        Raises:
            InvalidRequestError: the condition is none.
            ConfigurationError: the timeout or the interval is not a number above 0 and up to 1,000,000,000.
            WaitTimeoutError: it did not come in time.
            RecordingEnded: it is over, and nothing will come.
            CloudRecordingError: a query failed for a reason that will not pass; see :mod:`cloudrec.errors`.
        """
        is_met = met(condition)
        until = self._session.wall() + seconds("timeout", timeout)
        seconds("interval", interval)
        while True:
            left = until - self._session.wall()
            try:
                state = self._query(self._session.patience(Options(), left), max(left, 0.0))
            except CloudRecordingError as error:
                if not error.retryable:
                    raise
                self._report("query", error, again=True)
            else:
                if is_met(state):
                    return state
                if self._life.ended is not None:
                    raise self._life.ended_anew()
            left = until - self._session.wall()
            if left <= 0:
                raise WaitTimeoutError(
                    f"not as wanted within {timeout:g} s: {self!r}", advice="Wait longer, or look at the last answer."
                )
            interval_left = min(interval, left)
            # Of one that is stopped there are no news, but maybe more to be asked.
            (self._session.wait(interval_left) if self._life.is_done else self._pause(interval_left))

    def watch(self, *, interval: float = WATCH_INTERVAL) -> Generator[QueryResult[Q], None, None]:
        """The recording's state now, and then each time that it changes or an event is fed. Ends with the recording.

        An event has it ask at once; there is one state for each event, those that came together have the same.

        Why it is over is in :attr:`ended`; None where it was stopped here. A query that fails for a reason that may
        pass is logged as a warning (and given to ``on_problem``), and the next one is made as usual.

        Args:
            interval: Seconds between two queries. 120 by default, as the provider advises: at that pace one App ID can
                watch 1,000 recordings within its limit of ten requests a second.

        Raises:
            ConfigurationError: the interval is not a number above 0 and up to 1,000,000,000.
            CloudRecordingError: a query failed for a reason that will not pass; see :mod:`cloudrec.errors`.
        """
        return self._watch(seconds("interval", interval))

    @discreet
    def _watch(self, interval: float) -> Generator[QueryResult[Q], None, None]:
        last: object = object()
        told = fed = self._life.events
        while True:
            ticket = Ticket(Urgency.WATCH)
            try:
                self._session.turn(ticket, self._ending)
                if self._life.is_done:
                    return
                fed = self._life.events
                state = self._query(Options(), ticket=ticket)
            except RecordingEnded:
                return
            except CloudRecordingError as error:
                if not error.retryable:
                    raise
                self._report("query", error, again=True)
            else:
                shown = state.raw.get("serverResponse")
                times = max(fed - told, int(shown != last))
                last, told = shown, fed
                for _ in range(times):
                    yield state
                if self._life.ended is not None:
                    return
            finally:
                self._session.leave(ticket)
            self._pause(interval, fed)

    def _pause(self, interval: float, fed: int | None = None) -> None:
        """Waits for the next query; less long where there are news, and not at all once it is stopped.

        ``fed`` is how many events the last query came after.
        """
        # In this order: what is told after the first line ends the wait.
        news = self._news
        if not self._life.is_done and fed in (None, self._life.events):
            news.wait(interval)

    def _tell_news(self) -> None:
        """Those who wait for the next query make it now."""
        old, self._news = self._news, self._session.part()
        old.set()

    # -- being told ---------------------------------------------------------------------------

    def feed(self, event: Event) -> bool:
        """Takes in a webhook event, so that what it tells need not be asked for.

        Each has ``watch`` and ``wait_until`` ask at once. An end (events 11, 41, 71) is in :attr:`ended` with its
        reason. Who sends (43, 44) is in :attr:`users`; how far it has come (3, 4, 40, 42, 70), in :attr:`last_status`.
        A move to another server (12) changes :attr:`current_uid`, and a 404 is not believed while it may last. Files
        and the state of the upload (3, 4, 31, 32) are in :attr:`files` and :attr:`result`, also where they come after
        the stop. Events may come in any order, and more than once. Call it from the event loop that the recording is
        of.

        Example::

            if not recording.feed(event):
                ...  # it is about another recording

        Args:
            event: From :func:`cloudrec.webhooks.receive`.

        Returns:
            False where the event is about another recording; nothing has changed then.
        """
        from .._recording.events import feed

        if not feed(self._life, event):
            return self._spare is not None and self._spare.feed(event)
        self._tell_news()
        return True

    # -- changing -----------------------------------------------------------------------------

    def update_storage(self, storage: models.StorageConfig | Storage | Fields) -> UpdateResult:
        """Puts new storage credentials in the place of the old ones.

        Where ``record`` or ``attach`` was given a function for storage, that is done by itself.

        Args:
            storage: The whole storage configuration. Folders and bucket are those of the start.

        Raises:
            InvalidRequestError: it breaks a rule; nothing was sent.
            RecordingEnded: the recording is over.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/update``
        """
        return self._both(lambda recorder: recorder._update(lambda: {"storageConfig": storage}))

    def _both(self, change: Callable[[Self], T]) -> T:
        """Does the same to this recorder and to the second one: to that one also where this one fails."""
        others = [] if self._spare is None or self._spare._life.is_done else [self._spare]
        try:
            changed = change(self)
        except Exception as error:
            for other in others:
                try:
                    change(other)
                except Exception as another:
                    error.add_note(f"The second recorder, too: {another}")
            raise
        for other in others:
            change(other)
        return changed

    def _update(self, fields: Callable[[], Mapping[str, Any]]) -> UpdateResult:
        """Sends an update; one at a time, each made of what the one before has left."""
        with self._updating:
            return self._update_alone(fields())

    def _update_alone(self, fields: Mapping[str, Any]) -> UpdateResult:
        resource_id, sid, mode = self._life.ids
        call = update(
            self._app_id,
            resource_id,
            sid,
            mode,
            self.cname,
            self.uid,
            client_request(**fields),
            checks=self._life.checks,
        )
        return self._until_believed(lambda: self._session.send(call, Options()), self._life.waits)

    def _subscribe(self, audio: Subscription | None, video: Subscription | None) -> UpdateResult:
        with self._updating:
            chosen = self._life.next_subscriptions(audio, video)
            result = self._update_alone({"streamSubscribe": self._life.subscribe_fields(chosen)})
            self._life.set_subscriptions(chosen)
            return result

    # -- ending -------------------------------------------------------------------------------

    def stop(
        self,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> RecordingResult:
        """Ends the recording; what came of it is the result, and stays in :attr:`result`.

        It may be called as often as you like, by several at once: the recording is stopped once, and all get the same
        result. A recording that is over already has a result, too: its files are those that the last query named, or
        else those that the naming rules predict, which are marked.

        Args:
            async_stop: True returns at once; false waits for the upload, which is expected to take up to 20 seconds.
            timeout: Seconds for each attempt, from connecting to the end of the answer. 30 by default.
            retry: How often to try this call; None for once. As the client is set up by default.

        Raises:
            CloudRecordingError: it could not be stopped, and may be running; call it again. See :mod:`cloudrec.errors`.

        Endpoint: ``POST …/stop``
        """
        options = Options(timeout, retry)
        failures: list[Exception] = []
        _stop_each(self._recorders, failures.append, async_stop, options)
        for failure in failures:
            raise failure
        return self.result

    @property
    def _recorders(self) -> list[Self]:
        return [self] if self._spare is None else [self, self._spare]

    def _stop_alone(self, async_stop: bool = False, options: Options = STOP) -> None:
        """Stops this recorder. Where that fails, the failure says which one may be running."""
        self._must_be_stopped()
        try:
            with self._stopping:
                if not self._life.is_done:
                    self._stop_once(async_stop, options)
        except Exception as error:
            error.add_note(self._may_run())
            raise
        except BaseException as cut:
            self._is_not_stopped(cut)
            raise
        finally:
            under_way.pop(self, None)
        # Not with the lock: what runs in the background may itself want to stop the recording.
        if self._renewing is not None:
            self._renewing.end()

    def _must_be_stopped(self) -> None:
        """If the program ends before that, it is told."""
        self._is_told = False
        under_way[self] = lambda: self._is_not_stopped(SystemExit())

    def _may_run(self) -> str:
        return f"The recording may still be running: {self!r}"

    def _is_not_stopped(self, cut: BaseException) -> None:
        """Its stop was cut off, or not even begun: it is told, since few people read the notes of a cancellation."""
        if not self._life.is_done:
            self._is_told = True
            cut.add_note(self._may_run())
            told = f"not stopped ({type(cut).__name__}): {self!r} may still be running"
            self._session.report.orphan(told, self.handle)

    def _stop_once(self, async_stop: bool, options: Options) -> None:
        resource_id, sid, mode = self._life.ids
        # Unchecked but for the IDs: what could be started must be stopped.
        call = stop(self._app_id, resource_id, sid, mode, self.cname, self.uid, async_stop, checks=False)
        waits = self._life.waits_of_stop
        self._life.is_stopping = True
        try:
            stopped = self._until_believed(lambda: self._session.send(call, options), waits, of_stop=True)
        except RecordingEnded:
            stopped = None
        except AlreadyStoppingError as error:
            stopped = None
            self._life.already_stopping(error)
        finally:
            self._life.is_stopping = False
        if not self._life.is_done:  # by a signal handler, say, that came in between
            self._life.finish(stopped)
        self._ending.set()
        self._tell_news()

    def __enter__(self) -> Self:
        self._must_be_stopped()
        self._loop = current_loop()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is GeneratorExit and current_loop() is not self._loop:
            # The event loop is gone, and this coroutine is thrown away: nothing can be sent any more.
            for recorder in self._recorders:
                recorder._is_not_stopped(error or GeneratorExit())
            return
        failures = self._stopped_in_any_case()
        under_way.pop(self, None)
        if not failures:
            return
        if error is None:
            raise failures[0]
        # The body's exception is the one that is seen; the others must not be lost for it.
        for failure in failures:
            error.add_note(f"The recording could not be stopped: {failure} ({'; '.join(failure.__notes__)})")

    # -- for record and attach ----------------------------------------------------------------

    def _stopped_in_any_case(self, *recorders: Self) -> list[Exception]:
        """Stops these recorders, or both, also where the task is cancelled; what went wrong with that, logged."""
        stopping = list(recorders) or self._recorders
        failures: list[Exception] = []

        def failed(recorder: Self, error: BaseException) -> None:
            recorder._is_told = True
            said = f"The recording could not be stopped: {error} ({recorder._may_run()})"
            self._session.report.orphan(said, recorder.handle, logging.ERROR)

        def unheard(error: BaseException) -> None:
            for recorder in stopping:
                if not (recorder._life.is_done or recorder._is_told):
                    failed(recorder, error)

        def stop_each() -> None:
            _stop_each(stopping, failures.append, tell=failed)

        to_the_end(stop_each, STOP_WITHIN * len(stopping), unheard)
        return failures

    def _until_believed(
        self,
        send: Callable[[], T],
        waits: Iterable[float],
        within: float = math.inf,
        *,
        of_stop: bool = False,
    ) -> T:
        """Sends, and after a 404 sends again, until that must be believed, or so many seconds have passed."""
        until = self._session.wall() + within
        if self._is_renewed_elsewhere and not of_stop:
            self._is_renewed_elsewhere = False
            logger.warning("storage credentials of %r are renewed by the process that this one was forked from", self)
        for wait in waits:
            try:
                return send()
            except TaskNotFoundError as error:
                left = until - self._session.wall()
                self._ending.wait(min(wait, left))
                if wait >= left:
                    raise WaitTimeoutError(
                        f"not found, and no time is left to see whether it is being moved: {self!r}",
                        advice="Ask again: a 404 is believed after 5, 10 and 15 seconds.",
                    ) from error
        try:
            return send()
        except TaskNotFoundError as error:
            raise self._life.not_found(error, of_stop=of_stop) from error

    def _is_seen_to_run(self, options: Options, ticket: Ticket) -> bool:
        """Asks once whether it runs yet.

        Raises:
            RecordingEnded: it is over already.
            CloudRecordingError: it cannot be asked.
        """
        try:
            self._life.saw(self._query_once(options, ticket))
            self._life.was_asked = True
        except TaskNotFoundError as error:
            self._life.was_asked = True
            if self._life.is_to_be_believed():
                raise self._life.not_found(error) from error
            return False
        except CloudRecordingError as error:
            if not error.retryable:
                raise
            self._life.was_asked = self._life.was_asked or not isinstance(error, (NetworkError, RateLimitError))
            self._report("query", error, again=True)
            return False
        if self._life.ended is not None:
            raise self._life.ended_anew()
        return self._life.runs

    def _renew(self, provider: Provider, renewal: Renewal) -> None:
        """Renews storage credentials from here on, until the end."""

        def update_storage(storage: Any) -> None:
            self._update(lambda: {"storageConfig": storage})

        def is_being_stopped() -> bool:
            return self._life.is_stopping or self._life.is_done

        self._renewing = Background(
            f"cloudrec-renewal-{self.sid}",
            lambda: renewed(self._ending, provider, renewal, update_storage, self._report, is_being_stopped),
        )

    def _report(self, what: str, error: Exception, *, again: bool, secrets: Iterable[str] = ()) -> None:
        """Tells of a failure that ends nothing."""
        bared(error)
        after = ", and will be tried again" if again else ""
        # Somebody else's exception may hold what they were given.
        logger.warning("%s of %r failed%s: %s: %s", what, self, after, type(error).__name__, scrub(str(error), secrets))
        if self._on_problem is not None:
            try:
                called("on_problem", self._on_problem, error)
            except Exception as another:
                logger.error("on_problem raised", exc_info=bared(another))


def _stop_each(
    recorders: Sequence[Recording[Any]],
    fail: Callable[[Exception], object],
    async_stop: bool = False,
    options: Options = STOP,
    tell: Callable[[Any, Exception], object] = lambda recorder, error: None,
) -> None:
    """Stops one after the other, each also where those before it could not be. Cut off, it says which are left."""
    for place, recorder in enumerate(recorders):
        try:
            recorder._stop_alone(async_stop, options)
        except Exception as error:
            tell(recorder, error)
            fail(error)
        except BaseException as cut:
            for left in recorders[place + 1 :]:
                left._is_not_stopped(cut)
            raise


def abandoned(recorders: Sequence[Recording[Any]], error: BaseException) -> None:
    """Stops what nobody will get to hold, since this went wrong; what may run all the same is told."""
    for recorder in recorders:
        call = recorder._life.start
        if not recorder.sid and call is not None and not isinstance(error, RecordingMayBeRunningError):
            recorder._session.report.cut_off(call, error)
    running = [recorder for recorder in recorders if recorder.sid and not recorder._life.is_done]
    if isinstance(error, GeneratorExit):
        for recorder in running:
            recorder._is_not_stopped(error)  # there is no event loop any more to stop it by
        return
    if not running:
        return
    failures = running[0]._stopped_in_any_case(*running)
    for failure in failures:
        error.add_note(f"A recording may be running: {failure} ({'; '.join(failure.__notes__)})")
    left = next((recorder for recorder in running if not recorder._life.is_done), None)
    if left is None:
        error.add_note(f"The recording was stopped: {running[0]!r}")
    elif isinstance(error, Exception):
        raise RecordingMayBeRunningError(
            f"record: a recording may be running that could not be stopped: {left!r} ({failures[0]})",
            endpoint="stop",
            cname=left.cname,
            uid=left.uid,
            resource_id=left.resource_id,
            mode=left.mode.value,
            sid=left.sid,
            handle=left.handle,
            advice="attach(error.handle) gives it back: stop it, or go on with it.",
        ) from error
