"""`CatchingUp`: how many at a time of those that are taken over come to where they were, and when."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Final

# So many at a time, when for so many seconds no more of them have come in; or so many seconds after it was their turn.
CATCH_UP: Final = 8
QUIET: Final = 0.05
LONGEST: Final = 10.0


class CatchingUp:
    """Of many that are taken over at once, a few at a time come to where they were, when all have come in.

    The engine begins one after the other, and waits each time for this event loop and what that is busy with: what each
    of them has to do would make all that come after it late.
    """

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(CATCH_UP)
        self._came_at = -math.inf

    def comes(self) -> None:
        """Another one has come in."""
        self._came_at = time.monotonic()

    async def begin(self) -> None:
        """Waits for its turn, and takes a place."""
        await self._places.acquire()
        try:
            until = time.monotonic() + LONGEST
            while (left := min(self._came_at + QUIET, until) - time.monotonic()) > 0:  # noqa: ASYNC110 - none may come
                await asyncio.sleep(left)
        except BaseException:
            self._places.release()
            raise

    def end(self) -> None:
        """Gives it back."""
        self._places.release()
