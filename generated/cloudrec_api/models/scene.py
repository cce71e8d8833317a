from enum import IntEnum


class Scene(IntEnum):
    REALTIME = 0
    WEB_PAGE = 1
    DEFERRED_TRANSCODING = 2

    def __str__(self) -> str:
        return self.name
