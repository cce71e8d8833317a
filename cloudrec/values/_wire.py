"""From fields as they are on the wire back to values."""

from collections.abc import Mapping
from typing import Any

from .._contract.checker import check
from .._contract.document import component
from .._contract.rule_texts import TYPE
from ..errors import InvalidRequestError, Problem


def fields_of(kind: type[Any], wire: Any, schema: str, **beside: object) -> dict[str, Any]:
    """The fields that a dict or a generated model has, if they are right together with what is said elsewhere.

    Raises:
        InvalidRequestError: they are not.
    """
    given = wire.to_dict() if hasattr(wire, "to_dict") else wire
    if not isinstance(given, Mapping):
        raise InvalidRequestError.of(kind.__name__, [Problem("wire", type(given).__name__, "must be a dict", TYPE)])
    if problems := check({**given, **beside}, component(schema)):
        raise InvalidRequestError.of(kind.__name__, problems)
    return dict(given)
