from enum import IntEnum


class Scene(IntEnum):
    """0 channels in `individual` and `mix` mode, 1 web pages, 2 deferred transcoding in `individual` mode."""

    REALTIME = 0
    """Channels in `individual` and `mix` mode."""
    WEB_PAGE = 1
    """Web pages."""
    DEFERRED_TRANSCODING = 2
    """Deferred transcoding in `individual` mode."""

    def __str__(self) -> str:
        return self.name
