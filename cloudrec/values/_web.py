"""`WebPage` and `CdnPush`: the page that is recorded, and where it is pushed to."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar, Self

from attrs import field, fields, frozen

from cloudrec_api.models.audio_profile import AudioProfile

from .._contract.checker import check
from .._contract.document import component
from .._contract.frames import discreet
from .._contract.redact import hidden_url, shown
from .._contract.rule_texts import GIVEN_TWICE, TYPE
from .._contract.written import of_attributes
from ..errors import InvalidRequestError, Problem
from ._wire import fields_of

_RECORDER, _PUSH = "web_recorder_service", "rtmp_publish_service"
# Names on the wire of what a page is made with.
_WIRE = {
    "url": "url",
    "width": "videoWidth",
    "height": "videoHeight",
    "audio_profile": "audioProfile",
    "bitrate": "videoBitrate",
    "fps": "videoFps",
    "mobile": "mobile",
    "max_video_duration": "maxVideoDuration",
    "start_paused": "onhold",
    "ready_timeout": "readyTimeout",
}


@discreet
@frozen(repr=False)
class WebPage:
    """A web page to record.

    >>> WebPage("https://example.com/lesson?ticket=4711", width=1920, height=1080)
    WebPage('https://example.com/lesson?***', width=1920, height=1080)

    Args:
        url: Address of the page, ``http`` or ``https``. Its query is not shown, since it often holds a ticket.
        width: Width of the picture in pixels, 1280 by default. width × height is at most 1920 × 1080.
        height: Height of the picture in pixels, 720 by default.
        audio_profile: Quality of the sound, an :class:`AudioProfile`. Mono at 48 kbit/s by default.
        bitrate: kbit/s of the video, at least 1. Left out, 2000 from 1280 × 720 on and 1500 below.
        fps: Frames per second, 5 to 60. Left out, 15.
        mobile: Whether to render the page as a mobile browser does.
        max_video_duration: Minutes after which a new MP4 file begins, 30 to 240. Left out, 120.
        start_paused: Whether to open the page and record nothing until ``resume``.
        ready_timeout: Seconds for the page to call ``navigator.notifyReady()``, 1 to 60. A page that does not is loaded
            once more, and then the recording ends. Left out or 0, nobody looks.

    Raises:
        InvalidRequestError: something of it is wrong.
    """

    url: str
    """Address of the page."""
    width: int = field(default=1280, kw_only=True)
    """Width of the picture in pixels."""
    height: int = field(default=720, kw_only=True)
    """Height of the picture in pixels."""
    audio_profile: AudioProfile | int = field(default=AudioProfile.MONO_48_KBPS, kw_only=True)
    """Quality of the sound."""
    bitrate: int | None = field(default=None, kw_only=True)
    """kbit/s of the video."""
    fps: int | None = field(default=None, kw_only=True)
    """Frames per second."""
    mobile: bool = field(default=False, kw_only=True)
    """Whether the page is rendered as a mobile browser does."""
    max_video_duration: int | None = field(default=None, kw_only=True)
    """Minutes after which a new MP4 file begins."""
    start_paused: bool = field(default=False, kw_only=True)
    """Whether it begins paused."""
    ready_timeout: int | None = field(default=None, kw_only=True)
    """Seconds for the page to say that it is loaded."""

    _WRITTEN: ClassVar[Mapping[str, str]] = {
        **{name: attribute for attribute, name in _WIRE.items()},
        "maxRecordingHour": "max_recording_hour",
    }

    def __attrs_post_init__(self) -> None:
        # How long it may record is said elsewhere, and there must be something.
        problems = check({**self.to_dict(), "maxRecordingHour": 1}, component("WebRecorderServiceParam"))
        if problems:
            raise InvalidRequestError.of("WebPage", of_attributes(problems, self))

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The page that these fields, as they are on the wire, mean.

        Args:
            wire: A ``serviceParam`` of the web recorder, of which ``maxRecordingHour`` is passed over.

        Raises:
            InvalidRequestError: they mean none.
        """
        given = fields_of(cls, wire, "WebRecorderServiceParam", maxRecordingHour=1)
        names = {name: attribute for attribute, name in _WIRE.items()}
        return cls(**{names[name]: value for name, value in given.items() if name in names})

    def service_param(self, max_recording_hour: int) -> dict[str, Any]:
        """The ``serviceParam`` of the web recorder.

        Args:
            max_recording_hour: Hours after which the recording ends by itself, 1 to 720.

        Raises:
            InvalidRequestError: it is not that.
        """
        param = {**self.to_dict(), "maxRecordingHour": max_recording_hour}
        if problems := check(param, component("WebRecorderServiceParam")):
            raise InvalidRequestError.of("WebPage", of_attributes(problems, self))
        return param

    def to_dict(self) -> dict[str, Any]:
        """The ``serviceParam`` of the web recorder, but for how long it may record."""
        given = {name: getattr(self, attribute) for attribute, name in _WIRE.items()}
        # What these two say is so by default.
        off = {name for name in ("mobile", "onhold") if given[name] is False}
        return {name: _plain(value) for name, value in given.items() if value is not None and name not in off}

    def __repr__(self) -> str:
        told = {f.name: getattr(self, f.name) for f in fields(type(self)) if getattr(self, f.name) != f.default}
        return f"WebPage({hidden_url(told.pop('url'))}{''.join(f', {name}={value!r}' for name, value in told.items())})"


@discreet
@frozen(init=False, repr=False)
class CdnPush:
    """Where a recorded page is pushed to, as it is recorded.

    >>> CdnPush("rtmps://live.example.com/app/stream-key")
    CdnPush('rtmps://live.example.com/***')

    Args:
        urls: The ``rtmp`` or ``rtmps`` address. The service takes one at a time.

    Raises:
        InvalidRequestError: it is none, or there are too many.
    """

    urls: tuple[str, ...]
    """The addresses. They hold stream keys, which let anyone stream."""

    def __init__(self, *urls: str) -> None:
        object.__setattr__(self, "urls", urls)
        if problems := check(self.to_dict(), component("RtmpPublishServiceParam")):
            raise InvalidRequestError.of(
                "CdnPush", [problem._replace(argument=_of_urls(problem.field)) for problem in problems]
            )

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The push that these fields, as they are on the wire, mean: ``serviceParam`` or ``rtmpPublishConfig``.

        Raises:
            InvalidRequestError: they mean none.
        """
        given = fields_of(cls, wire, "RtmpPublishServiceParam")
        return cls(*(output["rtmpUrl"] for output in given["outputs"]))

    def to_dict(self) -> dict[str, Any]:
        """The ``serviceParam`` of a push, and the ``rtmpPublishConfig`` of an update."""
        return {"outputs": [{"rtmpUrl": url} for url in self.urls]}

    def __repr__(self) -> str:
        return f"CdnPush({', '.join(map(hidden_url, self.urls))})"


def extension_service_config(
    page: WebPage | Mapping[str, Any] | str, max_recording_hour: int, push_to: CdnPush | Sequence[str] = ()
) -> dict[str, Any]:
    """The whole ``extensionServiceConfig`` of a start, for it to be checked with the rest.

    Args:
        page: The page, its URL, or fields of ``serviceParam`` as they are on the wire, in which what a :class:`WebPage`
            has a default for may be missing.
        max_recording_hour: Hours after which the recording ends by itself.
        push_to: Addresses of a CDN to push it to; none by default.

    Raises:
        InvalidRequestError: something is of a wrong kind, or the page says otherwise how long it may be recorded.
    """
    problems = []
    param = _page(page)
    if param is None:
        problems.append(Problem("page", _kind(page), "must be a WebPage, a URL, or a dict", TYPE))
        param = {}
    if param.setdefault("maxRecordingHour", max_recording_hour) != max_recording_hour:
        rule = "is said by max_recording_hour; leave it out here"
        problems.append(Problem("page.maxRecordingHour", shown(param["maxRecordingHour"]), rule, GIVEN_TWICE))
    services: list[dict[str, Any]] = [{"serviceName": _RECORDER, "serviceParam": param}]
    urls = _urls(push_to)
    if urls is None:
        problems.append(Problem("push_to", _kind(push_to), "must be a list of URLs", TYPE))
    elif urls:
        services.append({"serviceName": _PUSH, "serviceParam": {"outputs": [{"rtmpUrl": url} for url in urls]}})
    if problems:
        raise InvalidRequestError.of("record", problems)
    return {"extensionServices": services}


def _of_urls(field: str) -> str:
    return field.replace("outputs", "urls").removesuffix(".rtmpUrl")


def _page(page: Any) -> dict[str, Any] | None:
    """A page as it is on the wire; None where it is none."""
    if isinstance(page, WebPage):
        return page.to_dict()
    if isinstance(page, str):
        return {**_DEFAULTS, "url": page}
    given = page.to_dict() if hasattr(page, "to_dict") else page
    return {**_DEFAULTS, **given} if isinstance(given, Mapping) else None


def _urls(push_to: Any) -> Sequence[Any] | None:
    """The addresses; None where it is no list of any."""
    if isinstance(push_to, CdnPush):
        return push_to.urls
    # A string is a sequence, too, and not what is meant by one here.
    if isinstance(push_to, str):
        return [push_to]
    return push_to if isinstance(push_to, Sequence) else None


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _kind(value: object) -> str:
    return f"of type {type(value).__name__}"


_DEFAULTS = {
    _WIRE[each.name]: _plain(each.default)
    for each in fields(WebPage)
    if each.name in ("width", "height", "audio_profile")
}
