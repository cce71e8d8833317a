# Made from cloudrec/_async/pair.py by scripts/generate. Do not edit.
"""Two recorders of one thing, for what must not be missed."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, TypeVar, Unpack

from cloudrec_api.models.mode import Mode

from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._contract.frames import discreet
from .._contract.redact import shown
from .._contract.rule_texts import MODE_OF_CALL, TYPE
from .._io._sync.contexts import OnlyWith
from ..errors import InvalidRequestError, Problem
from .ending import Held, stop_each, stopped_in_any_case, tell_of
from .recording import Recording
from .recordings import ChannelRecording, MixRecording, WebRecording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudrec_api import models

    from .._call.retry import Retry
    from .._recording.options import LayoutChanges
    from .._recording.result import RecordingResult
    from ..handles import RecordingHandle
    from ..layouts import Layout
    from ..results import UpdateLayoutResult, UpdateResult
    from ..storage import Storage
    from ..subscriptions import Subscription
    from ..webhooks import Event

    Fields: TypeAlias = Mapping[str, Any]

T = TypeVar("T")
R = TypeVar("R", bound=Recording[Any])
OfChannel = TypeVar("OfChannel", bound=ChannelRecording[Any])


@discreet
class RecordingPair(OnlyWith, Generic[R]):
    """Two recorders of the same thing, each with its own user ID, files and handle, in two regions.

    ``record(..., redundancy=2)`` makes one. **Each of the two is billed.** What is done to the pair is done to both,
    to the second one also where the first one fails. Use it in a ``with`` statement, which stops both at its end in any
    case. What is asked of one alone is asked of :attr:`first` or :attr:`spare`::

        with client.mix.record("exam-7", storage=storage, redundancy=2) as pair:
            pair.first.wait_until(RecordingStatus.IN_PROGRESS)
            pair.layout(grid(4))
        for result in pair.results:
            print(result.files)

    After a crash ``client.attach`` gives each of the two back from its handle, and this class makes a pair of them.

    Args:
        first: One recorder.
        spare: The other one, of the same mode; None where there is none.

    Raises:
        InvalidRequestError: they are not that.
    """

    _held: Held | None = None

    def __init__(self, first: R, spare: R | None = None) -> None:
        kinds: tuple[object, ...] = (first, first if spare is None else spare)
        if not all(isinstance(each, Recording) and type(each) is type(first) for each in kinds) or spare is first:
            told = f"{type(first).__name__} and {type(spare).__name__}"
            rule = "must be two recordings of one mode, or one and None"
            raise InvalidRequestError.of("RecordingPair", [Problem("first, spare", told, rule, TYPE)])
        self._first = first
        self._spare = spare

    @property
    def first(self) -> R:
        """The first recorder; the second one where only that one came to run."""
        return self._first

    @property
    def spare(self) -> R | None:
        """The second recorder; None where one of the two did not come to run, which was reported."""
        return self._spare

    @property
    def recorders(self) -> tuple[R, ...]:
        """Both, or the one that there is."""
        return (self._first,) if self._spare is None else (self._first, self._spare)

    @property
    def handles(self) -> tuple[RecordingHandle, ...]:
        """What ``client.attach`` gives each of them back from, in another process."""
        return tuple(recorder.handle for recorder in self.recorders)

    @property
    def mode(self) -> Mode:
        """``individual``, ``raw``, ``mix`` or ``web``."""
        return self._first.mode

    @property
    def cname(self) -> str:
        """Their channel, or in `web` mode the name that was given."""
        return self._first.cname

    @property
    def results(self) -> tuple[RecordingResult, ...]:
        """What came of each.

        Raises:
            RecordingNotStoppedError: one has not been stopped yet.
        """
        return tuple(recorder.result for recorder in self.recorders)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.recorders))})"

    def feed(self, event: Event) -> bool:
        """Takes in a webhook event of either recorder; see :meth:`MixRecording.feed`.

        Args:
            event: From :func:`cloudrec.webhooks.receive`.

        Returns:
            False where the event is about another recording; nothing has changed then.
        """
        return any(recorder.feed(event) for recorder in self.recorders)

    def to_dict(self) -> dict[str, Any]:
        """What is known of each now, for JSON."""
        return {"first": self._first.to_dict(), "spare": None if self._spare is None else self._spare.to_dict()}

    def _is_not_stopped(self, cut: BaseException) -> None:
        for recorder in self.recorders:
            recorder._is_not_stopped(cut)

    # -- changing -----------------------------------------------------------------------------

    def _must_be(self, *modes: Mode) -> None:
        if self.mode not in modes:
            rule = f"this is for {' and '.join(modes)} recordings"
            raise InvalidRequestError.of("RecordingPair", [Problem("mode", shown(self.mode.value), rule, MODE_OF_CALL)])

    def _both(self, change: Callable[[R], T]) -> T:
        """Does the same to both: to the second one also where the first one fails."""
        others = [] if self._spare is None or self._spare._life.is_done else [self._spare]
        try:
            changed = change(self._first)
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

    def update_storage(self, storage: models.StorageConfig | Storage | Fields) -> UpdateResult:
        """Puts new storage credentials in the place of the old ones; see :meth:`MixRecording.update_storage`."""
        return self._both(lambda recorder: recorder.update_storage(storage))

    def subscribe(
        self: RecordingPair[OfChannel], *, audio: Subscription | None = None, video: Subscription | None = None
    ) -> UpdateResult:
        """Changes whose audio and whose video is recorded; see :meth:`MixRecording.subscribe`.

        For recordings of a channel.
        """
        self._must_be(Mode.INDIVIDUAL, Mode.RAW, Mode.MIX)
        return self._both(lambda recorder: recorder.subscribe(audio=audio, video=video))

    def layout(
        self: RecordingPair[MixRecording],
        layout: Layout | str | Fields | None = None,
        **changes: Unpack[LayoutChanges],
    ) -> UpdateLayoutResult:
        """Changes the layout; see :meth:`MixRecording.layout`. For `mix` recordings."""
        self._must_be(Mode.MIX)
        return self._both(lambda recorder: recorder.layout(layout, **changes))

    def pause(self: RecordingPair[WebRecording]) -> UpdateResult:
        """Stops taking the page down; see :meth:`WebRecording.pause`. For `web` recordings."""
        self._must_be(Mode.WEB)
        return self._both(lambda recorder: recorder.pause())

    def resume(self: RecordingPair[WebRecording]) -> UpdateResult:
        """Goes on after :meth:`pause`. For `web` recordings."""
        self._must_be(Mode.WEB)
        return self._both(lambda recorder: recorder.resume())

    def push_to(self: RecordingPair[WebRecording], *urls: str) -> UpdateResult:
        """Pushes the page to these CDN addresses; see :meth:`WebRecording.push_to`. For `web` recordings.

        The first recorder pushes it, and not the second one: two that push to one address would be in each other's way.
        """
        self._must_be(Mode.WEB)
        return self._first.push_to(*urls)

    # -- ending -------------------------------------------------------------------------------

    def stop(
        self,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> tuple[RecordingResult, ...]:
        """Ends both, the second one also where the first one cannot be stopped; what came of each is the result.

        Args:
            async_stop: True returns at once; false waits for the upload, which is expected to take up to 20 seconds.
            timeout: Seconds for each attempt, from connecting to the end of the answer. 30 by default.
            retry: How often to try each call; None for once. As the client is set up by default.

        Raises:
            CloudRecordingError: one could not be stopped, and may be running; call it again.

        Endpoint: ``POST …/stop``
        """
        failures: list[Exception] = []
        stop_each(self.recorders, failures.append, async_stop, Options(timeout, retry))
        if failures:
            for another in failures[1:]:
                failures[0].add_note(f"The second recorder, too: {another} ({'; '.join(another.__notes__)})")
            raise failures[0]
        return self.results

    def __enter__(self) -> Self:
        self._held = Held(self.recorders)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            (self._held or Held(self.recorders)).end(kind, error)
        except BaseException as cut:
            tell_of(self.recorders, cut)  # an interrupt may come before anything was sent
            raise

    def _stopped_in_any_case(self) -> list[Exception]:
        return stopped_in_any_case(self.recorders)
