"""The calls for recordings of every user apart: `raw`, and `individual`, which came before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, Unpack

from .._contract.frames import discreet
from .._io._async import Starting
from .base import AsyncBase
from .individual_calls import AsyncIndividualCalls
from .raw_calls import AsyncRawCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cloudrec_api import models

    from .._recording.options import RecordOptions
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ..storage import Storage
    from ..subscriptions import Subscription
    from ..values import DeferredTranscoding, Encryption, Snapshots
    from ..webhooks import Event
    from .recording import AsyncRecording
    from .recordings import AsyncIndividualRecording, AsyncRawRecording

    Fields: TypeAlias = Mapping[str, Any]
    AnyStorage: TypeAlias = models.StorageConfig | Storage | Fields

R = TypeVar("R", bound="AsyncRecording[Any]")


@discreet
class AsyncApart(AsyncBase):
    """What `individual` and `raw` recordings share."""

    def _record(
        self,
        kind: type[R],
        cname: str,
        storage: AnyStorage | Provider,
        files: Iterable[str] | None,
        snapshots: Snapshots | Fields | None,
        audio: Subscription | None,
        video: Subscription | None,
        stream_types: models.StreamTypes | None,
        encryption: Encryption | Fields | None,
        max_idle_time: int | None,
        recording_config: object,
        deferred_transcoding: DeferredTranscoding | None,
        words: Mapping[str, Any],
        options: RecordOptions,
    ) -> Starting[R]:
        """What `record` of both begins; `words` are further fields of `recordingConfig`."""
        # Here, since who makes the six calls one by one need not wait for any of this to be loaded.
        from .._recording.plan import Gathered, file_config, joined, recording_config as whole_config
        from ..subscriptions import for_start
        from .launch import record

        gathered = Gathered()
        config = gathered(
            whole_config,
            recording_config,
            max_idle_time,
            **words,
            **gathered(for_start, audio, video, stream_types),
        )
        fields = {"recordingConfig": gathered(joined, "recording_config", config, encryption)}
        if files is not None or snapshots is None:
            fields["recordingFileConfig"] = gathered(file_config, None, files)
        if snapshots is not None:
            fields["snapshotConfig"] = gathered(joined, "snapshots", snapshots)
        start = {**fields, **gathered(joined, "deferred_transcoding", deferred_transcoding)}
        return Starting(
            record(
                self._session,
                kind,
                cname,
                start,
                gathered.problems,
                storage=storage,
                deferred_transcoding=deferred_transcoding is not None,
                **options,
            )
        )


@discreet
class AsyncIndividualClient(AsyncIndividualCalls, AsyncApart):
    """The calls for `individual` recordings: every user's sound and picture to files of their own, or screenshots.

    The provider calls this mode legacy, and `raw` (:class:`AsyncRawClient`) what comes after it.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    def record(
        self,
        cname: str,
        *,
        storage: AnyStorage | Provider,
        files: Iterable[models.IndividualAvFileType | str] | None = None,
        snapshots: Snapshots | Fields | None = None,
        channel_type: models.ChannelType | None = None,
        audio: Subscription | None = None,
        video: Subscription | None = None,
        stream_types: models.StreamTypes | None = None,
        stream_mode: models.StreamMode | None = None,
        subscribe_uid_group: models.SubscribeUidGroup | None = None,
        encryption: Encryption | Fields | None = None,
        max_idle_time: int | None = None,
        recording_config: models.IndividualRecordingConfig | Fields | None = None,
        deferred_transcoding: DeferredTranscoding | None = None,
        **options: Unpack[RecordOptions],
    ) -> Starting[AsyncIndividualRecording]:
        """Records every user of a channel apart: acquires and starts from one set of parameters, and sees it run.

        Example::

            async with client.individual.record("ward-7", storage=storage, video=nobody()) as recording:
                ...
            print(recording.result.files)

        Leaving the ``with`` stops it, whatever happened inside.

        Args:
            cname: Channel to record, 1 to 64 bytes.
            storage: Bucket that the files go to: a storage such as ``S3(...)``, a ``StorageConfig``, a dict; or a
                function that gives one. Where its credentials are short-lived (``stsToken``), it is called again and
                they are renewed before they are an hour old.
            files: Kinds of files: ``["hls"]``, the default; left out beside ``snapshots``, only screenshots are taken.
            snapshots: Screenshots of each user, such as ``Snapshots(interval=10)``.
            channel_type: Channel profile, the same as in the clients' RTC SDK. Communication by default.
            audio: Whose sound is recorded: ``everyone()`` (the default), ``only(...)``, ``everyone_but(...)`` or
                ``nobody()``.
            video: Whose picture is recorded.
            stream_types: Sound, picture or both. By default what ``audio`` and ``video`` say.
            stream_mode: Files per user: audio and video apart (the default), a merged playlist too, or sound as sent.
            subscribe_uid_group: How many users are expected at the most.
            encryption: Encryption of the channel.
            max_idle_time: Seconds after which it ends by itself when nobody sends. 5 to 2592000, 300 by default.
            recording_config: Anything else of ``recordingConfig``, or all of it.
            deferred_transcoding: Files made once more after the recording.
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
        from .recordings import AsyncIndividualRecording

        return self._record(
            AsyncIndividualRecording,
            cname,
            storage,
            files,
            snapshots,
            audio,
            video,
            stream_types,
            encryption,
            max_idle_time,
            recording_config,
            deferred_transcoding,
            {"channelType": channel_type, "streamMode": stream_mode, "subscribeUidGroup": subscribe_uid_group},
            options,
        )

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> AsyncIndividualRecording:
        """Gives an `individual` recording back from its handle. See :meth:`AsyncCloudRecording.attach`."""
        from .attach import attached_as
        from .recordings import AsyncIndividualRecording

        return attached_as(self._session, AsyncIndividualRecording, handle, sid, event, storage, on_problem)


@discreet
class AsyncRawClient(AsyncRawCalls, AsyncApart):
    """The calls for `raw` recordings: every user to a file with sound and picture, or screenshots of them.

    This is what the provider calls individual recording from now on. Published of it: the mode, and that it takes
    neither ``streamMode`` nor extension services. Only on a branch of the provider's that is not published: MP4 files,
    how files are named, DASH for VP8 and VP9. Each is the client's call of the same name; errors and endpoints are
    described there.
    """

    def record(
        self,
        cname: str,
        *,
        storage: AnyStorage | Provider,
        files: Iterable[models.RawAvFileType | str] | None = None,
        snapshots: Snapshots | Fields | None = None,
        channel_type: models.ChannelType | None = None,
        audio: Subscription | None = None,
        video: Subscription | None = None,
        stream_types: models.StreamTypes | None = None,
        subscribe_uid_group: models.SubscribeUidGroup | None = None,
        encryption: Encryption | Fields | None = None,
        max_idle_time: int | None = None,
        recording_config: models.RawRecordingConfig | Fields | None = None,
        **options: Unpack[RecordOptions],
    ) -> Starting[AsyncRawRecording]:
        """Records every user of a channel apart: acquires and starts from one set of parameters, and sees it run.

        Example::

            async with client.raw.record("ward-7", storage=storage, files=["hls", "mp4"]) as recording:
                ...
            print(recording.result.files)

        Leaving the ``with`` stops it, whatever happened inside.

        Args:
            cname: Channel to record, 1 to 64 bytes.
            storage: Bucket that the files go to: a storage such as ``S3(...)``, a ``StorageConfig``, a dict; or a
                function that gives one. Where its credentials are short-lived (``stsToken``), it is called again and
                they are renewed before they are an hour old.
            files: Kinds of files: ``["hls"]``, the default; ``["hls", "mp4"]``; or ``["mp3"]`` with ``video=nobody()``.
                Left out beside ``snapshots``, only screenshots are taken.
            snapshots: Screenshots of each user, such as ``Snapshots(interval=10)``.
            channel_type: Channel profile, the same as in the clients' RTC SDK. Communication by default.
            audio: Whose sound is recorded: ``everyone()`` (the default), ``only(...)``, ``everyone_but(...)`` or
                ``nobody()``.
            video: Whose picture is recorded.
            stream_types: Sound, picture or both. By default what ``audio`` and ``video`` say.
            subscribe_uid_group: How many users are expected at the most.
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
        from .recordings import AsyncRawRecording

        return self._record(
            AsyncRawRecording,
            cname,
            storage,
            files,
            snapshots,
            audio,
            video,
            stream_types,
            encryption,
            max_idle_time,
            recording_config,
            None,
            {"channelType": channel_type, "subscribeUidGroup": subscribe_uid_group},
            options,
        )

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> AsyncRawRecording:
        """Gives a `raw` recording back from its handle. See :meth:`AsyncCloudRecording.attach`."""
        from .attach import attached_as
        from .recordings import AsyncRawRecording

        return attached_as(self._session, AsyncRawRecording, handle, sid, event, storage, on_problem)
