"""From what people say to the parts of a request that say so. No I/O here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ParamSpec

from .._contract.document import default
from .._contract.redact import shown
from .._contract.rule_texts import GIVEN_TWICE, RANGE, TYPE
from .._contract.written import client_request
from ..errors import InvalidRequestError, Problem

Wire = dict[str, Any]
P = ParamSpec("P")

# Seconds; the provider's advice for channels that may be empty for a while. Its default is 30.
DEFAULT_MAX_IDLE_TIME = 300


class Gathered:
    """What is wrong with the words of a request, gathered so that all of it can be told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, make: Callable[P, Wire], *arguments: P.args, **words: P.kwargs) -> Wire:
        """What a function makes of its arguments; nothing, where they are wrong."""
        try:
            return make(*arguments, **words)
        except InvalidRequestError as wrong:
            self.problems += wrong.problems
            return {}


def storage_fields(storage: object, now: float) -> Wire:
    """A storage configuration as it is sent at this time, in seconds since 1970.

    Raises:
        InvalidRequestError: it is none, or its session token has ended.
    """
    wire = client_request(storage=storage).get("storage")
    if not isinstance(wire, dict):
        told = type(storage).__name__
        rule = "must be a StorageConfig, a storage such as S3(...), a dict, or a function that gives one of these"
        raise InvalidRequestError.of("record", [Problem("storage", told, rule, TYPE)])
    ends = wire.get("stsExpiration")
    if isinstance(ends, int) and ends <= now:
        rule = "must be in the future; these short-lived credentials have ended"
        raise InvalidRequestError.of("record", [Problem("storage.stsExpiration", str(ends), rule, RANGE)])
    return wire


def recording_config(given: object, max_idle_time: int | None, **words: object) -> Wire:
    """`recordingConfig`: what was given as a whole, and the words beside it.

    Raises:
        InvalidRequestError: something was given twice.
    """
    config = _wire(given, "recording_config")
    config = _joined("recording_config", config, client_request(maxIdleTime=max_idle_time, **words))
    config.setdefault("channelType", default("MixRecordingConfig", "channelType"))
    config.setdefault("maxIdleTime", DEFAULT_MAX_IDLE_TIME)
    return config


def joined(name: str, given: object, **words: object) -> Wire:
    """A part of a request that was given as a whole, and the values beside it.

    Raises:
        InvalidRequestError: something was given twice.
    """
    found = _wire(given, name)
    for word, value in words.items():
        found = _joined(name, found, _wire(value, word))
    return found


def file_config(given: object, files: Iterable[object] | str | None) -> Wire:
    """`recordingFileConfig`; HLS where nothing is said."""
    kinds = None if files is None else listed("files", files)
    config = _joined("recording_file_config", _wire(given, "recording_file_config"), client_request(avFileType=kinds))
    config.setdefault("avFileType", default("RecordingFileConfig", "avFileType"))
    return config


def listed(name: str, given: object) -> list[Any]:
    """Several of something; one alone is taken for a list of one."""
    if isinstance(given, (str, int)):
        return [given]
    if isinstance(given, Iterable):
        return list(given)
    raise InvalidRequestError.of("record", [Problem(name, shown(given), "must be a list", TYPE)])


def _wire(given: object, name: str) -> Wire:
    if given is None:
        return {}
    if name == "layout" and isinstance(given, str):
        from ..layouts._ready_made import layout_by_word

        given = layout_by_word(given)
    wire = client_request(**{name: given})[name]
    if not isinstance(wire, dict):
        rule = (
            "must be a layout such as grid(4), or a dict" if name == "layout" else "must be one of its types or a dict"
        )
        raise InvalidRequestError.of("record", [Problem(name, type(given).__name__, rule, TYPE)])
    return wire


def _joined(name: str, config: Wire, words: Wire) -> Wire:
    if twice := sorted(config.keys() & words.keys()):
        rule = "is given by an argument of its own, too"
        problems = [Problem(f"{name}.{field}", "given", rule, GIVEN_TWICE) for field in twice]
        raise InvalidRequestError.of("record", problems)
    return {**config, **words}
