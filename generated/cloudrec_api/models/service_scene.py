from enum import StrEnum


class ServiceScene(StrEnum):
    """Kind of the recording: `rtc_record` of single users, `rtc_snapshot` screenshots, `mix_record` everyone in one picture, `web_record` a web page, `rtsc/raw-recording` in `raw` mode."""

    MIX_RECORD = "mix_record"
    """Everyone in one picture."""
    RAW_RECORDING = "rtsc/raw-recording"
    """A recording in raw mode."""
    RTC_RECORD = "rtc_record"
    """A recording of single users."""
    RTC_SNAPSHOT = "rtc_snapshot"
    """Screenshots."""
    WEB_RECORD = "web_record"
    """A web page."""

    def __str__(self) -> str:
        return str(self.value)
