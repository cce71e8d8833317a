"""What is given by name: the arguments of every `record`, each written here once with its type.

Those of one mode are described where people look for them, at that mode's `record`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Never, TypeAlias, TypedDict, TypeVar

from .._contract.written import client_request, snake

if TYPE_CHECKING:
    from cloudrec_api import models

    from .._call.access_token import TokenMaker
    from .._call.retry import Retry
    from .._call.settings import ClientDefault
    from ..handles import RecordingHandle
    from ..layouts import Layout
    from ..subscriptions import Subscription
    from ..values import CdnPush, DeferredTranscoding, Encryption, Snapshots, Transcoding, WebPage
    from .named import Named
    from .renewal import AnyStorage, Provider

    Fields: TypeAlias = Mapping[str, Any]


# What may stand for a secret: a name in a recipe, and in a call nothing. Storage and encryption may be a plain one.
N = TypeVar("N")
S = TypeVar("S")


class LaunchOptions(TypedDict, total=False):
    """How a recording is begun and looked after. All of it may be left out."""

    confirm: bool
    """Whether to query until it is seen to run: first after 5 seconds, then ever more seldom, for 90 at the most. True
    by default; False returns as soon as the service has taken it on."""
    on_acquired: Callable[[RecordingHandle], object] | None
    """Called with the handle before the start is sent; its ``sid`` is still None. Once more where no recorder could be
    had, and it was acquired anew."""
    on_started: Callable[[RecordingHandle], object] | None
    """Called with the handle as soon as the recording has a sid, before anything else can go wrong. Keep the handle
    there: ``attach`` gives the recording back from it after a crash."""
    on_problem: Callable[[Exception], object] | None
    """Called with every failure that ends nothing: a query of ``watch``, a renewal of credentials, the second
    recorder. They are logged, too (logger ``cloudrec``, as warnings)."""
    on_wait: Callable[[int], object] | None
    """Called with how many go before it, where this recording has to wait to be begun: as many are begun at once as the
    client's rate limit can carry (40 where that is 10 a second), the others in order. The log tells the same."""
    timeout: float | None
    """Seconds for each attempt of each call, from connecting to the end of the answer."""
    retry: Retry | ClientDefault | None
    """How often to try each call; None for once. As the client is set up by default."""


class RecipeOptions(LaunchOptions, total=False):
    """What ``client.record`` takes beside a recipe. All of it may be left out."""

    secrets: Mapping[str, object]
    """What the names in the recipe stand for: storages, tokens, encryptions, or functions that give them."""


class RecordingOptions(TypedDict, Generic[N], total=False):
    """What a recording of any mode is made of, beside what the modes have of their own. All of it may be left out."""

    uid: int | str | None
    """The recorder's user ID, 1 to 4294967295, that nobody in the channel has (in `web` mode a number of your own).
    Derived from mode, channel and ``key`` by default: the same in every process, so that the service refuses to record
    the same twice (:class:`TaskConflictError`)."""
    key: str | int | None
    """Tells recordings of one channel apart that are to run at the same time, such as ``"teacher"`` and ``"class"``:
    each has a uid of its own, derived from it. Not together with ``uid``."""
    avoid: Iterable[int | str]
    """User IDs that the recorder is not to have: of those who may be in the channel. The next one is derived then."""
    token: str | TokenMaker | N | None
    """Token for (cname, uid), where the project has an App Certificate; or what makes one: an :class:`AccessToken`, or
    a function of cname and uid. What the client's ``tokens`` make by default. Must outlive the recording; where its end
    can be read and is too early, that is a :class:`TokenExpiryWarning`."""
    resource_expired_hour: int | None
    """Hours after the start in which to query and stop it. 1 to 720, 72 by default."""
    exclude_resource_ids: Sequence[str] | None
    """Resource IDs of recordings whose region this one is to avoid."""
    region: models.ServiceRegion | None
    """The only region whose servers may record. Not together with ``region_affinity``."""
    region_affinity: models.RegionAffinity | None
    """The region to prefer."""
    check: bool
    """False sends what breaks rules of the contract, for a service that has moved on. True by default."""


class RecordOptions(RecordingOptions[Never], LaunchOptions, total=False):
    """What ``record`` of every mode takes by name, beside what that mode does. All of it may be left out."""

    redundancy: int
    """2 starts a second recorder, with another uid and in another region, for what must not be missed. **Each of the
    two is billed.** Both are a :class:`RecordingPair`: what is done to the pair is done to both. Where one of the two
    does not come to run, that is reported, and the pair is the other one alone. A handle finds one recorder:
    ``on_acquired`` and ``on_started`` are called for each. 1 by default."""


class Stored(TypedDict, Generic[S]):
    """What no recording can do without."""

    storage: AnyStorage | Provider | S


class ChannelArguments(Stored[S], RecordingOptions[N], Generic[N, S], total=False):
    """What a recording of a channel is made of, in whatever mode."""

    channel_type: models.ChannelType | None
    audio: Subscription | None
    video: Subscription | None
    stream_types: models.StreamTypes | None
    encryption: Encryption | Fields | S | None
    max_idle_time: int | None


class IndividualArguments(ChannelArguments[N, S], Generic[N, S], total=False):
    """What an `individual` recording is made of; see ``client.individual.record``."""

    files: Iterable[models.IndividualAvFileType | str] | None
    snapshots: Snapshots | Fields | None
    stream_mode: models.StreamMode | None
    subscribe_uid_group: models.SubscribeUidGroup | None
    recording_config: models.IndividualRecordingConfig | Fields | N | None
    deferred_transcoding: DeferredTranscoding | None


class RawArguments(ChannelArguments[N, S], Generic[N, S], total=False):
    """What a `raw` recording is made of; see ``client.raw.record``."""

    files: Iterable[models.RawAvFileType | str] | None
    snapshots: Snapshots | Fields | None
    subscribe_uid_group: models.SubscribeUidGroup | None
    recording_config: models.RawRecordingConfig | Fields | N | None


class MixArguments(ChannelArguments[N, S], Generic[N, S], total=False):
    """What a `mix` recording is made of; see ``client.mix.record``."""

    files: Iterable[models.AvFileType | str] | None
    layout: Layout | str | Fields | N | None
    transcoding: Transcoding | Fields | None
    recording_config: models.MixRecordingConfig | Fields | N | None


class Limited(Stored[S], Generic[S]):
    """What no `web` recording can do without, beside the page."""

    max_recording_hour: int


class WebArguments(Limited[S], RecordingOptions[N], Generic[N, S], total=False):
    """What a `web` recording is made of, beside the page; see ``client.web.record``."""

    files: Iterable[models.AvFileType | str] | None
    push_to: Sequence[str] | CdnPush | N


class RecordIndividual(IndividualArguments[Never, Never], LaunchOptions, total=False):
    """What ``client.individual.record`` takes by name."""


class RecordRaw(RawArguments[Never, Never], LaunchOptions, total=False):
    """What ``client.raw.record`` takes by name."""


class RecordMix(MixArguments[Never, Never], LaunchOptions, total=False):
    """What ``client.mix.record`` takes by name."""


class RecordWeb(WebArguments[Never, Never], LaunchOptions, total=False):
    """What ``client.web.record`` takes by name."""


class OfIndividualRecipe(IndividualArguments["Named", "Named | str"], total=False):
    """What an ``IndividualRecipe`` takes: the same, with names for what is secret."""


class OfRawRecipe(RawArguments["Named", "Named | str"], total=False):
    """What a ``RawRecipe`` takes: the same, with names for what is secret."""


class OfMixRecipe(MixArguments["Named", "Named | str"], total=False):
    """What a ``MixRecipe`` takes: the same, with names for what is secret."""


class OfWebRecipe(WebArguments["Named", "Named | str"], total=False):
    """What a ``WebRecipe`` takes beside the page: the same, with names for what is secret."""


class OfPage(TypedDict):
    """The page of a ``WebRecipe``."""

    page: WebPage | Fields | str | Named


class WholeWebRecipe(OfWebRecipe, OfPage):
    """All of a ``WebRecipe``."""


class LayoutChanges(TypedDict, total=False):
    """What of a layout may be changed by itself; see :meth:`MixRecording.layout`."""

    mixed_video_layout: models.MixedVideoLayout | None
    max_resolution_uid: int | str | None
    background_color: str | None
    background_image: str | None
    default_user_background_image: str | None
    layout_config: Sequence[models.LayoutRegion | Mapping[str, Any]] | None
    background_config: Sequence[models.UserBackground | Mapping[str, Any]] | None


def refuse_unknown(function: str, given: Mapping[str, object], known: type[Any]) -> None:
    """As Python does where a function is given a name that it does not take; ``known`` is a TypedDict."""
    for name in given:
        if name not in known.__annotations__:
            told = hint(name, known)
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}{told and f'; {told}'}")


def hint(name: str, known: type[Any]) -> str:
    """Where what has this name is taken, if not by ``known``, a TypedDict; or else the name that it is nearest to."""
    taken, plain = known.__annotations__, snake(name)
    if plain in taken:
        return f"did you mean {plain!r}?"
    of_modes = [mode for mode, whole in _BY_MODE.items() if plain in whole.__annotations__]
    is_recording = "storage" in taken
    if of_modes and is_recording:
        return f"it is taken {_in_modes(of_modes)}"
    if of_modes and known is RecipeOptions:
        return f"it belongs into the recipe, as by recipe.replace({plain}=...)"
    if is_recording and plain in LaunchOptions.__annotations__:
        return f"it is given where the recipe is recorded: client.record(recipe, cname, {plain}=...)"
    if is_recording and (homes := _homes(wire_name(plain), taken, "")):
        return f"it belongs into {' or '.join(homes)}"
    others = {mode: _homes(wire_name(plain), whole.__annotations__, mode) for mode, whole in _BY_MODE.items()}
    if is_recording and (homes := sorted({home for found in others.values() for home in found})):
        return f"it belongs into {' or '.join(homes)}, {_in_modes([mode for mode in others if others[mode]])}"
    from difflib import get_close_matches

    # A name of another mode, too: one that is misspelt is not to be taken for whatever else is like it.
    names = (
        {
            *taken,
            *RecordOptions.__annotations__,
            *(name for whole in _BY_MODE.values() for name in whole.__annotations__),
        }
        if is_recording
        else taken
    )
    near = get_close_matches(plain, sorted(names), 1)
    there = hint(near[0], known) if near and near[0] not in {**taken, **RecordOptions.__annotations__} else ""
    return f"did you mean {near[0]!r}?{there and f' But {there}'}" if near else ""


_BY_MODE = {
    "individual": IndividualArguments, "raw": RawArguments, "mix": MixArguments, "web": WholeWebRecipe,
}  # fmt: skip


def _in_modes(modes: Sequence[str]) -> str:
    return f"in {' and '.join(filter(None, [', '.join(modes[:-1]), modes[-1]]))} mode only"


def _homes(wire: str, taken: Mapping[str, Any], mode: str) -> list[str]:
    """Arguments that a field of the wire is a part of, in a mode; in any, where none is named."""
    from .._contract.document import spots
    from .arguments import argument_of

    found = (spot for spot in spots().get(wire, ()) if spot.call.startswith(f"start {mode}"))
    paths = {f"{spot.inside}.{wire}".lstrip(".") for spot in found}
    homes = {re.split(r"[.\[]", argument_of(path, {}), maxsplit=1)[0] for path in paths}
    return sorted(homes & taken.keys())


def on_wire_names(given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by the names that their fields have on the wire; None is left out."""
    return client_request(**{wire_name(name): value for name, value in given.items()})


def wire_name(name: str) -> str:
    """``max_idle_time`` is ``maxIdleTime`` there."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
