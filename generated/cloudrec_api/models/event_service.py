from enum import IntEnum


class EventService(IntEnum):
    """0 the recording as a whole, 1 recorder, 2 uploader, 4 extension services, 6 web page recorder, 7 deferred transcoder, 8 downloader."""

    CLOUD_RECORDING = 0
    """The recording as a whole."""
    RECORDER = 1
    """Recorder."""
    UPLOADER = 2
    """Uploader."""
    EXTENSION = 4
    """Extension services."""
    WEB_RECORDER = 6
    """Web page recorder."""
    TRANSCODER = 7
    """Deferred transcoder."""
    DOWNLOADER = 8
    """Downloader."""

    def __str__(self) -> str:
        return self.name
