"""Queries: a query from its arguments to what is sent, and from the reply to its result; a recording's IDs.

Apart from the other requests: most calls are queries, and a program that only asks needs nothing of the others.
"""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, TypeVar

from cloudrec_api.models.mode import Mode

from .._contract.checker import check
from .._contract.document import component
from .._contract.written import named
from ..answers import query_answer
from ..errors import InvalidRequestError, Problem
from ..results import QueryResult, Result
from .call import Call
from .response import Reply, words_of

R = TypeVar("R", bound=Result)
Fields = Mapping[str, Any]


def check_app_id(app_id: str) -> list[Problem]:
    """What is wrong with an App ID."""
    return check(app_id, component("AppId"), "app_id")


def query(app_id: str, resource_id: Any, sid: Any, mode: Any) -> Call[QueryResult[Any]]:
    """GET …/query"""
    # Most calls are queries, and most of those are of a recording that was asked about before. What is no text may be
    # no key either, and is refused.
    is_text = type(resource_id) is type(sid) is str and isinstance(mode, str)
    request, ids = (_query_request if is_text else _query_request.__wrapped__)(app_id, resource_id, sid, mode)
    return Call("query", request, partial(_queried, ids["mode"]), ids)


@lru_cache(maxsize=1024)
def _query_request(app_id: str, resource_id: Any, sid: Any, mode: Any) -> tuple[Fields, dict[str, str]]:
    from cloudrec_api.api.recording.query import _get_kwargs

    ids, problems = ids_of(app_id, mode=mode, resource_id=resource_id, sid=sid)
    refuse("query", problems)
    return _get_kwargs(appid=app_id, resourceid=ids["resourceid"], sid=ids["sid"], mode=Mode(ids["mode"])), ids


def _queried(mode: str, sent: Any, reply: Reply) -> QueryResult[Any]:
    answer = query_answer(mode, sent.get("serverResponse"))
    return explained("query", QueryResult(sent, answer, http_status=reply.http_status, request_id=reply.request_id))


# Argument of a call: its schema, and its name in the path.
_PATH = {"mode": ("Mode", "mode"), "resource_id": ("ResourceId", "resourceid"), "sid": ("Sid", "sid")}


def ids_of(app_id: str, **given: Any) -> tuple[dict[str, str], list[Problem]]:
    """The parameters of the path, and what is wrong with them."""
    ids, problems = {"appid": app_id}, []
    for argument, value in given.items():
        schema, name = _PATH[argument]
        ids[name] = value.value if isinstance(value, Mode) else value
        problems += check(ids[name], component(schema), argument)
    return ids, problems


def explained(endpoint: str, result: R) -> R:
    """The same result, which says what the failure's code means that stands beside it."""
    if (code := result.code) is not None:
        # Here, since a program whose calls succeed has no use for the table.
        from .failures import meaning_of

        result.meaning = meaning_of(endpoint, result.http_status, code, words_of(result.raw))
    return result


def refuse(endpoint: str, problems: list[Problem], arguments: Mapping[str, object] | None = None) -> None:
    """Raises InvalidRequestError where something is wrong with a call, by the names that its caller wrote."""
    if problems:
        raise InvalidRequestError.of(endpoint, list(dict.fromkeys(named(problems, arguments or {}))))
