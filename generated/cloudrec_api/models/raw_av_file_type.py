from enum import StrEnum


class RawAvFileType(StrEnum):
    """`hls` makes M3U8 playlists and TS slices (of VP8 and VP9 MPD and WebM), `mp4` an MP4 file for each user beside them (so far on an unmerged branch of the provider's pages alone), `mp3` sound alone."""

    HLS = "hls"
    """Makes M3U8 playlists and TS slices (of VP8 and VP9 MPD and WebM)."""
    MP3 = "mp3"
    """Sound alone."""
    MP4 = "mp4"
    """An MP4 file for each user beside them (so far on an unmerged branch of the provider's pages alone)."""

    def __str__(self) -> str:
        return str(self.value)
