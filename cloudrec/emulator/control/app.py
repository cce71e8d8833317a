"""ASGI application of the control interface, in front of the service's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..._pages.guard import refusal
from ..._pages.sending import FILES, HEADERS, event, file, stream
from ..http.wire import wire_of
from ..service.contract import path_segments
from ..service.json_schema import ContractValidator
from ..service.messages import MAX_BODY
from ..service.problems import most_helpful
from .document import OPERATIONS, ROOT, SCHEMAS, Operation, document
from .feed import EVERY, SELDOM, Feed
from .inside import Inside
from .steering import Steering

#: What the page is made of, by what it is asked for.
_HERE = "cloudrec.emulator.control"
PAGE = {"" if name == "page.html" else name: name for name in FILES}


def with_control(service: ASGIApp, inside: Inside) -> ASGIApp:
    """The service, and below /_emulator what steers it."""
    control = _Control(inside)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        is_ours = scope["type"] == "http" and (path == ROOT or path.startswith(f"{ROOT}/"))
        await (control if is_ours else service)(scope, receive, send)

    return app


class _Refused(Exception):
    """An answer that is none of the operation's."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Control:
    def __init__(self, inside: Inside) -> None:
        self._inside = inside
        self._steering = Steering(inside)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except _Refused as refused:
            response = JSONResponse({"error": str(refused)}, refused.status)
        if response is None:
            await self._stream(scope, receive, send)
        else:
            response.headers.update(HEADERS)
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        """The answer; None for the stream."""
        client = None if request.client is None else request.client.host
        if problem := refusal(request.method, request.url.scheme, request.headers, client):
            raise _Refused(403, problem)
        # As it was sent: a decoded path cannot tell `a%2Fb` from `a/b`.
        raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
        segments = path_segments(raw.decode("latin-1").partition("?")[0])[1:]
        if segments == [""]:
            return RedirectResponse(ROOT)
        name = "/".join(segments)
        if name in PAGE or name == "openapi.json":
            if request.method not in {"GET", "HEAD"}:
                raise _Refused(405, "this can only be read: GET")
            return JSONResponse(document()) if name == "openapi.json" else _static(name)
        operation, parameters = _find(request.method, segments)
        if operation.name == "events":
            return None
        arguments = {**parameters, **_query(operation, request.url.query), **await _body(operation, request)}
        try:
            result = await anyio.to_thread.run_sync(lambda: self._steering.find(operation.name)(**arguments))
        except LookupError as error:
            raise _Refused(404, str(error.args[0])) from None
        except (TypeError, ValueError) as error:
            raise _Refused(400, str(error)) from None
        except RuntimeError as error:  # nobody is told
            raise _Refused(409, str(error)) from None
        if isinstance(operation.answers, str):
            return Response(result, media_type=operation.answers)
        return JSONResponse(result)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        feed = Feed(self._inside)

        async def look() -> bytes:
            news = feed.news()
            return event("news", news) if news else b""

        wire = wire_of(scope)
        stopping = () if wire is None else (wire.stopping,)
        await stream(receive, send, look, every=EVERY, seldom=SELDOM, stopping=stopping)


def _static(name: str) -> Response:
    content, kind = file(_HERE, PAGE[name])
    return Response(content, media_type=kind)


def _find(method: str, segments: list[str]) -> tuple[Operation, dict[str, str]]:
    others = []
    for operation in OPERATIONS:
        template = operation.path.removeprefix("/").split("/")
        if len(template) != len(segments):
            continue
        if all(wanted.startswith("{") or wanted == got for wanted, got in zip(template, segments, strict=True)):
            if operation.method == method:
                names = zip(template, segments, strict=True)
                return operation, {wanted[1:-1]: got for wanted, got in names if wanted.startswith("{")}
            others.append(operation.method)
    if others:
        raise _Refused(405, f"this takes {' and '.join(others)}")
    raise _Refused(404, f"there is no such thing below {ROOT}: see {ROOT}/openapi.json")


def _query(operation: Operation, query: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        schema = operation.query.get(name)
        if schema is None:
            raise _Refused(400, f"{name[:40]} is no parameter of this{_listed(operation.query)}")
        value: Any = text
        if schema["type"] == "integer":
            value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
        elif schema["type"] == "boolean":
            value = {"true": True, "false": False}.get(text, text)
        _check(schema, value, f"{name} ")
        given[name] = value
    return given


def _listed(names: Mapping[str, Any]) -> str:
    return f": there is {', '.join(names)}" if names else ""


async def _body(operation: Operation, request: Request) -> dict[str, Any]:
    if operation.takes is None:
        return {}
    # What a form of another page cannot send without asking first.
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise _Refused(415, "Content-Type must be application/json")
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BODY:
            raise _Refused(413, f"the body is larger than {MAX_BODY} bytes")
    try:
        body = json.loads(content or b"{}")
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise _Refused(400, "the body is not JSON in UTF-8") from None
    _check(operation.takes, body, "")
    given: dict[str, Any] = body
    return given


def _check(schema: dict[str, Any], value: Any, what: str) -> None:
    validator = ContractValidator({**schema, "components": {"schemas": SCHEMAS}})
    problem = most_helpful(list(validator.iter_errors(value)), lambda *_: "")
    if problem:
        raise _Refused(400, f"{what}{problem.removeprefix('the body ')}" if what else problem)
