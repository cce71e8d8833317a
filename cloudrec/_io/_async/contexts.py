"""`OnlyWith` and `Starting`: what is used with `async with`."""

from collections.abc import Coroutine, Generator
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Never, TypeVar

from ...errors import ConfigurationError
from ..interrupts import held_back

R_co = TypeVar("R_co", bound=AbstractAsyncContextManager[Any], covariant=True)


class OnlyWith:
    """What is used with `async with`, and says so to who writes `with`."""

    if not TYPE_CHECKING:

        def __enter__(self) -> Never:
            error = ConfigurationError(
                f"{type(self).__name__} is used with `async with`, not with `with`",
                advice="Write `async with`; or use CloudRecording where there is no event loop.",
            )
            # A recording that was awaited already runs, and here it cannot be stopped.
            is_not_stopped = getattr(self, "_is_not_stopped", None)
            if is_not_stopped is not None:
                is_not_stopped(error)
            raise error

        def __exit__(self, *_: object) -> None:
            """There is nothing to end."""


class NotAwaited(ConfigurationError, AttributeError):
    """Something was asked of a recording that nobody has started."""


class Starting(OnlyWith, Coroutine[Any, Any, R_co]):
    """A recording that is about to be started: by ``await``, or by ``async with``, which stops it, too."""

    def __init__(self, run: Coroutine[Any, Any, R_co]) -> None:
        self._run = run
        self._started: R_co | None = None

    def __await__(self) -> Generator[Any, Any, R_co]:
        return self._run.__await__()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Never:
            raise NotAwaited(
                f"record was not awaited: nothing was sent, and there is no recording yet to have a {name!r}",
                advice="Write `recording = await client.mix.record(...)`, or `async with client.mix.record(...)`.",
            )

        def __enter__(self) -> Never:
            self._run.close()
            super().__enter__()

    # A coroutine in full, so that tasks can be made of it.

    def send(self, value: Any) -> Any:
        """As of any coroutine."""
        return self._run.send(value)

    def throw(self, *error: Any) -> Any:
        """As of any coroutine."""
        return self._run.throw(*error)

    def close(self) -> None:
        """As of any coroutine."""
        self._run.close()

    @held_back
    async def __aenter__(self) -> R_co:
        self._started = await self._run
        try:
            await self._started.__aenter__()
            return self._started
        except BaseException as cut:
            # Interrupted: nobody else will end it.
            await self._started.__aexit__(type(cut), cut, cut.__traceback__)
            raise

    @held_back
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._started is not None:
            await self._started.__aexit__(kind, error, traceback)
