"""A page for each exception and warning: what it means, what brings it about, what to do, and how the service says it.

Made of the catalogue that `explain` reads, so that a page, the exception and the command line say the same.
"""

import functools
import json
import re
from itertools import groupby

import _docs_reference
from _env import ROOT
from cloudrec import errors, fixtures, storage, webhooks
from cloudrec._call.failures import CATALOGUE, GENERAL, RESULTS, Entry, Text
from cloudrec._call.own_errors import OWN

CHINESE = ROOT / "docs" / "explanations.zh-CN.json"
TITLES = ("Each error", "每种错误")
IS_A = ("Is a", "属于")
CAUSES = ("Usual causes", "常见原因")
ADVICE = ("What to do", "处理办法")
BELOW = ("More particular", "更具体的异常")
FIELDS = ("Its fields stand in the [reference]({}).", "字段见[参考]({})。")
CODE = ("Code", "错误码")
ANY = ("any", "任意")
NO_YES = (("no", "yes"), ("否", "是"))
HEAD = (
    "| call | HTTP status | code | reason | may be sent again |",
    "| 方法 | HTTP 状态码 | 错误码 | reason | 可以重发 |",
)


def classes() -> dict[str, type[Exception]]:
    """Every exception and warning of the package."""
    kinds = (errors.CloudRecordingError, Warning)
    some = (thing for module in (errors, storage, webhooks, fixtures) for thing in vars(module).values())
    return {thing.__name__: thing for thing in some if isinstance(thing, type) and issubclass(thing, kinds)}


def addresses() -> dict[str, str]:
    """Where the page of each is. `error.url` says the same."""
    return {name: f"errors/{name}.md" for name in classes()}


def pages(reference: _docs_reference.Reference, which: int) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """The title of them all in both languages, and each with its path, in the words of that language."""
    return TITLES, [(f"errors/{name}.md", _page(name, reference, which)) for name in sorted(classes())]


def _page(name: str, reference: _docs_reference.Reference, which: int) -> str:
    kind = classes()[name]
    parts = [f"# {name}\n"]
    bases = [base.__name__ for base in kind.__mro__[1:] if base.__name__ in classes()]
    if bases:
        parts.append(f"{IS_A[which]} " + ", ".join(f"[`{base}`]({base}.md)" for base in bases) + "\n")
    if name in OWN:
        parts.append(_text(OWN[name].text, which))
    known = [entry for entry in (*CATALOGUE, *GENERAL, *RESULTS) if entry.error is kind]
    for text, some in groupby(known, key=lambda entry: entry.text):
        parts.append(_entries(text, list(some), which))
    below = sorted(one for one, other in classes().items() if other is not kind and issubclass(other, kind))
    if below:
        parts.append(f"## {BELOW[which]}\n\n" + "\n".join(f"- [`{one}`]({one}.md)" for one in below) + "\n")
    where = next((address for short, address in reference.addresses.items() if short.rpartition(".")[2] == name), None)
    if where:
        parts.append(FIELDS[which].format(f"../{where}") + "\n")
    return "\n".join(parts)


@functools.cache
def chinese() -> dict[str, str]:
    """The words of the catalogue in Chinese, by the English ones."""
    words: dict[str, str] = json.loads(CHINESE.read_text(encoding="utf-8"))
    return words


def _text(text: Text, which: int) -> str:
    said = chinese().__getitem__ if which else str
    parts = [f"{said(text.meaning)}\n"]
    if text.causes:
        parts.append(f"**{CAUSES[which]}**\n\n" + "\n".join(f"- {said(cause)}" for cause in text.causes) + "\n")
    parts.append(f"**{ADVICE[which]}**: {said(text.advice)}\n")
    return _plain("\n".join(parts))


def _entries(text: Text, some: list[Entry], which: int) -> str:
    codes = [str(entry.code) for entry in some if entry.code is not None]
    statuses = [f"HTTP {entry.http_status}" for entry in some if entry.http_status is not None]
    words = [entry.says for entry in some if entry.says]
    named = [f"{CODE[which]} {code}" for code in codes] or [f'"{said}"' for said in words] or statuses
    heading = ", ".join(dict.fromkeys(named))
    if codes and len(some) == 1 and words:
        heading += f": {words[0]}"
    no_yes = NO_YES[which]
    rows = [
        f"| {entry.endpoint or ANY[which]} | {_cell(entry.http_status)} | {_cell(entry.code)} | {_cell(entry.says)} "
        f"| {no_yes[entry.retryable]} |"
        for entry in some
    ]
    # `error.url` ends in these.
    first, *others = [f"code-{code}" for code in dict.fromkeys(codes)] or [""]
    anchor = f" {{#{first}}}" if first else ""
    more = [f'<span id="{other}"></span>\n' for other in others]
    return "\n".join([f"## {heading}{anchor}\n", *more, HEAD[which], "| --- " * 5 + "|", *rows, "", _text(text, which)])


def _cell(value: object) -> str:
    return "" if value is None else f"`{value}`" if isinstance(value, str) else str(value)


def _plain(text: str) -> str:
    """A name of a file of docs/ as a link to its page."""
    return re.sub(r"docs/(\w+)\.md", r"[\1](../\1.md)", text)
