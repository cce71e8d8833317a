"""Every public name has words of its own in an editor: classes, functions, attributes, members of enumerations.

Editors read them from the source: what stands in `__doc__` may be inherited, and attributes have none there.
"""

from __future__ import annotations

import ast
import inspect
import pydoc
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import cloudrec
from cloudrec._sync.individual import IndividualClient, RawClient
from cloudrec._sync.mix import MixClient
from cloudrec._sync.web import WebClient
from tests.support import each

MODULES = (
    "answers", "emulator", "errors", "files", "fixtures", "fleet", "handles", "layouts", "results", "storage",
    "subscriptions", "values", "webhooks",
)  # fmt: skip
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public() -> dict[str, Any]:
    """The classes and functions that people import, by where they import them from."""
    found = {f"cloudrec.{name}": getattr(cloudrec, name) for name in cloudrec.__all__}
    for module in map(import_module, [f"cloudrec.{name}" for name in MODULES]):
        names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
        found |= {f"{module.__name__}.{name}": getattr(module, name) for name in names}
    ours = {}
    for name, known in found.items():
        thing = inspect.unwrap(known) if callable(known) else known
        is_ours = getattr(thing, "__module__", "").startswith(("cloudrec.", "cloudrec_api."))
        if is_ours and (inspect.isclass(thing) or inspect.isfunction(thing)) and thing not in ours.values():
            ours[name] = thing
    return ours


PUBLIC = public()


@cache
def definitions(path: str) -> dict[str, Definition]:
    """The classes and functions of a file; of overloads the last, which editors show the words of."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in tree.body if isinstance(node, kinds)}


def definition(thing: Any) -> Definition:
    path = inspect.getsourcefile(thing)
    assert path is not None
    if thing.__name__ in (found := definitions(path)):
        return found[thing.__name__]
    # One that a folder gives out as its own.
    beside = map(definitions, map(str, Path(path).parent.glob("*.py")))
    return next(found[thing.__name__] for found in beside if thing.__name__ in found)


def members(node: ast.ClassDef) -> Iterator[tuple[str, str | None]]:
    """Public methods, properties and attributes with their words."""
    for place, item in enumerate(node.body):
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not item.name.startswith("_") and "overload" not in map(ast.unparse, item.decorator_list):
                yield item.name, ast.get_docstring(item)
        elif isinstance(item, (ast.Assign, ast.AnnAssign)):
            target = item.targets[0] if isinstance(item, ast.Assign) else item.target
            if isinstance(target, ast.Name) and not target.id.startswith("_"):
                match node.body[place + 1 : place + 2]:
                    case [ast.Expr(ast.Constant(str(words)))]:
                        yield target.id, words.strip()
                    case _:
                        yield target.id, None


@each("name", PUBLIC)
def test_every_public_name_has_words_of_its_own(name: str) -> None:
    """And so has everything in it, none of them those of another one there."""
    node = definition(PUBLIC[name])
    assert ast.get_docstring(node)
    if not isinstance(node, ast.ClassDef) or name == "cloudrec.RecordOptions":
        return
    # A TypedDict's keys are arguments, which the function that takes them explains.
    found = {} if "TypedDict" in str(getattr(PUBLIC[name], "__orig_bases__", "")) else dict(members(node))
    assert [member for member, words in found.items() if not words] == []
    named = defaultdict(list)
    for member, words in found.items():
        named[words].append(member)
    assert [same for same in named.values() if len(same) > 1] == []


def test_no_two_public_names_share_their_words() -> None:
    """But for the sync and the async kind of the same."""
    named = defaultdict(set)
    for name, thing in PUBLIC.items():
        named[ast.get_docstring(definition(thing))].add(name.rpartition(".")[2].removeprefix("Async"))
    assert [same for same in named.values() if len(same) > 1] == []


@pytest.mark.parametrize("name", ["S3Region", "AlibabaRegion", "TencentRegion", "BaiduRegion", "HuaweiRegion"])
def test_regions_say_the_number_that_they_have(name: str) -> None:
    kind = getattr(cloudrec, name)
    node = definition(kind)
    assert isinstance(node, ast.ClassDef)
    told = dict(members(node))
    # What is a region's name now, and what it is called in the contract, is one region.
    assert {
        name: f"``{name.lower().replace('_', '-')}``, number {member:d} of the service."
        for name, member in kind.__members__.items()
    } == {name: words for name, words in told.items() if name in kind.__members__}


def test_what_the_unmerged_branch_alone_says_is_marked_where_it_is_met() -> None:
    """MP4 of `raw`: at the call, and at the value that an editor completes."""
    assert cloudrec.RawAvFileType.MP4 == "mp4"
    source = inspect.getsource(cloudrec.RawAvFileType)
    for words in (source.partition('MP4 = "mp4"')[2], inspect.getdoc(RawClient.record) or ""):
        assert "unmerged branch" in words


def test_a_type_of_the_contract_says_more_than_its_name() -> None:
    told = {name: ast.get_docstring(definition(thing)) or "" for name, thing in PUBLIC.items() if is_of_contract(thing)}
    assert {name: words for name, words in told.items() if len(words) < 40} == {}


def is_of_contract(thing: Any) -> bool:
    return inspect.isclass(thing) and thing.__module__.startswith("cloudrec_api.")


@pytest.mark.parametrize("kind", [IndividualClient, MixClient, RawClient, WebClient])
def test_help_of_record_fits_three_screens(kind: type) -> None:
    for method in ("record", "start"):
        assert len(pydoc.render_doc(getattr(kind, method)).splitlines()) <= 150
