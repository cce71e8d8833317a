# Made from cloudrec/_async/mix.py by scripts/generate. Do not edit.
"""The calls for `mix` recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

from .._calls import (
    client_request,
    update_layout as update_layout_call,
)
from .._retry import Retry
from .._settings import CLIENT_DEFAULT, ClientDefault, Options
from .base import Base

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloudrec_api import models

    from ..answers import MixQuery, MixStop
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateLayoutResult, UpdateResult

    Fields: TypeAlias = Mapping[str, Any]


class MixClient(Base):
    """The calls for `mix` recordings: all users in one picture.

    Each is the client's call of the same name, with what only other modes take left out; errors and endpoints are
    described there.
    """

    _mode = Mode.MIX

    def acquire(
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
    ) -> AcquireResult:
        """Reserves what one recording needs. See :meth:`CloudRecording.acquire`.

        Args:
            cname: Channel to record, 1 to 64 bytes.
            uid: The recorder's user ID, 1 to 4294967295, that nobody in the channel has.
            resource_expired_hour: Hours after ``start`` in which to query and stop it. 1 to 720, 72 by default.
            exclude_resource_ids: Resource IDs of recordings whose region this one is to avoid.
            region: The only region whose servers may record. Not together with ``region_affinity``.
            region_affinity: The region to prefer.
            start_parameter: What ``start`` will be sent, exactly; lets the service choose better.
            timeout: Seconds to wait for a connection, and then for an answer; for each attempt of this call.
            retry: How often to try this call; None for once. As the client is set up by default.
        """
        return self._acquire(
            cname,
            uid,
            Options(timeout, retry),
            scene=Scene.REALTIME,
            resourceExpiredHour=resource_expired_hour,
            excludeResourceIds=exclude_resource_ids,
            region=region,
            regionAffinity=region_affinity,
            startParameter=start_parameter,
        )

    def start(
        self,
        resource_id: str,
        cname: str,
        uid: int | str,
        *,
        storage_config: models.StorageConfig | Fields,
        token: str | None = None,
        recording_config: models.MixRecordingConfig | Fields | None = None,
        recording_file_config: models.RecordingFileConfig | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> StartResult:
        """Starts the one recording that a resource ID serves. See :meth:`CloudRecording.start`.

        Args:
            resource_id: From ``acquire``, not older than five minutes.
            cname: As in ``acquire``.
            uid: As in ``acquire``.
            storage_config: Bucket that the files go to.
            token: Token for (cname, uid), where the project has an App Certificate. Must outlive the recording.
            recording_config: Which streams are recorded, and into what picture.
            recording_file_config: Kinds of files, HLS or HLS and MP4.
            timeout: Seconds to wait for a connection, and then for an answer; for each attempt of this call.
            retry: How often to try this call; None for once. As the client is set up by default.
        """
        return self._start(
            resource_id,
            cname,
            uid,
            Options(timeout, retry),
            token=token,
            storageConfig=storage_config,
            recordingConfig=recording_config,
            recordingFileConfig=recording_file_config,
        )

    def query(
        self,
        resource_id: str,
        sid: str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[MixQuery]:
        """State and files of a running recording. See :meth:`CloudRecording.query`."""
        return self._query(resource_id, sid, Options(timeout, retry))

    def update(
        self,
        resource_id: str,
        sid: str,
        cname: str,
        uid: int | str,
        *,
        stream_subscribe: models.StreamSubscribe | Fields | None = None,
        storage_config: models.StorageConfig | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> UpdateResult:
        """Changes subscriptions or storage credentials. See :meth:`CloudRecording.update`."""
        return self._update(
            resource_id,
            sid,
            cname,
            uid,
            Options(timeout, retry),
            streamSubscribe=stream_subscribe,
            storageConfig=storage_config,
        )

    def update_layout(
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
    ) -> UpdateLayoutResult:
        """Replaces the whole layout: what is left out goes back to its default.

        The arguments are those of :meth:`CloudRecording.update_layout`.
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
        call = update_layout_call(self._app_id, resource_id, sid, self._mode, cname, uid, fields)
        return self._session.send(call, Options(timeout, retry))

    def stop(
        self,
        resource_id: str,
        sid: str,
        cname: str,
        uid: int | str,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> StopResult[MixStop]:
        """Leaves the channel and ends the recording. See :meth:`CloudRecording.stop`."""
        return self._stop(resource_id, sid, cname, uid, async_stop, Options(timeout, retry))
