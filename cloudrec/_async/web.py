"""The calls for `web` recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

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
    from ..answers import WebQuery, WebStop
    from ..handles import RecordingHandle
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateResult
    from ..storage import Storage
    from ..values import CdnPush, WebPage
    from ..webhooks import Event
    from .recordings import AsyncWebRecording

    Fields: TypeAlias = Mapping[str, Any]
    AnyStorage: TypeAlias = models.StorageConfig | Storage | Fields


@discreet
class AsyncWebClient(AsyncBase):
    """The calls for `web` recordings: a web page, and its push to a CDN.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    _mode = Mode.WEB

    async def acquire(
        self,
        cname: str,
        uid: int | str,
        *,
        resource_expired_hour: int | None = None,
        exclude_resource_ids: Sequence[str] | None = None,
        region: models.ServiceRegion | None = None,
        region_affinity: models.RegionAffinity | None = None,
        start_parameter: models.WebStartClientRequest | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> AcquireResult:
        """Reserves what one recording needs. See :meth:`AsyncCloudRecording.acquire`.

        Args:
            cname: A name of your own for the recording, 1 to 1024 bytes.
            uid: A number of your own, 1 to 4294967295.
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
            scene=Scene.WEB_PAGE,
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
        extension_service_config: models.ExtensionServiceConfig | Fields,
        token: str | None = None,
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
            extension_service_config: The page to record and, if wanted, the CDN to push it to.
            token: Token for (cname, uid), where the project has an App Certificate.
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
            recordingFileConfig=recording_file_config,
            extensionServiceConfig=extension_service_config,
        )

    async def query(
        self,
        resource_id: str,
        sid: str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[WebQuery]:
        """State and files of a running recording. See :meth:`AsyncCloudRecording.query`."""
        return await self._query(resource_id, sid, Options(timeout, retry))

    async def update(
        self,
        resource_id: str,
        sid: str,
        cname: str,
        uid: int | str,
        *,
        web_recording_config: models.WebRecordingConfig | Fields | None = None,
        rtmp_publish_config: models.RtmpPublishConfig | CdnPush | Fields | None = None,
        storage_config: models.StorageConfig | Storage | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> UpdateResult:
        """Pauses, goes on, changes the CDN push or storage credentials. See :meth:`AsyncCloudRecording.update`."""
        return await self._update(
            resource_id,
            sid,
            cname,
            uid,
            Options(timeout, retry, check),
            webRecordingConfig=web_recording_config,
            rtmpPublishConfig=rtmp_publish_config,
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
    ) -> StopResult[WebStop]:
        """Leaves the page and ends the recording. See :meth:`AsyncCloudRecording.stop`."""
        return await self._stop(resource_id, sid, cname, uid, async_stop, Options(timeout, retry, check))

    def record(
        self,
        name: str,
        page: WebPage | Fields | str,
        *,
        max_recording_hour: int,
        storage: AnyStorage | Provider,
        files: Iterable[models.AvFileType | str] | None = None,
        push_to: Sequence[str] | CdnPush = (),
        **options: Unpack[RecordOptions],
    ) -> Starting[AsyncWebRecording]:
        """Records a web page: acquires and starts from one set of parameters, and sees it run.

        Example::

            page = "https://example.com/lesson"
            async with client.web.record("page-7", page, max_recording_hour=2, storage=storage) as recording:
                ...
            print(recording.result.files)

        Leaving the ``with`` stops it, whatever happened inside.

        Args:
            name: A name of your own for the recording, 1 to 1024 bytes; ``cname`` of the calls.
            page: The page: its URL, or ``WebPage(url, ...)`` with size, bitrate and so on.
            max_recording_hour: Hours after which it ends by itself, 1 to 720. It is billed until it ends.
            storage: Bucket that the files go to: a storage such as ``S3(...)``, a ``StorageConfig``, a dict; or a
                function that gives one. Where its credentials are short-lived (``stsToken``), it is called again and
                they are renewed before they are an hour old.
            files: Kinds of files: ``["hls"]`` (the default) or ``["hls", "mp4"]``.
            push_to: CDN addresses that the page is pushed to, too.
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
        from .._recording.plan import Gathered, file_config
        from ..values import extension_service_config
        from .launch import record
        from .recordings import AsyncWebRecording

        gathered = Gathered()
        start = {
            "extensionServiceConfig": gathered(extension_service_config, page, max_recording_hour, push_to),
            "recordingFileConfig": gathered(file_config, None, files),
        }
        return Starting(
            record(self._session, AsyncWebRecording, name, start, gathered.problems, storage=storage, **options)
        )

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> AsyncWebRecording:
        """Gives a `web` recording back from its handle. See :meth:`AsyncCloudRecording.attach`."""
        from .attach import attached_as
        from .recordings import AsyncWebRecording

        return attached_as(self._session, AsyncWebRecording, handle, sid, event, storage, on_problem)
