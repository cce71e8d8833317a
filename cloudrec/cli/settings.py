"""Settings: the configuration file, and the client, the storages and the secrets that come of it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from .failures import UsageError, Word, nearest
from .secrets import secret

if TYPE_CHECKING:
    from .._async.client import AsyncCloudRecording
    from .._recording.recipe import Recipe
    from ..storage import Storage

FILE = "cloudrec.toml"
_SECTIONS = ("agora", "defaults", "encryption", "secret", "storage")
_PLAIN = ("app_id", "area", "base_url")
_SECRET = ("customer_id", "customer_secret", "app_certificate")
# Options of the client, for tests: a clock and a wait of their own.
CLIENT: dict[str, Any] = {}


def folder(kind: str) -> Path:
    """The folder of this user for data or configuration."""
    import platformdirs

    return platformdirs.user_data_path("cloudrec") if kind == "data" else platformdirs.user_config_path("cloudrec")


def configuration_file() -> Path | None:
    """The file that is read; None where there is none.

    Raises:
        UsageError: the one that is named is not there.
    """
    if named := os.environ.get("CLOUDREC_CONFIG", ""):
        path = Path(named).expanduser()
        if not path.is_file():
            raise UsageError("CLOUDREC_CONFIG", named, "must be a file that is there")
        return path
    return next((path for path in (Path(FILE), folder("configuration") / FILE) if path.is_file()), None)


@frozen
class Settings:
    """What the configuration file says."""

    path: Path | None
    sections: Mapping[str, Any]

    @classmethod
    def read(cls) -> Settings:
        """From the file, if there is one.

        Raises:
            UsageError: it cannot be read, or has a section that none has.
        """
        path = configuration_file()
        if path is None:
            return cls(None, {})
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise UsageError(str(path), Word("given"), f"must be TOML: {wrong}") from None
        for name, section in found.items():
            if name not in _SECTIONS:
                rule = f"is no section; there are {', '.join(_SECTIONS)}{nearest(name, _SECTIONS)}"
                raise UsageError(str(path), name, rule)
            if not isinstance(section, dict):
                raise UsageError(f"{path}: {name}", Word(type(section).__name__), f"must be a table: [{name}]")
        return cls(path, found)

    @property
    def _folder(self) -> Path:
        return self.path.parent if self.path is not None else Path()

    def _where(self, name: str) -> str:
        return f"{self.path}: {name}"

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of it; empty where there is none."""
        found: Mapping[str, Any] = self.sections.get(name, {})
        return found

    # -- the account --------------------------------------------------------------------------

    def client(self, **options: Any) -> AsyncCloudRecording:
        """A client, by the environment first, and by this file where that says nothing.

        Raises:
            ConfigurationError: something of the account is not there.
            UsageError: this file is wrong.
        """
        from .._async.client import AsyncCloudRecording

        with self.environment():
            return AsyncCloudRecording.from_env(**CLIENT | options)

    @contextmanager
    def environment(self) -> Iterator[None]:
        """The environment with what this file says of the account, while `from_env` reads it."""
        agora, added = self.section("agora"), list[str]()
        for name in agora:
            if name not in (*_PLAIN, *_SECRET):
                rule = f"is no key of it{nearest(name, (*_PLAIN, *_SECRET))}"
                raise UsageError(self._where(f"agora.{name}"), Word("given"), rule)
        try:
            for name, value in agora.items():
                variable = f"AGORA_{name.upper()}"
                if os.environ.get(variable, "").strip():
                    continue
                what = self._where(f"agora.{name}")
                is_plain = name in _PLAIN or name == "customer_id"
                if not isinstance(value, str) and name in _PLAIN:
                    raise UsageError(what, value, "must be text")
                found = value if is_plain and isinstance(value, str) else secret(what, value, self._folder)
                os.environ[variable] = found
                added.append(variable)
            yield
        finally:
            for variable in added:
                del os.environ[variable]

    # -- storages and secrets -----------------------------------------------------------------

    def storage(self, given: str, what: str = "--storage") -> Storage:
        """The storage of that name, or of that address.

        Raises:
            UsageError: there is none, or it is described wrongly.
            ConfigurationError: a value breaks a rule.
        """
        from .storages import of_address, of_table

        if "://" in given:
            return of_address(what, given)
        known = self.section("storage")
        if given not in known:
            where = f"[storage.{given}] of {self.path or FILE}" if given.isidentifier() else f"a storage of {FILE}"
            rule = f"must be {where}, or an address such as s3://bucket/folder?region=..."
            raise UsageError(what, given, f"{rule}{nearest(given, list(known))}")
        return of_table(self._where(f"storage.{given}"), known[given], self._folder)

    def filled(self, recipe: Recipe) -> Recipe:
        """The recipe with what its names stand for: each in the section that is for such an argument.

        Raises:
            UsageError: one of them stands for nothing, or is described wrongly.
        """
        from .._recording.named import Named

        found: dict[str, Any] = {}
        for argument, value in recipe.arguments.items():
            if not isinstance(value, Named):
                continue
            match argument:
                case "storage":
                    found[argument] = self._renewable(value.name)
                case "encryption":
                    found[argument] = self._encryption(value.name)
                case _:
                    found[argument] = self._secret(argument, value.name)
        return recipe.replace(**found)

    def _renewable(self, name: str) -> Storage | Callable[[], Storage]:
        """The storage; where its credentials end, what reads them anew."""
        made = self.storage(name)
        return partial(self.storage, name) if "stsToken" in made.to_dict() else made

    def _encryption(self, name: str) -> Any:
        from ..values import Encryption

        known = self.section("encryption")
        what = self._where(f"encryption.{name}")
        if not isinstance(known.get(name), dict):
            raise UsageError(what, Word("missing"), f"must be a table{nearest(name, list(known))}")
        table, keys = known[name], ("mode", "secret", "salt")
        for key in table:
            if key not in keys:
                raise UsageError(f"{what}.{key}", Word("given"), f"is no key of it{nearest(key, keys)}")
        if "mode" not in table or "secret" not in table:
            raise UsageError(what, Word("not whole"), "must have mode and secret")
        given = {key: secret(f"{what}.{key}", table[key], self._folder) for key in ("secret", "salt") if key in table}
        return Encryption(table["mode"], **given)

    def _secret(self, argument: str, name: str) -> str:
        known = self.section("secret")
        if name not in known:
            rule = f"must be a key of [secret] in {self.path or FILE}{nearest(name, list(known))}"
            raise UsageError(argument, name, rule)
        return secret(self._where(f"secret.{name}"), known[name], self._folder)
