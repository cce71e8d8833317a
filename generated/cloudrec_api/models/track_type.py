from enum import StrEnum


class TrackType(StrEnum):
    AUDIO = "audio"
    AUDIO_AND_VIDEO = "audio_and_video"
    VIDEO = "video"

    def __str__(self) -> str:
        return str(self.value)
