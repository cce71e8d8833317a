from enum import StrEnum


class ExtensionServiceName(StrEnum):
    RTMP_PUBLISH_SERVICE = "rtmp_publish_service"
    UPLOAD_SERVICE = "upload_service"
    WEB_RECORDER_SERVICE = "web_recorder_service"

    def __str__(self) -> str:
        return str(self.value)
