from enum import StrEnum


class ServiceScene(StrEnum):
    MIX_RECORD = "mix_record"
    RAW_RECORDING = "rtsc/raw-recording"
    RTC_RECORD = "rtc_record"
    RTC_SNAPSHOT = "rtc_snapshot"
    WEB_RECORD = "web_record"

    def __str__(self) -> str:
        return str(self.value)
