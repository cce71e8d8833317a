"""The calls for recordings of every user apart: `raw`, and `individual`, which came before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, Unpack

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

from .._call.retry import Retry
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._contract.frames import discreet
from .._io._async import Starting
from ..answers import IndividualQuery, IndividualStop, RawQuery, RawStop
from .base import AsyncBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cloudrec_api import models

    from .._recording.options import RecordOptions
    from .._recording.renewal import Provider
    from ..handles import RecordingHandle
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateResult
    from ..storage import Storage
    from ..subscriptions import Subscription
    from ..values import DeferredTranscoding, Encryption, Snapshots
    from ..webhooks import Event
    from .recording import AsyncRecording
    from .recordings import AsyncIndividualRecording, AsyncRawRecording

    Fields: TypeAlias = Mapping[str, Any]
    AnyStorage: TypeAlias = models.StorageConfig | Storage | Fields

Q = TypeVar("Q")
S = TypeVar("S")
R = TypeVar("R", bound="AsyncRecording[Any]")


@discreet
class AsyncApart(AsyncBase, Generic[Q, S]):
    """What `individual` and `raw` recordings share."""

    async def query(
        self,
        resource_id: str,
        sid: str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[Q]:
        """State and files of a running recording. See :meth:`AsyncCloudRecording.query`."""
        return await self._query(resource_id, sid, Options(timeout, retry))

    async def update(
        self,
        resource_id: str,
        sid: str,
        cname: str,
        uid: int | str,
        *,
        stream_subscribe: models.StreamSubscribe | Fields | None = None,
        storage_config: models.StorageConfig | Storage | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> UpdateResult:
        """Changes subscriptions or storage credentials. See :meth:`AsyncCloudRecording.update`."""
        return await self._update(
            resource_id,
            sid,
            cname,
            uid,
            Options(timeout, retry, check),
            streamSubscribe=stream_subscribe,
            storageConfig=storage_config,
        )

    async def stop(
        self,
        resource_id: str,
        sid: str,
        cname: str,
        uid: int | str,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StopResult[S]:
        """Leaves the channel and ends the recording. See :meth:`AsyncCloudRecording.stop`."""
        return await self._stop(resource_id, sid, cname, uid, async_stop, Options(timeout, retry, check))

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
class AsyncIndividualClient(AsyncApart[IndividualQuery, IndividualStop]):
    """The calls for `individual` recordings: every user's sound and picture to files of their own, or screenshots.

    The provider calls this mode legacy, and `raw` (:class:`AsyncRawClient`) what comes after it.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    _mode = Mode.INDIVIDUAL

    async def acquire(
        self,
        cname: str,
        uid: int | str,
        *,
        deferred_transcoding: bool = False,
        resource_expired_hour: int | None = None,
        exclude_resource_ids: Sequence[str] | None = None,
        region: models.ServiceRegion | None = None,
        region_affinity: models.RegionAffinity | None = None,
        start_parameter: models.IndividualStartClientRequest | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> AcquireResult:
        """Reserves what one recording needs. See :meth:`AsyncCloudRecording.acquire`.

        Args:
            cname: Channel to record, 1 to 64 bytes.
            uid: The recorder's user ID, 1 to 4294967295, that nobody in the channel has.
            deferred_transcoding: Whether files are made once more after the recording (scene 2 instead of 0).
            resource_expired_hour: Hours after ``start`` in which to query and stop it. 1 to 720, 72 by default.
            exclude_resource_ids: Resource IDs of recordings whose region this one is to avoid.
            region: The only region whose servers may record. Not together with ``region_affinity``.
            region_affinity: The region to prefer.
            start_parameter: What ``start`` will be sent, exactly; lets the service choose better.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.
        """
        return await self._acquire(
            cname,
            uid,
            Options(timeout, retry, check),
            scene=Scene.DEFERRED_TRANSCODING if deferred_transcoding else Scene.REALTIME,
            resourceExpiredHour=resource_expired_hour,
            excludeResourceIds=exclude_resource_ids,
            region=region,
            regionAffinity=region_affinity,
            startParameter=start_parameter,
        )

    async def start(
        self,
        resource_id: str,
        cname: str,
        uid: int | str,
        *,
        storage_config: models.StorageConfig | Storage | Fields,
        token: str | None = None,
        recording_config: models.IndividualRecordingConfig | Fields | None = None,
        recording_file_config: models.IndividualRecordingFileConfig | Fields | None = None,
        snapshot_config: models.SnapshotConfig | Snapshots | Fields | None = None,
        apps_collection: models.AppsCollection | Fields | None = None,
        transcode_options: models.TranscodeOptions | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StartResult:
        """Starts the one recording that a resource ID serves. See :meth:`AsyncCloudRecording.start`.

        Args:
            resource_id: From ``acquire``, not older than five minutes.
            cname: As in ``acquire``.
            uid: As in ``acquire``.
            storage_config: Bucket that the files go to.
            token: Token for (cname, uid), where the project has an App Certificate. Must outlive the recording.
            recording_config: Which streams are recorded, and how.
            recording_file_config: Kinds of files. Left out beside ``snapshot_config``, only screenshots are taken.
            snapshot_config: Screenshots, every 1 to 3600 seconds.
            apps_collection: Deferred transcoding, beside ``deferred_transcoding`` of ``acquire``.
            transcode_options: What deferred transcoding makes.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.
        """
        return await self._start(
            resource_id,
            cname,
            uid,
            Options(timeout, retry, check),
            token=token,
            storageConfig=storage_config,
            recordingConfig=recording_config,
            recordingFileConfig=recording_file_config,
            snapshotConfig=snapshot_config,
            appsCollection=apps_collection,
            transcodeOptions=transcode_options,
        )

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
class AsyncRawClient(AsyncApart[RawQuery, RawStop]):
    """The calls for `raw` recordings: every user to a file with sound and picture, or screenshots of them.

    This is what the provider calls individual recording from now on. Published of it: the mode, and that it takes
    neither ``streamMode`` nor extension services. Only on a branch of the provider's that is not published: MP4 files,
    how files are named, DASH for VP8 and VP9. Each is the client's call of the same name; errors and endpoints are
    described there.
    """

    _mode = Mode.RAW

    async def acquire(
        self,
        cname: str,
        uid: int | str,
        *,
        resource_expired_hour: int | None = None,
        exclude_resource_ids: Sequence[str] | None = None,
        region: models.ServiceRegion | None = None,
        region_affinity: models.RegionAffinity | None = None,
        start_parameter: models.RawStartClientRequest | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> AcquireResult:
        """Reserves what one recording needs. See :meth:`AsyncCloudRecording.acquire`.

        Args:
            cname: Channel to record, 1 to 64 bytes.
            uid: The recorder's user ID, 1 to 4294967295, that nobody in the channel has.
            resource_expired_hour: Hours after ``start`` in which to query and stop it. 1 to 720, 72 by default.
            exclude_resource_ids: Resource IDs of recordings whose region this one is to avoid.
            region: The only region whose servers may record. Not together with ``region_affinity``.
            region_affinity: The region to prefer.
            start_parameter: What ``start`` will be sent, exactly; lets the service choose better.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.
        """
        return await self._acquire(
            cname,
            uid,
            Options(timeout, retry, check),
            resourceExpiredHour=resource_expired_hour,
            excludeResourceIds=exclude_resource_ids,
            region=region,
            regionAffinity=region_affinity,
            startParameter=start_parameter,
        )

    async def start(
        self,
        resource_id: str,
        cname: str,
        uid: int | str,
        *,
        storage_config: models.StorageConfig | Storage | Fields,
        token: str | None = None,
        recording_config: models.RawRecordingConfig | Fields | None = None,
        recording_file_config: models.RawRecordingFileConfig | Fields | None = None,
        snapshot_config: models.SnapshotConfig | Snapshots | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StartResult:
        """Starts the one recording that a resource ID serves. See :meth:`AsyncCloudRecording.start`.

        Args:
            resource_id: From ``acquire``, not older than five minutes.
            cname: As in ``acquire``.
            uid: As in ``acquire``.
            storage_config: Bucket that the files go to.
            token: Token for (cname, uid), where the project has an App Certificate. Must outlive the recording.
            recording_config: Which streams are recorded, and how.
            recording_file_config: Kinds of files. Left out beside ``snapshot_config``, only screenshots are taken.
            snapshot_config: Screenshots, every 1 to 3600 seconds.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.
        """
        return await self._start(
            resource_id,
            cname,
            uid,
            Options(timeout, retry, check),
            token=token,
            storageConfig=storage_config,
            recordingConfig=recording_config,
            recordingFileConfig=recording_file_config,
            snapshotConfig=snapshot_config,
        )

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
