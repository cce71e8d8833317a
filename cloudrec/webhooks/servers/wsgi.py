"""`WebhookApp` for Flask, Django and everything else that speaks WSGI.

::

    from cloudrec.webhooks.wsgi import WebhookApp

    def handle(event: Event) -> None:
        ...

    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/agora": WebhookApp(secret, handle)})
"""

import atexit
import sys
import time
from collections.abc import Callable, Iterable
from inspect import iscoroutinefunction
from queue import Empty, SimpleQueue
from threading import TIMEOUT_MAX, Lock, Thread, current_thread
from types import TracebackType
from typing import Any, Self, TypeAlias
from weakref import ref

from ..._contract.frames import discreet
from ..._io.forks import in_child
from ..._numbers import seconds
from ...errors import ConfigurationError
from .._events import Event, Notice
from .._receive import MAX_SIZE
from .._signature import Secret
from ..delivery.deduplicator import Deduplicator
from ..delivery.ordered import Ordered, Placed
from .intake import BUSY, FAILED, MALFORMED, TAKEN, Answer, Handler, Intake, OnError, OnOther, logger

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]


@discreet
class WebhookApp:
    """A WSGI application that takes webhooks. It is mounted, or serves alone.

    An event is answered first and handled then, in a thread beside, so that a slow handler costs no repeats. Until it
    is handled it waits, in memory; when too many wait, the answer is 503, and the service sends the event again. What
    the handler raises is logged (``cloudrec.webhooks``) and given to ``on_error``. :meth:`close` lets the events that
    wait be handled; so does the end of the program, for ten seconds. It may be made, and used, before a server forks:
    each process handles what comes to it.

    Where an event must survive the end of the process, hand it over to something that does, and let that come before
    the answer: with ``answer_first=False`` the answer is 200 if the handler returns and 500 if it raises, after which
    the service sends the event again, three times at most. The handler then has ten seconds.

    Answers: 200 with ``{}``; 400 for a body that is no notice, 401 for a signature that is not right, 405, 413.

    Args:
        secret: The secret of the project's notifications, or several.
        handler: Is called with each :class:`~cloudrec.webhooks.Event`.
        on_other: Is called with events of other products and with the console's health check; both are answered 200.
        on_error: Is called with the notice and the error when a handler has raised.
        allow_v1: Whether to take a body that is signed with SHA-1 alone.
        max_size: Bytes of a body that are read, 1 MiB by default.
        answer_first: Whether the answer comes before the handling.
        most_waiting: Notices that wait at the most, 1000 by default, the ones that are being handled included.
        at_once: Threads that handle, 1 by default: then events are handled in the order in which they came. With
            ``answer_first=False`` it is the server's own threads that handle, as many as it has.
        deduplicator: Recognises repeats, which are answered 200 and not handled again. While another process is at
            the notice, the answer is 503: that one may fail, or be dead. Events that may wait for longer than the
            deduplicator's ``lease``, in a program of several processes, want a longer one.
        ordered: Brings the events of a recording into their order.

    Raises:
        ConfigurationError: an argument is not what it must be.
    """

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
        for name, given in (("handler", handler), ("on_other", on_other), ("on_error", on_error)):
            if iscoroutinefunction(given) or iscoroutinefunction(type(given).__call__):
                raise ConfigurationError(f"{name}: an async function (must be a plain one here)")
        self._closed = False
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """At the beginning, and in a process that was forked: the threads are the parent's, and so is what waits."""
        self._queue: SimpleQueue[Notice | None] = SimpleQueue()
        self._lock = Lock()
        self._waiting = 0
        self._threads: list[Thread] = []

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        answer = self._answer(environ)
        start_response(f"{answer.status} {answer.reason}", list(answer.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def close(self, timeout: float = 10.0) -> bool:
        """Takes no more, and waits until everything that was taken is handled.

        Args:
            timeout: Seconds to wait at the most, from 0 to 1,000,000,000. 10 by default.

        Returns:
            Whether everything is handled. How much is not is logged.

        Raises:
            ConfigurationError: the timeout is not such a number; nothing has changed.
        """
        within = seconds("timeout", timeout, or_none=True)
        with self._lock:
            self._closed = True
            threads = [thread for thread in self._threads if thread is not current_thread()]
            for _ in threads:
                self._queue.put(None)
        end = time.monotonic() + within
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        with self._lock:
            left = self._waiting
        if left:
            logger.error("webhooks not handled in time: %d", left)
        return not left

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, environ: Environ) -> Answer:
        length = environ.get("CONTENT_LENGTH") or None
        answer = self._intake.early(environ["REQUEST_METHOD"], length)
        if answer is not None:
            return answer
        body = _read(environ, length, self._intake.max_size)
        if body is None:
            return MALFORMED
        headers = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")]
        taken = self._intake.take(body, headers)
        return taken if isinstance(taken, Answer) else self._notice(taken)

    def _notice(self, notice: Notice) -> Answer:
        with self._lock:
            if self._closed or self._waiting >= self._intake.most_waiting:
                return BUSY
            self._waiting += 1
        try:
            repeat = self._intake.begin(notice)
        except BaseException:
            self._leave()
            raise
        if repeat is not None:
            self._leave()
            return repeat
        if not self._intake.answer_first:
            return TAKEN if self._run(notice) else FAILED
        with self._lock:
            taken = not self._closed
            if taken:
                self._start()
                self._queue.put(notice)
        if not taken:
            self._leave()
            self._intake.failed(notice, None)
        return TAKEN if taken else BUSY

    def _leave(self) -> None:
        with self._lock:
            self._waiting -= 1

    def _start(self) -> None:
        """Starts the threads, with the first notice of a process: before that, a server may fork."""
        if self._threads:
            return
        atexit.register(_close, ref(self))
        if multiprocessing := sys.modules.get("multiprocessing.util"):
            # Its processes end without what is registered there, on most versions of Python.
            multiprocessing.Finalize(None, _close, (ref(self),), exitpriority=0)
        names = [f"webhooks-{number}" for number in range(self._intake.at_once)]
        self._threads = [Thread(target=self._work, name=name, daemon=True) for name in names]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        ordered = self._intake.ordered
        while True:
            try:
                # None waits for ever, and more than so many seconds no thread can.
                due = ordered.due_in() if ordered is not None else None
                notice = self._queue.get(timeout=None if due is None else min(due, TIMEOUT_MAX))
            except Empty:
                self._run_all(ordered.due() if ordered is not None else [])
                continue
            if notice is None:
                break
            if ordered is not None and isinstance(notice, Event):
                self._run_all(ordered.push(notice))
            else:
                self._run(notice)
        if ordered is not None:
            self._run_all(ordered.flush())

    def _run_all(self, placed: list[Placed]) -> None:
        for event, _, _ in placed:
            self._run(event)

    def _run(self, notice: Notice) -> bool:
        """Whether the handler did what it should."""
        try:
            self._intake.function_for(notice)(notice)
        except Exception as error:
            self._intake.failed(notice, error)
            if self._intake.on_error is not None:
                try:
                    self._intake.on_error(notice, error)
                except BaseException as another:
                    self._intake.on_error_failed(notice, another)
                    if not isinstance(another, Exception) and not self._intake.answer_first:
                        raise
            return False
        except BaseException as error:
            self._intake.failed(notice, error)
            if not self._intake.answer_first:
                raise
            return False  # or our thread would end, and nobody handle what comes after
        else:
            self._intake.done(notice)
            return True
        finally:
            self._leave()


def _read(environ: Environ, length: str | None, most: int) -> bytes | None:
    """The body, as far as it is of any use; None if it broke off."""
    stream: Any = environ["wsgi.input"]
    # Without a length there is no end to wait for, unless the server says that it ends the body itself.
    wanted = int(length) if length else most + 1 if environ.get("wsgi.input_terminated") else 0
    parts: list[bytes] = []
    while wanted > 0:
        try:
            part = stream.read(min(wanted, 1 << 16))
        except OSError:
            return None
        if not part:
            break
        parts.append(part)
        wanted -= len(part)
    return None if length and wanted else b"".join(parts)


def _close(app: "ref[WebhookApp]") -> None:
    if (found := app()) is not None:
        found.close()
