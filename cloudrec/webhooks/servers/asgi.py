"""`WebhookApp` for Starlette, FastAPI and everything else that speaks ASGI.

::

    from cloudrec.webhooks.asgi import WebhookApp

    async def handle(event: Event) -> None:
        ...

    app.mount("/agora", WebhookApp(secret, handle))
"""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from inspect import isawaitable, iscoroutinefunction
from typing import Any, TypeAlias

import anyio
import anyio.to_thread

from ..._contract.frames import discreet
from ..._io.forks import in_child
from .._events import Event, Notice
from .._receive import MAX_SIZE
from .._signature import Secret
from ..delivery.deduplicator import Deduplicator
from ..delivery.ordered import Ordered, Placed
from .intake import BUSY, FAILED, TAKEN, Answer, Handler, Intake, OnError, OnOther
from .starlette_mounts import answer_the_bare_path

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class WebhookApp:
    """An ASGI application that takes webhooks. It is mounted, or serves alone; on asyncio or trio.

    ``app.mount("/agora", hook)`` in Starlette and FastAPI answers at ``/agora`` and below: Starlette would redirect the
    one to the other, which the service does not follow, and is kept from it.

    An event is answered first and handled then, after its answer, so that a slow handler costs no repeats. Until it is
    handled it waits, in memory; when too many wait, the answer is 503, and the service sends the event again. What the
    handler raises is logged (``cloudrec.webhooks``) and given to ``on_error``. A server that is told to stop lets the
    events that wait be handled, as it does with requests that are not answered yet. It may be made, and used, before a
    server forks: each process handles what comes to it.

    Where an event must survive the end of the process, hand it over to something that does, and let that come before
    the answer: with ``answer_first=False`` the answer is 200 if the handler returns and 500 if it raises, after which
    the service sends the event again, three times at most. The handler then has ten seconds.

    Answers: 200 with ``{}``; 400 for a body that is no notice, 401 for a signature that is not right, 405, 413.

    Args:
        secret: The secret of the project's notifications, or several.
        handler: Is called with each :class:`~cloudrec.webhooks.Event`. An async function, or a plain one, which runs in
            a thread.
        on_other: Is called with events of other products and with the console's health check; both are answered 200.
        on_error: Is called with the notice and the error when a handler has raised.
        allow_v1: Whether to take a body that is signed with SHA-1 alone.
        max_size: Bytes of a body that are read, 1 MiB by default.
        answer_first: Whether the answer comes before the handling.
        most_waiting: Notices that wait at the most, 1000 by default, the ones that are being handled included.
        at_once: Notices that are handled at the same time, 1 by default: then in the order in which they came. With
            ``answer_first=False`` as many are as there are requests.
        deduplicator: Recognises repeats, which are answered 200 and not handled again. While another process is at
            the notice, the answer is 503: that one may fail, or be dead. Events that may wait for longer than the
            deduplicator's ``lease``, in a program of several processes, want a longer one.
        ordered: Brings the events of a recording into their order.

    Raises:
        ConfigurationError: an argument is not what it must be.
    """

    @discreet
    def __init__(
        self,
        secret: Secret,
        handler: Handler,
        *,
        on_other: OnOther | None = None,
        on_error: OnError | None = None,
        allow_v1: bool = False,
        max_size: int = MAX_SIZE,
        answer_first: bool = True,
        most_waiting: int = 1000,
        at_once: int = 1,
        deduplicator: Deduplicator | None = None,
        ordered: Ordered | None = None,
    ) -> None:
        self._intake = Intake(
            secret, handler, on_other, on_error, allow_v1=allow_v1, max_size=max_size, answer_first=answer_first,
            most_waiting=most_waiting, at_once=at_once, deduplicator=deduplicator, ordered=ordered,
        )  # fmt: skip
        answer_the_bare_path(WebhookApp)
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """At the beginning, and in a process that was forked: what is under way there is the parent's."""
        self._waiting: set[int] = set()
        self._turn: anyio.Semaphore | None = None
        self._over: anyio.Event | None = None
        self._limiter: anyio.CapacityLimiter | None = None
        self._told_of_end = False

    # Not discreet itself: a server that tries out whether this is a factory wants a TypeError at once.
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's beginning and end."""
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await receive()
            await send({"type": f"{scope['type']}.close"})

    @discreet
    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        intake, headers = self._intake, scope["headers"]
        length = next((value.decode("latin-1") for name, value in headers if name.lower() == b"content-length"), None)
        answer = intake.early(scope["method"], length)
        if answer is not None:
            await _send(send, answer)
            return
        body = await _read(receive, intake.max_size)
        if body is None:
            return  # whoever sent it has gone
        taken = intake.take(body, headers)
        if isinstance(taken, Answer):
            await _send(send, taken)
        elif len(self._waiting) >= intake.most_waiting:
            await _send(send, BUSY)
        else:
            self._waiting.add(id(taken))
            await self._notice(taken, send)

    async def _notice(self, notice: Notice, send: Send) -> None:
        repeat = await self._begin(notice) if self._intake.deduplicator is not None else None
        if repeat is not None:
            self._waiting.discard(id(notice))
            await _send(send, repeat)
        elif not self._intake.answer_first:
            await _send(send, TAKEN if await self._run(notice) else FAILED)
        else:
            try:
                with suppress(Exception):  # then the service will not know that we have the notice, and send it again
                    await _send(send, TAKEN)
                turn = self._turn = self._turn or anyio.Semaphore(self._intake.at_once)
                await turn.acquire()
            except BaseException as error:
                await self._drop(notice, error)
                raise
            await self._handle(notice, turn)

    async def _begin(self, notice: Notice) -> Answer | None:
        """Asks the deduplicator, in a thread, since its store may take its time."""
        found: list[Answer | None] = []
        try:
            await self._in_store(lambda: found.append(self._intake.begin(notice)))
        except BaseException:
            self._waiting.discard(id(notice))
            if found == [None]:
                await self._failed(notice, None)
            raise
        return found[0]

    async def _in_store(self, function: Callable[[], object]) -> None:
        """Calls the deduplicator in a thread of few of its own: handlers that are slow must not keep it waiting."""
        self._limiter = self._limiter or anyio.CapacityLimiter(_STORE_THREADS)
        await anyio.to_thread.run_sync(function, limiter=self._limiter)

    async def _handle(self, notice: Notice, turn: anyio.Semaphore) -> None:
        """Handles what has been answered, and whatever is to be handled after it."""
        ordered = self._intake.ordered
        try:
            if ordered is None or not isinstance(notice, Event):
                await self._run(notice)
            else:
                await self._run_all(ordered.push(notice))
        finally:
            turn.release()
        if ordered is not None:
            await self._stay(ordered, turn)

    async def _stay(self, ordered: Ordered, turn: anyio.Semaphore) -> None:
        """What is held must come out though nothing more may come in. Of all requests one stays for that."""
        if self._over is not None:
            if ordered.due_in() is None:
                self._over.set()
            return
        self._over = anyio.Event()
        try:
            while (delay := ordered.due_in()) is not None:
                with anyio.move_on_after(delay):
                    await self._over.wait()
                self._over = anyio.Event()
                async with turn:
                    await self._run_all(ordered.due())
        except BaseException as error:
            if not self._told_of_end:  # or what is held is handled when the server says that it ends
                for left in ordered.flush():
                    await self._drop(left.event, error)
            raise
        finally:
            self._over = None

    async def _run_all(self, placed: list[Placed]) -> None:
        for place, (event, _, _) in enumerate(placed):
            try:
                await self._run(event)
            except BaseException as error:
                for left in placed[place + 1 :]:
                    await self._drop(left.event, error)
                raise

    async def _run(self, notice: Notice) -> bool:
        """Whether the handler did what it should."""
        try:
            await _call(self._intake.function_for(notice), notice)
        except Exception as error:
            await self._drop(notice, error)
            if self._intake.on_error is not None:
                try:
                    await _call(self._intake.on_error, notice, error)
                except Exception as another:
                    self._intake.on_error_failed(notice, another)
            return False
        except BaseException as error:  # the server stops, and waits no longer
            await self._drop(notice, error)
            raise
        self._waiting.discard(id(notice))
        if self._intake.deduplicator is not None:
            with anyio.CancelScope(shield=True):  # it was handled, whoever has gone meanwhile
                await self._in_store(partial(self._intake.done, notice))
        return True

    async def _drop(self, notice: Notice, error: BaseException) -> None:
        self._waiting.discard(id(notice))
        await self._failed(notice, error)

    async def _failed(self, notice: Notice, error: BaseException | None) -> None:
        # Where a coroutine is thrown away there is no loop any more, to be kept waiting or to come back to.
        if self._intake.deduplicator is None or isinstance(error, GeneratorExit):
            self._intake.failed(notice, error)
        else:
            with anyio.CancelScope(shield=True):
                await self._in_store(partial(self._intake.failed, notice, error))

    @discreet
    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            self._told_of_end = True
            if message["type"] == "lifespan.shutdown" and self._intake.ordered is not None:
                await self._run_all(self._intake.ordered.flush())
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


_STORE_THREADS = 8


async def _read(receive: Receive, most: int) -> bytes | None:
    """The body, as far as it is of any use; None if it broke off."""
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= most:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts)


async def _send(send: Send, answer: Answer) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _call(function: Callable[..., object], *arguments: object) -> None:
    """Calls an async function here, and a plain one, which may take its time, in a thread."""
    if iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__):
        found = function(*arguments)
    else:
        found = await _in_thread(function, *arguments)
    if isawaitable(found):
        await found


async def _in_thread(function: Callable[..., Any], *arguments: object) -> Any:
    # In a list, since trio refuses what turns out to be a coroutine.
    [found] = await anyio.to_thread.run_sync(lambda: [function(*arguments)])
    return found
