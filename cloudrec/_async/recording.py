"""A recording as one thing: what can be done with it from its start to its files."""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeAlias, TypeVar

from cloudrec_api.models.recording_status import RecordingStatus

from .._calls import client_request, query, stop, update
from .._io_async import Background, Closing, Lock, OwnLock, called, to_the_end
from .._life import WATCH_INTERVAL, Life, met
from .._numbers import seconds
from .._redact import scrub
from .._renewal import Provider, Renewal
from .._settings import CLIENT_DEFAULT, ClientDefault, Options
from ..errors import (
    AlreadyStoppingError,
    CloudRecordingError,
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

    from .._handle import RecordingHandle
    from .._outcome import RecordingResult
    from .._retry import Retry
    from ..results import QueryResult, UpdateResult
    from ..storage import Storage
    from ..subscriptions import Subscription
    from ..webhooks import Event
    from .session import AsyncSession

    Fields: TypeAlias = Mapping[str, Any]

logger = logging.getLogger("cloudrec")

Q = TypeVar("Q")
T = TypeVar("T")

# Seconds that a stop has when the task it runs in is cancelled: its own time-out, and once more.
STOP_WITHIN = 60.0
STOP = Options()


class AsyncRecording(Generic[Q]):
    """One recording, from its start to its files.

    ``record`` of a mode makes one, and ``attach`` of a client gives one back. It holds resource ID, sid, cname, uid and
    mode, so that no call can mix them up. Use it in a ``with`` statement, which stops it at its end in any case.

    It may be used by many threads, or by many tasks of its event loop, at once: its updates are sent one at a time, and
    it is stopped once.
    """

    _mode: ClassVar[Mode]

    def __init__(self, session: AsyncSession, life: Life, on_problem: Callable[[Exception], object] | None) -> None:
        self._session = session
        self._app_id = session.settings.app_id
        self._life = life
        self._on_problem = on_problem
        # Waiting that ends with the recording; and waiting that ends with the next news, too.
        self._ending: Closing = session.part()
        self._news: Closing = session.part()
        self._updating = Lock()
        self._stopping = OwnLock()
        self._renewing: Background | None = None
        self._spare: Self | None = None

    # -- what it is ---------------------------------------------------------------------------

    @property
    def handle(self) -> RecordingHandle:
        """What ``client.attach`` gives it back from, in another process: a small dict for JSON, without secrets."""
        return self._life.handle

    @property
    def mode(self) -> Mode:
        """``individual``, ``mix`` or ``web``."""
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
        """Status in the last answer to a query; None before there was one."""
        return self._life.last_status

    @property
    def last_seen(self) -> datetime | None:
        """When a query was answered last, in UTC; None before that."""
        return self._life.last_seen

    @property
    def ended(self) -> RecordingEnded | None:
        """Why it is over, as far as it is known to be; None while it is not. As an error, which can be raised."""
        return self._life.ended

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

    def __repr__(self) -> str:
        state = "stopped" if self._life.is_done else "ended" if self._life.ended else f"status={self._life.last_status}"
        sid = f"sid={self.sid!r}" if self.sid else f"resource_id={self.resource_id!r}"
        return f"{type(self).__name__}(cname={self.cname!r}, uid={self.uid!r}, {sid}, {state})"

    # -- asking -------------------------------------------------------------------------------

    async def query(
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
        return await self._query(Options(timeout, retry))

    async def _query(self, options: Options, within: float = math.inf) -> QueryResult[Q]:
        result = await self._until_believed(lambda: self._query_once(options), self._life.waits, within)
        self._life.saw(result)
        return result

    async def _query_once(self, options: Options) -> QueryResult[Q]:
        return await self._session.send(query(self._app_id, *self._life.ids), options)

    async def wait_until(
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
            ConfigurationError: the timeout or the interval is not a number above 0.
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
                state = await self._query(self._session.patience(Options(), left), max(left, 0.0))
            except CloudRecordingError as error:
                if not error.retryable:
                    raise
                await self._report("query", error, again=True)
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
            await self._pause(min(interval, left))

    def watch(self, *, interval: float = WATCH_INTERVAL) -> AsyncGenerator[QueryResult[Q], None]:
        """The recording's state now, and then each time that it changes. Ends when the recording is over.

        Why it is over is in :attr:`ended`; None where it was stopped here. A query that fails for a reason that may
        pass is logged as a warning (and given to ``on_problem``), and the next one is made as usual.

        Args:
            interval: Seconds between two queries. 120 by default, as the provider advises: at that pace one App ID can
                watch 1,000 recordings within its limit of ten requests a second.

        Raises:
            ConfigurationError: the interval is not a number above 0.
            CloudRecordingError: a query failed for a reason that will not pass; see :mod:`cloudrec.errors`.
        """
        return self._watch(seconds("interval", interval))

    async def _watch(self, interval: float) -> AsyncGenerator[QueryResult[Q], None]:
        last: object = object()
        while True:
            await self._session.turn()
            if self._life.is_done:
                return
            try:
                state = await self._query(Options())
            except RecordingEnded:
                return
            except CloudRecordingError as error:
                if not error.retryable:
                    raise
                await self._report("query", error, again=True)
            else:
                shown = state.raw.get("serverResponse")
                if shown != last:
                    last = shown
                    yield state
                if self._life.ended is not None or self._life.is_done:
                    return
            await self._pause(interval)

    async def _pause(self, interval: float) -> None:
        """Waits for the next query; less long where there are news. Of one that is stopped there are none."""
        await (self._session.wait(interval) if self._life.is_done else self._news.wait(interval))

    def _tell_news(self) -> None:
        """Those who wait for the next query make it now."""
        old, self._news = self._news, self._session.part()
        old.set()

    # -- being told ---------------------------------------------------------------------------

    def feed(self, event: Event) -> bool:
        """Takes in a webhook event, so that what it tells need not be asked for.

        An end (events 11, 41, 71) is in :attr:`ended` with its reason, and ``watch`` and ``wait_until`` look at once
        whether it is so. A move to another server (12) changes :attr:`current_uid`, and a 404 is not believed while it
        may last. Files and the state of the upload (3, 4, 31, 32) are in :attr:`result`, also where they come after the
        stop. Events may come in any order, and more than once. Call it from the event loop that the recording is of.

        Example::

            if not recording.feed(event):
                ...  # it is about another recording

        Args:
            event: From :func:`cloudrec.webhooks.receive`.

        Returns:
            False where the event is about another recording; nothing has changed then.
        """
        from .._feed import feed

        if not feed(self._life, event):
            return self._spare is not None and self._spare.feed(event)
        if self._life.ended is not None:
            self._tell_news()
        return True

    # -- changing -----------------------------------------------------------------------------

    async def update_storage(self, storage: models.StorageConfig | Storage | Fields) -> UpdateResult:
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
        return await self._both(lambda recorder: recorder._update(lambda: {"storageConfig": storage}))

    async def _both(self, change: Callable[[Self], Awaitable[T]]) -> T:
        """Does the same to this recorder and to the second one: to that one also where this one fails."""
        try:
            return await change(self)
        finally:
            if self._spare is not None and not self._spare._life.is_done:
                await change(self._spare)

    async def _update(self, fields: Callable[[], Mapping[str, Any]]) -> UpdateResult:
        """Sends an update; one at a time, each made of what the one before has left."""
        async with self._updating:
            return await self._update_alone(fields())

    async def _update_alone(self, fields: Mapping[str, Any]) -> UpdateResult:
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
        return await self._until_believed(lambda: self._session.send(call, Options()), self._life.waits)

    async def _subscribe(self, audio: Subscription | None, video: Subscription | None) -> UpdateResult:
        async with self._updating:
            chosen = self._life.next_subscriptions(audio, video)
            result = await self._update_alone({"streamSubscribe": self._life.subscribe_fields(chosen)})
            self._life.set_subscriptions(chosen)
            return result

    # -- ending -------------------------------------------------------------------------------

    async def stop(
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
        try:
            await self._stop_alone(async_stop, options)
        finally:
            if self._spare is not None:
                await self._spare._stop_alone(async_stop, options)
        return self.result

    async def _stop_alone(self, async_stop: bool = False, options: Options = STOP) -> None:
        """Stops this recorder. Where that fails, the failure says which one may be running."""
        try:
            async with self._stopping:
                if not self._life.is_done:
                    await self._stop_once(async_stop, options)
        except BaseException as error:
            error.add_note(f"The recording may still be running: {self!r}")
            if not isinstance(error, Exception):
                # Cancelled, or interrupted from the keyboard: few people read the notes of those.
                logger.warning("stop was cut off (%s): %r may still be running", type(error).__name__, self)
            raise
        # Not with the lock: what runs in the background may itself want to stop the recording.
        if self._renewing is not None:
            await self._renewing.end()

    async def _stop_once(self, async_stop: bool, options: Options) -> None:
        resource_id, sid, mode = self._life.ids
        # Unchecked but for the IDs: what could be started must be stopped.
        call = stop(self._app_id, resource_id, sid, mode, self.cname, self.uid, async_stop, checks=False)
        waits = self._life.waits_of_stop
        self._life.is_stopping = True
        try:
            stopped = await self._until_believed(lambda: self._session.send(call, options), waits, of_stop=True)
        except RecordingEnded:
            stopped = None
        except AlreadyStoppingError as error:
            stopped = None
            self._life.already_stopping(error)
        finally:
            self._life.is_stopping = False
        self._life.finish(stopped)
        self._ending.set()
        self._tell_news()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        failures = await self._stopped_in_any_case()
        if not failures:
            return
        if error is None:
            raise failures[0]
        # The body's exception is the one that is seen; the others must not be lost for it.
        for failure in failures:
            error.add_note(f"The recording could not be stopped: {failure} ({'; '.join(failure.__notes__)})")

    # -- for record and attach ----------------------------------------------------------------

    async def _stopped_in_any_case(self, *recorders: Self) -> list[Exception]:
        """Stops these recorders, or both, also where the task is cancelled; what went wrong with that, logged."""
        first, *others = recorders or ((self,) if self._spare is None else (self, self._spare))
        failures: list[Exception] = []

        def failed(error: BaseException) -> None:
            notes = "; ".join(getattr(error, "__notes__", [f"may still be running: {first!r}"]))
            logger.error("The recording could not be stopped: %s (%s)", error, notes)

        try:
            await to_the_end(first._stop_alone, STOP_WITHIN, failed)
        except Exception as error:
            failed(error)
            failures.append(error)
        finally:
            if others:
                failures += await self._stopped_in_any_case(*others)
        return failures

    async def _until_believed(
        self,
        send: Callable[[], Awaitable[T]],
        waits: Iterable[float],
        within: float = math.inf,
        *,
        of_stop: bool = False,
    ) -> T:
        """Sends, and after a 404 sends again, until that must be believed, or so many seconds have passed."""
        until = self._session.wall() + within
        for wait in waits:
            try:
                return await send()
            except TaskNotFoundError as error:
                left = until - self._session.wall()
                await self._ending.wait(min(wait, left))
                if wait >= left:
                    raise WaitTimeoutError(
                        f"not found, and no time is left to see whether it is being moved: {self!r}",
                        advice="Ask again: a 404 is believed after 5, 10 and 15 seconds.",
                    ) from error
        try:
            return await send()
        except TaskNotFoundError as error:
            raise self._life.not_found(error, of_stop=of_stop) from error

    async def _is_seen_to_run(self, options: Options) -> bool:
        """Asks once whether it runs yet.

        Raises:
            RecordingEnded: it is over already.
            CloudRecordingError: it cannot be asked.
        """
        try:
            self._life.saw(await self._query_once(options))
        except TaskNotFoundError as error:
            if self._life.is_to_be_believed():
                raise self._life.not_found(error) from error
            return False
        except CloudRecordingError as error:
            if not error.retryable:
                raise
            await self._report("query", error, again=True)
            return False
        if self._life.ended is not None:
            raise self._life.ended_anew()
        return self._life.runs

    async def _abandon(self, error: BaseException) -> None:
        """Stops what its maker will not get to hold, since that failed."""
        failures = await self._stopped_in_any_case()
        for failure in failures:
            error.add_note(f"A recording may be running: {failure} ({'; '.join(failure.__notes__)})")
        if not failures:
            error.add_note(f"The recording was stopped: {self!r}")
        elif isinstance(error, Exception):
            running = self if not self._life.is_done or self._spare is None else self._spare
            raise RecordingMayBeRunningError(
                f"record: a recording may be running that could not be stopped: {running!r} ({failures[0]})",
                endpoint="stop",
                cname=running.cname,
                uid=running.uid,
                resource_id=running.resource_id,
                mode=running.mode.value,
                sid=running.sid,
                handle=running.handle,
                advice="attach(error.handle) gives it back: stop it, or go on with it.",
            ) from error

    def _renew(self, provider: Provider, renewal: Renewal) -> None:
        """Renews storage credentials from here on, until the end."""

        async def update_storage(storage: Any) -> None:
            await self._update(lambda: {"storageConfig": storage})

        def is_being_stopped() -> bool:
            return self._life.is_stopping or self._life.is_done

        self._renewing = Background(
            f"cloudrec-renewal-{self.sid}",
            lambda: renewed(self._ending, provider, renewal, update_storage, self._report, is_being_stopped),
        )

    async def _report(self, what: str, error: Exception, *, again: bool, secrets: Iterable[str] = ()) -> None:
        """Tells of a failure that ends nothing."""
        after = ", and will be tried again" if again else ""
        # Somebody else's exception may hold what they were given.
        logger.warning("%s of %r failed%s: %s: %s", what, self, after, type(error).__name__, scrub(str(error), secrets))
        if self._on_problem is not None:
            try:
                await called("on_problem", self._on_problem, error)
            except Exception:
                logger.exception("on_problem raised")
