"""Words of the caller: how a field was written, as an argument, an attribute of a value, or the key of a dict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from ..errors import Problem
from .document import spots
from .wire import to_wire

# Not compiled here, as those below: most programs have no use for them, and `re` keeps what it compiled.
_CAPITAL = r"(?<=[a-z0-9])(?=[A-Z])"
_PART = r"\.?([^.\[\]]+)|\[(\d+)\]"


@cache
def snake(name: str) -> str:
    """``maxIdleTime`` is ``max_idle_time`` among arguments."""
    return re.sub(_CAPITAL, "_", name).lower()


def _attribute(kind: type[Any], name: str) -> str | None:
    """What a field of the wire is called among what a value is made with; None where it is not."""
    known: Mapping[str, str] = getattr(kind, "_WRITTEN", {})
    if name in known:
        return known[name]
    fields = {field.name for field in getattr(kind, "__attrs_attrs__", ())}
    return snake(name) if snake(name) in fields else None


def along(value: object, path: str) -> str:
    """A path of the wire below a value, as it was written there: by keys in a dict, by attributes in anything else.

    A class of ours whose attributes are called otherwise says so by ``_WRITTEN``. What it has no attribute for was not
    written: the path ends before it.
    """
    told = ""
    for wire, attribute in getattr(type(value), "_WRITTEN", {}).items():
        # What stands deeper on the wire than it was given.
        if "." in wire and path.removeprefix(".").startswith(wire):
            return f".{attribute}{path.removeprefix('.').removeprefix(wire)}"
    for name, place in re.findall(_PART, path):
        if place:
            told += f"[{place}]"
            is_there = isinstance(value, Sequence) and not isinstance(value, str) and int(place) < len(value)
            value = value[int(place)] if is_there else None  # type: ignore[index]
        elif value is None or isinstance(value, Mapping):
            told += f".{name}"
            value = value.get(name, {}) if isinstance(value, Mapping) else {}
        elif attribute := _attribute(type(value), name):
            told += f".{attribute}"
            value = getattr(value, attribute, None)
        else:
            break
    return told


class Given(dict[str, Any]):
    """A `clientRequest`, and the arguments that it was made of, as they were written."""

    arguments: Mapping[str, object]

    def argument_of(self, field: str) -> str:
        """What was written for a field of it."""
        return argument_of(field, self.arguments)


def client_request(**fields: Any) -> Given:
    """A `clientRequest` from keyword arguments named as on the wire, in which None stands for left out."""
    made = Given((name, to_wire(value, snake(name))) for name, value in fields.items() if value is not None)
    made.arguments = {snake(name): value for name, value in fields.items()}
    return made


def arguments_of(fields: Mapping[str, object]) -> Mapping[str, object]:
    """What a `clientRequest` was made of; itself, where nobody made it."""
    return fields.arguments if isinstance(fields, Given) else fields


def written_for(field: str, fields: Mapping[str, object]) -> str:
    """What was written for a field of a `clientRequest`."""
    return fields.argument_of(field) if isinstance(fields, Given) else argument_of(field, fields)


def named(problems: Iterable[Problem], arguments: Mapping[str, object]) -> list[Problem]:
    """The same problems of a call, each with what was written of its arguments."""
    return [
        problem if problem.argument else renamed(problem, lambda f: argument_of(f, arguments)) for problem in problems
    ]


def renamed(problem: Problem, written: Callable[[str], str], argument: str | None = None) -> Problem:
    """The same problem with what was written, by a function that tells it of any field; in its value and rule, too."""
    argument = written(problem.field) if argument is None else argument
    # What takes other fields is what was written around this one.
    inside, around = problem.field.rpartition(".")[0], argument.rpartition(".")[0]
    rule = problem.rule.replace(f"; {inside} takes ", f"; {around} takes ") if inside and around else problem.rule
    return Problem._make(problem)._replace(
        argument=argument,
        value=re.sub(_SAID, lambda found: _word(found[0], problem.field, written), problem.value),
        rule=in_words(rule, problem.field, written),
    )


# Words that are fields of the wire, if anything has that name: ``avFileType``, ``recordingConfig.streamTypes``.
_NAME = r"(?:[a-z]+[A-Z]\w*|[xy]_axis|render_mode|image_url)"
_WIRE = rf"(?<![\w.\"']){_NAME}(?:\.\w+)*(?![\w\"'])"
_SAID = rf"(?:(?<=, )|^){_NAME}(?==)"


def in_words(text: str, field: str, written: Callable[[str], str]) -> str:
    """A rule of a field, with what was written in the place of the names of the wire."""
    return re.sub(_WIRE, lambda found: _word(found[0], field, written), text)


def _word(name: str, field: str, written: Callable[[str], str]) -> str:
    leaf = name.rpartition(".")[2]
    known = {spot.inside for spot in spots().get(leaf, ())}
    # It is said of what the rule is about, of a part of that, or of what is beside it.
    near = [inside for inside in (field, field.rpartition(".")[0]) if re.sub(r"\[\d+\]", "[]", inside) in known]
    places = near or sorted((inside for inside in known if "[]" not in inside), key=len) or [""]
    path = name if "." in name and name.rpartition(".")[0] in known else f"{places[0]}.{leaf}".lstrip(".")
    if not known:
        return name
    told = written(path)
    argument = re.sub(r"\[\d*\]", "", told.rpartition(".")[2])
    if argument == leaf and "." in name and told.endswith(name.partition(".")[2]):
        return told if name.rpartition(".")[0] in known else name if told.endswith(name) else argument
    return argument or name


def argument_of(field: str, arguments: Mapping[str, object]) -> str:
    """What of these arguments of a call was written for a field of its request."""
    head = re.split(r"[.\[]", field, maxsplit=1)[0]
    argument = snake(head)
    # What recordings take has short names.
    if argument not in arguments and "storage" in arguments and head == "storageConfig":
        return "storage" + along(arguments["storage"], field.removeprefix(head))
    if argument not in arguments and "layout" in arguments:
        return "layout" + along(arguments["layout"], field)
    return argument + along(arguments.get(argument), field.removeprefix(head))


def of_attributes(problems: Iterable[Problem], value: object) -> list[Problem]:
    """The same problems of a value that checks itself, each with the attribute that it is about."""

    def written(field: str) -> str:
        # What a rule speaks of may be told from the whole request on; here is a part of that.
        return (along(value, field) or along(value, field.rpartition(".")[2])).removeprefix(".") or field

    return [renamed(problem, written, along(value, problem.field).removeprefix(".")) for problem in problems]
