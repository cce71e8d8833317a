"""`AsyncCloudRecording`: the client."""

from __future__ import annotations

import time
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, TypedDict, TypeVar, Unpack

from .. import _call
from .._call.call import Call
from .._call.retry import DEFAULT_RETRY, Retry
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Environment, Options, settings
from .._contract.frames import discreet
from .._io._async.contexts import OnlyWith
from .._io._async.waiting import Resolver, Wait
from .._numbers import check_functions, checked_clock
from ..errors import RouteNotFoundError
from .any_mode import AsyncRecordingsOfAnyMode
from .calls import AsyncCalls
from .session import AsyncSession

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cloudrec_api import Client, models

    from .._call.access_token import TokenMaker
    from .._call.areas import Area, CrossRegion
    from .._call.auth import BasicAuth
    from .._call.rate import Pace, RateLimit
    from .._call.settings import Timeouts
    from .._http._async import AsyncHTTPClient
    from ..errors import Attempt
    from ..handles import RecordingHandle
    from ..results import (
        NcsIpsResult,
        Result,
    )

    class AsyncClientOptions(TypedDict, total=False):
        """What a client may be made with; see AsyncCloudRecording."""

        cross_region: CrossRegion | str | None
        base_url: str | Sequence[str] | None
        timeout: float | Timeouts | None
        retry: Retry | None
        rate_limit: RateLimit | Pace | float | None
        resolver: Resolver | None
        on_attempt: Callable[[Attempt], object] | None
        on_orphan: Callable[[RecordingHandle], object] | None
        log_bodies: bool
        max_connections: int
        tokens: TokenMaker | None
        http_client: AsyncHTTPClient | None
        clock: Callable[[], float]
        wait: Wait | None

    from .individual import AsyncIndividualClient, AsyncRawClient
    from .mix import AsyncMixClient
    from .web import AsyncWebClient

    Fields: TypeAlias = Mapping[str, Any]
    Individual: TypeAlias = Literal[models.Mode.INDIVIDUAL, "individual"]
    Raw: TypeAlias = Literal[models.Mode.RAW, "raw"]
    Mix: TypeAlias = Literal[models.Mode.MIX, "mix"]
    Web: TypeAlias = Literal[models.Mode.WEB, "web"]

R = TypeVar("R", bound="Result")


@discreet
class AsyncCloudRecording(OnlyWith, AsyncCalls, AsyncRecordingsOfAnyMode):
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
        area: Part of the world whose hosts are asked; required unless ``cross_region`` or ``base_url`` is given.
        cross_region: Part of the world that is reached from anywhere (``api.sd-rtn.com/eu``), for a caller far from
            where is to be recorded. Beside ``area``, it is asked after the area's own regions.
        base_url: ``http://…`` or ``https://…`` of the host to ask instead, such as an emulator's; or several of hosts
            that stand in for each other, in the order in which they are asked.
        timeout: Seconds for each attempt, from connecting to the end of the answer: one number for all calls, or
            :class:`Timeouts`. 10 by default; a stop waits for the upload and has 30, or ``timeout`` if that is more.
        retry: How often a call is tried, and for how long; None for once. ``Retry(attempts=4, deadline=120)`` by
            default.
        rate_limit: Requests a second for all who use this client: a number above 0, a :class:`RateLimit` that several
            clients share, a :class:`SQLiteRateLimit` for several processes, a :class:`Pace` of your own, or None for no
            limit. 10 by default, which is what the service allows an App ID.
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
        tokens: Makes the channel token of each recorder that ``record`` of a channel starts, unless it is given one: an
            :class:`AccessToken`, for a project with an App Certificate, or a function of cname and uid.
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
        cross_region: CrossRegion | str | None = None,
        base_url: str | Sequence[str] | None = None,
        timeout: float | Timeouts | None = None,
        retry: Retry | None = DEFAULT_RETRY,
        rate_limit: RateLimit | Pace | float | None = 10,
        resolver: Resolver | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
        on_orphan: Callable[[RecordingHandle], object] | None = None,
        log_bodies: bool = False,
        max_connections: int = 50,
        tokens: TokenMaker | None = None,
        http_client: AsyncHTTPClient | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Wait | None = None,
    ) -> None:
        checked = settings(
            app_id,
            credential,
            area=area,
            cross_region=cross_region,
            base_url=base_url,
            timeout=timeout,
            retry=retry,
            rate_limit=rate_limit,
            resolver=resolver,
            on_attempt=on_attempt,
            on_orphan=on_orphan,
            log_bodies=log_bodies,
            max_connections=max_connections,
            tokens=tokens,
        )
        check_functions(wait=wait)
        super().__init__(AsyncSession(checked, http_client, checked_clock(clock), wait))

    # Each read when it is first asked for: most programs record in one mode.

    @cached_property
    def individual(self) -> AsyncIndividualClient:
        """The calls for `individual` recordings: every user's sound and picture to files apart, or screenshots."""
        from .individual import AsyncIndividualClient

        return AsyncIndividualClient(self._session)

    @cached_property
    def raw(self) -> AsyncRawClient:
        """The calls for `raw` recordings, which come after `individual`: every user to a file of their own."""
        from .individual import AsyncRawClient

        return AsyncRawClient(self._session)

    @cached_property
    def mix(self) -> AsyncMixClient:
        """The calls for `mix` recordings: all users in one picture."""
        from .mix import AsyncMixClient

        return AsyncMixClient(self._session)

    @cached_property
    def web(self) -> AsyncWebClient:
        """The calls for `web` recordings: a web page."""
        from .web import AsyncWebClient

        return AsyncWebClient(self._session)

    @classmethod
    def from_env(cls, **options: Unpack[AsyncClientOptions]) -> Self:
        """A client from ``AGORA_APP_ID``, ``AGORA_CUSTOMER_ID``, ``AGORA_CUSTOMER_SECRET`` and ``AGORA_AREA``.

        ``AGORA_BASE_URL``, such as `cloudrec emulator` prints, is asked in place of the area; several are separated by
        spaces. With ``AGORA_APP_CERTIFICATE``, ``record`` makes the channel tokens. The options are those of the class,
        and go before the environment; with ``cross_region`` among them, ``AGORA_AREA`` is not asked for.

        Raises:
            ConfigurationError: one of them is not set (the message says which) or cannot be right.
        """
        has_hosts = bool(options.get("base_url") or options.get("cross_region"))
        app_id, credential, area, others = Environment.read(needs_area=not has_hosts)
        given: dict[str, Any] = {**others, **options}
        if not has_hosts and given.get("base_url") is None:  # a program hands on the host that it was given, or None
            given["base_url"] = others.get("base_url")
        return cls(app_id, credential, area=area, **given)

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
        where = (
            f"area={settings.area}"
            if settings.area and not settings.cross_region
            else f"base_url={' '.join(settings.base_urls)!r}"
        )
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

    async def ncs_ips(
        self, *, timeout: float | None = None, retry: Retry | ClientDefault | None = CLIENT_DEFAULT
    ) -> NcsIpsResult:
        """Addresses that webhooks come from, for a firewall. Ask at least once in 24 hours.

        Args:
            timeout: Seconds for each attempt of this call, from connecting to the end of the answer.
            retry: How often to try this call; None for once. As the client is set up by default.

        Raises:
            CloudRecordingError: see :mod:`cloudrec.errors`.

        Endpoint: ``GET /v1/ncs/ip``, or where that is not there ``GET /v2/ncs/ip``
        """
        try:
            return await self._send(_call.requests.ncs_ips(), Options(timeout, retry))
        except RouteNotFoundError:
            # The provider's pages name two paths, and nobody says that both are there.
            return await self._send(_call.requests.ncs_ips(second=True), Options(timeout, retry))

    async def _send(self, call: Call[R], options: Options) -> R:
        return await self._session.send(call, options)
