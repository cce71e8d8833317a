"""One call of the REST API, without sending it: credentials, hosts, retries, answers and errors."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import queries as queries, requests as requests
else:

    def __getattr__(name: str) -> object:
        """`queries` and `requests`, which only those need who send some: the contract, its checks and all answers."""
        if name in ("queries", "requests"):
            from importlib import import_module

            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
