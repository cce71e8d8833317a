"""Guard of a page: what serves this machine is for who sits at it, and nothing is for a page of another origin.

A page can send requests to loopback, and by DNS rebinding even read what comes back: the browser then takes what
answers there for the page's own host. Neither can say that it is a loopback host, and neither is of this origin.

What is mounted behind somebody's login has any host. There a page of another origin could have the browser send the
cookies of that login along, and is kept from it by what the browser says of the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

#: What a browser says of a request that a page of another origin caused. `none` is a person's own doing.
_ELSEWHERE = {"cross-site", "same-site"}


def refusal(method: str, scheme: str, headers: Mapping[str, str], client: str | None) -> str | None:
    """Why a request is not answered; None where it is. `headers` by lower-case names."""
    if client is not None and not _is_loopback(client):
        return "it is for callers on this machine alone"
    host = headers.get("host", "")
    if not _names_loopback(host):
        return "the Host header must name loopback: localhost, 127.0.0.1 or [::1]"
    origin = headers.get("origin")
    if origin is not None and origin != f"{scheme}://{host}":
        return "a page of another origin can do nothing here"
    if headers.get("sec-fetch-site") in _ELSEWHERE and not _is_visit(method, headers):
        return "a page of another origin can do nothing here"
    return None


def refusal_of_others(method: str, headers: Mapping[str, str]) -> str | None:
    """Why a request is not answered that came to any host, by a login perhaps; None where it is."""
    site = headers.get("sec-fetch-site")
    if site is None:
        # Browsers say it to hosts that they trust: by https, or on loopback. To others they send the origin with all
        # that may change something. A proxy in front may have taken https away from what arrives here, and no host.
        origin = headers.get("origin")
        is_elsewhere = origin is not None and origin.lower().partition("://")[2] != headers.get("host", "").lower()
    else:
        is_elsewhere = site in _ELSEWHERE and not _is_visit(method, headers)
    return "a page of another origin can do nothing here" if is_elsewhere else None


def _is_visit(method: str, headers: Mapping[str, str]) -> bool:
    """Whether somebody follows a link to the page, which changes nothing and tells the other page nothing."""
    sent = method, headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return sent == ("GET", "navigate", "document")


def _names_loopback(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    # Whatever else a name leads to, who answers for it is not known.
    return parts.netloc == host and "@" not in host and (name == "localhost" or _is_loopback(name))


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
