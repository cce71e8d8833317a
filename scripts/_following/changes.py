"""What has changed between two states of the project, and what it means for callers: what breaks, what is new, what are
words alone. For the wire from the contract, for Python from the public names. An entry for CHANGELOG.md comes with it.

OLD and NEW are revisions of git, or files that are OpenAPI documents; of files, the wire alone is compared. Without OLD
it is the last tag, without NEW the checkout as it is.

Exit code: 0 if nothing breaks, 1 if something does, 2 if they cannot be compared.
"""

from __future__ import annotations

import argparse
import ast
import json
import logging
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import griffe

from .compare import BREAKS, NEITHER, WIDENS, WORDS, Change, by_level, compare
from .document import ROOT, UnreadableError, parsed, read

PACKAGES = {"cloudrec": ".", "cloudrec_api": "generated"}
# Of names that it cannot follow; what is public is said by the stubs.
logging.getLogger("griffe").setLevel(logging.ERROR)
_INSIDE = "openapi/cloud-recording.yaml"


class IncomparableError(Exception):
    """Two states that cannot be compared; the message says why, and what to do."""


# ------------------------------------------------------------------------------------------- Python


def _loaded(root: Path) -> dict[str, griffe.Module]:
    """The packages of a checkout, read and not imported."""
    loader = griffe.GriffeLoader(search_paths=[root / place for place in PACKAGES.values()], allow_inspection=False)
    # What one of them inherits from another is found where that one was read first.
    found: dict[str, griffe.Module] = {}
    for name, place in reversed(PACKAGES.items()):
        if (root / place / name).is_dir():
            module = loader.load(name, try_relative_path=False)
            assert isinstance(module, griffe.Module)
            found[name] = module
        for one in _with_submodules(found.get(name)):
            # A stub beside a module says which of its names are public: all that it names.
            stub = Path(str(one.filepath)).with_suffix(".pyi")
            if stub.is_file():
                one.exports = [*_named_in(stub)]
    loader.resolve_aliases(implicit=False, external=False)
    return found


def _with_submodules(module: griffe.Module | None) -> Iterator[griffe.Module]:
    if module is not None:
        yield module
        for inner in module.modules.values():
            if isinstance(inner, griffe.Module):
                yield from _with_submodules(inner)


def _named_in(stub: Path) -> Iterator[str]:
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            yield from (name.name for name in node.names if name.asname == name.name)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name


def public(holder: griffe.Object | griffe.Alias, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every public name below, as users write it, and where what it means stands."""
    for name, member in sorted(holder.all_members.items()):
        if name.startswith("_") or not member.is_public or depth > 6:
            continue
        inner = f"{path}.{name}"
        try:
            target = member.final_target if isinstance(member, griffe.Alias) else member
        except griffe.AliasResolutionError:
            yield inner, inner  # of a package that is not ours
            continue
        yield inner, target.canonical_path
        if target.is_class or (target.is_module and not isinstance(member, griffe.Alias)):
            yield from public(target, inner, depth + 1)


def python_changes(old: Path, new: Path) -> Iterator[Change]:
    """What became of the public names between two checkouts."""
    before, after = _loaded(old), _loaded(new)
    for package in PACKAGES:
        if package not in before or package not in after:
            continue
        old_names, new_names = (dict(public(one[package], package)) for one in (before, after))
        written = {target: name for name, target in reversed(old_names.items())}
        breaking = []
        for breakage in griffe.find_breaking_changes(before[package], after[package]):
            path, is_private = breakage.obj.canonical_path, breakage.obj.name.startswith("_")
            name = written.get(path) or _public_holder(path, written)
            # Special methods are attrs' and the language's; what `__init__` takes is told under its class.
            if name is None or (is_private and breakage.obj.name != "__init__"):
                continue
            name = name.removesuffix(".__init__")
            if breakage.kind is griffe.BreakageKind.OBJECT_REMOVED and name in new_names:
                continue
            kind = breakage.kind.name.lower().replace("_", "-")
            breaking.append(Change(BREAKS, kind, NEITHER, name, _explained(breakage), ()))
        yield from sorted(breaking, key=lambda change: change.at)
        added = new_names.keys() - old_names.keys()
        for name in sorted(added):
            if name.rpartition(".")[0] not in added:
                yield Change(WIDENS, "name-added", NEITHER, name, "is new", ())


def _public_holder(path: str, written: dict[str, str]) -> str | None:
    """The public name of a member of something public."""
    holder, _, member = path.rpartition(".")
    return f"{written[holder]}.{member}" if holder in written else None


def _explained(breakage: griffe.Breakage) -> str:
    values = [str(value) for value in (breakage.old_value, breakage.new_value)]
    said = breakage.kind.value.lower()
    match breakage.kind:
        case griffe.BreakageKind.OBJECT_REMOVED:
            return "is gone"
        case griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT:
            old, new = breakage.old_value, breakage.new_value
            return f"default of {old.name} is {new.default}, was {old.default}"
        case griffe.BreakageKind.PARAMETER_REMOVED:
            return f"no longer takes {breakage.old_value.name}"
        case griffe.BreakageKind.PARAMETER_ADDED_REQUIRED:
            return f"needs {breakage.new_value.name}"
        case griffe.BreakageKind.CLASS_REMOVED_BASE:
            gone = {str(base) for base in breakage.old_value} - {str(base) for base in breakage.new_value}
            return f"is no longer a {' or '.join(sorted(gone))}"
        case _:
            names = [getattr(value, "name", None) for value in (breakage.old_value, breakage.new_value)]
            about = names[0] or names[1] or ""
            return f"{said}: {about}" if about else f"{said}: {values[1]}, was {values[0]}"


# ------------------------------------------------------------------------------------------- states


def git(*arguments: str) -> bytes:
    """What git says of the checkout."""
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=False)
    except OSError:
        raise IncomparableError("there is no git here: name two files") from None
    if done.returncode:
        raise IncomparableError(" ".join(done.stderr.decode(errors="replace").split()))
    return done.stdout


def last_tag() -> str:
    """The tag that the checkout comes after."""
    try:
        return git("describe", "--tags", "--abbrev=0").decode().strip()
    except IncomparableError:
        raise IncomparableError(
            "there is no tag to compare with yet: name a revision or a file, such as `scripts/changes HEAD~1`"
        ) from None


def checked_out(revision: str, folder: Path) -> Path:
    """The contract and the packages of a revision, in a folder."""
    _check_revision(revision)
    wanted = [_INSIDE, *(f"{place}/{name}".removeprefix("./") for name, place in PACKAGES.items())]
    there = git("ls-tree", "-d", "-r", "--name-only", revision, "--", *wanted).decode().split()
    paths = [path for path in wanted if path == _INSIDE or path in there]
    with tarfile.open(fileobj=BytesIO(git("archive", revision, "--", *paths))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _check_revision(text: str) -> None:
    try:
        git("rev-parse", "--verify", "--quiet", f"{text}^{{commit}}")
    except IncomparableError:
        raise IncomparableError(f"{text!r} is neither a file nor a revision of git") from None


def between(old: str | None, new: str | None) -> tuple[str, str, list[Change]]:
    """What was compared with what, and what is different."""
    old = old or last_tag()
    files = [Path(one) if one and Path(one).is_file() else None for one in (old, new)]
    with tempfile.TemporaryDirectory() as before, tempfile.TemporaryDirectory() as after:
        documents, roots = [], []
        for name, file, folder in zip((old, new), files, (before, after), strict=True):
            if file:
                documents.append(read(file))
            else:
                root = checked_out(name, Path(folder)) if name else ROOT
                roots.append(root)
                path = root / _INSIDE
                documents.append(parsed(path.read_text(encoding="utf-8"), f"{name or 'the checkout'}: {_INSIDE}"))
        found = compare(*documents)
        if len(roots) == 2:
            found += python_changes(*roots)
    return old, new or "the checkout", found


# ------------------------------------------------------------------------------------------- what is told


def line(change: Change) -> str:
    """One line of a changelog."""
    where = (
        f" ({change.side} of {', '.join(f'`{call}`' for call in change.calls)})" if change.calls and change.side else ""
    )
    return f"`{change.at}` {change.text}{where}."


def changelog(changes: Iterable[Change]) -> str:
    """A draft of the entry, in the form of Keep a Changelog. People shorten it, and say why."""
    sections: dict[str, list[str]] = {"Added": [], "Changed": [], "Removed": []}
    for change in changes:
        if change.level != WORDS:
            gone = change.text.startswith(("is gone", "no longer"))
            new = change.level == WIDENS and not gone
            section = "Added" if new else "Removed" if gone else "Changed"
            mark = "Breaks: " if change.level == BREAKS else ""
            sections[section].append(f"- {mark}{line(change)}")
    return "\n\n".join(f"### {name}\n\n" + "\n".join(lines) for name, lines in sections.items() if lines)


_MEANS = {
    BREAKS: "breaks: callers of before may fail, or get something else",
    WIDENS: "widens: what worked goes on to work",
    WORDS: "words: no call and no answer is different",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/changes", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("old", nargs="?", metavar="OLD", help="a revision or a file; the last tag if left out")
    parser.add_argument("new", nargs="?", metavar="NEW", help="a revision or a file; the checkout if left out")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="as JSON")
    shown.add_argument("--changelog", action="store_true", help="only the entry for CHANGELOG.md")
    options = parser.parse_args(arguments)
    try:
        old, new, found = between(options.old, options.new)
    except (IncomparableError, UnreadableError) as error:
        print(f"scripts/changes: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps([change._asdict() for change in found], ensure_ascii=False, indent=2))
    elif options.changelog:
        print(changelog(found))
    else:
        for level, changes in by_level(found):
            if changes:
                print(f"{_MEANS[level]}\n" + "\n".join(f"  {line(change)}" for change in changes), end="\n\n")
        counted = ", ".join(f"{len(changes)} {level}" for level, changes in by_level(found))
        print(f"From {old} to {new}: {counted}.")
        if draft := changelog(found):
            print(f"\n{draft}")
    return 1 if any(change.level == BREAKS for change in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
