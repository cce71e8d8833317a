# Made from cloudrec/_async/calls.py by scripts/generate. Do not edit.
# Made from openapi/cloud-recording.yaml by scripts/generate. Do not edit.
"""The calls of the API, for recordings of every mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from .. import _call
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._contract.frames import discreet
from .._contract.written import client_request
from .base import Base, send_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloudrec_api import models

    from .._call.retry import Retry
    from ..answers import IndividualQuery, IndividualStop, MixQuery, MixStop, RawQuery, RawStop, WebQuery, WebStop
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateLayoutResult, UpdateResult
    from ..storage import Storage
    from ..values import CdnPush, Snapshots

    Fields: TypeAlias = Mapping[str, Any]
    Individual: TypeAlias = Literal[models.Mode.INDIVIDUAL, "individual"]
    Mix: TypeAlias = Literal[models.Mode.MIX, "mix"]
    Web: TypeAlias = Literal[models.Mode.WEB, "web"]
    Raw: TypeAlias = Literal[models.Mode.RAW, "raw"]


@discreet
class Calls(Base):
    """The calls of the API, for recordings of every mode."""

    def acquire(
        self,
        cname: str,
        uid: int | str,
        *,
        scene: models.Scene | None = None,
        resource_expired_hour: int | None = None,
        exclude_resource_ids: Sequence[str] | None = None,
        region: models.ServiceRegion | None = None,
        region_affinity: models.RegionAffinity | None = None,
        start_parameter: models.IndividualStartClientRequest
        | models.MixStartClientRequest
        | models.WebStartClientRequest
        | models.RawStartClientRequest
        | Fields
        | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> AcquireResult:
        """Reserves what one recording needs.

        The resource ID lives five minutes, serves one recording, and costs nothing when it is not used. Send ``start``
        within two seconds of it, if you can.

        Args:
            cname: Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID,
                cname, uid) names a recording; the same in every call.
            uid: User ID of the recorder in the channel, a decimal number from 1 to 4294967295. Nobody else in the
                channel may have it.
            scene: 0 channels in `individual` and `mix` mode, 1 web pages, 2 deferred transcoding in `individual` mode.
                0 by default.
            resource_expired_hour: For how many hours after ``start`` the recording can be queried, updated and stopped.
                1 to 720. 72 by default.
            exclude_resource_ids: Resource IDs of other recordings whose region this one is to avoid, so that one
                failure does not hit both.
            region: The only region whose servers may record: mainland China, the rest of Asia, Europe or North America.
                Left out, the region of the caller. The storage must be in it.
            region_affinity: Region to prefer: 0 closest to the caller, 1 China, 2 Southeast Asia, 3 Europe, 4 North
                America. 0 by default.
            start_parameter: The ``clientRequest`` of the ``start`` to come, word for word; lets the service pick better
                servers. A ``start`` that differs fails.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer. As the client is
                set up by default.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            AppNotEnabledError: cloud recording is not enabled for the App ID.
            TooManyRecordingsError: as many recordings run as the account may have.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST /v1/apps/{appid}/cloud_recording/acquire``
        """
        fields = client_request(
            scene=scene,
            resourceExpiredHour=resource_expired_hour,
            excludeResourceIds=exclude_resource_ids,
            region=region,
            regionAffinity=region_affinity,
            startParameter=start_parameter,
        )
        call = _call.requests.acquire(self._app_id, cname, uid, fields, checks=check)
        return self._session.send(call, Options(timeout, retry))

    def start(
        self,
        resource_id: str,
        mode: models.Mode | str,
        cname: str,
        uid: int | str,
        *,
        token: str | None = None,
        storage_config: models.StorageConfig | Storage | Fields | None = None,
        recording_config: models.IndividualRecordingConfig
        | models.MixRecordingConfig
        | models.RawRecordingConfig
        | Fields
        | None = None,
        recording_file_config: models.IndividualRecordingFileConfig
        | models.RecordingFileConfig
        | models.RawRecordingFileConfig
        | Fields
        | None = None,
        snapshot_config: models.SnapshotConfig | Snapshots | Fields | None = None,
        apps_collection: models.AppsCollection | Fields | None = None,
        transcode_options: models.TranscodeOptions | Fields | None = None,
        extension_service_config: models.ExtensionServiceConfig | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StartResult:
        """Starts the one recording that the resource ID serves.

        Send it within five minutes of ``acquire`` (within two seconds is the advice), with the same ``cname`` and
        ``uid``. A success means that the service took it on: query it from five seconds later to see that it runs.
        Arguments may be the types named here, or dicts with the API's own field names.

        Args:
            resource_id: Resource ID from ``acquire``.
            mode: `individual`, `mix`, `web` or `raw`. How to record. The same in every call of a recording.
            cname: Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID,
                cname, uid) names a recording; the same in every call.
            uid: User ID of the recorder in the channel, a decimal number from 1 to 4294967295. Nobody else in the
                channel may have it.
            token: Token for (cname, uid), where the project has an App Certificate. It cannot be renewed while
                recording, so it must outlive the recording.
            storage_config: The bucket that the files go to. A wrong value is not refused by the service: the recording
                runs and nothing arrives. Required.
            recording_config: Which streams of the channel are recorded in `individual` mode. Which streams of the
                channel are recorded in `mix` mode, and into what picture. Which streams of the channel are recorded in
                `raw` mode, and how. In `individual`, `mix` and `raw` mode.
            recording_file_config: Kinds of files to make in `individual` mode. Leave it out to take screenshots and
                nothing else. Kinds of files to make in `mix` and `web` mode; HLS where it is left out. Kinds of files
                to make in `raw` mode. Leave it out to take screenshots and nothing else.
            snapshot_config: Screenshots of each user, beside the recording or (without ``recording_file_config``)
                instead of it. In `individual` and `raw` mode.
            apps_collection: How the parts of the service are put together. In `individual` mode.
            transcode_options: Files made after the recording, with ``combinationPolicy`` ``postpone_transcoding``. In
                `individual` mode.
            extension_service_config: The page to record and, if asked for, the CDN to push it to. In `web` mode.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer. As the client is
                set up by default.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            TaskConflictError: (cname, uid) is being recorded already.
            AlreadyStartedError: this resource ID's recording runs already.
            InvalidResourceError: the resource ID expired, or is of another recording.
            RecordingMayBeRunningError: nobody knows whether it started; carries cname, uid and resource ID.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/resourceid/{resourceid}/mode/{mode}/start``
        """
        fields = client_request(
            token=token,
            storageConfig=storage_config,
            recordingConfig=recording_config,
            recordingFileConfig=recording_file_config,
            snapshotConfig=snapshot_config,
            appsCollection=apps_collection,
            transcodeOptions=transcode_options,
            extensionServiceConfig=extension_service_config,
        )
        call = _call.requests.start(self._app_id, resource_id, mode, cname, uid, fields, checks=check)
        return send_start(self._session, call, Options(timeout, retry))

    @overload
    def query(
        self,
        resource_id: str,
        sid: str,
        mode: Individual,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[IndividualQuery]: ...
    @overload
    def query(
        self,
        resource_id: str,
        sid: str,
        mode: Mix,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[MixQuery]: ...
    @overload
    def query(
        self,
        resource_id: str,
        sid: str,
        mode: Web,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[WebQuery]: ...
    @overload
    def query(
        self,
        resource_id: str,
        sid: str,
        mode: Raw,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[RawQuery]: ...
    @overload
    def query(
        self,
        resource_id: str,
        sid: str,
        mode: models.Mode | str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[IndividualQuery | MixQuery | WebQuery | RawQuery]: ...
    def query(
        self,
        resource_id: str,
        sid: str,
        mode: models.Mode | str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[Any]:
        """Status and files of a recording while it runs.

        The first query makes sense five seconds after ``start``; about every two minutes is enough afterwards. Status 4
        or 5 within 90 seconds means that it runs.

        Args:
            resource_id: Resource ID from ``acquire``.
            sid: Recording ID from ``start``.
            mode: `individual`, `mix`, `web` or `raw`. How to record. The same in every call of a recording.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer. As the client is
                set up by default.
            retry: How often to try this call; None for once. As the client is set up by default.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            TaskNotFoundError: the recording is over, never started, or is being moved for up to 90 seconds.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``GET …/resourceid/{resourceid}/sid/{sid}/mode/{mode}/query``
        """
        call = _call.queries.query(self._app_id, resource_id, sid, mode)
        return self._session.send(call, Options(timeout, retry))

    def update(
        self,
        resource_id: str,
        sid: str,
        mode: models.Mode | str,
        cname: str,
        uid: int | str,
        *,
        stream_subscribe: models.StreamSubscribe | Fields | None = None,
        storage_config: models.StorageConfig | Storage | Fields | None = None,
        web_recording_config: models.WebRecordingConfig | Fields | None = None,
        rtmp_publish_config: models.RtmpPublishConfig | CdnPush | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> UpdateResult:
        """Changes a running recording.

        Wait for one answer before sending the next.

        Args:
            resource_id: Resource ID from ``acquire``.
            sid: Recording ID from ``start``.
            mode: `individual`, `mix`, `web` or `raw`. How to record. The same in every call of a recording.
            cname: Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID,
                cname, uid) names a recording; the same in every call.
            uid: User ID of the recorder in the channel, a decimal number from 1 to 4294967295. Nobody else in the
                channel may have it.
            stream_subscribe: New subscription lists. A list for one medium alone turns the other medium off. In
                `individual`, `mix` and `raw` mode.
            storage_config: The bucket that the files go to. A wrong value is not refused by the service: the recording
                runs and nothing arrives.
            web_recording_config: Pauses the recording of a web page, or goes on with it. In `web` mode.
            rtmp_publish_config: The address to push to from now on, in place of the old one. In `web` mode.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer. As the client is
                set up by default.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            TaskNotFoundError: the recording is over, never started, or is being moved for up to 90 seconds.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/resourceid/{resourceid}/sid/{sid}/mode/{mode}/update``
        """
        fields = client_request(
            streamSubscribe=stream_subscribe,
            storageConfig=storage_config,
            webRecordingConfig=web_recording_config,
            rtmpPublishConfig=rtmp_publish_config,
        )
        call = _call.requests.update(self._app_id, resource_id, sid, mode, cname, uid, fields, checks=check)
        return self._session.send(call, Options(timeout, retry))

    def update_layout(
        self,
        resource_id: str,
        sid: str,
        mode: Mix,
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
        """Replaces the whole layout of a `mix` recording: a field left out goes back to its default.

        Wait for one answer before sending the next.

        Args:
            resource_id: Resource ID from ``acquire``.
            sid: Recording ID from ``start``.
            mode: `mix`. How to record. The same in every call of a recording.
            cname: Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID,
                cname, uid) names a recording; the same in every call.
            uid: User ID of the recorder in the channel, a decimal number from 1 to 4294967295. Nobody else in the
                channel may have it.
            mixed_video_layout: 0 floating (the first user fills the canvas), 1 best fit (all the same size), 2 vertical
                (``max_resolution_uid`` large on the left), 3 custom (``layout_config``). 0 by default.
            max_resolution_uid: User ID of somebody in the channel, a decimal number from 1 to 4294967295 as a string.
            background_color: Colour of the canvas, ``#`` and six hexadecimal digits. ``#000000`` by default.
            background_image: URL of a picture for the canvas, scaled until it is filled.
            default_user_background_image: URL of the picture shown for a user who has sent no video for 3.5 seconds.
            layout_config: At most 17 regions, for ``mixed_video_layout`` 3.
            background_config: Pictures for single users who send no video.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer. As the client is
                set up by default.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            TaskNotFoundError: the recording is over, never started, or is being moved for up to 90 seconds.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/resourceid/{resourceid}/sid/{sid}/mode/{mode}/updateLayout``
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
        call = _call.requests.update_layout(self._app_id, resource_id, sid, mode, cname, uid, fields, checks=check)
        return self._session.send(call, Options(timeout, retry))

    @overload
    def stop(
        self,
        resource_id: str,
        sid: str,
        mode: Individual,
        cname: str,
        uid: int | str,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StopResult[IndividualStop]: ...
    @overload
    def stop(
        self,
        resource_id: str,
        sid: str,
        mode: Mix,
        cname: str,
        uid: int | str,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StopResult[MixStop]: ...
    @overload
    def stop(
        self,
        resource_id: str,
        sid: str,
        mode: Web,
        cname: str,
        uid: int | str,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StopResult[WebStop]: ...
    @overload
    def stop(
        self,
        resource_id: str,
        sid: str,
        mode: Raw,
        cname: str,
        uid: int | str,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StopResult[RawStop]: ...
    @overload
    def stop(
        self,
        resource_id: str,
        sid: str,
        mode: models.Mode | str,
        cname: str,
        uid: int | str,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StopResult[IndividualStop | MixStop | WebStop | RawStop]: ...
    def stop(
        self,
        resource_id: str,
        sid: str,
        mode: models.Mode | str,
        cname: str,
        uid: int | str,
        *,
        async_stop: bool = False,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StopResult[Any]:
        """Leaves the channel and ends the recording.

        Unless ``async_stop`` is true the answer waits for the upload, which is expected to take up to 20 seconds. A
        recording of a channel in which nobody sent a stream ends with a result, too; its ``nothing_recorded`` is true.
        So does one that an earlier attempt of this very call had stopped, whose answer was lost: ``already_stopped``.

        Args:
            resource_id: Resource ID from ``acquire``.
            sid: Recording ID from ``start``.
            mode: `individual`, `mix`, `web` or `raw`. How to record. The same in every call of a recording.
            cname: Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID,
                cname, uid) names a recording; the same in every call.
            uid: User ID of the recorder in the channel, a decimal number from 1 to 4294967295. Nobody else in the
                channel may have it.
            async_stop: True answers at once, false after the upload.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer. As the client is
                set up by default.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            AlreadyStoppingError: the recording is on its way out already.
            TaskNotFoundError: the recording is over, never started, or is being moved for up to 90 seconds.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/resourceid/{resourceid}/sid/{sid}/mode/{mode}/stop``
        """
        call = _call.requests.stop(self._app_id, resource_id, sid, mode, cname, uid, async_stop, checks=check)
        return self._session.send(call, Options(timeout, retry))
