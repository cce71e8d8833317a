"""Changes: which recordings have changed since somebody looked last. Nothing is missed that is late to be seen."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

from ._store import Store

Query = Callable[..., Awaitable[Any]]


class Changes:
    """What changes from a place on, for one who looks again and again."""

    def __init__(self, store: Store, query: Query, place: int = 0) -> None:
        self._store = store
        self._query = query
        self.place: int = place
        """From where on the next look will look; whoever begins there anew may be told something twice."""
        self._told: dict[str, tuple[int, int]] = {}

    async def begin(self) -> None:
        """Begins now: what was before is not told of."""
        self.place = await self._query(self._store.all_ended)
        async with aclosing(self.look()) as before:
            async for _ in before:
                pass

    async def look(self) -> AsyncGenerator[Mapping[str, Any], None]:
        """Rows that have changed since the last look, as they are now."""
        # What others have not finished to change yet is told when they have, and what came after it at once.
        since, ended = self.place, await self._query(self._store.all_ended)
        page: tuple[int, str] | None = (since, "")
        seen: dict[str, tuple[int, int]] = {}
        while page is not None:
            rows, page = await self._query(self._store.changes, page)
            for row in rows:
                seen[row["key"]] = version = (row["run"], row["version"])
                if self._told.get(row["key"]) != version:
                    yield row
        self.place, self._told = ended, seen
