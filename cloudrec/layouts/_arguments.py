"""Arguments of layouts: what they may look like, and what is said of those that do not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, cast

from attrs import NOTHING, fields

from cloudrec_api.models.render_mode import RenderMode

from .._contract.checker import check, is_carried
from .._contract.document import component
from .._contract.redact import shown
from .._contract.rule_texts import TYPE, USER_ONCE
from ..errors import InvalidRequestError, Problem


def uid_on_wire(value: int | str | None) -> str | None:
    """A user ID as it is on the wire. What is none stays as it is, for the check."""
    return None if value is None else user_on_wire(value)


def user_on_wire(value: int | str) -> str:
    """The same, where there must be one."""
    if not isinstance(value, int) or isinstance(value, bool):
        return cast("str", value)
    # Python does not write whole numbers of thousands of digits; the check says that this one is no text.
    return str(int(value)) if is_carried(value) else cast("str", value)


def render_mode_of(value: RenderMode | int | str | None) -> RenderMode | None:
    """By member, by number, or by name in any case. What is none stays as it is, for the check."""
    if isinstance(value, str) and value.upper() in RenderMode.__members__:
        return RenderMode[value.upper()]
    if isinstance(value, int) and not isinstance(value, bool) and value in tuple(RenderMode):
        return RenderMode(value)
    return cast("RenderMode | None", value)


def filled(**given: Any) -> dict[str, Any]:
    """The fields that are not left open: None stands for left out, and an enumeration for its number."""
    return {
        name: int(value) if isinstance(value, RenderMode) else value
        for name, value in given.items()
        if value is not None
    }


def problems_of(value: Any, schema: str, field: str = "") -> list[Problem]:
    """All that is wrong with wire fields, by the contract's component of that name."""
    rule = "must be 'crop' or 'fit'"
    return [
        problem._replace(rule=rule) if problem.field.endswith("render_mode") else problem
        for problem in check(value, component(schema), field)
    ]


def listed(value: Any) -> tuple[Any, ...]:
    """The items of a list. What is none is its own only item, for the check."""
    if isinstance(value, (str, bytes, Mapping)) or hasattr(value, "to_dict") or not isinstance(value, Iterable):
        return (value,)
    return tuple(value)


def written(value: Any) -> str:
    """A value as it would be written, without what is left open."""
    told = []
    for attribute in fields(type(value)):
        item = getattr(value, attribute.name)
        if attribute.default is NOTHING or item != attribute.default:
            write = attribute.repr if callable(attribute.repr) else repr
            told.append(f"{attribute.name}={item.name if isinstance(item, RenderMode) else write(item)}")
    return f"{type(value).__name__}({', '.join(told)})"


def refuse(where: str, *problems: Problem) -> NoReturn:
    """Raises the error for these problems, which `where` has."""
    raise InvalidRequestError.of(where, list(problems))


def named_twice(name: str, uids: Sequence[str]) -> list[Problem]:
    """What is wrong with a list in which every user may stand once."""
    return [
        Problem(f"{name}[{place}]", shown(uid), "must not be named twice", USER_ONCE)
        for place, uid in enumerate(uids)
        if uid in uids[:place]
    ]


def is_number(value: object) -> bool:
    """Whether it is a number, and one that can be reckoned with."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and is_carried(value)


def is_whole(value: object, low: int, high: int) -> bool:
    """Whether it is a whole number from low to high."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def canvas_problems(canvas: Any) -> list[Problem]:
    """What is wrong with the size of a picture in pixels."""
    if not isinstance(canvas, (tuple, list)) or len(canvas) != 2:
        return [Problem("canvas", shown(canvas), "must be width and height in pixels", TYPE)]
    return problems_of({"width": canvas[0], "height": canvas[1]}, "TranscodingConfig")
