"""One recorder: what the library does with it. What people do with it is in `recording`."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from .._call.queries import query
from .._call.requests import stop, update
from .._call.settings import Options
from .._call.telemetry import under_way
from .._contract.frames import bared
from .._contract.redact import scrub
from .._contract.written import client_request
from .._io._async.calls import invoke
from .._io._async.locks import OwnedLock
from .._io._async.tasks import BackgroundTask
from .._io._async.waiting import LinkedEvent
from .._io.forks import in_child
from .._recording.renewal import Provider, Renewal
from .._recording.state import Life
from ..errors import (
    AlreadyStoppingError,
    CloudRecordingError,
    NetworkError,
    RateLimitError,
    RecordingEnded,
    TaskNotFoundError,
    WaitTimeoutError,
)
from .renew import renewed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudrec_api.models.mode import Mode

    from .._call.line import Ticket
    from ..handles import RecordingHandle
    from ..results import QueryResult, UpdateResult
    from ..subscriptions import Subscription
    from .session import AsyncSession

logger = logging.getLogger("cloudrec")

Q = TypeVar("Q")
T = TypeVar("T")

STOP = Options()


class Recorder(Generic[Q]):
    """Asks, changes, renews and stops one recorder, and keeps what is known of it in a `Life`."""

    _mode: ClassVar[Mode]

    def __init__(self, session: AsyncSession, life: Life, on_problem: Callable[[Exception], object] | None) -> None:
        self._session = session
        self._app_id = session.settings.app_id
        self._life = life
        self._on_problem = on_problem
        # Waiting that ends with the recording; and waiting that ends with the next news, too.
        self._ending: LinkedEvent = session.child_event()
        self._news: LinkedEvent = session.child_event()
        self._renewing: BackgroundTask | None = None
        self._is_renewed_elsewhere = False
        self._is_told = False
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """At the beginning, and in a process that was forked: whoever held a lock, stopped or renewed is not there."""
        self._updating = OwnedLock()
        self._stopping = OwnedLock()
        self._life.is_stopping = False
        if self._renewing is not None:
            self._renewing, self._is_renewed_elsewhere = None, True

    # -- which it is --------------------------------------------------------------------------

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

    def __repr__(self) -> str:
        state = "stopped" if self._life.is_done else "ended" if self._life.ended else f"status={self._life.last_status}"
        sid = f"sid={self.sid!r}" if self.sid else f"resource_id={self.resource_id!r}"
        return f"{type(self).__name__}(cname={self.cname!r}, uid={self.uid!r}, {sid}, {state})"

    # -- asking -------------------------------------------------------------------------------

    async def _query_once(self, options: Options, ticket: Ticket | None = None) -> QueryResult[Q]:
        return await self._session.send(query(self._app_id, *self._life.ids), options, ticket)

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
        if self._is_renewed_elsewhere and not of_stop:
            self._is_renewed_elsewhere = False
            logger.warning("storage credentials of %r are renewed by the process that this one was forked from", self)
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

    async def _is_seen_to_run(self, options: Options, ticket: Ticket) -> bool:
        """Asks once whether it runs yet.

        Raises:
            RecordingEnded: it is over already.
            CloudRecordingError: it cannot be asked.
        """
        try:
            self._life.saw(await self._query_once(options, ticket))
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
            await self._report("query", error, again=True)
            return False
        if self._life.ended is not None:
            raise self._life.ended_anew()
        return self._life.runs

    # -- changing -----------------------------------------------------------------------------

    async def _update(self, fields: Callable[[], Mapping[str, Any]]) -> UpdateResult:
        """Sends an update; one at a time, each made of what the one before has left."""
        async with self._updating:
            return await self._update_alone(fields())

    async def _update_alone(self, fields: Mapping[str, Any]) -> UpdateResult:
        resource_id, sid, mode = self._life.ids
        given = client_request(**fields)
        if "storageConfig" in fields:
            given.arguments = {"storage": fields["storageConfig"]}
        call = update(self._app_id, resource_id, sid, mode, self.cname, self.uid, given, checks=self._life.checks)
        return await self._until_believed(lambda: self._session.send(call, Options()), self._life.waits)

    async def _subscribe(self, audio: Subscription | None, video: Subscription | None) -> UpdateResult:
        async with self._updating:
            chosen = self._life.next_subscriptions(audio, video)
            result = await self._update_alone({"streamSubscribe": self._life.subscribe_fields(chosen)})
            self._life.set_subscriptions(chosen)
            return result

    def _renew(self, provider: Provider, renewal: Renewal) -> None:
        """Renews storage credentials from here on, until the end."""

        async def update_storage(storage: Any) -> None:
            await self._update(lambda: {"storageConfig": storage})

        def is_being_stopped() -> bool:
            return self._life.is_stopping or self._life.is_done

        self._renewing = BackgroundTask(
            f"cloudrec-renewal-{self.sid}",
            lambda: renewed(self._ending, provider, renewal, update_storage, self._report, is_being_stopped),
        )
        self._session.background.add(self._renewing)

    async def _report(self, what: str, error: Exception, *, again: bool, secrets: Iterable[str] = ()) -> None:
        """Tells of a failure that ends nothing."""
        bared(error)
        after = ", and will be tried again" if again else ""
        # Somebody else's exception may hold what they were given.
        logger.warning("%s of %r failed%s: %s: %s", what, self, after, type(error).__name__, scrub(str(error), secrets))
        if self._on_problem is not None:
            try:
                await invoke("on_problem", self._on_problem, error)
            except Exception as another:
                logger.error("on_problem raised", exc_info=bared(another))

    # -- ending -------------------------------------------------------------------------------

    async def _stop_alone(self, async_stop: bool = False, options: Options = STOP) -> None:
        """Stops this recorder. Where that fails, the failure says which one may be running."""
        try:
            self._must_be_stopped()
            async with self._stopping:
                if not self._life.is_done:
                    await self._stop_once(async_stop, options)
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
            await self._renewing.end()

    def _must_be_stopped(self) -> None:
        """If the program ends before that, it is told."""
        self._is_told = False
        under_way[self] = lambda: self._is_not_stopped(SystemExit())

    def _may_run(self) -> str:
        return f"The recording may still be running: {self!r}"

    def _is_not_stopped(self, cut: BaseException) -> None:
        """Its stop was cut off, or not even begun: it is told, since few people read the notes of a cancellation."""
        if not self._life.is_done:
            cut.add_note(self._may_run())
            told = f"not stopped ({type(cut).__name__}): {self!r} may still be running"
            self._session.report.orphan(told, self.handle)
            # Not before: an interrupt may come in between.
            self._is_told = True

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
        if not self._life.is_done:  # by a signal handler, say, that came in between
            self._life.finish(stopped)
        self._ending.set()
        self._tell_news()

    def _tell_news(self) -> None:
        """Those who wait for the next query make it now."""
        old, self._news = self._news, self._session.child_event()
        old.set()
