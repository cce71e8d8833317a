from enum import StrEnum


class RawAvFileType(StrEnum):
    HLS = "hls"
    MP3 = "mp3"
    MP4 = "mp4"

    def __str__(self) -> str:
        return str(self.value)
