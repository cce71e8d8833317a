"""TLS certificates that a process trusts, read once."""

import os
import ssl
from collections.abc import Sequence
from functools import cache
from urllib.request import getproxies

import httpx


@cache
def _trusting(*_: str | None) -> ssl.SSLContext:
    return httpx.create_ssl_context()


@cache
def _empty() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def proxies() -> bool:
    """Whether this machine says that requests go by a proxy."""
    # "no" is the list of hosts for which there is none.
    return bool(getproxies().keys() - {"no"})


def ssl_context(base_urls: Sequence[str]) -> ssl.SSLContext:
    """The context for these hosts, the same for every client of the process.

    Reading the system's certificates takes some 20 ms, which plain HTTP has no use for: there it is an empty context,
    which trusts nobody. (A proxy may itself be reached by TLS, so where one is set up certificates are read.)
    """
    if all(url.startswith("http://") for url in base_urls) and not proxies():
        return _empty()
    # Where these change, other files are trusted.
    return _trusting(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
