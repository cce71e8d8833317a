"""List of all rules, in words: for `cloudrec rules` and docs/rules.md."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

# Not `from . import`: type checkers take that for an import of the package, and the package imports this.
import cloudrec._contract.rule_texts as words

from .document import Schema, component, document, operations, resolve

_MODES: tuple[str, ...] = tuple(component("Mode")["enum"])
_WEB = "web"
# Parameters of the path, as calls and messages name them.
_ARGUMENTS = {"appid": "app_id", "resourceid": "resource_id"}


class Rule(NamedTuple):
    """One rule."""

    name: str
    """Its name, as :attr:`Problem.name` has it."""
    field: str
    """Where it is checked, as :attr:`Problem.field` has it, with ``[]`` for any place in a list."""
    words: str
    """The rule. Of a single field it begins with what must be: ``must be from 5 to 2592000``."""
    calls: tuple[str, ...]
    """The calls that it is for: ``acquire``, ``start individual``, …; none of a rule of values."""
    is_across: bool
    """Whether it is between fields; its field is then the one that all of them are in."""


@cache
def rules() -> tuple[Rule, ...]:
    """All of them, in the contract's order. The rules of ``startParameter`` are those of ``start``, and told there."""
    found: dict[Rule, list[str]] = {}
    for call, walked in _calls():
        for rule in walked:
            calls = found.setdefault(rule, [])
            if call not in calls:
                calls.append(call)
    return tuple(rule._replace(calls=tuple(calls)) for rule, calls in found.items())


def rules_of_values() -> tuple[Rule, ...]:
    """Those beside the contract, each a sentence."""
    return tuple(Rule(name, "", told, (), True) for name, told in words.OF_VALUES.items())


def matching(patterns: Iterable[str]) -> list[Rule]:
    """The rules that hold every one of these words, in their name, field, words or calls; those of values last."""
    wanted = [pattern.lower() for pattern in patterns]
    return [rule for rule in (*rules(), *rules_of_values()) if all(word in _searched(rule) for word in wanted)]


def _searched(rule: Rule) -> str:
    # Not the words of `unknown-field`, which hold the name of every field.
    text = "" if rule.name == words.UNKNOWN_FIELD else rule.words
    return f"{rule.name} {rule.field} {text} {told_calls(rule.calls)}".lower()


def by_field(some: Iterable[Rule]) -> Iterator[tuple[str, tuple[str, ...], list[Rule]]]:
    """Rules that stand side by side and are of the same field and calls, together."""
    for (field, calls), group in groupby(some, key=lambda rule: (rule.field, rule.calls)):
        yield field, calls, list(group)


def told_calls(calls: Iterable[str]) -> str:
    """Calls for people: ``start (individual, mix), acquire``."""
    modes: dict[str, list[str]] = {}
    for call in calls:
        name, _, mode = call.partition(" ")
        modes.setdefault(name, []).extend([mode] if mode else [])
    return ", ".join(
        f"{name} ({', '.join(some)})" if some and tuple(some) != _MODES else name for name, some in modes.items()
    )


def _calls() -> Iterator[tuple[str, Iterator[Rule]]]:
    """Every call that is checked, and its rules, which do not say yet what calls they are for."""
    for name, operation in operations().items():
        item = document()["paths"][operation.path]
        parameters = [_parameter(parameter) for parameter in item.get("parameters", [])]
        body = item[operation.method.lower()].get("requestBody")
        schema = component(_referred(body["content"]["application/json"]["schema"])) if body else {}
        modes = operation.client_requests
        if len(set(modes.values())) < 2:  # the same in every mode that takes it
            yield name, _of_call(parameters, schema, None, "")
            continue
        for mode, request in modes.items():
            yield f"{name} {mode}", _of_call(parameters, schema, component(request), mode)


def _of_call(parameters: list[tuple[str, Schema]], body: Schema, request: Schema | None, mode: str) -> Iterator[Rule]:
    for name, schema in parameters:
        yield from _of_field(schema, name)
    fields = body.get("properties", {})
    for name in ("cname", "uid"):
        if name in fields:
            yield from _of_field(fields[name], name)
    if "cname" in fields and mode != _WEB:
        for name, told in words.rules_of(component("RtcChannelName")):
            if name != words.TYPE:
                yield Rule(
                    name, "cname", f"must be {told.removeprefix('be ')}, unless a web page is recorded", (), False
                )
    if "clientRequest" in fields:
        yield from _of_field(request or fields["clientRequest"], "")


def _of_field(schema: Schema, field: str) -> Iterator[Rule]:
    """The rules of a field and of everything in it."""
    schema = resolve(schema)
    if field:
        yield from (_rule(rule, field) for rule in words.rules_of(schema))
    yield from (Rule(rule.name, field, rule.words, (), True) for rule in words.rules_across(schema))
    if "items" in schema:
        yield from _of_items(schema["items"], field)
    if field.endswith("startParameter"):
        return
    properties = schema.get("properties", {})
    if schema.get("additionalProperties") is False:
        yield Rule(words.UNKNOWN_FIELD, field, f"must have no other fields than {', '.join(properties)}", (), False)
    for name, inner in properties.items():
        place = f"{field}.{name}" if field else name
        if name in schema.get("required", []):
            yield Rule(words.REQUIRED, place, "must be given", (), False)
        yield from _of_field(inner, place)


def _of_items(items: Schema, field: str) -> Iterator[Rule]:
    for form in items.get("anyOf", [items]):
        named = resolve(form).get("properties", {}).get("serviceName", {})
        yield from _of_field(form, f"{field}[{named.get('const', '')}]")


def _rule(rule: words.Rule, field: str) -> Rule:
    return Rule(rule.name, field, f"must {rule.words}", (), False)


def _parameter(parameter: Schema) -> tuple[str, Schema]:
    found: Schema = document()["components"]["parameters"][_referred(parameter)]
    name: str = found["name"]
    return _ARGUMENTS.get(name, name), found["schema"]


def _referred(reference: Schema) -> str:
    name: str = reference["$ref"].rpartition("/")[2]
    return name
