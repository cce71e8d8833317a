from enum import StrEnum


class IndividualAvFileType(StrEnum):
    """`hls` makes M3U8 playlists and TS or WebM slices."""

    HLS = "hls"
    """Makes M3U8 playlists and TS or WebM slices."""

    def __str__(self) -> str:
        return str(self.value)
