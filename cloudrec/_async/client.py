"""The client: the six calls, and the same calls by mode."""

from __future__ import annotations

import time
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, TypedDict, TypeVar, Unpack, overload

from .._call.requests import (
    Call,
    acquire as acquire_call,
    client_request,
    ncs_ips as ncs_ips_call,
    query as query_call,
    start as start_call,
    stop as stop_call,
    update as update_call,
    update_layout as update_layout_call,
)
from .._call.retry import DEFAULT_RETRY, Retry
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Environment, Options, settings
from .._contract.frames import discreet
from .._io._async import Resolver, Wait
from .._numbers import check_functions, checked_clock
from ..results import Result
from .base import send_start
from .individual import AsyncIndividualClient, AsyncRawClient
from .mix import AsyncMixClient
from .session import AsyncSession
from .web import AsyncWebClient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cloudrec_api import Client, models

    from .._call.areas import Area
    from .._call.auth import BasicAuth
    from .._call.rate import RateLimit
    from .._call.settings import Timeouts
    from .._http._async import AsyncHTTPClient
    from .._recording.renewal import Provider
    from ..answers import IndividualQuery, IndividualStop, MixQuery, MixStop, RawQuery, RawStop, WebQuery, WebStop
    from ..errors import Attempt
    from ..handles import RecordingHandle
    from ..results import (
        AcquireResult,
        NcsIpsResult,
        QueryResult,
        StartResult,
        StopResult,
        UpdateLayoutResult,
        UpdateResult,
    )

    class AsyncClientOptions(TypedDict, total=False):
        """What a client may be made with; see AsyncCloudRecording."""

        base_url: str | Sequence[str] | None
        timeout: float | Timeouts | None
        retry: Retry | None
        rate_limit: RateLimit | int | None
        resolver: Resolver | None
        on_attempt: Callable[[Attempt], object] | None
        on_orphan: Callable[[RecordingHandle], object] | None
        log_bodies: bool
        max_connections: int
        http_client: AsyncHTTPClient | None
        clock: Callable[[], float]
        wait: Wait | None

    from ..storage import Storage
    from ..values import CdnPush, Snapshots
    from ..webhooks import Event
    from .recordings import AsyncIndividualRecording, AsyncMixRecording, AsyncRawRecording, AsyncWebRecording

    Fields: TypeAlias = Mapping[str, Any]
    Individual: TypeAlias = Literal[models.Mode.INDIVIDUAL, "individual"]
    Raw: TypeAlias = Literal[models.Mode.RAW, "raw"]
    Mix: TypeAlias = Literal[models.Mode.MIX, "mix"]
    Web: TypeAlias = Literal[models.Mode.WEB, "web"]

R = TypeVar("R", bound=Result)


@discreet
class AsyncCloudRecording:
    """A client of Agora Cloud Recording.

    The methods are the service's own calls; :attr:`raw`, :attr:`individual`, :attr:`mix` and :attr:`web` offer the same
    calls with the mode filled in, and know that mode's types. Every call checks its arguments before it sends anything.

    Example::

        async with AsyncCloudRecording(app_id, BasicAuth(customer_id, customer_secret), area=Area.EU) as client:
            acquired = await client.mix.acquire("lesson-42", 527841)
            started = await client.mix.start(
                acquired.resource_id,
                "lesson-42",
                527841,
                storage_config=StorageConfig(
                    vendor=StorageVendor.AMAZON_S3, region=7, bucket="lessons", access_key="...", secret_key="..."
                ),
            )

    One client serves a whole process, and as many threads or tasks as it has; it keeps connections open, for each event
    loop its own, which end with that loop. Close it, or use it in a ``with`` statement.

    Args:
        app_id: App ID of the project; outside `web` mode the one that the channels belong to.
        credential: Customer ID and customer secret.
        area: Part of the world whose hosts are asked; required unless ``base_url`` is given.
        base_url: ``http://…`` or ``https://…`` of the host to ask instead, such as an emulator's; or several of hosts
            that stand in for each other, in the order in which they are asked.
        timeout: Seconds for each attempt, from connecting to the end of the answer: one number for all calls, or
            :class:`Timeouts`. 10 by default; a stop waits for the upload and has 30, or ``timeout`` if that is more.
        retry: How often a call is tried, and for how long; None for once. ``Retry(attempts=4, deadline=120)`` by
            default.
        rate_limit: Requests a second for all who use this client: a number, a :class:`RateLimit` that several clients
            share, or None for no limit. 10 by default, which is what the service allows an App ID.
        resolver: Looks up a host name in place of the system's DNS: a function of the name that returns if there is
            such a host and raises if not. It is asked about both domains of the area; the first to answer is used.
        on_attempt: Called after every attempt with an :class:`Attempt`; from whichever thread made it.
        on_orphan: Called with the handle of a recording that may be running though nobody holds it: its start was cut
            off (by a cancellation, an interrupt, the end of the event loop) or failed after it may have arrived, or its
            stop did. Keep the handle, and stop the recording by ``attach`` later. The log tells the same, as a warning
            or an error. It must not be async and must be quick; it may be called from any thread, and more than once.
        log_bodies: Whether the log (logger ``cloudrec``, at DEBUG) shows bodies, secrets taken out.
        max_connections: How many requests are in flight at once, each over a connection of its own; more wait. 50 by
            default.
        http_client: A client of httpx or httpx2 of your own, for a proxy, certificates, limits, hooks or headers. It
            stays open when this one is closed; its ``auth``, ``base_url``, time-outs and redirects are not used. One
            that was used before a process was forked is refused in that process. Without async, it is used in threads
            of its own.
        clock: Seconds, from any beginning, in place of :func:`time.monotonic`; for tests.
        wait: Waits so many seconds, in place of sleeping; for tests.

    Raises:
        ConfigurationError: an argument is missing or cannot be right.
    """

    def __init__(
        self,
        app_id: str,
        credential: BasicAuth,
        *,
        area: Area | str | None = None,
        base_url: str | Sequence[str] | None = None,
        timeout: float | Timeouts | None = None,
        retry: Retry | None = DEFAULT_RETRY,
        rate_limit: RateLimit | int | None = 10,
        resolver: Resolver | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
        on_orphan: Callable[[RecordingHandle], object] | None = None,
        log_bodies: bool = False,
        max_connections: int = 50,
        http_client: AsyncHTTPClient | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Wait | None = None,
    ) -> None:
        checked = settings(
            app_id,
            credential,
            area=area,
            base_url=base_url,
            timeout=timeout,
            retry=retry,
            rate_limit=rate_limit,
            resolver=resolver,
            on_attempt=on_attempt,
            on_orphan=on_orphan,
            log_bodies=log_bodies,
            max_connections=max_connections,
        )
        check_functions(wait=wait)
        self._session = AsyncSession(checked, http_client, checked_clock(clock), wait)
        self._app_id = app_id
        self.individual: AsyncIndividualClient = AsyncIndividualClient(self._session)
        """The calls for `individual` recordings: every user's sound and picture to files apart, or screenshots."""
        self.raw: AsyncRawClient = AsyncRawClient(self._session)
        """The calls for `raw` recordings, which come after `individual`: every user to a file of their own."""
        self.mix: AsyncMixClient = AsyncMixClient(self._session)
        """The calls for `mix` recordings: all users in one picture."""
        self.web: AsyncWebClient = AsyncWebClient(self._session)
        """The calls for `web` recordings: a web page."""

    @classmethod
    def from_env(cls, **options: Unpack[AsyncClientOptions]) -> Self:
        """A client from ``AGORA_APP_ID``, ``AGORA_CUSTOMER_ID``, ``AGORA_CUSTOMER_SECRET`` and ``AGORA_AREA``.

        The options are those of the class. With ``base_url`` among them, ``AGORA_AREA`` is not asked for.

        Raises:
            ConfigurationError: one of them is not set (the message says which) or cannot be right.
        """
        app_id, credential, area = Environment.read(needs_area=options.get("base_url") is None)
        return cls(app_id, credential, area=area, **options)

    @cached_property
    def api(self) -> Client:
        """The generated client of :mod:`cloudrec_api`, on the connections of this one.

        Whatever function of ``cloudrec_api.api`` gets it has this client's credentials, hosts, retries, rate limit and
        errors: for an endpoint or a field that has no method here yet. It raises what the methods raise, and checks
        nothing before it sends::

            from cloudrec_api.api.recording import query

            answer = await query.asyncio(app_id, resource_id, sid, "mix", client=client.api)

        An endpoint that is not in the document is sent again where nothing of it can have arrived, and, if it is a GET,
        after whatever passes.
        """
        from .api import generated_client

        return generated_client(self._session)

    @property
    def app_id(self) -> str:
        """App ID of the project."""
        return self._app_id

    def __repr__(self) -> str:
        settings = self._session.settings
        where = f"area={settings.area}" if settings.area else f"base_url={' '.join(settings.base_urls)!r}"
        return f"{type(self).__name__}(app_id={self._app_id!r}, {where})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Where the coroutine is thrown away, as its event loop is gone, nothing can be waited for.
        if kind is not GeneratorExit or self._session.can_wait:
            await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections. An ``http_client`` that was given stays open."""
        await self._session.aclose()

    async def acquire(
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

        The resource ID lives five minutes and serves one ``start``; send that within two seconds if you can.

        Args:
            cname: Channel to record, 1 to 64 bytes; in `web` mode any name of your own, to 1024 bytes.
            uid: The recorder's user ID, 1 to 4294967295, that nobody in the channel has. Together with ``cname`` it
                names the recording: the same two in every call.
            scene: What is recorded: channels (the default), web pages, or channels with deferred transcoding.
            resource_expired_hour: Hours after ``start`` for which the recording can be queried, updated and stopped.
                1 to 720, 72 by default.
            exclude_resource_ids: Resource IDs of recordings whose region this one is to avoid.
            region: The only region whose servers may record. Not together with ``region_affinity``.
            region_affinity: The region to prefer.
            start_parameter: What ``start`` will be sent, exactly; lets the service choose better.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
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
        return await self._send(acquire_call(self._app_id, cname, uid, fields, checks=check), Options(timeout, retry))

    async def start(
        self,
        resource_id: str,
        mode: models.Mode | str,
        cname: str,
        uid: int | str,
        *,
        storage_config: models.StorageConfig | Storage | Fields | None = None,
        token: str | None = None,
        recording_config: models.IndividualRecordingConfig
        | models.RawRecordingConfig
        | models.MixRecordingConfig
        | Fields
        | None = None,
        recording_file_config: models.RecordingFileConfig
        | models.IndividualRecordingFileConfig
        | models.RawRecordingFileConfig
        | Fields
        | None = None,
        snapshot_config: models.SnapshotConfig | Snapshots | Fields | None = None,
        extension_service_config: models.ExtensionServiceConfig | Fields | None = None,
        apps_collection: models.AppsCollection | Fields | None = None,
        transcode_options: models.TranscodeOptions | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> StartResult:
        """Starts the one recording that a resource ID serves.

        A success means that the service took it on. Query it from five seconds later to see that it runs. Arguments
        may be the types named here or dicts with the API's own field names; each mode takes its own, and
        ``individual``, ``raw``, ``mix`` and ``web`` of this client offer no others.

        Args:
            resource_id: From ``acquire``, not older than five minutes.
            mode: ``individual``, ``raw``, ``mix`` or ``web``.
            cname: As in ``acquire``.
            uid: As in ``acquire``.
            storage_config: Bucket that the files go to. Required.
            token: Token for (cname, uid), where the project has an App Certificate. Must outlive the recording.
            recording_config: Which streams, and for `mix` into what picture.
            recording_file_config: Kinds of files. Left out beside ``snapshot_config``, only screenshots are taken.
            snapshot_config: Screenshots; `individual` and `raw`.
            extension_service_config: The page to record; `web` only, and required there.
            apps_collection: Deferred transcoding; `individual` only.
            transcode_options: Deferred transcoding; `individual` only.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
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
            extensionServiceConfig=extension_service_config,
            appsCollection=apps_collection,
            transcodeOptions=transcode_options,
        )
        call = start_call(self._app_id, resource_id, mode, cname, uid, fields, checks=check)
        return await send_start(self._session, call, Options(timeout, retry))

    @overload
    async def query(
        self,
        resource_id: str,
        sid: str,
        mode: Individual,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[IndividualQuery]: ...
    @overload
    async def query(
        self,
        resource_id: str,
        sid: str,
        mode: Raw,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[RawQuery]: ...
    @overload
    async def query(
        self,
        resource_id: str,
        sid: str,
        mode: Mix,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[MixQuery]: ...
    @overload
    async def query(
        self,
        resource_id: str,
        sid: str,
        mode: Web,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[WebQuery]: ...
    @overload
    async def query(
        self,
        resource_id: str,
        sid: str,
        mode: models.Mode | str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[IndividualQuery | RawQuery | MixQuery | WebQuery]: ...
    async def query(
        self,
        resource_id: str,
        sid: str,
        mode: models.Mode | str,
        *,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
    ) -> QueryResult[Any]:
        """State and files of a running recording.

        The first query makes sense 5 seconds after ``start``; about every 2 minutes is enough afterwards. Status 4 or
        5 within 90 seconds means that it runs.

        Args:
            resource_id: Resource ID of the recording.
            sid: Recording ID, from ``start``.
            mode: ``individual``, ``raw``, ``mix`` or ``web``, as in ``start``.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
            retry: How often to try this call; None for once. As the client is set up by default.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            TaskNotFoundError: the recording is over, never started, or is being moved for up to 90 seconds.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``GET …/resourceid/{resourceid}/sid/{sid}/mode/{mode}/query``
        """
        return await self._send(query_call(self._app_id, resource_id, sid, mode), Options(timeout, retry))

    async def update(
        self,
        resource_id: str,
        sid: str,
        mode: models.Mode | str,
        cname: str,
        uid: int | str,
        *,
        stream_subscribe: models.StreamSubscribe | Fields | None = None,
        web_recording_config: models.WebRecordingConfig | Fields | None = None,
        rtmp_publish_config: models.RtmpPublishConfig | CdnPush | Fields | None = None,
        storage_config: models.StorageConfig | Storage | Fields | None = None,
        timeout: float | None = None,
        retry: Retry | ClientDefault | None = CLIENT_DEFAULT,
        check: bool = True,
    ) -> UpdateResult:
        """Changes a running recording. Wait for one answer before you send the next.

        Args:
            resource_id: Resource ID of the recording.
            sid: Recording ID, from ``start``.
            mode: ``individual``, ``raw``, ``mix`` or ``web``, as in ``start``.
            cname: As in ``acquire``.
            uid: As in ``acquire``.
            stream_subscribe: New subscription lists; not in `web` mode. A list for one medium alone turns the
                other medium off.
            web_recording_config: Pause or go on; `web`.
            rtmp_publish_config: New addresses to push to; `web`.
            storage_config: New credentials of the bucket, all of it.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
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
            webRecordingConfig=web_recording_config,
            rtmpPublishConfig=rtmp_publish_config,
            storageConfig=storage_config,
        )
        return await self._send(
            update_call(self._app_id, resource_id, sid, mode, cname, uid, fields, checks=check), Options(timeout, retry)
        )

    async def update_layout(
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
        """Replaces the whole layout of a `mix` recording: what is left out goes back to its default.

        Wait for one answer before you send the next.

        Args:
            resource_id: Resource ID of the recording.
            sid: Recording ID, from ``start``.
            mode: ``mix``.
            cname: As in ``acquire``.
            uid: As in ``acquire``.
            mixed_video_layout: Floating (the default), best fit, vertical, or custom, which needs ``layout_config``.
            max_resolution_uid: Whose picture is the large one of the vertical layout.
            background_color: Colour of the canvas, ``#`` and six hexadecimal digits; ``#000000`` by default.
            background_image: URL of a picture for the canvas.
            default_user_background_image: URL of the picture of users who have sent no video for 3.5 seconds.
            layout_config: At most 17 regions, in fractions of the canvas.
            background_config: Pictures of single users who have sent no video for 3.5 seconds.
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
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
        call = update_layout_call(self._app_id, resource_id, sid, mode, cname, uid, fields, checks=check)
        return await self._send(call, Options(timeout, retry))

    @overload
    async def stop(
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
    async def stop(
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
    async def stop(
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
    async def stop(
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
    async def stop(
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
    ) -> StopResult[IndividualStop | RawStop | MixStop | WebStop]: ...
    async def stop(
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

        A recording of a channel in which nobody sent a stream ends with a result too; its ``nothing_recorded`` is true.
        So does one that an earlier attempt of this very call had stopped, whose answer was lost: ``already_stopped``.

        Args:
            resource_id: Resource ID of the recording.
            sid: Recording ID, from ``start``.
            mode: ``individual``, ``raw``, ``mix`` or ``web``, as in ``start``.
            cname: As in ``acquire``.
            uid: As in ``acquire``.
            async_stop: True returns at once; false waits for the upload, which is expected to take up to 20 seconds.
            timeout: Seconds for each attempt, from connecting to the end of the answer. 30 by default.
            retry: How often to try this call; None for once. As the client is set up by default.
            check: False sends what breaks rules of the contract, too, for a service that has moved on.

        Raises:
            InvalidRequestError: an argument breaks a rule; nothing was sent.
            AlreadyStoppingError: the recording is on its way out already.
            TaskNotFoundError: the recording is over, never started, or is being moved for up to 90 seconds.
            CloudRecordingError: anything else; see :mod:`cloudrec.errors`.

        Endpoint: ``POST …/resourceid/{resourceid}/sid/{sid}/mode/{mode}/stop``
        """
        return await self._send(
            stop_call(self._app_id, resource_id, sid, mode, cname, uid, async_stop, checks=check),
            Options(timeout, retry),
        )

    async def ncs_ips(
        self, *, timeout: float | None = None, retry: Retry | ClientDefault | None = CLIENT_DEFAULT
    ) -> NcsIpsResult:
        """Addresses that webhooks come from, for a firewall. Ask at least once in 24 hours.

        Args:
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
            retry: How often to try this call; None for once. As the client is set up by default.

        Raises:
            CloudRecordingError: see :mod:`cloudrec.errors`.

        Endpoint: ``GET /v1/ncs/ip``
        """
        return await self._send(ncs_ips_call(), Options(timeout, retry))

    def attach(
        self,
        handle: RecordingHandle | Mapping[str, Any] | str | bytes,
        *,
        sid: str | None = None,
        event: Event | None = None,
        storage: Provider | None = None,
        on_problem: Callable[[Exception], object] | None = None,
    ) -> AsyncIndividualRecording | AsyncRawRecording | AsyncMixRecording | AsyncWebRecording:
        """Gives a recording back from its handle, in another process or after a crash. Nothing is sent.

        Example::

            recording = client.attach(json.loads(saved))
            result = recording.stop()

        Args:
            handle: ``recording.handle``, or that as JSON.
            sid: Recording ID, where the handle was taken before the start was answered (``on_acquired``, or that of a
                :class:`RecordingMayBeRunningError`).
            event: Webhook event 40 (of a page, 70) in place of the sid: it is found by cname and uid, and carries it.
            storage: A function that gives storage with short-lived credentials, which go on being renewed: at once, and
                then before they are an hour old. An async client renews in the event loop that this is called in, for
                as long as that runs.
            on_problem: Called with every failure that ends nothing; see ``record``.

        Raises:
            HandleError: it was cut short, is from a newer version, of another App ID, or has no sid; or the event is
                about another recording.
            ConfigurationError: ``storage`` was given to an async client, and no event loop runs.
        """
        from .attach import attached

        return attached(self._session, handle, sid, event, storage, on_problem)

    async def _send(self, call: Call[R], options: Options) -> R:
        return await self._session.send(call, options)
