"""The calls for `web` recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

from .._retry import Retry
from .._settings import CLIENT_DEFAULT, ClientDefault, Options
from .base import AsyncBase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloudrec_api import models

    from ..answers import WebQuery, WebStop
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateResult

    Fields: TypeAlias = Mapping[str, Any]


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
            timeout: Seconds to wait for a connection, and then for an answer; for each attempt of this call.
            retry: How often to try this call; None for once. As the client is set up by default.
        """
        return await self._acquire(
            cname,
            uid,
            Options(timeout, retry),
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
        storage_config: models.StorageConfig | Fields,
        extension_service_config: models.ExtensionServiceConfig | Fields,
        token: str | None = None,
        recording_file_config: models.RecordingFileConfig | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
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
            timeout: Seconds to wait for a connection, and then for an answer; for each attempt of this call.
            retry: How often to try this call; None for once. As the client is set up by default.
        """
        return await self._start(
            resource_id,
            cname,
            uid,
            Options(timeout, retry),
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
        rtmp_publish_config: models.RtmpPublishConfig | Fields | None = None,
        storage_config: models.StorageConfig | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> UpdateResult:
        """Pauses, goes on, changes the CDN push or storage credentials. See :meth:`AsyncCloudRecording.update`."""
        return await self._update(
            resource_id,
            sid,
            cname,
            uid,
            Options(timeout, retry),
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
    ) -> StopResult[WebStop]:
        """Leaves the page and ends the recording. See :meth:`AsyncCloudRecording.stop`."""
        return await self._stop(resource_id, sid, cname, uid, async_stop, Options(timeout, retry))
