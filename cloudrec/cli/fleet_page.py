"""`cloudrec fleet page`: a page that shows a fleet's recordings, live, on this machine alone."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import Any

from cyclopts import App

from .failures import DONE, UsageError, Word
from .fleets import refuse_password
from .options import Fleet
from .output import line

app: App = App(name="fleet", help_epilogue="Example:\n\ncloudrec fleet page --fleet sqlite:///fleet.db")


@app.command(help_epilogue="Example:\n\ncloudrec fleet page --fleet sqlite:///fleet.db")
async def page(*, fleet: Fleet = None, port: int = 8090) -> int:
    """Show what runs and waits and each recording's whole story in a browser, live; and stop it.

    It asks the database alone: no credentials are needed, and a stop is done by the workers. It listens on 127.0.0.1,
    for who sits at this machine. Ctrl-C ends it.

    Args:
        fleet: Database of the fleet: sqlite:///fleet.db or postgresql://...; with a password, in CLOUDREC_FLEET.
        port: Port to listen on, 0 for a free one.
    """
    if fleet is None:
        raise UsageError("--fleet", Word("missing"), "must be the database of a fleet, or stand in CLOUDREC_FLEET")
    refuse_password(fleet)
    from ..fleet._page import local_page

    with _listener(port) as listener:
        async with local_page(fleet) as shown:
            line(f"The fleet is shown at http://127.0.0.1:{listener.getsockname()[1]}/ (Ctrl-C ends it)")
            await _serve(shown, listener)
    return DONE


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if not 0 <= port < 65536:
            raise UsageError("--port", port, "must be from 0 to 65535")
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        taken = "is taken by another program: give another one, or 0 for any that is free"
        rule = taken if error.errno == errno.EADDRINUSE else f"cannot be listened on: {error.strerror}"
        raise UsageError("--port", port, rule) from None
    except BaseException:
        listener.close()
        raise
    return listener


async def _serve(shown: Any, listener: socket.socket) -> None:
    """Until Ctrl-C."""
    try:
        import uvicorn
    except ImportError:
        raise UsageError("uvicorn", Word("not installed"), "pip install 'cloudrec[cli]'") from None
    ending = asyncio.Event()
    shown.stopping = (ending,)

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: Any) -> None:
            # Streams that are open would keep it. What it was told is not told to others, as uvicorn does.
            ending.set()
            self.force_exit, self.should_exit = self.should_exit, True

    config = uvicorn.Config(shown, http="h11", ws="none", lifespan="off", log_config=None, access_log=False)
    await Server(config).serve(sockets=[listener])
