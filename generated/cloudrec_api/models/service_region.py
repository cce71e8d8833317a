from enum import StrEnum


class ServiceRegion(StrEnum):
    AP = "AP"
    CN = "CN"
    EU = "EU"
    NA = "NA"

    def __str__(self) -> str:
        return str(self.value)
