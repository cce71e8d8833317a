from enum import StrEnum


class IndividualAvFileType(StrEnum):
    HLS = "hls"

    def __str__(self) -> str:
        return str(self.value)
