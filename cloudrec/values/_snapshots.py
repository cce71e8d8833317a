"""Screenshots."""

from typing import Any

from attrs import frozen

from cloudrec_api.models.snapshot_file_type import SnapshotFileType

from .._contract.checker import check
from .._contract.document import component
from ..errors import InvalidRequestError


@frozen
class Snapshots:
    """Screenshots of each user who sends video, as JPEG files; in ``individual`` mode.

    Beside a recording they are not billed; without ``recordingFileConfig`` they are taken instead of one.

    Args:
        interval: Seconds between two screenshots of a user, 5 to 3600. 10 by default.

    Raises:
        InvalidRequestError: it is not that.
    """

    interval: int = 10
    """Seconds between two screenshots."""

    def __attrs_post_init__(self) -> None:
        if problems := check(self.to_dict(), component("SnapshotConfig")):
            raise InvalidRequestError.of("Snapshots", problems)

    def to_dict(self) -> dict[str, Any]:
        """A ``snapshotConfig``."""
        return {"captureInterval": self.interval, "fileType": [SnapshotFileType.JPG.value]}
