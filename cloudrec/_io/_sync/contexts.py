"""`OnlyWith`: what is used with `with`."""

from typing import TYPE_CHECKING, Never

from ...errors import ConfigurationError


class OnlyWith:
    """What is used with `with`, and says so to who writes `async with`."""

    if not TYPE_CHECKING:

        async def __aenter__(self) -> Never:
            # A recording runs already: what stands behind `async with` is made before it.
            stop = getattr(self, "_stopped_in_any_case", None)
            if stop is not None:
                stop()
            raise ConfigurationError(
                f"{type(self).__name__} is used with `with`, not with `async with`",
                advice="Write `with`; or use AsyncCloudRecording in async functions.",
            )

        async def __aexit__(self, *_: object) -> None:
            """There is nothing to end."""
