"""Settings of a client: hosts, time-outs, retries, environment; and options of a call."""

import os
from collections.abc import Callable, Sequence
from enum import Enum
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from .._contract.redact import shown
from .._numbers import check_functions, seconds, whole
from ..errors import Attempt, ConfigurationError
from ..handles import RecordingHandle
from .areas import Area, CrossRegion
from .auth import BasicAuth
from .hosts import Hosts
from .rate import Pace, Paced, RateLimit, rate_limit_of
from .retry import ONCE, Retry

if TYPE_CHECKING:
    from .access_token import TokenMaker


class ClientDefault(Enum):
    """Stands for "as the client is set up", where None means something else."""

    USE = "the client's"

    def __repr__(self) -> str:
        return "CLIENT_DEFAULT"


CLIENT_DEFAULT: Final = ClientDefault.USE


class Timeouts:
    """Seconds to wait for an answer, for each call apart.

    >>> Timeouts(stop=60)
    Timeouts(acquire=10.0, start=10.0, query=10.0, update=10.0, update_layout=10.0, stop=60.0, ncs_ips=10.0)

    A stop waits for the upload, which is expected to take up to 20 seconds; so it has 30 by default, the others 10.

    Each is a number of seconds above 0, and at most 1,000,000,000. (A socket waits for 23 days at the most.)

    Raises:
        ConfigurationError: a time-out is not such a number.
    """

    __slots__ = ("acquire", "ncs_ips", "query", "start", "stop", "update", "update_layout")

    def __init__(
        self,
        *,
        acquire: float = 10.0,
        start: float = 10.0,
        query: float = 10.0,
        update: float = 10.0,
        update_layout: float = 10.0,
        stop: float = 30.0,
        ncs_ips: float = 10.0,
    ) -> None:
        self.acquire: float = seconds("acquire", acquire)
        self.start: float = seconds("start", start)
        self.query: float = seconds("query", query)
        self.update: float = seconds("update", update)
        self.update_layout: float = seconds("update_layout", update_layout)
        self.stop: float = seconds("stop", stop)
        self.ncs_ips: float = seconds("ncs_ips", ncs_ips)

    @classmethod
    def of(cls, timeout: float) -> "Timeouts":
        """The same for every call; for a stop at least its 30."""
        given = seconds("timeout", timeout)
        others = dict.fromkeys(("acquire", "start", "query", "update", "update_layout", "ncs_ips"), given)
        return cls(**others, stop=max(given, 30.0))

    def __repr__(self) -> str:
        names = ("acquire", "start", "query", "update", "update_layout", "stop", "ncs_ips")
        return f"Timeouts({', '.join(f'{name}={getattr(self, name)}' for name in names)})"


_TIMEOUT_NAMES = {"updateLayout": "update_layout", "ncsIps": "ncs_ips"}


class Options(NamedTuple):
    """What one call may have otherwise than its client."""

    timeout: float | None = None
    retry: Retry | ClientDefault | None = CLIENT_DEFAULT
    check: bool = True


class Settings(NamedTuple):
    """A client's settings, checked."""

    app_id: str
    credential: BasicAuth
    area: Area | None
    cross_region: CrossRegion | None
    base_urls: tuple[str, ...]
    timeouts: Timeouts
    retry: Retry | None
    rate_limit: RateLimit | Paced | None
    resolver: Callable[[str], object] | None
    on_attempt: Callable[[Attempt], object] | None
    on_orphan: Callable[[RecordingHandle], object] | None
    log_bodies: bool
    max_connections: int
    tokens: "TokenMaker | None"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What every request holds and nobody may see."""
        return self.credential.customer_secret, self.credential.header.removeprefix("Basic ")

    def hosts(self) -> Hosts:
        """The hosts to ask."""
        return Hosts.of_area(self.area, self.cross_region) if self.area else Hosts.of_urls(self.base_urls)

    def timeout_of(self, endpoint: str, options: Options) -> float:
        """Seconds to wait for an answer: the call's own, or else the client's for that endpoint."""
        if options.timeout is not None:
            return seconds("timeout", options.timeout)
        # An endpoint without a time-out of its own has that of a query.
        timeout: float = getattr(self.timeouts, _TIMEOUT_NAMES.get(endpoint, endpoint), self.timeouts.query)
        return timeout

    def retry_of(self, options: Options) -> Retry:
        """How often to try: the call's own, or else the client's."""
        retry = self.retry if options.retry is CLIENT_DEFAULT else options.retry
        if retry is None:
            return ONCE
        if not isinstance(retry, Retry):
            raise ConfigurationError(f"retry: must be a Retry or None, not {type(retry).__name__}")
        return retry


def settings(
    app_id: str,
    credential: BasicAuth,
    *,
    area: Area | str | None,
    cross_region: CrossRegion | str | None,
    base_url: str | Sequence[str] | None,
    timeout: float | Timeouts | None,
    retry: Retry | None,
    rate_limit: RateLimit | Pace | float | None,
    resolver: Callable[[str], object] | None,
    on_attempt: Callable[[Attempt], object] | None,
    on_orphan: Callable[[RecordingHandle], object] | None,
    log_bodies: bool,
    max_connections: int,
    tokens: "TokenMaker | None",
) -> Settings:
    """Checks what a client is made with.

    Raises:
        ConfigurationError: the first thing that is wrong, by name.
    """
    from .queries import check_app_id

    for problem in check_app_id(app_id):
        raise ConfigurationError(str(problem))
    if not isinstance(credential, BasicAuth):
        raise ConfigurationError(f"credential: must be a BasicAuth, not {type(credential).__name__}")
    across = None if cross_region is None else _cross_region(cross_region)
    if base_url is None:
        where = None if area is None and across is not None else _area(area)
        base_urls = tuple(
            f"https://{prefix}.{domain}"
            for prefix in (where.prefixes if where else ())
            for domain in (where.domains if where else ())
        )
        base_urls += (across.base_url,) if across is not None else ()
    elif across is not None:
        raise ConfigurationError("cross_region: names hosts, as base_url does; give one of them")
    else:
        where = None
        base_urls = tuple(map(checked_base_url, base_url if isinstance(base_url, (list, tuple)) else [base_url]))
        if not base_urls:
            raise ConfigurationError("base_url: must not be an empty list")
    if timeout is None:
        timeout = Timeouts()
    elif not isinstance(timeout, Timeouts):
        timeout = Timeouts.of(timeout)
    if retry is not None and not isinstance(retry, Retry):
        raise ConfigurationError(f"retry: must be a Retry or None, not {type(retry).__name__}")
    check_functions(resolver=resolver, on_attempt=on_attempt, on_orphan=on_orphan, tokens=tokens)
    if tokens is not None:
        _check_tokens(tokens, app_id)
    if iscoroutinefunction(on_orphan) or iscoroutinefunction(type(on_orphan).__call__):
        # Where it is called, there may be no event loop any more that would run it.
        raise ConfigurationError("on_orphan: must not be async")
    return Settings(
        app_id,
        credential,
        where,
        across,
        base_urls,
        timeout,
        retry,
        rate_limit_of(rate_limit),
        resolver,
        on_attempt,
        on_orphan,
        bool(log_bodies),
        whole("max_connections", max_connections),
        tokens,
    )


def checked_base_url(base_url: Any) -> str:
    """The URL without a slash at its end, if paths can be put after it."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
        usable = usable and parts.username is None and (parts.port is None or parts.port > 0)
    except (ValueError, AttributeError, TypeError):
        usable = False
    if not usable:
        # The value is not shown: what people put there by mistake may hold a password.
        rule = "must be an http or https URL with a host, and without user, query or fragment"
        raise ConfigurationError(f"base_url: {rule}")
    return str(base_url).rstrip("/")


def _area(area: Area | str | None) -> Area:
    try:
        return Area(area.upper() if isinstance(area, str) else area)
    except ValueError:
        raise ConfigurationError(f"area: {shown(area)} (must be Area.US, EU, AP or CN, or give base_url)") from None


def _cross_region(given: CrossRegion | str) -> CrossRegion:
    try:
        return CrossRegion(given.lower() if isinstance(given, str) else given)
    except ValueError:
        raise ConfigurationError(f"cross_region: {shown(given)} (must be CrossRegion.CN, EU, AP or US)") from None


class Environment(NamedTuple):
    """What from_env reads."""

    app_id: str
    credential: BasicAuth
    area: Area | None
    others: dict[str, Any]
    """Options of a client, where there are variables for them."""

    @classmethod
    def read(cls, *, needs_area: bool) -> "Environment":
        """From the environment, all that is missing told at once."""
        base_urls, certificate = _variable("AGORA_BASE_URL").split(), _variable("AGORA_APP_CERTIFICATE")
        needs_area = needs_area and not base_urls
        names = ["AGORA_APP_ID", "AGORA_CUSTOMER_ID", "AGORA_CUSTOMER_SECRET", *(["AGORA_AREA"] if needs_area else [])]
        values = {name: _variable(name) for name in names}
        if missing := [name for name, value in values.items() if not value]:
            raise ConfigurationError(f"not set in the environment: {', '.join(missing)}")
        credential = BasicAuth(values["AGORA_CUSTOMER_ID"], values["AGORA_CUSTOMER_SECRET"])
        area, app_id = _variable("AGORA_AREA"), values["AGORA_APP_ID"]
        others: dict[str, Any] = {"base_url": base_urls} if base_urls else {}
        if certificate:
            from .access_token import AccessToken

            others["tokens"] = AccessToken(app_id, certificate)
        return cls(app_id, credential, _area(area) if area else None, others)


def _check_tokens(tokens: object, app_id: str) -> None:
    # Here, since most programs make no tokens.
    from .access_token import AccessToken

    if isinstance(tokens, AccessToken) and tokens.app_id != app_id:
        raise ConfigurationError(f"tokens: are for App ID {shown(tokens.app_id)}, and the client for {shown(app_id)}")


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()
