from enum import IntEnum


class StreamTypes(IntEnum):
    AUDIO_ONLY = 0
    VIDEO_ONLY = 1
    AUDIO_AND_VIDEO = 2

    def __str__(self) -> str:
        return self.name
