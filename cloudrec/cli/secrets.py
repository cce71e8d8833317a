"""Secrets: where the values lie that are written nowhere, and are no arguments of a command."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from .failures import UsageError, Word

RULE = 'must be { env = "NAME" }, { file = "PATH" } or { keyring = "SERVICE/NAME" }; a secret is not written here'


def secret(what: str, given: object, folder: Path) -> str:
    """The value that a table such as ``{ env = "NAME" }`` leads to; paths start from the folder of that table's file.

    Raises:
        UsageError: it is no such table, or leads to nothing.
    """
    if not isinstance(given, dict) or len(given) != 1:
        raise UsageError(what, Word("***" if isinstance(given, str) else type(given).__name__), RULE)
    [(kind, name)] = given.items()
    if kind not in _KINDS or not isinstance(name, str) or not name:
        raise UsageError(what, Word(str(kind)[:40]), RULE)
    return _KINDS[kind](what, name, folder)


def _environment(what: str, name: str, folder: Path) -> str:
    if value := os.environ.get(name, "").strip():
        return value
    raise UsageError(what, Word("missing"), f"the environment must have {name}")


def of_file(what: str, name: str, folder: Path) -> str:
    """What a file holds, without the line break at its end."""
    path = folder / Path(name).expanduser()
    try:
        value = path.read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise UsageError(what, str(path), f"must be a file with the secret: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(what, str(path), "must be a file of text in UTF-8") from None
    if value:
        return value
    raise UsageError(what, str(path), "must not be empty")


def _keyring(what: str, name: str, folder: Path) -> str:
    service, slash, user = name.partition("/")
    if not (service and slash and user):
        raise UsageError(what, name, "must be SERVICE/NAME")
    try:
        keyring: Any = importlib.import_module("keyring")
    except ImportError:
        raise UsageError(what, name, "needs keyring, which is not installed: pip install keyring") from None
    value = keyring.get_password(service, user)
    if value:
        return str(value)
    raise UsageError(what, name, f"the keyring has nothing of that name: keyring set {service} {user}")


_KINDS = {"env": _environment, "file": of_file, "keyring": _keyring}
