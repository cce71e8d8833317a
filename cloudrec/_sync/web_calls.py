# Made from cloudrec/_async/web_calls.py by scripts/generate. Do not edit.
# Made from openapi/cloud-recording.yaml by scripts/generate. Do not edit.
"""The calls for `web` recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

from .. import _call
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._contract.frames import discreet
from .._contract.written import client_request
from .base import Base, send_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloudrec_api import models

    from .._call.retry import Retry
    from ..answers import WebQuery, WebStop
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateResult
    from ..storage import Storage
    from ..values import CdnPush

    Fields: TypeAlias = Mapping[str, Any]
    Individual: TypeAlias = Literal[models.Mode.INDIVIDUAL, "individual"]
    Mix: TypeAlias = Literal[models.Mode.MIX, "mix"]
    Web: TypeAlias = Literal[models.Mode.WEB, "web"]
    Raw: TypeAlias = Literal[models.Mode.RAW, "raw"]


@discreet
class WebCalls(Base):
    """The calls for `web` recordings."""

    def acquire(
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
        """Reserves what one recording needs.

        The resource ID lives five minutes, serves one recording, and costs nothing when it is not used. Send ``start``
        within two seconds of it, if you can.

        Args:
            cname: Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID,
                cname, uid) names a recording; the same in every call.
            uid: User ID of the recorder in the channel, a decimal number from 1 to 4294967295. Nobody else in the
                channel may have it.
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
            scene=Scene.WEB_PAGE,
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
        """Starts the one recording that the resource ID serves.

        Send it within five minutes of ``acquire`` (within two seconds is the advice), with the same ``cname`` and
        ``uid``. A success means that the service took it on: query it from five seconds later to see that it runs.
        Arguments may be the types named here, or dicts with the API's own field names.

        Args:
            resource_id: Resource ID from ``acquire``.
            cname: Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID,
                cname, uid) names a recording; the same in every call.
            uid: User ID of the recorder in the channel, a decimal number from 1 to 4294967295. Nobody else in the
                channel may have it.
            storage_config: The bucket that the files go to. A wrong value is not refused by the service: the recording
                runs and nothing arrives.
            extension_service_config: The page to record and, if asked for, the CDN to push it to.
            token: Token for (cname, uid), where the project has an App Certificate. It cannot be renewed while
                recording, so it must outlive the recording.
            recording_file_config: Kinds of files to make in `mix` and `web` mode; HLS where it is left out.
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
            storageConfig=storage_config,
            extensionServiceConfig=extension_service_config,
            token=token,
            recordingFileConfig=recording_file_config,
        )
        call = _call.requests.start(self._app_id, resource_id, Mode.WEB, cname, uid, fields, checks=check)
        return send_start(self._session, call, Options(timeout, retry))

    def query(
        self,
        resource_id: str,
        sid: str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[WebQuery]:
        """Status and files of a recording while it runs.

        The first query makes sense five seconds after ``start``; about every two minutes is enough afterwards. Status 4
        or 5 within 90 seconds means that it runs.

        Args:
            resource_id: Resource ID from ``acquire``.
            sid: Recording ID from ``start``.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer. As the client is
                set up by default.
            retry: How often to try this call; None for once. As the client is set up by default.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            TaskNotFoundError: the recording is over, never started, or is being moved for up to 90 seconds.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``GET …/resourceid/{resourceid}/sid/{sid}/mode/{mode}/query``
        """
        call = _call.queries.query(self._app_id, resource_id, sid, Mode.WEB)
        return self._session.send(call, Options(timeout, retry))

    def update(
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
        """Changes a running recording.

        Wait for one answer before sending the next.

        Args:
            resource_id: Resource ID from ``acquire``.
            sid: Recording ID from ``start``.
            cname: Channel to record. In `web` mode a name of your own for the recording, at most 1024 bytes. (App ID,
                cname, uid) names a recording; the same in every call.
            uid: User ID of the recorder in the channel, a decimal number from 1 to 4294967295. Nobody else in the
                channel may have it.
            web_recording_config: Pauses the recording of a web page, or goes on with it.
            rtmp_publish_config: The address to push to from now on, in place of the old one.
            storage_config: The bucket that the files go to. A wrong value is not refused by the service: the recording
                runs and nothing arrives.
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
            webRecordingConfig=web_recording_config, rtmpPublishConfig=rtmp_publish_config, storageConfig=storage_config
        )
        call = _call.requests.update(self._app_id, resource_id, sid, Mode.WEB, cname, uid, fields, checks=check)
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
        check: bool = True,
    ) -> StopResult[WebStop]:
        """Leaves the channel and ends the recording.

        Unless ``async_stop`` is true the answer waits for the upload, which is expected to take up to 20 seconds. A
        recording of a channel in which nobody sent a stream ends with a result, too; its ``nothing_recorded`` is true.
        So does one that an earlier attempt of this very call had stopped, whose answer was lost: ``already_stopped``.

        Args:
            resource_id: Resource ID from ``acquire``.
            sid: Recording ID from ``start``.
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
        call = _call.requests.stop(self._app_id, resource_id, sid, Mode.WEB, cname, uid, async_stop, checks=check)
        return self._session.send(call, Options(timeout, retry))
