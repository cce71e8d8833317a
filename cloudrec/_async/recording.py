"""A recording as one thing: what can be done with it from its start to its files."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

from cloudrec_api.models.recording_status import RecordingStatus
from cloudrec_api.views import plain

from .._call.line import Ticket, Urgency
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._contract.frames import bared, discreet
from .._io._async.contexts import OnlyWith
from .._numbers import seconds
from .._recording.state import WATCH_INTERVAL, met
from ..errors import CloudRecordingError, RecordingEnded, WaitTimeoutError
from .ending import Held, stopped_in_any_case, tell_of
from .recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cloudrec_api import models

    from .._call.retry import Retry
    from .._recording.result import RecordingResult
    from ..answers import RecordedFile
    from ..results import QueryResult, UpdateResult
    from ..storage import Storage
    from ..webhooks import Event

    Fields: TypeAlias = Mapping[str, Any]

Q = TypeVar("Q")


@discreet
class AsyncRecording(OnlyWith, Recorder[Q]):
    """One recording, from its start to its files.

    ``record`` of a mode makes one, and ``attach`` of a client gives one back. It holds resource ID, sid, cname, uid and
    mode, so that no call can mix them up. Use it in a ``with`` statement, which stops it at its end in any case.

    It may be used by many threads, or by many tasks of its event loop, at once: its updates are sent one at a time, and
    it is stopped once.

    A process that was forked while it runs may go on with it, too. Its storage credentials are still renewed by the
    process that began with that, and by no other, for as long as that lives; a warning says so when a child queries or
    updates it. ``client.attach(recording.handle, storage=...)`` has the child renew them.
    """

    _held: Held | None = None

    # -- what is known of it ------------------------------------------------------------------

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
        """Who sends what, as events (43, 44) have told: ``{"101": ("audio", "video")}``; ``"0"`` is everyone."""
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
        return self._life.result

    def to_dict(self) -> dict[str, Any]:
        """What is known of it now, for JSON: its names, state, files and users, and why it is over."""
        names = ("mode", "cname", "uid", "resource_id", "sid", "last_status", "last_seen", "users", "files", "ended")
        return {name: plain(getattr(self, name)) for name in names}

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

    async def _query(self, options: Options, within: float = math.inf, ticket: Ticket | None = None) -> QueryResult[Q]:
        result = await self._until_believed(lambda: self._query_once(options, ticket), self._life.waits, within)
        self._life.saw(result)
        if (stalled := self._life.stalled()) is not None:
            # Whoever did not wait for it to run is told where it does not come to that.
            await self._report("start", stalled, again=False)
        return result

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
            interval_left = min(interval, left)
            # Of one that is stopped there are no news, but maybe more to be asked.
            await (self._session.wait(interval_left) if self._life.is_done else self._pause(interval_left))

    def watch(self, *, interval: float = WATCH_INTERVAL) -> AsyncGenerator[QueryResult[Q], None]:
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
    async def _watch(self, interval: float) -> AsyncGenerator[QueryResult[Q], None]:
        last: object = object()
        told = fed = self._life.events
        while True:
            ticket = Ticket(Urgency.WATCH)
            try:
                await self._session.turn(ticket, self._ending)
                if self._life.is_done:
                    return
                fed = self._life.events
                state = await self._query(Options(), ticket=ticket)
            except RecordingEnded:
                return
            except CloudRecordingError as error:
                if not error.retryable:
                    raise
                await self._report("query", error, again=True)
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
            await self._pause(interval, fed)

    async def _pause(self, interval: float, fed: int | None = None) -> None:
        """Waits for the next query; less long where there are news, and not at all once it is stopped.

        ``fed`` is how many events the last query came after.
        """
        # In this order: what is told after the first line ends the wait.
        news = self._news
        if not self._life.is_done and fed in (None, self._life.events):
            await news.wait(interval)

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
            return False
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
        return await self._update(lambda: {"storageConfig": storage})

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
        await self._stop_alone(async_stop, Options(timeout, retry))
        return self.result

    async def __aenter__(self) -> Self:
        self._held = Held([self])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await (self._held or Held([self])).end(kind, error)
        except BaseException as cut:
            tell_of([self], cut)  # an interrupt may come before anything was sent
            raise

    async def _stopped_in_any_case(self) -> list[Exception]:
        return await stopped_in_any_case([self])
