"""`client.mix`: recordings of all users in one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, overload

from .._contract.frames import discreet
from .._io._async.contexts import Starting
from .mix_calls import AsyncMixCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cloudrec_api import models

    from .._recording.options import RecordMix
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ..storage import Storage
    from ..webhooks import Event
    from .pair import AsyncRecordingPair
    from .recordings import AsyncMixRecording

    Fields: TypeAlias = Mapping[str, Any]
    AnyStorage: TypeAlias = models.StorageConfig | Storage | Fields


@discreet
class AsyncMixClient(AsyncMixCalls):
    """The calls for `mix` recordings: all users in one picture.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    @overload
    def record(
        self, cname: str, *, redundancy: Literal[1] = 1, **arguments: Unpack[RecordMix]
    ) -> Starting[AsyncMixRecording]: ...
    @overload
    def record(
        self, cname: str, *, redundancy: Literal[2], **arguments: Unpack[RecordMix]
    ) -> Starting[AsyncRecordingPair[AsyncMixRecording]]: ...
    @overload
    def record(
        self, cname: str, *, redundancy: int, **arguments: Unpack[RecordMix]
    ) -> Starting[AsyncMixRecording | AsyncRecordingPair[AsyncMixRecording]]: ...
    def record(self, cname: str, *, redundancy: int = 1, **arguments: Unpack[RecordMix]) -> Starting[Any]:
        """Records a channel, everyone in one picture: acquires and starts from one set of parameters, and sees it run.

        Example::

            async with client.mix.record("lesson-42", storage=storage, files=["hls", "mp4"]) as recording:
                ...
            print(recording.result.files)

        Leaving the ``with`` stops it, whatever happened inside.

        Args:
            cname: Channel to record, 1 to 64 bytes.
            storage: Bucket that the files go to: a storage such as ``S3(...)``, a ``StorageConfig``, a dict; or a
                function that gives one. Where its credentials are short-lived (``stsToken``), it is called again and
                they are renewed before they are an hour old.
            files: Kinds of files: ``["hls"]`` (the default) or ``["hls", "mp4"]``.
            channel_type: Channel profile, the same as in the clients' RTC SDK. Communication by default.
            audio: Whose sound is recorded: ``everyone()`` (the default), ``only(...)``, ``everyone_but(...)`` or
                ``nobody()``.
            video: Whose picture is recorded.
            stream_types: Sound, picture or both. By default what ``audio`` and ``video`` say.
            layout: Where everyone is in the picture: ``Floating()`` (the default), ``BestFit()``, ``Vertical(...)``,
                ``grid(4)``, …; or a word: ``"floating"``, ``"best_fit"``, ``"grid"`` (which grows with those in it) or
                ``"vertical"``.
            transcoding: Size, frame rate and bitrate of the picture, such as ``Transcoding("720p")``. 360 × 640 pixels
                by default.
            encryption: Encryption of the channel.
            max_idle_time: Seconds after which it ends by itself when nobody sends. 5 to 2592000, 300 by default.
            recording_config: Anything else of ``recordingConfig``, or all of it.
            redundancy: 2 for a second recorder; the two are a :class:`AsyncRecordingPair`. See :class:`RecordOptions`.
            arguments: What every mode takes, too: ``uid``, ``token``, ``confirm``, ``on_started``, ``check``,
                ``timeout``, …; see :class:`RecordOptions`.

        Raises:
            InvalidRequestError: arguments break rules; nothing was sent.
            TaskConflictError: a recording with this cname and the given uid runs already.
            RecordingEnded: it was over at once; with what may have ended it.
            RecordingNotStartedError: it was not seen to run within 90 seconds, and has been stopped.
            RecordingMayBeRunningError: nobody knows whether it runs; carries cname, uid, resource ID and the handle.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`. Nothing runs then.

        Endpoints: ``POST …/acquire``, ``POST …/start``, ``GET …/query``
        """
        # Here, since who makes the six calls one by one need not wait for any of this to be loaded.
        from .._recording.recipe import MixRecipe
        from .launch import record_words
        from .recordings import AsyncMixRecording

        return Starting(record_words(self._session, AsyncMixRecording, MixRecipe, cname, redundancy, arguments))

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> AsyncMixRecording:
        """Gives a `mix` recording back from its handle. See :meth:`AsyncCloudRecording.attach`."""
        from .attach import attached_as
        from .recordings import AsyncMixRecording

        return attached_as(self._session, AsyncMixRecording, handle, sid, event, storage, on_problem)
