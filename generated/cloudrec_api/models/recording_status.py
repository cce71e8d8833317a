from enum import IntEnum


class RecordingStatus(IntEnum):
    """0 not started, 1 initialised, 2 parts starting, 3 some parts ready, 4 all parts ready, 5 recording, 6 asked to stop, 7 all parts stopped, 8 gone, 20 gone by a failure."""

    NOT_STARTED = 0
    """It has not been started."""
    INITIALIZED = 1
    """It is initialised."""
    STARTING = 2
    """Its parts are starting."""
    PARTLY_READY = 3
    """Some of its parts are ready and others are not. For minutes it means that it does not get into the channel."""
    READY = 4
    """All its parts are ready. It runs."""
    IN_PROGRESS = 5
    """It records. It runs."""
    STOPPING = 6
    """It was asked to stop."""
    STOPPED = 7
    """All its parts have stopped."""
    EXITED = 8
    """It is gone."""
    EXITED_ABNORMALLY = 20
    """It is gone, by a failure."""

    def __str__(self) -> str:
        return self.name
