"""Makes docs/rules.md and its Chinese twin: every rule by name, of requests (from the contract) and of values.

`--check` writes nothing and fails where the page is not what it would be.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cloudrec._contract import rule_texts as _words
from cloudrec._contract.rules import Rule, rules, rules_of_values, told_calls

DOCS = Path(__file__).resolve().parent.parent / "docs"
WORDS = DOCS / "words.zh-CN.json"

_HEAD = """\
# The rules of a request

<!-- Made by ./scripts/rules from the contract, openapi/cloud-recording.yaml. Do not edit. -->

Every call is checked against these before anything is sent. All broken rules are told at once, in
`InvalidRequestError.problems`: each `Problem` has the `field`, the `value` that was given, the `rule` in words, and the
`name` of the rule, by which it stands here. In a terminal:

```sh
cloudrec rules s3-region
cloudrec rules avFileType mix
```

Not to be seen from one request alone, and so left to the service: that `start` repeats the `startParameter` of its
`acquire`, that the mode goes with the `scene`, that an update speaks of a medium that the recording takes.
"""
_BETWEEN = """\
## Between fields

| name | where | rule |
| --- | --- | --- |
"""
_SINGLE = """\
## Single fields

Names are as on the wire, where case counts. Any other field is refused (`unknown-field`). Lengths are in bytes of
UTF-8. `updateLayout` is for `mix` recordings alone. What `acquire` takes as `startParameter` keeps the rules of the
`clientRequest` of `start`.
"""
_VALUES = """\
## Rules of the values

What a request is made of, such as `S3(...)`, `grid(4)` or an argument of `record`, is checked when it is made. Most of
what it is checked by is the rules above. What its own arguments must be stands where it is documented, and a `Problem`
names it by its kind: `type`, `listed-value`, `range`, `pattern`, `count`, `unique`, `required`. Beside that there are:

| name | rule |
| --- | --- |
"""
# What calls are given beside their clientRequest.
_BESIDE = ("app_id", "resource_id", "sid", "mode", "cname", "uid")
_KIND = (_words.TYPE, _words.REQUIRED)
_SHORT = {"not be empty": "not empty", "not name anything twice": "none of them twice"}


Say = Callable[[str], str]


def page(say: Say = str) -> str:
    """The page; `say` makes its own words those of another language. The rules are told as errors tell them."""
    single = [rule for rule in rules() if not rule.is_across and rule.name != _words.UNKNOWN_FIELD]
    parts = [say(_HEAD), say(_BETWEEN) + "".join(_rows_between()), say(_SINGLE)]
    parts.append(_table(say, say("Beside `clientRequest`"), [rule for rule in single if rule.field in _BESIDE]))
    for operation in ("acquire", "start", "update", "updateLayout", "stop"):
        direct = [_of(rule, operation) for rule in single if _operations(rule) & {operation} and not _is_inner(rule)]
        parts.append(_table(say, say("`clientRequest` of {}").format(operation), direct))
    inner: dict[str, list[Rule]] = {}
    for rule in single:
        if _is_inner(rule):
            inner.setdefault(_plain(rule.field).rpartition(".")[0], []).append(rule)
    parts += [_table(say, f"`{home}`", some) for home, some in inner.items()]
    parts.append(say(_VALUES) + "".join(f"| `{rule.name}` | {rule.words} |\n" for rule in rules_of_values()))
    return "\n".join(filter(None, parts))


def _rows_between() -> Iterator[str]:
    places: dict[tuple[str, str], dict[str, None]] = {}
    for rule in rules():
        if rule.is_across:
            where = f"`{rule.field}`" if rule.field else f"{told_calls(rule.calls)}"
            places.setdefault((rule.name, rule.words), {})[where] = None
    for (name, words), found in places.items():
        yield f"| `{name}` | {', '.join(found)} | {words} |\n"


def _table(say: Say, title: str, some: list[Rule]) -> str:
    """The fields of one object. What is an object, and need not be given, has a table of its own and no row here."""
    calls = told_calls(_union(some))
    fields: dict[tuple[str, str], list[Rule]] = {}
    for rule in some:
        only = told_calls(rule.calls)
        is_for_all = only == calls or rule.field in _BESIDE
        fields.setdefault((_plain(rule.field), "" if is_for_all else f" ({only})"), []).append(rule)
    rows = []
    for (field, only), of_field in fields.items():
        if told := _told(field, of_field):
            names = ", ".join(dict.fromkeys(f"`{rule.name}`" for rule in of_field))
            told = told.replace("|", "\\|")
            rows.append(f"| `{field.rpartition('.')[2]}`{only} | {told} | {names} |\n")
    if not rows:
        return ""
    head = f"{say('In {}.').format(calls)}\n\n{say('| field | what it is | rules |')}\n| --- | --- | --- |\n"
    return f"### {title}\n\n{head}{''.join(rows)}"


def _told(field: str, some: list[Rule]) -> str:
    own = _phrase(rule for rule in some if rule.field == field)
    entry = _phrase(rule for rule in some if rule.field != field)
    return "; ".join(filter(None, [own, f"each {entry}" if entry else ""]))


def _phrase(some: Iterable[Rule]) -> str:
    """Rules of one value as one phrase: `a whole number from 1 to 720`."""
    words = [(rule.name, rule.words.removeprefix("must ")) for rule in some]
    names = [name for name, _ in words]
    kind = next((text.removeprefix("be ") for name, text in words if name == _words.TYPE), "")
    told = [
        _SHORT.get(text, text.removeprefix("be ").removeprefix("have ")) for name, text in words if name not in _KIND
    ]
    if _words.RANGE in names:
        told = [f"{kind} {told[0]}", *told[1:]]
    elif kind == _words.TYPES["array"] or _words.LENGTH in names or (not told and kind != _words.TYPES["object"]):
        told = [kind, *told]
    return ", ".join(["**required**", *told] if _words.REQUIRED in names else told)


def _is_inner(rule: Rule) -> bool:
    return "." in rule.field


def _operations(rule: Rule) -> set[str]:
    return set() if rule.field in _BESIDE else {call.partition(" ")[0] for call in rule.calls}


def _of(rule: Rule, operation: str) -> Rule:
    return rule._replace(calls=tuple(call for call in rule.calls if call.partition(" ")[0] == operation))


def _plain(field: str) -> str:
    return field.removesuffix("[]")


def _union(some: Iterable[Rule]) -> list[str]:
    return list(dict.fromkeys(call for rule in some for call in rule.calls))


def wanted() -> dict[Path, str]:
    """The page in each language, by its file."""
    chinese = json.loads(WORDS.read_text(encoding="utf-8"))
    return {DOCS / "rules.md": page(), DOCS / "rules.zh-CN.md": page(chinese.__getitem__)}


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/rules", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page would change")
    options = parser.parse_args(list(arguments))
    files = wanted()
    if options.check:
        wrong = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        for path in wrong:
            print(f"docs/{path.name} is out of date: run ./scripts/rules", file=sys.stderr)
        return 1 if wrong else 0
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    print(f"docs/rules.md: {len(rules()) + len(rules_of_values())} rules")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
