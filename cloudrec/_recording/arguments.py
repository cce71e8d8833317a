"""What the arguments of `record` are called, by the wire's names for what they become, and by what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._contract.checker import Across
from .._contract.rule_texts import UNKNOWN_FIELD
from .._contract.written import Given, along, renamed, snake
from ..errors import Problem

_ENCRYPTION = {"decryptionMode", "secret", "salt"}
_CANVAS = {"width", "height", "fps", "bitrate"}


class Recorded(Given):
    """A `clientRequest` of ``record``, and the arguments that it was made of."""

    def argument_of(self, field: str) -> str:
        """What was written for a field of it."""
        return argument_of(field, self.arguments)


def named(problems: Iterable[Problem], given: Mapping[str, Any]) -> list[Problem]:
    """The same problems, each with what was written of the arguments of ``record``."""
    return [problem if problem.argument else _told(problem, given) for problem in problems]


def _told(problem: Problem, given: Mapping[str, Any]) -> Problem:
    told = renamed(problem, lambda field: argument_of(field, given), _argument(problem, given))
    if problem.name == UNKNOWN_FIELD and told.argument.startswith("encryption."):
        # Its parts stand in `recordingConfig`, which takes others, too.
        told = told._replace(rule=f"is not taken here; encryption takes {', '.join(sorted(_ENCRYPTION))}")
    return told


def _argument(problem: Problem, given: Mapping[str, Any]) -> str:
    argument = argument_of(problem.field, given)
    # A rule between fields is told of what they are in; where nobody wrote that, they were written by themselves.
    if not isinstance(problem, Across) or re.split(r"[.\[]", argument, maxsplit=1)[0] in given:
        return argument
    return ", ".join(dict.fromkeys(argument_of(part, given) for part in problem.parts)) or argument


def argument_of(field: str, given: Mapping[str, Any]) -> str:
    """What of these arguments of ``record`` becomes this field."""
    field = field.removeprefix("clientRequest.").removeprefix("startParameter.")
    head, dot, rest = field.partition(".")
    if head in given:
        return head + along(given[head], dot + rest)
    if head == "storageConfig":
        return _part("storage", rest, given)
    if head == "scene" and "deferred_transcoding" in given:
        return "deferred_transcoding"
    if head == "snapshotConfig":
        return _part("snapshots", rest, given)
    if head in ("transcodeOptions", "appsCollection"):
        return _part("deferred_transcoding", field, given)
    if head == "recordingFileConfig":
        files, bracket, place = given.get("files"), *rest.partition("[")[1:]
        return "files" if files is None or isinstance(files, (str, int)) else f"files{bracket}{place}"
    if head == "recordingConfig":
        return _of_config(rest, given)
    if head == "extensionServiceConfig":
        return _of_page(rest, given)
    # What `record` itself puts there has another name than what it was given: only `joined` parts come with a dot.
    return field if "." in field else snake(field)


def _part(argument: str, path: str, given: Mapping[str, Any]) -> str:
    """What of an argument becomes a part below its field; the argument alone, where it says nothing of that."""
    return argument + along(given.get(argument), path)


def _of_config(path: str, given: Mapping[str, Any]) -> str:
    whole, first = given.get("recording_config"), path.partition(".")[0].partition("[")[0]
    if not path:
        return "recording_config"
    told = along(whole, path)
    if whole is not None and _says(whole, first):
        return f"recording_config{told}"
    if first == "transcodingConfig":
        rest = path.partition(".")[2]
        leaf = rest.partition(".")[0].partition("[")[0]
        of_canvas = not leaf or leaf in _CANVAS or _says(given.get("transcoding"), leaf)
        return _part("transcoding" if of_canvas else "layout", rest, given)
    encryption = given.get("encryption")
    if first in _ENCRYPTION or (isinstance(encryption, Mapping) and first in encryption):
        return _part("encryption", path, given)
    if first.lower().endswith(("audiouids", "videouids")):
        return "audio" if "Audio" in first else "video"
    return snake(first) if snake(first) in given or whole is None else f"recording_config{told}"


def _says(whole: Any, name: str) -> bool:
    """Whether a configuration that was given as a whole says something of this field."""
    wire = whole.to_dict() if hasattr(whole, "to_dict") else whole
    return isinstance(wire, Mapping) and name in wire


def _of_page(path: str, given: Mapping[str, Any]) -> str:
    rest = path.partition("serviceParam")[2].lstrip(".")
    if "extensionServices[1]" in path or rest.startswith("outputs"):
        return "push_to"
    if rest == "maxRecordingHour" and not (isinstance(given.get("page"), Mapping) and rest in given["page"]):
        return "max_recording_hour"
    if isinstance(given.get("page"), str):
        return "page"
    return _part("page", rest, given)
