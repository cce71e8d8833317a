"""`BlockingFleet`: the fleet for Flask, Django and scripts, which do not await."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .._contract.frames import discreet
from .._io.forks import in_child
from ..errors import FleetError
from ._fleet import Fleet
from ._states import FleetRecording, State

if TYPE_CHECKING:
    from .._async.client import AsyncCloudRecording
    from .._call.access_token import TokenMaker
    from .._recording.recipe import Recipe
    from .._recording.renewal import AnyStorage, Provider
    from ..webhooks import Event, Secret
    from ..webhooks.wsgi import WebhookApp
    from ._order import Until

T = TypeVar("T")


@discreet
class BlockingFleet:
    """A :class:`Fleet` whose methods wait, from any thread. Entered, it works in a thread of its own::

        fleet = BlockingFleet(AsyncCloudRecording.from_env(), database="postgresql://…")
        fleet.storage("lessons", lambda: S3(...))

        with fleet:
            fleet.record("lesson-42", mode="mix", storage="lessons")

    A web process need not be a worker: without ``with`` it asks, looks and stops, and workers elsewhere do the rest.

    Args:
        client: An async client, which is used in that thread alone, and closed when ``with`` is left.
        database: As of :class:`Fleet`.
        options: As of :class:`Fleet`.

    Raises:
        ConfigurationError: an argument cannot be right.
    """

    def __init__(self, client: AsyncCloudRecording, database: str, **options: Any) -> None:
        self._fleet = Fleet(client, database, **options)
        self._client = client
        self._loop = _Loop()

    def storage(self, name: str, storage: AnyStorage | Provider) -> None:
        """See :meth:`Fleet.storage`."""
        self._fleet.storage(name, storage)

    def token(self, make: TokenMaker) -> None:
        """See :meth:`Fleet.token`."""
        self._fleet.token(make)

    def secret(self, name: str, value: object) -> None:
        """See :meth:`Fleet.secret`."""
        self._fleet.secret(name, value)

    def __enter__(self) -> Self:
        """Becomes a worker of the fleet; see :meth:`Fleet.__aenter__`."""
        self._loop.run(self._fleet.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leaves: recordings run on, and other workers, or the next one, hold them."""
        self._loop.run(self._fleet.__aexit__(None, None, None))
        self._loop.run(self._client.aclose())
        self._loop.stop()

    def close(self) -> None:
        """Lets the database go, where the fleet was not entered. It can be used again.

        What other threads still wait for ends with a FleetError.
        """
        self._loop.run(self._fleet.aclose())
        self._loop.stop()

    def record(
        self,
        key: str,
        /,
        recipe: Recipe | None = None,
        *,
        mode: str | None = None,
        cname: str | None = None,
        until: Until = None,
        restart: bool = False,
        again: bool = False,
        **arguments: Any,
    ) -> FleetRecording:
        """Has something recorded; see :meth:`Fleet.record`."""
        how: Any = {"recipe": recipe, "mode": mode, "cname": cname, "until": until, "restart": restart, "again": again}
        return self._loop.run(self._fleet.record(key, **how, **arguments))

    def stop(self, key: str) -> FleetRecording:
        """Has a recording stopped; see :meth:`Fleet.stop`."""
        return self._loop.run(self._fleet.stop(key))

    def get(self, key: str) -> FleetRecording | None:
        """What is known of a recording; see :meth:`Fleet.get`."""
        return self._loop.run(self._fleet.get(key))

    def list(
        self,
        *,
        state: State | str | Iterable[State | str] | None = None,
        mode: str | None = None,
        older_than: float | None = None,
        most: int = 1000,
    ) -> list[FleetRecording]:
        """Recordings; see :meth:`Fleet.list`."""
        return self._loop.run(self._fleet.list(state=state, mode=mode, older_than=older_than, most=most))

    def counts(self) -> dict[str, int]:
        """How many there are in each state; see :meth:`Fleet.counts`."""
        return self._loop.run(self._fleet.counts())

    def watch(self) -> Iterator[FleetRecording]:
        """Each recording that changes; see :meth:`Fleet.watch`."""
        changes = self._fleet.watch()
        try:
            while True:
                yield self._loop.run(changes.__anext__())
        finally:
            with suppress(FleetError):
                self._loop.run(changes.aclose())

    def webhooks(self, secret: Secret, **options: Any) -> WebhookApp:
        """A WSGI application for the provider's webhooks; see :meth:`Fleet.webhooks`."""
        from ..webhooks.wsgi import WebhookApp

        return WebhookApp(secret, self.feed, answer_first=False, **options)

    def feed(self, event: Event) -> bool:
        """Takes in a webhook event; see :meth:`Fleet.feed`."""
        return self._loop.run(self._fleet.feed(event))

    def __repr__(self) -> str:
        return f"{type(self).__name__}{repr(self._fleet).removeprefix('Fleet')}"


class _Loop:
    """An event loop in a thread, which begins with its first use."""

    def __init__(self) -> None:
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Awaitable[T]) -> T:
        """What it comes to. An interrupt cancels it, and so does `stop`."""

        async def awaited() -> T:
            return await work

        with self._lock:
            running = asyncio.run_coroutine_threadsafe(awaited(), self._begun())
        try:
            return running.result()
        except CancelledError:
            raise FleetError("fleet: it was closed meanwhile") from None
        except BaseException:
            running.cancel()
            raise

    def _begun(self) -> asyncio.AbstractEventLoop:
        # With the lock: what is begun is begun before the loop is ended, or in the next one.
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="cloudrec-fleet-loop", daemon=True)
            self._thread.start()
        return self._loop

    def stop(self) -> None:
        """Ends the thread."""
        with self._lock:
            loop, thread, self._loop = self._loop, self._thread, None
        if loop is not None and thread is not None:
            asyncio.run_coroutine_threadsafe(_end_all(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


async def _end_all() -> None:
    """Else a thread that waits for one of them, such as a web server's with a webhook, would wait for ever."""
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in others:
            task.cancel()
        await asyncio.wait(others)
    await asyncio.get_running_loop().shutdown_default_executor()
