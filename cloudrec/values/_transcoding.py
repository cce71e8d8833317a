"""`Transcoding`: size, frame rate and bitrate of a composite picture."""

from collections.abc import Mapping
from typing import Any, Self

from attrs import field, frozen

from .._contract.checker import check
from .._contract.document import component, default
from .._contract.redact import shown
from .._contract.rule_texts import LISTED_VALUE, PRESET_OR_SIZE, REQUIRED
from ..errors import InvalidRequestError, Problem
from ._wire import fields_of

_PRESETS = {"360p": (640, 360), "480p": (848, 480), "720p": (1280, 720), "1080p": (1920, 1080)}

# Frames per second to kbit/s, for a picture of so many pixels: the provider's table of video profiles, its column for
# channels of the communication kind (cloud-recording/develop/recording-video-profile). Pictures of as many pixels have
# the same bitrate there, whatever their shape.
_ADVICE = {
    120 * 120: {15: 50},
    160 * 120: {15: 65},
    180 * 180: {15: 100},
    240 * 180: {15: 120},
    320 * 180: {15: 140},  # and 240 × 240
    320 * 240: {15: 200},
    424 * 240: {15: 220},
    360 * 360: {15: 260, 30: 400},
    480 * 360: {15: 320, 30: 490},
    640 * 360: {15: 400, 30: 600},  # and 480 × 480
    640 * 480: {10: 400, 15: 500, 30: 750},
    848 * 480: {15: 610, 30: 930},
    960 * 720: {15: 910, 30: 1380},
    1280 * 720: {15: 1130, 30: 1710},
    1920 * 1080: {15: 2080, 30: 3150, 60: 4780},
}
# The same page, for what is not in the table: of the bitrate at 15 frames per second, half at 5 and half as much again
# at 30. Live channels take twice as much.
_HALF_AT, _HALF_MORE_AT = 5, 30


def _advised(pixels: int, fps: int, live: bool) -> int | None:
    """Bitrate for the size in the table that comes closest; None where there is no advice for the frame rate."""
    rows = _ADVICE[min(_ADVICE, key=lambda known: abs(known - pixels))]
    points: dict[int, float] = {_HALF_AT: rows[15] / 2, _HALF_MORE_AT: rows[15] * 1.5, **rows}
    if fps > max(points):
        return None
    above = min(rate for rate in points if rate >= fps)
    below = max((rate for rate in points if rate <= fps), default=above)
    share = (fps - below) / (above - below) if above > below else 0
    base = points[below] + share * (points[above] - points[below])
    most: int = component("TranscodingConfig")["properties"]["bitrate"]["maximum"]
    return min(round(base * 2), most) if live else round(base)


@frozen(init=False)
class Transcoding:
    """The composite picture of ``mix`` mode: its size, frame rate and bitrate.

    >>> Transcoding("720p")
    Transcoding(width=1280, height=720, fps=15, bitrate=1130)
    >>> Transcoding(width=1280, height=720, fps=30, live=True)
    Transcoding(width=1280, height=720, fps=30, bitrate=3420)

    Args:
        preset: ``"360p"`` (640 × 360), ``"480p"`` (848 × 480), ``"720p"`` (1280 × 720) or ``"1080p"`` (1920 × 1080), in
            place of width and height.
        width: Width in pixels. width × height is at most 1920 × 1080.
        height: Height in pixels.
        fps: Frames per second: 1, 7, 10, 15 (the default), 24, 30 or 60.
        bitrate: kbit/s of the video, 1 to 6500. By default what the provider advises for this frame rate, and the size
            in its table that comes closest.
        live: Whether the channel is of the live broadcasting kind, for which twice the bitrate is advised.
        portrait: Whether to turn a preset upright.

    Raises:
        InvalidRequestError: something of it is wrong or missing.
    """

    width: int
    """Width in pixels."""
    height: int
    """Height in pixels."""
    fps: int
    """Frames per second."""
    bitrate: int
    """kbit/s of the video."""
    # Neither shows in what is sent: they are for `replace`.
    _live: bool = field(eq=False, repr=False)
    _is_advised: bool = field(eq=False, repr=False)

    def __init__(
        self,
        preset: str | None = None,
        *,
        width: int | None = None,
        height: int | None = None,
        fps: int = 15,
        bitrate: int | None = None,
        live: bool = False,
        portrait: bool = False,
    ) -> None:
        size, problems = _size(preset, width, height, portrait)
        given: dict[str, Any] = {**size, "fps": fps, **({} if bitrate is None else {"bitrate": bitrate})}
        problems += check(given, component("TranscodingConfig"))
        for name, switch in (("live", live), ("portrait", portrait)):
            problems += check(switch, {"type": "boolean"}, name)
        if not problems and bitrate is None:
            given["bitrate"] = _advised(size["width"] * size["height"], fps, live)
            if given["bitrate"] is None:
                rule = f"is required with {fps} frames per second at this size, for which nothing is advised"
                problems.append(Problem("bitrate", "missing", rule, REQUIRED))
        if problems:
            raise InvalidRequestError.of("Transcoding", problems)
        for name, value in given.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_live", live)
        object.__setattr__(self, "_is_advised", bitrate is None)

    def replace(
        self,
        *,
        width: int | None = None,
        height: int | None = None,
        fps: int | None = None,
        bitrate: int | None = None,
        live: bool | None = None,
    ) -> Self:
        """The same with something changed. A bitrate that was not given is advised anew.

        Raises:
            InvalidRequestError: as of the class.
        """
        kept = None if self._is_advised else self.bitrate
        return type(self)(
            width=self.width if width is None else width,
            height=self.height if height is None else height,
            fps=self.fps if fps is None else fps,
            bitrate=kept if bitrate is None else bitrate,
            live=self._live if live is None else live,
        )

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The picture that these fields, as they are on the wire, mean; what is left out has the service's default.

        Args:
            wire: A ``transcodingConfig``, of which the layout is passed over.

        Raises:
            InvalidRequestError: they mean none.
        """
        given, schema = fields_of(cls, wire, "TranscodingConfig"), "TranscodingConfig"
        size = {name: given.get(name, default(schema, name)) for name in ("width", "height", "fps", "bitrate")}
        return cls(**size)

    def to_dict(self) -> dict[str, Any]:
        """Its fields of ``transcodingConfig``."""
        return {"width": self.width, "height": self.height, "fps": self.fps, "bitrate": self.bitrate}


def _size(preset: Any, width: int | None, height: int | None, portrait: bool) -> tuple[dict[str, Any], list[Problem]]:
    """Width and height, and what is wrong with how they were said."""
    size = {name: value for name, value in (("width", width), ("height", height)) if value is not None}
    if preset is None:
        missing = [name for name in ("width", "height") if name not in size]
        problems = [Problem(name, "missing", "is required, or a preset such as '720p'", REQUIRED) for name in missing]
        if portrait is True:
            problems.append(
                Problem(
                    "portrait", "True", "turns a preset; width and height are sent as they are given", PRESET_OR_SIZE
                )
            )
        return size, problems
    if size:
        return size, [
            Problem("preset", shown(preset), "stands for width and height; give one or the other", PRESET_OR_SIZE)
        ]
    found = _PRESETS.get(preset.lower()) if isinstance(preset, str) else None
    if found is None:
        return {}, [Problem("preset", shown(preset), f"must be one of {', '.join(_PRESETS)}", LISTED_VALUE)]
    wide, high = reversed(found) if portrait else found
    return {"width": wide, "height": high}, []
