"""What a client is set up with."""

import os
from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from ._areas import Area
from ._auth import BasicAuth
from ._calls import check_app_id
from ._version import __version__
from .errors import ConfigurationError

# Seconds. A stop waits for the upload, which is expected to take up to 20.
TIMEOUT = 10.0
STOP_TIMEOUT = 30.0

USER_AGENT = f"cloudrec/{__version__} httpx/{httpx.__version__}"


class Settings(NamedTuple):
    """A client's settings, checked."""

    app_id: str
    credential: BasicAuth
    base_url: str
    timeout: float | None

    def timeout_of(self, endpoint: str, given: float | None) -> float:
        """Seconds to wait for an answer: the call's, or else the client's, or else the endpoint's own."""
        if given is not None:
            return checked_timeout(given)
        if self.timeout is not None:
            return max(self.timeout, STOP_TIMEOUT) if endpoint == "stop" else self.timeout
        return STOP_TIMEOUT if endpoint == "stop" else TIMEOUT


def settings(
    app_id: str, credential: BasicAuth, area: Area | str | None, base_url: str | None, timeout: float | None
) -> Settings:
    """Checks what a client is made with.

    Raises:
        ConfigurationError: with all that is wrong, by name.
    """
    for problem in check_app_id(app_id):
        raise ConfigurationError(str(problem))
    if not isinstance(credential, BasicAuth):
        raise ConfigurationError(f"credential: must be a BasicAuth, not {type(credential).__name__}")
    if base_url is not None:
        host = checked_base_url(base_url)
    else:
        where = _area(area)
        host = f"https://{where.prefixes[0]}.{where.domains[0]}"
    return Settings(app_id, credential, host, None if timeout is None else checked_timeout(timeout))


def checked_timeout(seconds: object) -> float:
    """The time-out itself, if it is one."""
    if isinstance(seconds, bool) or not (isinstance(seconds, (int, float)) and isfinite(seconds) and seconds > 0):
        raise ConfigurationError(f"timeout: {seconds!r} (must be a number of seconds above 0)")
    return float(seconds)


def checked_base_url(base_url: str) -> str:
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
    return base_url.rstrip("/")


def _area(area: Area | str | None) -> Area:
    try:
        return Area(area.upper() if isinstance(area, str) else area)
    except ValueError:
        raise ConfigurationError(f"area: {area!r} (must be Area.US, EU, AP or CN, or give base_url)") from None


class Environment(NamedTuple):
    """What from_env reads."""

    app_id: str
    credential: BasicAuth
    area: Area

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> "Environment":
        """From the environment, all that is missing told at once."""
        environ = os.environ if environ is None else environ
        names = ("AGORA_APP_ID", "AGORA_CUSTOMER_ID", "AGORA_CUSTOMER_SECRET", "AGORA_AREA")
        values = [environ.get(name, "").strip() for name in names]
        if missing := [name for name, value in zip(names, values, strict=True) if not value]:
            raise ConfigurationError(f"not set in the environment: {', '.join(missing)}")
        app_id, customer_id, customer_secret, area = values
        return cls(app_id, BasicAuth(customer_id, customer_secret), _area(area))
