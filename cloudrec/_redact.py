"""Keeping secrets out of what people see."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ._contract import secret_names

HIDDEN = "***"
# Deeper than any request of the service is.
_DEEPEST = 50


def secrets_in(value: Any, within: tuple[int, ...] = ()) -> Iterator[str]:
    """The values of all secret fields at and below a JSON value."""
    if _is_endless(value, within):
        return
    within = (*within, id(value))
    if isinstance(value, dict):
        for name, item in value.items():
            if name in secret_names():
                if isinstance(item, str) and item:
                    yield item
            else:
                yield from secrets_in(item, within)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from secrets_in(item, within)


def _is_endless(value: Any, within: tuple[int, ...]) -> bool:
    """Whether a list or a dict holds itself, or is deeper than anything that can be sent."""
    return isinstance(value, (dict, list, tuple)) and (id(value) in within or len(within) > _DEEPEST)


def redacted(value: Any) -> Any:
    """A JSON value with secret fields hidden."""
    return _redacted(value, ())


def shown(value: object, most: int = 80) -> str:
    """A value as it would be written, in short. One that cannot be written is told by its type.

    Python does not write whole numbers of thousands of digits, and a class may have a `repr` of its own that fails.
    """
    try:
        told = repr(value)
    except Exception:
        told = f"of type {type(value).__name__}"
    return told if len(told) <= most else f"{told[: most - 3]}..."


def _redacted(value: Any, within: tuple[int, ...]) -> Any:
    if _is_endless(value, within):
        return HIDDEN
    within = (*within, id(value))
    if isinstance(value, dict):
        return {name: HIDDEN if name in secret_names() else _redacted(item, within) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted(item, within) for item in value]
    return value


def hidden_url(url: str) -> str:
    """An address as it would be written, without what may be a secret in it: who asks, and the query."""
    return repr(re.sub(r"[?#].*", f"?{HIDDEN}", re.sub(r"//[^/?#]*@", f"//{HIDDEN}@", url), flags=re.DOTALL))


def scrub(text: str, secrets: Iterable[str]) -> str:
    """A text from outside, with these secrets taken out wherever it repeats them."""
    # The longest first, so that one which is part of another leaves nothing of it behind.
    for secret in sorted(set(secrets), key=len, reverse=True):
        for form in {secret, json.dumps(secret)[1:-1]}:
            # A short one is only taken out where it stands alone: "id" would be found in every "invalid".
            edge = r"(?<![A-Za-z0-9])%s(?![A-Za-z0-9])" if len(secret) < 6 else "%s"
            text = re.sub(edge % re.escape(form), HIDDEN, text)
    return text
