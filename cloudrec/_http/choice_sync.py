"""Choice of the pool, for the client. The twin of `choice_async`."""

import ssl

import httpx

from ._sync import KEEPALIVE, ClientTransport, LifoTransport, RenewedTransport
from .tls import proxies


def make_transport(context: ssl.SSLContext, most: int) -> RenewedTransport:
    """A transport of our own, with so many connections at the most."""

    def make() -> httpx.BaseTransport:
        if proxies():
            # httpx alone knows which request goes by which proxy of the environment, and only with pools of its own.
            limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=KEEPALIVE)
            return ClientTransport(httpx.Client(verify=context, limits=limits))
        return LifoTransport(context, breaks_off=False)

    return RenewedTransport(make)
