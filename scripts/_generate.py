"""Remakes everything that a program makes here, from what people write.

    openapi/cloud-recording.yaml  →  generated/cloudrec_api/   the typed low-level client, by openapi-python-client
      and openapi/views.py                                     (and by _views.py, what reads answers and events)
                                  →  cloudrec/contract.json    the document as the library and the emulator read it
      and scripts/_calls.py       →  cloudrec/_async/*calls.py  the calls of each mode, with their docstrings
    cloudrec/_async/              →  cloudrec/_sync/           the same code without `async` and `await`
      and cloudrec/_http/_async.py   and cloudrec/_http/_sync.py
    cloudrec/__init__.pyi         →  cloudrec/_names.py        where each public name is, to be read when asked for
      and the emulator's             and the emulator's

`--check` writes nothing and exits with 1 if what is committed is not what would be made.
"""

import argparse
import ast
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from importlib.metadata import version
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from openapi_python_client.cli import app as generate_client

from _calls import make_calls
from _views import Views, make_views

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "openapi" / "cloud-recording.yaml"
GENERATOR = "0.29.1"
# The same in C, which takes a quarter of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Those whose public names are listed in a stub, and read when they are asked for.
PACKAGES = ["cloudrec", "cloudrec/emulator"]

# What the generator's own templates are changed in: (template, text that stands in it once, text in its place).
# Kept as edits, not as copies, so that a new version of the generator that moves the text is noticed.
TEMPLATE_EDITS = [
    # One UNSET for ever: copies and pickles find it by its name instead of making a second one.
    (
        "types.py.jinja",
        "        return False\n\n\nUNSET: Unset = Unset()",
        """        return False

    def __reduce__(self) -> str:
        return "UNSET"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()


def hidden(secret: object) -> str:
    \"\"\" How a secret shows in the repr of a model \"\"\"
    return "UNSET" if secret is UNSET else "'***'"
""",
    ),
    # Secrets do not show in the repr of a model (@secrets@ becomes the names with `format: password`).
    (
        "model.py.jinja",
        "{% macro declare_property(property) %}\n",
        """{% macro declare_property(property) %}
{%- if property.name in @secrets@ -%}
{%- set declared = property.to_string() | as_unembedded_code -%}
{%- set default = "default=UNSET, " if declared.endswith(" = UNSET") else "" -%}
{{ declared.removesuffix(" = UNSET") }} = _attrs_field({{ default }}repr=hidden)
{{ docstring(property.description | safe_for_docstring) | wordwrap(112) }}
{%- else -%}
{{ _declare_property(property) }}
{%- endif -%}
{% endmacro %}

{% macro _declare_property(property) %}
""",
    ),
    (
        "model.py.jinja",
        "    def to_dict(self) -> dict[str, Any]:\n",
        """    def to_dict(self) -> dict[str, Any]:
        \"\"\" The fields of this {{ class_name }} by the names that they have on the wire. \"\"\"
""",
    ),
    (
        "model.py.jinja",
        "    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:\n",
        """    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        \"\"\" The {{ class_name }} of these fields, which have the names of the wire. \"\"\"
""",
    ),
    ("model.py.jinja", "from ..types import UNSET, Unset\n", "from ..types import UNSET, Unset, hidden\n"),
    # What the service sends is read by views (_views.py), all of a module's written at once; models are for requests.
    (
        "model.py.jinja",
        "from __future__ import annotations\n\nfrom collections.abc import Mapping\n",
        """{% if model.class_info.module_name in @modules@ %}
{% include model.class_info.module_name + ".py.jinja" %}
{% else %}
from __future__ import annotations

from collections.abc import Mapping
""",
    ),
    (
        "model.py.jinja",
        "        return key in self.additional_properties\n    {% endif %}",
        "        return key in self.additional_properties\n    {% endif %}\n{% endif %}",
    ),
    (
        "property_templates/model_property.py.jinja",
        "{{ property.class_info.name }}.from_dict({{ source }})",
        """{% set make = "" if property.class_info.module_name in @modules@ else ".from_dict" -%}
{{ property.class_info.name }}{{ make }}({{ source }})""",
    ),
    (
        "models_init.py.jinja",
        '    {% for all in alls | sort %}\n    "{{ all }}",',
        '    {% for all in alls | reject("in", @parts@) | sort %}\n    "{{ all }}",',
    ),
    # A listed value may be given as it is (`vendor=1`), not only as a member of its enumeration.
    (
        "property_templates/enum_property.py.jinja",
        '{% set transformed = source + ".value" %}',
        "{% set transformed = source %}",
    ),
    # A status shows its name in an f-string, as it does in a repr.
    ("int_enum.py.jinja", "        return str(self.value)\n", "        return self.name\n"),
    # `import cloudrec_api.models` reads no model; each is read when its name is used.
    (
        "models_init.py.jinja",
        "{% for import in imports | sort %}\n{{ import }}\n{% endfor %}\n",
        """from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{% for import in imports | sort if import.split(" ")[3] not in @parts@ %}
    {{ import }}
{% endfor %}

_MODULES = {
{% for import in imports | sort if import.split(" ")[3] not in @parts@ %}
    "{{ import.split(" ")[3] }}": "{{ import.split(" ")[1] }}",
{% endfor %}
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name], __package__), name)
    globals()[name] = value
    return value
""",
    ),
    # Nor does `import cloudrec_api` read the client, and with it httpx and attrs.
    (
        "package_init.py.jinja",
        "from .client import AuthenticatedClient, Client\n",
        """from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import client

    return getattr(client, name)
""",
    ),
    # An endpoint's module is read for its `_get_kwargs`, and then costs neither attrs nor a client.
    (
        "endpoint_module.py.jinja",
        """from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors
""",
        """from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from cloudrec._contract.frames import discreet

{% if endpoint.query_parameters or endpoint.header_parameters or endpoint.cookie_parameters %}
from ...types import UNSET, Unset
{% endif %}
if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...types import Response
""",
    ),
    (
        "endpoint_module.py.jinja",
        "    return Response(\n        status_code=HTTPStatus",
        "    from ...types import Response\n\n    return Response(\n        status_code=HTTPStatus",
    ),
    (
        "endpoint_module.py.jinja",
        "        raise errors.UnexpectedStatus",
        "        from ... import errors\n\n        raise errors.UnexpectedStatus",
    ),
    # In a path, only what may not stand in a segment is escaped (RFC 3986, pchar): IDs are sent as they were received.
    (
        "endpoint_module.py.jinja",
        'quote(str({{parameter.python_name}}), safe="")',
        'quote(str({{parameter.python_name}}), safe="!$&\'()*+,;=:@")',
    ),
    # What they hold is a request with its secrets, which a traceback would show.
    ("endpoint_module.py.jinja", "\ndef sync_detailed(", "\n@discreet\ndef sync_detailed("),
    ("endpoint_module.py.jinja", "\ndef sync(", "\n@discreet\ndef sync("),
    ("endpoint_module.py.jinja", "\nasync def asyncio_detailed(", "\n@discreet\nasync def asyncio_detailed("),
    ("endpoint_module.py.jinja", "\nasync def asyncio(", "\n@discreet\nasync def asyncio("),
    # The client's repr shows no credentials.
    (
        "client.py.jinja",
        'type="str", default="", docstring="The token',
        'type="str", default="field(repr=False)", docstring="The token',
    ),
    ("client.py.jinja", 'kw_only=True, alias="headers")', 'kw_only=True, alias="headers", repr=False)'),
    ("client.py.jinja", 'kw_only=True, alias="cookies")', 'kw_only=True, alias="cookies", repr=False)'),
    ("client.py.jinja", 'kw_only=True, alias="httpx_args")', 'kw_only=True, alias="httpx_args", repr=False)'),
]

# How async code turns into its twin.
SYNC_EDITS = [
    (r"\bASGITransport\b", "WSGITransport"),
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\b__aenter__\b", "__enter__"),
    (r"\b__aexit__\b", "__exit__"),
    (r"\bAsyncIterator\b", "Iterator"),
    (r"\bAsyncGenerator\[(.+), None\]", r"Generator[\1, None, None]"),
    (r"\bAsyncGenerator\b", "Generator"),
    (r"\bAsyncByteStream\b", "SyncByteStream"),
    # Those of others have been replaced above.
    (r"\b(_?)Async(?=[A-Z])", r"\1"),
    # Not the name in quotes: one that tells the two apart.
    (r"(?<!\")\bhandle_async_request\b", "handle_request"),
    (r"\baread\b", "read"),
    (r"\bquery\.asyncio\b", "query.sync"),
    (r"\b__aiter__\b", "__iter__"),
    (r"\baclose\b", "close"),
    (r"\bAwaitable\[([^]]+)\]", r"\1"),
    # What is started by `async with` there is returned started here.
    (r"\bStarting\[([^]]+)\]", r"\1"),
    (r"\bStarting\(\s*([^)]+)\)", r"\1"),
    (r"\bCoroutine\[Any, Any, (.+)\]", r"\1"),
    (r"\b(_io\._|_http\._|_http\.choice_)async\b", r"\1sync"),
]


def secret_names(node: Any) -> set[str]:
    """Names of the properties with `format: password`, directly or by reference."""
    schemas = node["components"]["schemas"]
    found = set()

    def is_secret(schema: dict[str, Any]) -> bool:
        name = schema.get("$ref", "").rpartition("/")[2]
        return is_secret(schemas[name]) if name else schema.get("format") == "password"

    for schema in schemas.values():
        found |= {name for name, value in schema.get("properties", {}).items() if is_secret(value)}
    return found


def make_contract(document: Any, target: Path) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8", newline="\n")


def make_templates(document: Any, views: Views, target: Path) -> None:
    if version("openapi-python-client") != GENERATOR:
        sys.exit(f"generate: openapi-python-client {GENERATOR} is wanted, found {version('openapi-python-client')}")
    source = Path(str(files("openapi_python_client"))) / "templates"
    names = {
        "@secrets@": json.dumps(sorted(secret_names(document))),
        "@modules@": json.dumps(sorted(views.texts)),
        "@parts@": json.dumps(sorted(views.parts)),
    }
    unused = set(names)
    for name, old, new in TEMPLATE_EDITS:
        path = target / name
        text = (path if path.exists() else source / name).read_text(encoding="utf-8")
        if text.count(old) != 1:
            sys.exit(f"generate: {name} of the generator holds {text.count(old)} times, not once:\n{old}")
        path.parent.mkdir(parents=True, exist_ok=True)
        unused -= {mark for mark in unused if mark in new}
        filled = re.sub("|".join(names), lambda found: names[found[0]], new)
        path.write_text(text.replace(old, filled), encoding="utf-8")
    if unused:
        sys.exit(f"generate: no edit of a template names {', '.join(sorted(unused))}")
    for module, text in views.texts.items():
        (target / f"{module}.py.jinja").write_text(f"{{% raw %}}{text}{{% endraw %}}\n", encoding="utf-8")


def make_config(views: Views, target: Path) -> None:
    """The generator's configuration, with the module that each view stands in."""
    config = yaml.safe_load((DOCUMENT.parent / "generator.yaml").read_text(encoding="utf-8"))
    config["class_overrides"] = {
        name: {"class_name": name, "module_name": module} for name, module in views.modules.items()
    }
    target.write_text(yaml.safe_dump(config), encoding="utf-8")


def words_of_members(document: Any, name: str) -> list[str]:
    """What each listed value stands for, in the order in which they are listed.

    As the contract says it: by a list of its own, by the summaries of the events, or within the description, as
    ``0 not started, 1 initialised`` and ```uploaded` all files are there, `backuped` some are not``.
    """
    schema = document["components"]["schemas"][name]
    if "x-enum-descriptions" in schema:
        found = list(schema["x-enum-descriptions"])
    elif name == "EventType":
        names = [member.lower() for member in schema["x-enum-varnames"]]
        found = [f"{document['webhooks'][event]['post']['summary']}." for event in names]
    else:
        description = " ".join(schema["description"].split())
        marks = [str(value) if isinstance(value, int) else f"`{value}`" for value in schema["enum"]]
        any_mark = "|".join(rf"(?<![\w`]){re.escape(mark)}(?!\w)" for mark in marks)
        found = []
        for mark in marks:
            text = re.search(
                rf"(?<![\w`]){re.escape(mark)}:? (?P<says>.+?)(?=[,;.]? (?:{any_mark})|\. |\.$|; )", description
            )
            says = text["says"].rstrip(".,;") if text else ""
            found.append(f"{says[:1].upper()}{says[1:]}." if says else "")
    if len(found) != len(schema["enum"]) or not all(found):
        sys.exit(f"generate: {name}: not every value says what it is; give it x-enum-descriptions ({found})")
    return found


def describe_members(document: Any, models: Path) -> None:
    """Puts words behind each member of an enumeration, and before them all, for who reads them in an editor."""
    for path in sorted(models.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        named = re.search(r"^class (\w+)\((?:Int|Str)Enum\):\n", text, re.MULTILINE)
        schema = document["components"]["schemas"].get(named[1], {}) if named else {}
        if not named or "enum" not in schema:
            continue
        words = {
            str(value): says for value, says in zip(schema["enum"], words_of_members(document, named[1]), strict=True)
        }

        def described(member: re.Match[str], words: dict[str, str] = words) -> str:
            says = words[member[2].strip('"')].replace("\\", "\\\\")
            return f'{member[0]}\n    """{says}"""'

        body = re.sub(r'^    ([A-Z][A-Z0-9_]*) = (-?\d+|"[^"]*")$', described, text[named.end() :], flags=re.MULTILINE)
        about = " ".join(schema["description"].split())
        path.write_text(f'{text[: named.end()]}    """{about}"""\n\n{body}', encoding="utf-8", newline="\n")


def _described(part: Any, schemas: Any) -> Any:
    """The document with what is referred to in the place of each reference that has words of its own beside it.

    The generator would not read those.
    """
    if isinstance(part, list):
        return [_described(item, schemas) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part and "description" in part and part["$ref"].startswith("#/components/schemas/"):
        return _described({**schemas[part["$ref"].rpartition("/")[2]], "description": part["description"]}, schemas)
    return {key: _described(item, schemas) for key, item in part.items()}


def make_client(document: Any, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        views = make_views(document, secret_names(document))
        make_templates(document, views, Path(folder) / "templates")
        make_config(views, Path(folder) / "generator.yaml")
        # Not beside the checkout's pyproject.toml, whose settings would reach the formatter.
        out = Path(folder) / "cloudrec_api"
        command = ["generate", "--meta", "none", "--fail-on-warning"]
        whole = Path(folder) / "document.json"
        whole.write_text(json.dumps(_described(document, document["components"]["schemas"])), encoding="utf-8")
        command += ["--path", str(whole), "--config", str(Path(folder) / "generator.yaml")]
        command += ["--custom-template-path", str(Path(folder) / "templates"), "--output-path", str(out)]
        # The generator calls `ruff` by its name, and only complains where it is not found.
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        told = StringIO()
        with redirect_stdout(told), redirect_stderr(told):
            failed = generate_client(command, standalone_mode=False)
        if failed:
            sys.exit(f"generate: openapi-python-client failed\n{told.getvalue()}")
        for cache in [*out.rglob("__pycache__"), *out.rglob(".ruff_cache")]:
            shutil.rmtree(cache)
        describe_members(document, out / "models")
        (out / "py.typed").touch()
        shutil.copyfile(DOCUMENT.parent / "views.py", out / "views.py")
        shutil.copytree(out, target)


FORMAT = ["check", "--fix-only", "--select=I,F401,UP"], ["format"]


def tidy(target: Path) -> None:
    """Has ruff drop what is imported for nothing, and format the rest."""
    for step in FORMAT:
        config = f"--config={ROOT / 'pyproject.toml'}"
        subprocess.run([sys.executable, "-m", "ruff", *step, "--quiet", "--no-cache", config, str(target)], check=True)


def make_async_calls(document: Any, target: Path) -> list[Path]:
    """Makes the modules of calls under a folder, as they stand in cloudrec/_async/."""
    target.mkdir(parents=True)
    found = []
    for name, text in make_calls(document).items():
        found.append(target / f"{name}.py")
        notice = "# Made from openapi/cloud-recording.yaml by scripts/generate. Do not edit.\n"
        found[-1].write_text(notice + text, encoding="utf-8", newline="\n")
    tidy(target)
    return found


def make_sync(target: Path, calls: list[Path]) -> None:
    """Makes `_sync/` and `_http/_sync.py` under a folder, as they stand under cloudrec/."""
    package = ROOT / "cloudrec"
    unused = dict(SYNC_EDITS)
    made_now = {path.name: path for path in calls}
    sources = {path.name: path for path in (package / "_async").glob("*.py")} | made_now
    stale = [name for name in sources if name.endswith("calls.py") and name not in made_now]
    for source in [*(sources[name] for name in sorted(sources) if name not in stale), package / "_http" / "_async.py"]:
        text = source.read_text(encoding="utf-8")
        for pattern, replacement in SYNC_EDITS:
            text, count = re.subn(pattern, replacement, text)
            if count:
                unused.pop(pattern, None)
        name = f"{source.parent.name}/{source.name}"
        made = target / name.replace("_async", "_sync")
        made.parent.mkdir(parents=True, exist_ok=True)
        notice = f"# Made from cloudrec/{name} by scripts/generate. Do not edit.\n"
        made.write_text(notice + text, encoding="utf-8", newline="\n")
    if unused:
        sys.exit(f"generate: no async code needs these edits any more: {', '.join(unused)}")
    tidy(target)


def make_names(source: Path, target: Path) -> None:
    """Makes the table of a package's public names, each with its module, of its stub."""
    names, modules = {}, []
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                if module == ".":
                    modules.append(alias.name)
                else:
                    names[alias.name] = module
    lines = [
        f"# Made from {source.relative_to(ROOT).as_posix()} by scripts/generate. Do not edit.",
        '"""Where the public names are."""\n',
        "NAMES = {",
        *(f'    "{name}": "{names[name]}",' for name in sorted(names)),
        "}",
    ]
    if modules:
        lines.append(f"MODULES = {json.dumps(sorted(modules))}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def tree(path: Path) -> dict[str, str]:
    """Every file at and below a path, caches left out, by its name there."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return {
        str(file.relative_to(path)): file.read_text(encoding="utf-8")
        for file in found
        if file.is_file() and "__pycache__" not in file.parts and ".ruff_cache" not in file.parts
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/generate", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only say whether what is committed is up to date")
    only_check = parser.parse_args().check

    document = yaml.load(DOCUMENT.read_text(encoding="utf-8"), LOADER)
    stale = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        make_contract(document, fresh / "contract.json")
        make_client(document, fresh / "cloudrec_api")
        calls = make_async_calls(document, fresh / "made" / "_async")
        make_sync(fresh / "cloudrec", calls)
        for package in PACKAGES:
            make_names(ROOT / package / "__init__.pyi", fresh / package / "_names.py")
        for made, place in [
            (fresh / "contract.json", ROOT / "cloudrec" / "contract.json"),
            (fresh / "cloudrec_api", ROOT / "generated" / "cloudrec_api"),
            # Also those that are not made any more, of a mode that there was.
            *(
                (calls[0].parent / name, ROOT / "cloudrec" / "_async" / name)
                for name in sorted({path.name for path in [*calls, *(ROOT / "cloudrec" / "_async").glob("*calls.py")]})
            ),
            (fresh / "cloudrec" / "_sync", ROOT / "cloudrec" / "_sync"),
            (fresh / "cloudrec" / "_http" / "_sync.py", ROOT / "cloudrec" / "_http" / "_sync.py"),
            *((fresh / package / "_names.py", ROOT / package / "_names.py") for package in PACKAGES),
        ]:
            old, new = tree(place), tree(made)
            stale += [
                (place, name, old.get(name), new.get(name))
                for name in sorted(old | new)
                if old.get(name) != new.get(name)
            ]
            if old != new and not only_check:
                shutil.rmtree(place, ignore_errors=True)
                place.unlink(missing_ok=True)
                if not made.exists():
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if made.is_dir() else shutil.copyfile)(made, place)

    for place, name, before, after in stale:
        print(f"{'stale' if only_check else 'made'}: {place.relative_to(ROOT) / name}")
        if only_check and before is not None and after is not None and not name.endswith("json"):
            lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "committed", "made", lineterm="", n=1)
            print("\n".join(list(lines)[:20]))
    if stale and only_check:
        print("Generated files are not up to date. Run ./scripts/generate and commit what it makes.")
        return 1
    if not stale:
        print("Everything generated is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
