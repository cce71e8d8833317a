from enum import StrEnum


class AvFileType(StrEnum):
    HLS = "hls"
    MP4 = "mp4"

    def __str__(self) -> str:
        return str(self.value)
