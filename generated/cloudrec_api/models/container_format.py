from enum import StrEnum


class ContainerFormat(StrEnum):
    AAC = "aac"
    M4A = "m4a"
    MP3 = "mp3"
    MP4 = "mp4"

    def __str__(self) -> str:
        return str(self.value)
