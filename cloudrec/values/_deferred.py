"""`DeferredTranscoding`: files that are made once more after a recording."""

from collections.abc import Mapping
from typing import Any, Self

from attrs import field, frozen

from cloudrec_api.models.combination_policy import CombinationPolicy
from cloudrec_api.models.container_format import ContainerFormat
from cloudrec_api.models.scene import Scene
from cloudrec_api.models.trans_mode import TransMode

from .._contract.checker import check, is_carried
from .._contract.document import component
from .._contract.redact import shown
from .._contract.rule_texts import MIXED_SOUND
from .._contract.written import snake
from ..errors import InvalidRequestError, Problem
from ._wire import fields_of


def _lower(kind: Any) -> Any:
    return kind.lower() if isinstance(kind, str) else kind


@frozen
class DeferredTranscoding:
    """Files made after an ``individual`` recording, within 24 hours, in the bucket beside the others.

    ::

        DeferredTranscoding()                          # an MP4 file for each user
        DeferredTranscoding("mp3", channels=1)         # one file with everyone's sound

    The bucket must be in the ``region`` that ``acquire`` is given. ``acquire`` needs scene 2, too: ``record`` sees to
    that; for the single calls there is ``client.individual.acquire(..., deferred_transcoding=True)``.

    Args:
        format: ``"mp4"`` (the default), a file for each user; or ``"mp3"``, ``"m4a"`` or ``"aac"``, one file with the
            sound of everyone. In any case, or a :class:`ContainerFormat`.
        sample_rate: Samples per second of the mixed sound: 48000 (the service's default), 32000 or 16000.
        channels: Channels of the mixed sound: 2 (the service's default) or 1.

    Raises:
        InvalidRequestError: something of it is wrong.
    """

    format: str = field(default=ContainerFormat.MP4.value, converter=_lower)
    """Kind of file."""
    sample_rate: int | None = field(default=None, kw_only=True)
    """Samples per second of the mixed sound; None leaves it to the service."""
    channels: int | None = field(default=None, kw_only=True)
    """Channels of the mixed sound; None leaves it to the service."""

    def __attrs_post_init__(self) -> None:
        problems = check(self.transcode_options, component("TranscodeOptions"))
        sound = {"sample_rate": self.sample_rate, "channels": self.channels}
        if self.format == ContainerFormat.MP4:
            rule = "is taken with mp3, m4a and aac only; mp4 keeps each user's sound as it is"
            problems += [
                Problem(name, shown(value), rule, MIXED_SOUND) for name, value in sound.items() if value is not None
            ]
        if problems:
            # Deep in what is sent, each has a name of its own.
            told = [problem._replace(argument=snake(problem.field.rpartition(".")[2])) for problem in problems]
            raise InvalidRequestError.of("DeferredTranscoding", told)

    @classmethod
    def from_dict(cls, wire: Mapping[str, Any]) -> Self:
        """The files that ``appsCollection`` and ``transcodeOptions``, as they are on the wire, mean.

        Raises:
            InvalidRequestError: they mean none.
        """
        storage = {"vendor": 1, "region": 0, "bucket": "b", "accessKey": "a", "secretKey": "s"}
        given = fields_of(cls, wire, "IndividualStartClientRequest", storageConfig=storage)
        options = given.get("transcodeOptions", {})
        audio = {name: int(value) for name, value in options.get("audio", {}).items()}
        mixes = options.get("transConfig", {}).get("transMode") == TransMode.AUDIO_MIX.value
        usual = ContainerFormat.MP3 if mixes else ContainerFormat.MP4
        kind = options.get("container", {}).get("format", usual.value)
        return cls(kind, sample_rate=audio.get("sampleRate"), channels=audio.get("channels"))

    @property
    def scene(self) -> Scene:
        """The scene that ``acquire`` needs for it."""
        return Scene.DEFERRED_TRANSCODING

    @property
    def apps_collection(self) -> dict[str, Any]:
        """The ``appsCollection`` of the start."""
        return {"combinationPolicy": CombinationPolicy.POSTPONE_TRANSCODING.value}

    @property
    def transcode_options(self) -> dict[str, Any]:
        """The ``transcodeOptions`` of the start."""
        mode = TransMode.POSTPONE_TRANSCODING if self.format == ContainerFormat.MP4 else TransMode.AUDIO_MIX
        # The service wants these numbers as strings.
        audio = {"sampleRate": _digits(self.sample_rate), "channels": _digits(self.channels)}
        audio = {name: value for name, value in audio.items() if value is not None}
        return {
            "transConfig": {"transMode": mode.value},
            "container": {"format": self.format},
            **({"audio": audio} if audio else {}),
        }

    def to_dict(self) -> dict[str, Any]:
        """Its fields of the start's ``clientRequest``."""
        return {"appsCollection": self.apps_collection, "transcodeOptions": self.transcode_options}


def _digits(number: Any) -> Any:
    is_whole = isinstance(number, int) and not isinstance(number, bool)
    return str(number) if is_whole and is_carried(number) else number
