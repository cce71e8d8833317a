"""Pages of the reference, made of docstrings: every public name with its signature, what it takes, gives and raises.

The code is read and not run, as its attributes are described by the strings below them.
"""

import functools
import importlib
import logging
import re
import textwrap
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import griffe

from _env import ROOT

TITLES = ("Every name", "全部公开名称")
FOLDER = "reference/api"
Object: TypeAlias = griffe.Class | griffe.Function | griffe.Attribute | griffe.Module


class Page(NamedTuple):
    """A page, and whose names stand on it: those of these modules, but for what a longer one of another page names."""

    name: str
    headings: tuple[str, str]
    modules: tuple[str, ...]


PAGES = (
    Page("client", ("Clients", "客户端"), ("cloudrec._sync", "cloudrec._async", "cloudrec._call")),
    Page("recordings", ("Recordings and recipes", "录制与配方"), (
        "cloudrec._sync.recordings", "cloudrec._sync.pair", "cloudrec._async.recordings", "cloudrec._async.pair",
        "cloudrec._recording", "cloudrec.handles", "cloudrec.results",
    )),
    Page("storage", ("Storage", "云存储"), ("cloudrec.storage",)),
    Page("layouts", ("Layouts of a picture", "画面布局"), ("cloudrec.layouts",)),
    Page("values", ("Values of a request", "请求中的值"), ("cloudrec.values", "cloudrec.subscriptions")),
    Page("files", ("Names of files", "文件名"), ("cloudrec.files",)),
    Page("errors", ("Exceptions and warnings", "异常与警告"), ("cloudrec.errors", "cloudrec._call.explain")),
    Page("answers", ("Answers", "返回结果"), ("cloudrec.answers",)),
    Page("webhooks", ("Webhooks and their events", "消息通知与事件"), ("cloudrec.webhooks",)),
    Page("emulator", ("The emulator", "模拟服务"), ("cloudrec.emulator",)),
    Page("fleet", ("Fleets", "Fleet"), ("cloudrec.fleet",)),
    Page("wire", ("The API's own types", "API 自身的类型"), ("cloudrec_api",)),
)  # fmt: skip
PUBLIC = ("cloudrec", "cloudrec.webhooks", "cloudrec.emulator", "cloudrec.fleet", "cloudrec.answers", "cloudrec.files",
          "cloudrec.results")  # fmt: skip
# What is used and never imported: the modes of a client.
MODES = {
    f"client.{mode}": f"cloudrec._sync.{mode}.{mode.capitalize()}Client" for mode in ("mix", "individual", "raw", "web")
}
MODES["client.raw"] = "cloudrec._sync.individual.RawClient"
ADAPTERS = {
    "webhooks.asgi.WebhookApp": "cloudrec.webhooks.asgi.WebhookApp",
    "webhooks.wsgi.WebhookApp": "cloudrec.webhooks.wsgi.WebhookApp",
}


@functools.cache
def code() -> griffe.ModulesCollection:
    """All of the code, as it stands."""
    logging.getLogger("griffe").setLevel(logging.ERROR)  # it remarks on lists of names that are made by the program
    paths = [str(ROOT), str(ROOT / "generated")]
    loader = griffe.GriffeLoader(search_paths=paths, docstring_parser=griffe.Parser.google, allow_inspection=False)
    for package in ("cloudrec", "cloudrec_api"):
        loader.load(package)
    loader.resolve_aliases(implicit=False, external=False)
    return loader.modules_collection


def found(path: str) -> Object:
    """The object at a path, behind all aliases."""
    thing = code()[path]
    target = thing.final_target if thing.is_alias else thing
    assert isinstance(target, griffe.Class | griffe.Function | griffe.Attribute | griffe.Module), path
    return target


def public_names() -> dict[str, Object]:
    """Every public name that has a description, as people write it: `S3`, `webhooks.receive`, `client.mix`."""
    names: dict[str, Object] = {}
    met = set[str]()
    for module in PUBLIC:
        prefix = module.removeprefix("cloudrec").removeprefix(".")
        for name in sorted(importlib.import_module(module).__all__, key=str.lower):
            if name.startswith("_"):
                continue
            try:
                thing = found(f"{module}.{name}")
            except KeyError:  # listed in a stub alone
                thing = found(_stubbed(module, name))
            if isinstance(thing, griffe.Module) or thing.path in met:
                continue
            met.add(thing.path)
            names[f"{prefix}.{name}" if prefix else name] = thing
    for name, path in (MODES | ADAPTERS).items():
        names[name] = found(path)
    return names


def _stubbed(module: str, name: str) -> str:
    """Where a name is written that its package gives out by a table."""
    table: dict[str, Any] = importlib.import_module(f"{module}._names").NAMES
    return f"{table[name]}.{name}"


def _page_of(name: str, thing: Object) -> Page:
    """The page of the longest module that the name can be imported from, or else is written in."""
    for path in (f"cloudrec.{name}" if "." in name else "", thing.path):
        fitting = [(len(module), page) for page in PAGES for module in page.modules if path.startswith(f"{module}.")]
        if fitting:
            return max(fitting, key=lambda one: one[0])[1]
    raise LookupError(f"no page of the reference has {name} ({thing.path})")


class Reference:
    """The pages, and where each name is described."""

    def __init__(self) -> None:
        self.names = public_names()
        self.on = {name: _page_of(name, thing) for name, thing in self.names.items()}
        self.addresses = {name: f"{FOLDER}/{page.name}.md#{name}" for name, page in self.on.items()}
        self._by_path = {thing.path: name for name, thing in self.names.items()}
        self._short = {name.rpartition(".")[2]: name for name in reversed(self.names) if not name.startswith("client.")}

    def pages(self, which: int) -> tuple[tuple[str, str], list[tuple[str, str]]]:
        """The title of them all in both languages, and each with its path, headed in that language."""
        texts = ((page, f"# {page.headings[which]}\n\n{self._page(page)}") for page in PAGES)
        return TITLES, [(f"{FOLDER}/{page.name}.md", text) for page, text in texts]

    @functools.cache  # noqa: B019 - there is one of it
    def _page(self, page: Page) -> str:
        here = [name for name in self.names if self.on[name] is page]
        here.sort(key=lambda name: (not name.endswith("CloudRecording"), name.startswith("Async"), name.lower()))
        return "\n".join(map(self.described, here))

    def described(self, name: str) -> str:
        """A name's part of its page."""
        thing = self.names[name]
        parts = [f"## `{name}` {{#{name}}}\n"]
        twin = self.names.get(name.removeprefix("Async"))
        if name.startswith("Async") and isinstance(thing, griffe.Class) and twin:
            first = self._text(_words(thing).partition("\n\n")[0], "")
            return f"{parts[0]}\n{first}\n\nWhat [`{name[5:]}`](#{name[5:]}) has, to be awaited.\n"
        if isinstance(thing, griffe.Class):
            parts.append(self._class(name, thing))
        elif isinstance(thing, griffe.Function):
            parts += [_fenced(_signature(name, thing)), self._docstring(thing, "")]
        else:
            value = f" = {thing.value}" if isinstance(thing, griffe.Attribute) and thing.value is not None else ""
            parts += [_fenced(f"{name}{value}"), self._docstring(thing, "")]
        return "\n".join(parts)

    def _class(self, name: str, thing: griffe.Class) -> str:
        known = [self._by_path.get(base.path) for base in thing.mro()]
        bases = ", ".join(
            f"[`{base}`](#{base})" if self.on[base] is self.on[name] else f"`{base}`" for base in known if base
        )
        init = thing.members.get("__init__") or thing.all_members.get("__init__")
        kind = "" if not isinstance(init, griffe.Function | griffe.Alias) else _signature(name, _target(init))
        # What is made by the library alone says nothing of what it is made with.
        is_made_by_hand = _takes(thing) or (init is not None and _takes(_target(init)))
        parts = [_fenced(kind)] if kind and is_made_by_hand else []
        parts += [f"Is a {bases}.\n"] if bases else []
        parts.append(self._docstring(thing, name))
        if init is not None and (told := _target(init).docstring):
            parts.append(self._sections(told, name))
        fields, methods = list[str](), list[str]()
        for member in self._members(thing):
            text = member.docstring and self._text(member.docstring.value, name)
            if isinstance(member, griffe.Function):
                if "property" not in member.labels:
                    of = name if name.startswith("client.") else name.rpartition(".")[2]
                    methods += [
                        f"### `{of}.{member.name}` {{#{name}.{member.name}}}\n",
                        _fenced(_signature(member.name, member)),
                        self._docstring(member, name),
                    ]
                    continue
                fields.append(_item(f"`{member.name}`: `{member.returns}`", text))
            elif "property" in member.labels or thing.kind.value != "class" or member.annotation or text:
                value = f" = `{member.value}`" if member.value is not None and not member.annotation else ""
                kind = f": `{member.annotation}`" if member.annotation else ""
                fields.append(_item(f"`{member.name}`{kind}{value}", text))
            elif member.value is not None and not str(member.value).startswith(("property", "slot")):
                fields.append(_item(f"`{member.name}` = `{member.value}`", text))
        return "\n".join([*parts, *(["Has", "", *fields, ""] if fields else []), *methods])

    def _members(self, thing: griffe.Class) -> list[Any]:
        """What of a class people use, but for what it has of a base that stands on a page itself."""
        elsewhere = {
            name
            for base in thing.mro()
            if base.path in self._by_path
            for name in base.members
            if name not in thing.members
        }
        some = (_target(member) for name, member in thing.all_members.items() if not name.startswith("_"))
        members = [
            member
            for member in some
            if isinstance(member, griffe.Function | griffe.Attribute) and member.name not in elsewhere
        ]
        return sorted(members, key=lambda member: member.name != "record")  # what people come for is first

    def _docstring(self, thing: Object, owner: str) -> str:
        return self._sections(thing.docstring, owner) if thing.docstring else ""

    def _sections(self, docstring: griffe.Docstring, owner: str) -> str:
        parts = list[str]()
        for section in docstring.parse("google", warnings=False):
            match section.kind.value:
                case "text":
                    parts.append(self._text(section.value, owner) + "\n")
                case "examples":
                    parts += [
                        self._text(value, owner) if kind.value == "text" else _fenced(value)
                        for kind, value in section.value
                    ]
                case "admonition":
                    parts.append(f"**{section.title}**: {self._text(section.value.description, owner)}\n")
                case "returns" | "yields":
                    parts.append(
                        "Gives " + self._text("; ".join(some.description for some in section.value), owner) + "\n"
                    )
                case "raises":
                    some = (
                        f"- {self._name(str(one.annotation))}: {self._text(one.description, owner)}"
                        for one in section.value
                    )
                    parts.append("\n".join(["Raises", "", *some, ""]))
                case _:
                    some = (_item(f"`{one.name}`", self._text(one.description, owner)) for one in section.value)
                    parts.append("\n".join(["Takes" if section.kind.value == "parameters" else "Has", "", *some, ""]))
        return "\n".join(parts)

    def _name(self, name: str) -> str:
        address = self._address(name)
        return f"[`{name}`]({address})" if address else f"`{name}`"

    def _address(self, name: str) -> str | None:
        whole = name.removeprefix("cloudrec.")
        whole = whole if whole in self.names else self._short.get(whole.rpartition(".")[2], "")
        return f"{self.on[whole].name}.md#{whole}" if whole else None

    def _text(self, text: str, owner: str) -> str:
        """Words of a docstring as Markdown."""

        def role(found: re.Match[str]) -> str:
            name = found[1].lstrip("~")
            return self._name(name) if found[0].startswith((":class:", ":func:")) else f"`{name.rpartition('.')[2]}`"

        text = re.sub(r":\w+:`([^`]+)`", role, text)
        text = re.sub(r"``([^`]+)``", r"`\1`", text)
        return "\n\n".join(_blocks(text))


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, with what is indented as a code block."""
    some = re.split(r"\n{2,}(?=\S)", text.strip())
    for paragraph in some:
        head, *rest = re.split(r"\n{2,}(?= )", paragraph, maxsplit=1)
        if head.startswith(">>> "):
            yield _fenced(head).rstrip()
        elif not re.fullmatch(r"Examples?::", head):
            yield re.sub(r"::$", ":", head)
        for block in rest:
            yield f"```python\n{textwrap.dedent(block).rstrip()}\n```"


def _takes(thing: Object) -> bool:
    """Whether a docstring describes arguments."""
    return re.search(r"^Args:$", _words(thing), re.MULTILINE) is not None


def _words(thing: Object) -> str:
    return thing.docstring.value if thing.docstring else ""


def _item(head: str, text: str | None) -> str:
    return textwrap.indent(f"- {head}" + (f": {text}" if text else ""), "    ").strip().replace("\n\n    ", "\n\n    ")


def _fenced(text: str) -> str:
    return f"```python\n{text}\n```\n"


def _target(thing: griffe.Object | griffe.Alias) -> Any:
    return thing.final_target if isinstance(thing, griffe.Alias) else thing


def _signature(name: str, function: griffe.Function) -> str:
    parts, marked = list[str](), False
    for parameter in function.parameters:
        if parameter.name in {"self", "cls"}:
            continue
        kind = parameter.kind.value if parameter.kind else ""
        star = {"variadic positional": "*", "variadic keyword": "**"}.get(kind, "")
        if kind == "keyword-only" and not marked:
            parts.append("*")
        marked = marked or kind == "keyword-only" or star == "*"
        default = f" = {parameter.default}" if parameter.default is not None and not star else ""
        parts.append(
            f"{star}{parameter.name}: {parameter.annotation}{default}"
            if parameter.annotation
            else f"{star}{parameter.name}{default}"
        )
    gives = f" -> {function.returns}" if function.returns and function.name != "__init__" else ""
    word = "async " if "async" in function.labels else ""
    line = f"{word}{name}({', '.join(parts)}){gives}"
    if len(line) <= 88 or not parts:
        return line
    inner = "".join(f"    {part},\n" for part in parts)
    return f"{word}{name}(\n{inner}){gives}"
