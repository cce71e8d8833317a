"""The calls for `mix` recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from .._contract.frames import discreet
from .._io._async import Starting
from .mix_calls import AsyncMixCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cloudrec_api import models

    from .._recording.options import RecordOptions
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ..layouts import Layout
    from ..storage import Storage
    from ..subscriptions import Subscription
    from ..values import Encryption, Transcoding
    from ..webhooks import Event
    from .recordings import AsyncMixRecording

    Fields: TypeAlias = Mapping[str, Any]
    AnyStorage: TypeAlias = models.StorageConfig | Storage | Fields


@discreet
class AsyncMixClient(AsyncMixCalls):
    """The calls for `mix` recordings: all users in one picture.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    def record(
        self,
        cname: str,
        *,
        storage: AnyStorage | Provider,
        files: Iterable[models.AvFileType | str] | None = None,
        channel_type: models.ChannelType | None = None,
        audio: Subscription | None = None,
        video: Subscription | None = None,
        stream_types: models.StreamTypes | None = None,
        layout: Layout | Fields | None = None,
        transcoding: Transcoding | Fields | None = None,
        encryption: Encryption | Fields | None = None,
        max_idle_time: int | None = None,
        recording_config: models.MixRecordingConfig | Fields | None = None,
        **options: Unpack[RecordOptions],
    ) -> Starting[AsyncMixRecording]:
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
                ``grid(4)``, …
            transcoding: Size, frame rate and bitrate of the picture, such as ``Transcoding("720p")``. 360 × 640 pixels
                by default.
            encryption: Encryption of the channel.
            max_idle_time: Seconds after which it ends by itself when nobody sends. 5 to 2592000, 300 by default.
            recording_config: Anything else of ``recordingConfig``, or all of it.
            options: What every mode takes: ``uid``, ``token``, ``confirm``, ``redundancy``, ``on_started``, ``check``,
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
        from .._recording.plan import Gathered, file_config, joined, recording_config as whole_config
        from ..subscriptions import for_start
        from .launch import record
        from .recordings import AsyncMixRecording

        gathered = Gathered()
        config = gathered(
            whole_config,
            recording_config,
            max_idle_time,
            channelType=channel_type,
            **gathered(for_start, audio, video, stream_types),
        )
        config = gathered(joined, "recording_config", config, encryption)
        canvas = gathered(
            joined, "recording_config.transcodingConfig", config.pop("transcodingConfig", None), transcoding, layout
        )
        if canvas:
            config["transcodingConfig"] = canvas
        start = {"recordingConfig": config, "recordingFileConfig": gathered(file_config, None, files)}
        return Starting(
            record(self._session, AsyncMixRecording, cname, start, gathered.problems, storage=storage, **options)
        )

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
