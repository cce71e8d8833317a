"""The calls for `mix` recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

from .._call.requests import client_request, update_layout as update_layout_call
from .._call.retry import Retry
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._contract.frames import discreet
from .._io._async import Starting
from .base import AsyncBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cloudrec_api import models

    from .._recording.options import RecordOptions
    from .._recording.renewal import Provider
    from ..answers import MixQuery, MixStop
    from ..handles import RecordingHandle
    from ..layouts import Layout
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateLayoutResult, UpdateResult
    from ..storage import Storage
    from ..subscriptions import Subscription
    from ..values import Encryption, Transcoding
    from ..webhooks import Event
    from .recordings import AsyncMixRecording

    Fields: TypeAlias = Mapping[str, Any]
    AnyStorage: TypeAlias = models.StorageConfig | Storage | Fields


@discreet
class AsyncMixClient(AsyncBase):
    """The calls for `mix` recordings: all users in one picture.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    _mode = Mode.MIX

    async def acquire(
        self,
        cname: str,
        uid: int | str,
        *,
        resource_expired_hour: int | None = None,
        exclude_resource_ids: Sequence[str] | None = None,
        region: models.ServiceRegion | None = None,
        region_affinity: models.RegionAffinity | None = None,
        start_parameter: models.MixStartClientRequest | Fields | None = None,
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
            scene=Scene.REALTIME,
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
        recording_config: models.MixRecordingConfig | Fields | None = None,
        recording_file_config: models.RecordingFileConfig | Fields | None = None,
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
            recording_config: Which streams are recorded, and into what picture.
            recording_file_config: Kinds of files, HLS or HLS and MP4.
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
        )

    async def query(
        self,
        resource_id: str,
        sid: str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[MixQuery]:
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

    async def update_layout(
        self,
        resource_id: str,
        sid: str,
        cname: str,
        uid: int | str,
        *,
        mixed_video_layout: models.MixedVideoLayout | None = None,
        max_resolution_uid: str | None = None,
        background_color: str | None = None,
        background_image: str | None = None,
        default_user_background_image: str | None = None,
        layout_config: Sequence[models.LayoutRegion | Fields] | None = None,
        background_config: Sequence[models.UserBackground | Fields] | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> UpdateLayoutResult:
        """Replaces the whole layout: what is left out goes back to its default.

        The arguments are those of :meth:`AsyncCloudRecording.update_layout`.
        """
        fields = client_request(
            mixedVideoLayout=mixed_video_layout,
            maxResolutionUid=max_resolution_uid,
            backgroundColor=background_color,
            backgroundImage=background_image,
            defaultUserBackgroundImage=default_user_background_image,
            layoutConfig=layout_config,
            backgroundConfig=background_config,
        )
        call = update_layout_call(self._app_id, resource_id, sid, self._mode, cname, uid, fields, checks=check)
        return await self._session.send(call, Options(timeout, retry))

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
    ) -> StopResult[MixStop]:
        """Leaves the channel and ends the recording. See :meth:`AsyncCloudRecording.stop`."""
        return await self._stop(resource_id, sid, cname, uid, async_stop, Options(timeout, retry, check))

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
