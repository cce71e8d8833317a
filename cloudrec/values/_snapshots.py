"""`Snapshots`: pictures of single users, every few seconds."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import frozen

from cloudrec_api.models.snapshot_file_type import SnapshotFileType

from .._contract.checker import check
from .._contract.document import component, default
from .._contract.written import of_attributes
from ..errors import InvalidRequestError
from ._wire import fields_of


@frozen
class Snapshots:
    """Screenshots of each user who sends video, as JPEG files; in ``raw`` and ``individual`` mode.

    Beside a recording they are not billed; without ``recordingFileConfig`` they are taken instead of one.

    Args:
        interval: Seconds between two screenshots of a user, 1 to 3600; older pages begin at 5. They are taken at key
            frames alone, so that there may be fewer. 10 by default.

    Raises:
        InvalidRequestError: it is not that.
    """

    interval: int = 10
    """Seconds between two screenshots."""

    _WRITTEN: ClassVar[Mapping[str, str]] = {"captureInterval": "interval"}

    def __attrs_post_init__(self) -> None:
        if problems := check(self.to_dict(), component("SnapshotConfig")):
            raise InvalidRequestError.of("Snapshots", of_attributes(problems, self))

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The screenshots that these fields, as they are on the wire, mean: a ``snapshotConfig``.

        Raises:
            InvalidRequestError: they mean none.
        """
        given = fields_of(cls, wire, "SnapshotConfig")
        return cls(given.get("captureInterval", default("SnapshotConfig", "captureInterval")))

    def to_dict(self) -> dict[str, Any]:
        """A ``snapshotConfig``."""
        return {"captureInterval": self.interval, "fileType": [SnapshotFileType.JPG.value]}
