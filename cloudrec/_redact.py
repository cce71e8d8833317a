"""Keeping secrets out of what people see."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ._contract import secret_names

HIDDEN = "***"


def secrets_in(value: Any) -> Iterator[str]:
    """The values of all secret fields at and below a JSON value."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in secret_names():
                if isinstance(item, str) and item:
                    yield item
            else:
                yield from secrets_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from secrets_in(item)


def redacted(value: Any) -> Any:
    """A JSON value with secret fields hidden."""
    if isinstance(value, dict):
        return {name: HIDDEN if name in secret_names() else redacted(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted(item) for item in value]
    return value


def scrub(text: str, secrets: Iterable[str]) -> str:
    """A text from outside, with these secrets taken out wherever it repeats them."""
    # The longest first, so that one which is part of another leaves nothing of it behind.
    for secret in sorted(set(secrets), key=len, reverse=True):
        for form in {secret, json.dumps(secret)[1:-1]}:
            # A short one is only taken out where it stands alone: "id" would be found in every "invalid".
            edge = r"(?<![A-Za-z0-9])%s(?![A-Za-z0-9])" if len(secret) < 6 else "%s"
            text = re.sub(edge % re.escape(form), HIDDEN, text)
    return text
