"""HTTP clients that are given by the caller."""

import httpx

from .._version import __version__
from ..errors import ConfigurationError

USER_AGENT = f"cloudrec/{__version__} httpx/{httpx.__version__}"


def check_http_client(given: object, kind: type[httpx.Client] | type[httpx.AsyncClient]) -> None:
    """Checks that an httpx client is one, and of the right kind.

    Raises:
        ConfigurationError: it is not.
    """
    if given is not None and not isinstance(given, kind):
        other = f"{type(given).__module__}.{type(given).__name__}"
        raise ConfigurationError(f"http_client: must be an httpx.{kind.__name__}, not {other}")
