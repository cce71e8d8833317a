from enum import IntEnum


class EventService(IntEnum):
    CLOUD_RECORDING = 0
    RECORDER = 1
    UPLOADER = 2
    EXTENSION = 4
    WEB_RECORDER = 6
    TRANSCODER = 7
    DOWNLOADER = 8

    def __str__(self) -> str:
        return self.name
