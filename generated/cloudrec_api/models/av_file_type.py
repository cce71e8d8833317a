from enum import StrEnum


class AvFileType(StrEnum):
    """`hls` makes M3U8 playlists and TS slices, `mp4` MP4 files beside them."""

    HLS = "hls"
    """Makes M3U8 playlists and TS slices."""
    MP4 = "mp4"
    """MP4 files beside them."""

    def __str__(self) -> str:
        return str(self.value)
