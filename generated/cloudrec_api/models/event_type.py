from enum import IntEnum


class EventType(IntEnum):
    """What has happened, by the number that the service sends as `eventType`."""

    CLOUD_RECORDING_ERROR = 1
    """An error of the recording."""
    CLOUD_RECORDING_WARNING = 2
    """A warning of the recording."""
    CLOUD_RECORDING_STATUS_UPDATE = 3
    """A call did not fit the state of the recording."""
    CLOUD_RECORDING_FILE_INFOS = 4
    """The playlist was uploaded for the first time."""
    SESSION_EXIT = 11
    """The recording is over."""
    SESSION_FAILOVER = 12
    """The recording moves to another server."""
    UPLOADER_STARTED = 30
    """The uploader has started."""
    UPLOADED = 31
    """All files are in the bucket."""
    BACKUPED = 32
    """All files are uploaded, some of them to the provider's backup."""
    UPLOADING_PROGRESS = 33
    """How far the upload is."""
    RECORDER_STARTED = 40
    """The recorder has started."""
    RECORDER_LEAVE = 41
    """The recorder has left the channel."""
    RECORDER_SLICE_START = 42
    """A recording begins, or goes on after an interruption."""
    RECORDER_AUDIO_STREAM_STATE_CHANGED = 43
    """Someone's sound came or went."""
    RECORDER_VIDEO_STREAM_STATE_CHANGED = 44
    """Someone's picture came or went."""
    RECORDER_SNAPSHOT_FILE = 45
    """A screenshot is in the bucket."""
    VOD_STARTED = 60
    """The upload to ApsaraVideo VOD has started."""
    VOD_TRIGGERED = 61
    """All files are in ApsaraVideo VOD."""
    WEB_RECORDER_STARTED = 70
    """The web page recorder has started."""
    WEB_RECORDER_STOPPED = 71
    """The web page recorder has stopped."""
    WEB_RECORDER_CAPABILITY_LIMIT = 72
    """The page uses what cannot be recorded."""
    WEB_RECORDER_RELOAD = 73
    """The page is loaded again."""
    TRANSCODER_STARTED = 80
    """Transcoding has started."""
    TRANSCODER_COMPLETED = 81
    """Transcoding has ended."""
    DOWNLOAD_FAILED = 90
    """Files could not be fetched from the bucket."""
    RTMP_PUBLISH_STATUS = 100
    """The push to a CDN came up or went down."""
    POSTPONE_TRANSCODE_FINAL_RESULT = 1001
    """Deferred transcoding has ended for good."""

    def __str__(self) -> str:
        return self.name
