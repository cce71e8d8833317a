"""What the arguments of `record` are called, by the wire's names for what they become."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import Problem

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS = {
    "storageConfig": "storage",
    "snapshotConfig": "snapshots",
    "transcodeOptions": "deferred_transcoding",
    "appsCollection": "deferred_transcoding",
    "recordingFileConfig": "files",
}
_ENCRYPTION = {"decryptionMode", "secret", "salt"}
_CANVAS = {"width", "height", "fps", "bitrate"}


def named(problems: Iterable[Problem]) -> list[Problem]:
    """The same problems, each with the argument that it is about."""
    return [problem._replace(argument=argument_of(problem.field)) for problem in problems]


def argument_of(field: str) -> str:
    """The argument of ``record`` that becomes this field; empty where the field's own name says it."""
    head, *rest = field.split(".")
    if head in _PARTS:
        return ".".join([_PARTS[head], *map(_snake, rest)]) if head != "recordingFileConfig" else "files"
    if head == "recordingConfig":
        return _of_config(rest)
    if head == "extensionServiceConfig":
        leaf = rest[-1] if rest else ""
        of_page = "max_recording_hour" if leaf == "maxRecordingHour" else "page"
        return "push_to" if "outputs" in field or "extensionServices[1]" in field else of_page
    return _snake(head) if not rest else ""


def _of_config(rest: list[str]) -> str:
    if not rest:
        return "recording_config"
    first = rest[0].partition("[")[0]
    if first == "transcodingConfig":
        leaf = rest[1].partition("[")[0] if len(rest) > 1 else ""
        return "transcoding" if not leaf or leaf in _CANVAS else "layout"
    if first in _ENCRYPTION:
        return "encryption"
    if first.lower().endswith(("audiouids", "videouids")):
        return "audio" if "Audio" in first else "video"
    return _snake(first)


def _snake(name: str) -> str:
    return _CAPITAL.sub("_", name).lower()
