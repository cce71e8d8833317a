from enum import IntEnum


class EventModule(IntEnum):
    """Where an error or a warning comes from: 0 recorder, 1 uploader, 2 the recording as a whole, 6 web page recorder."""

    RECORDER = 0
    """Recorder."""
    UPLOADER = 1
    """Uploader."""
    CLOUD_RECORDING = 2
    """The recording as a whole."""
    WEB_RECORDER = 6
    """Web page recorder."""

    def __str__(self) -> str:
        return self.name
