"""Recipes as JSON and TOML: without secrets, of which a recipe holds the names. No I/O here."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, Protocol

from .._contract.document import secret_names
from .._contract.redact import redacted, shown
from ..errors import InvalidRequestError, RecipeError
from ..layouts import Layout
from ..subscriptions import Subscription, everyone, everyone_but, nobody, only
from ..values import DeferredTranscoding, Snapshots, Transcoding, WebPage
from .named import Named
from .options import hint

VERSION: Final = 1

# Arguments that are a name wherever they are a string.
BY_NAME = ("storage", "encryption")
_WORDS: dict[str, Subscription] = {"everyone": everyone(), "nobody": nobody()}
_LISTS: dict[str, Callable[..., Subscription]] = {"only": only, "everyone_but": everyone_but}


class _Kind(Protocol):
    """A value that is made of fields as they are on the wire."""

    def from_dict(self, wire: Mapping[str, Any]) -> Any: ...


def _made_by(kind: _Kind) -> Callable[[Any], Any]:
    """Reads a value; what is none, or says more than that, stays as it is, and is checked with the rest."""

    def read(wire: Any) -> Any:
        try:
            made = kind.from_dict(wire)
        except InvalidRequestError:
            return wire
        return made if _plain(made) == wire else wire

    return read


def _subscription(said: Any) -> Subscription:
    if isinstance(said, str) and said in _WORDS:
        return _WORDS[said]
    if isinstance(said, Mapping) and len(said) == 1:
        [(word, uids)] = said.items()
        if word in _LISTS and isinstance(uids, list):
            return _LISTS[word](*uids)
    raise RecipeError(
        f"audio, video: {shown(said)} (must be 'everyone', 'nobody', {{'only': [...]}} or {{'everyone_but': [...]}})"
    )


_READ: dict[str, Callable[[Any], Any]] = {
    "audio": _subscription,
    "video": _subscription,
    "layout": _made_by(Layout),
    "transcoding": _made_by(Transcoding),
    "snapshots": _made_by(Snapshots),
    "deferred_transcoding": _made_by(DeferredTranscoding),
    "page": _made_by(WebPage),
}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Subscription):
        word = "everyone_but" if value.all_others else "only"
        return {word: list(value.uids)} if value.uids else "everyone" if value.all_others else "nobody"
    if hasattr(value, "to_dict"):
        return _plain(value.to_dict())
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def write(mode: str, arguments: Mapping[str, Any], *, addresses: bool) -> dict[str, Any]:
    """A recipe's arguments as JSON.

    Raises:
        RecipeError: one is, or holds, a secret.
    """
    written = {name: _written(name, value, addresses=addresses) for name, value in arguments.items()}
    return {"version": VERSION, "mode": mode, **written}


def _written(name: str, value: Any, *, addresses: bool) -> Any:
    if isinstance(value, Named):
        return value.name if name in BY_NAME else {"named": value.name}
    if name in (*BY_NAME, "token") or callable(value):
        raise _secret(name, type(value).__name__)
    plain = _plain(value)
    if _holds_secrets(name, plain, addresses=addresses):
        raise _secret(name, "given", of_address=not _holds_secrets(name, plain, addresses=True))
    return plain


def _holds_secrets(name: str, plain: Any, *, addresses: bool) -> bool:
    # The address of a push is a secret: whoever has it can stream.
    return _has_secret_field(plain) if addresses and name != "push_to" else redacted(plain) != plain


def _has_secret_field(plain: Any) -> bool:
    if isinstance(plain, dict):
        return any(name in secret_names() or _has_secret_field(item) for name, item in plain.items())
    return isinstance(plain, list) and any(map(_has_secret_field, plain))


def _secret(name: str, told: str, *, of_address: bool = False) -> RecipeError:
    example = f'{name}="a name"' if name in BY_NAME else f'{name}=Named("a name")'
    whole = "; or keep addresses as they are: to_dict(addresses=True)" if of_address else ""
    return RecipeError(
        f"{name}: {told} (a recipe that is kept holds no secrets, but their names: write {example}, and give the value "
        f"when it is recorded, in client.record(..., secrets={{'a name': ...}}){whole})"
    )


def read(given: object, kinds: Mapping[str, type[Any]], only_mode: str | None) -> tuple[str, dict[str, Any]]:
    """The mode and the arguments of a recipe that was written; ``kinds`` are the arguments of each mode.

    Raises:
        RecipeError: it is none, or from a later version, or holds a secret.
        InvalidRequestError: a value breaks a rule.
    """
    if not isinstance(given, Mapping):
        raise RecipeError(f"recipe: {type(given).__name__} (must be an object)")
    sent = dict(given)
    version, mode = sent.pop("version", None), sent.pop("mode", None)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise RecipeError(f"version: {shown(version)} (must be {VERSION}; this is no recipe)")
    if version > VERSION:
        raise RecipeError(
            f"version: {version} (this version of cloudrec reads {VERSION}; upgrade it to use this recipe)"
        )
    if not isinstance(mode, str) or mode not in kinds:
        raise RecipeError(f"mode: {shown(mode)} (must be one of {', '.join(kinds)}{_nearest(mode, kinds)})")
    if only_mode not in (None, mode):
        raise RecipeError(f"mode: {mode!r} (this reads {only_mode} recipes; Recipe.from_dict takes every mode)")
    for name in sent:
        if name not in kinds[mode].__annotations__:
            told = hint(name, kinds[mode])
            raise RecipeError(f"{name}: is not part of a {mode} recipe of version {VERSION}{told and f'; {told}'}")
    if missing := sorted(kinds[mode].__required_keys__ - sent.keys()):
        raise RecipeError(f"{', '.join(missing)}: missing; no {mode} recipe can do without")
    return mode, {name: _read(name, value) for name, value in sent.items()}


def _nearest(name: object, known: Mapping[str, Any]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(str(name), known, 1)
    return f"; the nearest is {near[0]!r}" if near else ""


def _read(name: str, value: Any) -> Any:
    if isinstance(value, Mapping) and value.keys() == {"named"}:
        return Named(value["named"])
    if name in BY_NAME and isinstance(value, str):
        return Named(value)
    if name in (*BY_NAME, "token") or _holds_secrets(name, value, addresses=True):
        raise _secret(name, f"of type {type(value).__name__}")
    return _READ[name](value) if name in _READ else value


def from_toml(text: object) -> dict[str, Any]:
    """What a text in TOML says.

    Raises:
        RecipeError: it is no TOML.
    """
    if not isinstance(text, str):
        raise RecipeError(f"recipe: {type(text).__name__} (must be text in TOML)")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise RecipeError(f"recipe: no TOML ({wrong})") from None
