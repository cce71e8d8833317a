"""Recipes: what is recorded and where it goes, as values that are checked when they are made. No I/O here."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, TypeGuard, Unpack

from attrs import field, frozen

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

from .._call.requests import acquire_problems, start_problems
from .._contract.checker import unsendable
from .._contract.frames import discreet
from .._contract.redact import HIDDEN, redacted, shown
from .._contract.rule_texts import FORBIDDEN, TYPE
from .._contract.wire import on_wire
from .._contract.written import client_request
from ..errors import InvalidRequestError, Problem, RecipeError
from ..subscriptions import for_start
from ..values import extension_service_config
from .arguments import named
from .named import Named
from .options import OfIndividualRecipe, OfMixRecipe, OfRawRecipe, WholeWebRecipe, refuse_unknown
from .recipe_json import BY_NAME, from_toml, read, write
from .words import Gathered, Wire, file_config, joined, listed, recording_config, storage_fields

if TYPE_CHECKING:
    from ..values import WebPage
    from .options import Fields, OfWebRecipe

# Arguments that are lists, which are kept as they were when they were given.
_LISTS = frozenset({"avoid", "exclude_resource_ids", "files", "push_to"})
# None stands for what is left out, but not with these.
_NEVER_NONE = frozenset({"avoid", "check", "push_to"})
# In the place of what a recipe does not hold itself, so that the rest of it can be checked.
_SOME_CNAME, _SOME_UID, _SOME_PAGE = "lesson", "1", "https://example.com"
_SOME_STORAGE = {"vendor": 1, "region": 0, "bucket": "bucket", "accessKey": "a", "secretKey": "s"}


class Body(NamedTuple):
    """What a recipe sends, but for what is known only when it is begun: cname, storage, token."""

    uid: Any
    """As it is sent; None where one is to be derived."""
    key: Any
    """What it is derived from, beside the channel."""
    avoid: frozenset[str]
    acquire: Wire
    """The `clientRequest` of acquire, but for `startParameter`."""
    start: Wire
    """The `clientRequest` of start, but for `storageConfig` and `token`."""
    problems: tuple[Problem, ...]
    """What was wrong with the words that it was made of."""
    arguments: Mapping[str, Any]
    """Those words."""


def body_problems(mode: Mode, cname: str, uid: Any, acquire: Wire, start: Wire, *, check: bool) -> list[Problem]:
    """What is wrong with both bodies. Of what is not to be checked: what of them no JSON can carry."""
    if check:
        return [*start_problems(mode, cname, uid, start), *acquire_problems(cname, uid, acquire)]
    sent = {"cname": cname, "uid": on_wire(uid), "clientRequest": {**acquire, "startParameter": start}}
    return unsendable(sent)


def _comparable(value: Any) -> Any:
    """A value in a form that is compared by what it says on the wire, and can be hashed where that is possible."""
    if hasattr(value, "to_dict"):
        value = value.to_dict()
    if isinstance(value, Mapping):
        return frozenset((name, _comparable(item)) for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(_comparable, value))
    return value


def _comparable_arguments(arguments: dict[str, Any]) -> Any:
    uids = {"uid": on_wire(arguments.get("uid"))}
    if isinstance(avoid := arguments.get("avoid"), tuple):
        uids["avoid"] = tuple(map(on_wire, avoid))
    return _comparable({**arguments, **uids})


@discreet
@frozen(init=False, repr=False)
class Recipe(ABC):
    """What is recorded and where it goes, as a value: the base of :class:`MixRecipe` and so on.

    ``client.record(recipe, cname)`` begins it. Two that say the same are equal, in words or in the API's own names. It
    goes to JSON and back where what is secret of it has a name: see :class:`Named`.
    """

    _arguments: dict[str, Any] = field(eq=_comparable_arguments)

    mode: ClassVar[Mode]
    """The mode of its recordings."""
    _known: ClassVar[type[Any]]

    def __init__(self, **arguments: Any) -> None:
        for name in BY_NAME:
            if isinstance(arguments.get(name), str):
                arguments[name] = Named(arguments[name])
        self._keep(type(self).__name__, arguments)
        if problems := self._problems():
            raise InvalidRequestError.of(type(self).__name__, list(dict.fromkeys(named(problems, self._arguments))))

    @classmethod
    def unchecked(cls, function: str, arguments: Mapping[str, Any]) -> Self:
        """One of a function's arguments, whose rules are checked when it is begun, with what is known only then."""
        made = cls.__new__(cls)
        made._keep(function, arguments)
        return made

    def _keep(self, function: str, arguments: Mapping[str, Any]) -> None:
        refuse_unknown(function, arguments, self._known)
        required = self._known.__required_keys__
        if missing := [name for name in self._known.__annotations__ if name in required and name not in arguments]:
            raise TypeError(f"{function}() missing required arguments: {', '.join(map(repr, missing))}")
        kept = {
            name: tuple(value) if name in _LISTS and _is_list(value) else value
            for name, value in arguments.items()
            if value is not None or name in required or name in _NEVER_NONE
        }
        object.__setattr__(self, "_arguments", kept)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What it was made with, by the names of the arguments."""
        return self._arguments.copy()

    def replace(self, **changes: Any) -> Self:
        """A recipe that is the same but for these arguments; None leaves one out.

        Raises:
            InvalidRequestError: as when it is made anew.
        """
        return type(self)(**{**self._arguments, **changes})

    def to_dict(self, *, addresses: bool = False) -> dict[str, Any]:
        """The recipe for JSON: without secrets, of which it has the names.

        Args:
            addresses: True keeps the address of a page or of a picture also where it has a query, a user or a password.
                Those are often secrets, and refused by default.

        Raises:
            RecipeError: it holds a secret; which one, and how it is named.
        """
        return write(self.mode.value, self._arguments, addresses=addresses)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """The recipe that was written so.

        Args:
            given: What :meth:`to_dict` gave, out of JSON, or what was written by hand in its place.

        Raises:
            RecipeError: it is none, from a later version of cloudrec, has a key that none has, or holds a secret.
            InvalidRequestError: a value of it breaks a rule.
        """
        kinds: dict[str, type[Any]] = {kind.mode.value: kind for kind in _KINDS}
        known = {mode: kind._known for mode, kind in kinds.items()}
        mode, arguments = read(given, known, None if cls is Recipe else cls.mode.value)
        made: Self = kinds[mode](**arguments)
        return made

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """The recipe that a text in TOML holds, by the same keys as in JSON.

        Example::

            recipe = Recipe.from_toml(Path("lesson.toml").read_text(encoding="utf-8"))

        Raises:
            RecipeError: it is no TOML; and as of :meth:`from_dict`.
            InvalidRequestError: a value of it breaks a rule.
        """
        return cls.from_dict(from_toml(text))

    def filled(self, secrets: Mapping[str, Any]) -> Self:
        """The same with what its names stand for, to be checked when it is begun.

        Raises:
            RecipeError: a name stands for nothing.
        """
        if not isinstance(secrets, Mapping):
            raise RecipeError(f"secrets: {type(secrets).__name__} (must be a dict of values by their names)")
        for argument, value in self._arguments.items():
            if isinstance(value, Named) and value.name not in secrets:
                known = ", ".join(sorted(map(shown, secrets))) or "none"
                raise RecipeError(
                    f"{argument}: {value.name!r} (nothing has that name in secrets; names there: {known})"
                )
        filled = {
            argument: secrets[value.name] if isinstance(value, Named) else value
            for argument, value in self._arguments.items()
        }
        return self.unchecked("record", filled)

    @property
    def check(self) -> bool:
        """Whether it is checked by the rules of the contract."""
        return bool(self._arguments.get("check", True))

    def body(self) -> Body:
        """What it sends, and what is wrong with the words that say so."""
        given, gathered = self._arguments.get, Gathered()
        start = self._start(gathered)
        scene = Scene.WEB_PAGE if self.mode is Mode.WEB else None if self.mode is Mode.RAW else Scene.REALTIME
        acquire = client_request(
            scene=Scene.DEFERRED_TRANSCODING if "deferred_transcoding" in self._arguments else scene,
            resourceExpiredHour=given("resource_expired_hour"),
            excludeResourceIds=given("exclude_resource_ids"),
            region=given("region"),
            regionAffinity=given("region_affinity"),
        )
        uid = on_wire(given("uid"))
        found = gathered(lambda: {"avoid": listed("avoid", self._arguments.get("avoid", ()))})
        avoided = [on_wire(item) for item in found.get("avoid", ())]
        problems = gathered.problems + [
            Problem(f"avoid[{place}]", shown(item), "must be a user ID: a whole number", TYPE)
            for place, item in enumerate(avoided)
            if not isinstance(item, str) or not (item.isascii() and item.isdigit())
        ]
        avoid = frozenset(item for item in avoided if isinstance(item, str))
        if isinstance(uid, str) and uid in avoid:
            problems.append(Problem("uid", shown(given("uid")), "must not be one of those in avoid", FORBIDDEN))
        key = given("key")
        if key is not None and not isinstance(key, (str, int)):
            problems.append(Problem("key", shown(key), "must be a string or a number", TYPE))
        if key is not None and uid is not None:
            problems.append(Problem("key", shown(key), "goes with no uid: it is what one is derived from", FORBIDDEN))
        return Body(uid, key, avoid, acquire, start, tuple(problems), self._arguments)

    @abstractmethod
    def _start(self, gathered: Gathered) -> Wire:
        """The `clientRequest` of start, but for `storageConfig` and `token`."""

    def _problems(self) -> list[Problem]:
        """What is wrong with it, as far as that can be known before it is begun."""
        known = {name: value for name, value in self._arguments.items() if not isinstance(value, Named)}
        if "page" in self._arguments:
            known.setdefault("page", _SOME_PAGE)
        here = self.unchecked("record", {"storage": _SOME_STORAGE, **known})
        gathered, storage = Gathered(), known.get("storage", _SOME_STORAGE)
        if not callable(storage):
            storage = gathered(storage_fields, storage, time.time())
        token = known.get("token")
        body = here.body()
        start = {"storageConfig": storage if storage and not callable(storage) else _SOME_STORAGE, **body.start}
        if token is not None and not callable(token):
            start["token"] = token
        uid = _SOME_UID if body.uid is None else body.uid
        found = body_problems(self.mode, _SOME_CNAME, uid, body.acquire, start, check=self.check)
        return [*body.problems, *gathered.problems, *found]

    def __repr__(self) -> str:
        told = (f"{name}={_shown(name, value)}" for name, value in self._arguments.items())
        return f"{type(self).__name__}({', '.join(told)})"


def _is_list(value: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))


def _shown(name: str, value: object) -> str:
    if name == "token" and not isinstance(value, Named) and not callable(value):
        return HIDDEN
    return repr(redacted(value))


class _OfChannel(Recipe):
    """What the recipes of channels share."""

    def _config(self, gathered: Gathered, **words: object) -> Wire:
        given = self._arguments.get
        config = gathered(
            recording_config,
            given("recording_config"),
            given("max_idle_time"),
            channelType=given("channel_type"),
            **words,
            **{
                "streamTypes": given("stream_types"),
                **gathered(for_start, given("audio"), given("video"), given("stream_types")),
            },
        )
        return gathered(joined, "recording_config", config, encryption=given("encryption"))


class _Apart(_OfChannel):
    """What the recipes share that record every user apart."""

    def _start(self, gathered: Gathered) -> Wire:
        given = self._arguments.get
        files, snapshots = given("files"), given("snapshots")
        words = {"streamMode": given("stream_mode"), "subscribeUidGroup": given("subscribe_uid_group")}
        fields = {"recordingConfig": self._config(gathered, **words)}
        if files is not None or snapshots is None:
            fields["recordingFileConfig"] = gathered(file_config, None, files)
        if snapshots is not None:
            fields["snapshotConfig"] = gathered(joined, "snapshots", snapshots)
        return {**fields, **gathered(joined, "deferred_transcoding", given("deferred_transcoding"))}


@discreet
@frozen(init=False, repr=False)
class IndividualRecipe(_Apart):
    """An `individual` recording as a value: every user's sound and picture to files of their own.

    Args:
        arguments: Those of ``client.individual.record``, but for the channel and :class:`LaunchOptions`.

    Raises:
        InvalidRequestError: arguments break rules.
    """

    mode = Mode.INDIVIDUAL
    """``Mode.INDIVIDUAL``."""
    _known = OfIndividualRecipe

    def __init__(self, **arguments: Unpack[OfIndividualRecipe]) -> None:
        super().__init__(**arguments)


@discreet
@frozen(init=False, repr=False)
class RawRecipe(_Apart):
    """A `raw` recording as a value: every user to a file of their own.

    Args:
        arguments: Those of ``client.raw.record``, but for the channel and :class:`LaunchOptions`.

    Raises:
        InvalidRequestError: arguments break rules.
    """

    mode = Mode.RAW
    """``Mode.RAW``."""
    _known = OfRawRecipe

    def __init__(self, **arguments: Unpack[OfRawRecipe]) -> None:
        super().__init__(**arguments)


@discreet
@frozen(init=False, repr=False)
class MixRecipe(_OfChannel):
    """A `mix` recording as a value: everyone in one picture.

    Args:
        arguments: Those of ``client.mix.record``, but for the channel and :class:`LaunchOptions`.

    Raises:
        InvalidRequestError: arguments break rules.
    """

    mode = Mode.MIX
    """``Mode.MIX``."""
    _known = OfMixRecipe

    def __init__(self, **arguments: Unpack[OfMixRecipe]) -> None:
        super().__init__(**arguments)

    def _start(self, gathered: Gathered) -> Wire:
        given, config = self._arguments.get, self._config(gathered)
        whole = config.pop("transcodingConfig", None)
        words = {"transcoding": given("transcoding"), "layout": given("layout")}
        canvas = gathered(joined, "recording_config.transcodingConfig", whole, **words)
        if canvas:
            config["transcodingConfig"] = canvas
        return {"recordingConfig": config, "recordingFileConfig": gathered(file_config, None, given("files"))}


@discreet
@frozen(init=False, repr=False)
class WebRecipe(Recipe):
    """A `web` recording as a value: a page.

    Args:
        page: The page: its URL, or ``WebPage(url, ...)`` with size, bitrate and so on.
        arguments: Those of ``client.web.record``, but for the name and :class:`LaunchOptions`.

    Raises:
        InvalidRequestError: arguments break rules.
    """

    mode = Mode.WEB
    """``Mode.WEB``."""
    _known = WholeWebRecipe

    def __init__(self, page: WebPage | Fields | str | Named, **arguments: Unpack[OfWebRecipe]) -> None:
        super().__init__(page=page, **arguments)

    def _start(self, gathered: Gathered) -> Wire:
        given = self._arguments
        push_to = given.get("push_to", ())
        page = gathered(extension_service_config, given["page"], given["max_recording_hour"], push_to)
        return {"extensionServiceConfig": page, "recordingFileConfig": gathered(file_config, None, given.get("files"))}


_KINDS: tuple[type[Recipe], ...] = (IndividualRecipe, RawRecipe, MixRecipe, WebRecipe)
