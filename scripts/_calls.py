"""The signatures and docstrings of the calls, made from the contract: one class for each mode, and one for all of them.

What the contract does not know stands in the tables below: which classes of ours may be given for a component, which
exceptions a caller of an endpoint meets, and what this library adds to what an endpoint does.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

# Classes of ours that may stand for a component, beside its model and a dict.
STAND_INS = {"StorageConfig": "Storage", "SnapshotConfig": "Snapshots", "RtmpPublishConfig": "CdnPush"}
RESULTS = {
    "acquire": "AcquireResult",
    "start": "StartResult",
    "query": "QueryResult[@Query]",
    "update": "UpdateResult",
    "updateLayout": "UpdateLayoutResult",
    "stop": "StopResult[@Stop]",
}
# What `acquire` is told of what will be recorded; nothing where the documents name no scene for a mode.
SCENES = {
    "individual": "Scene.DEFERRED_TRANSCODING if deferred_transcoding else Scene.REALTIME",
    "mix": "Scene.REALTIME",
    "web": "Scene.WEB_PAGE",
}
NOTES = {
    "acquire": "Send `start` within two seconds of it, if you can.",
    "start": "A success means that the service took it on: query it from five seconds later to see that it runs. "
    "Arguments may be the types named here, or dicts with the API's own field names.",
    "query": "Status 4 or 5 within 90 seconds means that it runs.",
    "stop": "A recording of a channel in which nobody sent a stream ends with a result, too; its `nothing_recorded` is "
    "true. So does one that an earlier attempt of this very call had stopped, whose answer was lost: "
    "`already_stopped`.",
}
GONE = "TaskNotFoundError: the recording is over, never started, or is being moved for up to 90 seconds."
RAISES = {
    "acquire": [
        "AppNotEnabledError: cloud recording is not enabled for the App ID.",
        "TooManyRecordingsError: as many recordings run as the account may have.",
    ],
    "start": [
        "TaskConflictError: (cname, uid) is being recorded already.",
        "AlreadyStartedError: this resource ID's recording runs already.",
        "InvalidResourceError: the resource ID expired, or is of another recording.",
        "RecordingMayBeRunningError: nobody knows whether it started; carries cname, uid and resource ID.",
    ],
    "query": [GONE],
    "update": [GONE],
    "updateLayout": [GONE],
    "stop": ["AlreadyStoppingError: the recording is on its way out already.", GONE],
}
OPTIONS = {
    "timeout": "Seconds for each attempt of this call, from connecting to the end of the answer. As the client is set "
    "up by default.",
    "retry": "How often to try this call; None for once. As the client is set up by default.",
    "check": "False sends what breaks rules of the contract, too, for a service that has moved on.",
}
DEFERRED = "Whether files are made once more after the recording (scene 2 instead of 0)."
WIDTH = 120


class Argument(NamedTuple):
    """One argument of a call."""

    name: str
    wire: str
    kind: str
    """Its annotation, without None."""
    text: str
    needed: bool
    default: str = "None"

    def written(self) -> str:
        if self.needed:
            return f"{self.name}: {self.kind}"
        return f"{self.name}: {self.kind}{' | None' if self.default == 'None' else ''} = {self.default}"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


class Contract:
    """The document, as far as calls are made of it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self.schemas: dict[str, Any] = document["components"]["schemas"]
        self.modes: list[str] = self.schemas["Mode"]["enum"]
        self.operations: dict[str, tuple[str, str, dict[str, Any]]] = {
            item["operationId"]: (method.upper(), path, item)
            for path, methods in document["paths"].items()
            for method, item in methods.items()
            if method != "parameters" and item["operationId"] in RESULTS
        }

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rpartition("/")[2]]
        return schema

    def parameter(self, name: str) -> str:
        """The words for a parameter of a path."""
        text: str = self._document["components"]["parameters"][name]["description"]
        return text

    def words(self, schema: dict[str, Any]) -> str:
        """What a field is, with its range and its default."""
        whole = {**self.resolve(schema), **schema}
        text = str(whole.get("description", ""))
        low, high = whole.get("minimum"), whole.get("maximum")
        if low is not None and high is not None and str(high) not in text:
            text += f" {low} to {high}."
        default = whole.get("x-default")
        if default is not None and default is not False and "default" not in text and "advice" not in text:
            text += f" {f'`{default}`' if isinstance(default, str) else default} by default."
        return text

    def kinds(self, schema: dict[str, Any]) -> list[str]:
        """The annotations of what may be given for a field."""
        name = schema.get("$ref", "").rpartition("/")[2]
        if name and (self.schemas[name].get("type") == "object" or "enum" in self.schemas[name]):
            is_object = self.schemas[name].get("type") == "object"
            return [f"models.{name}", *filter(None, [STAND_INS.get(name)]), *(["Fields"] if is_object else [])]
        whole = self.resolve(schema)
        if "anyOf" in whole:
            return merged(self.kinds(one) for one in whole["anyOf"])
        if whole.get("type") == "array":
            return [f"Sequence[{' | '.join(self.kinds(whole['items']))}]"]
        return [{"integer": "int", "number": "float", "boolean": "bool", "string": "str"}[whole["type"]]]

    def fields(self, components: dict[str, str], every: int) -> Iterator[Argument]:
        """The arguments for the fields of a `clientRequest`, which is another component in each mode."""
        names = list(dict.fromkeys(name for part in components.values() for name in self.schemas[part]["properties"]))
        for name in names:
            having = {mode: part for mode, part in components.items() if name in self.schemas[part]["properties"]}
            schemas = [self.schemas[part]["properties"][name] for part in having.values()]
            needed = all(name in self.schemas[part].get("required", []) for part in components.values())
            text = " ".join(dict.fromkeys(map(self.words, schemas)))
            if len(having) < len(components) and every > 1:
                text += f" In {listed(having)} mode."
            if needed and every > 1:
                text += " Required."
            default = self.resolve(schemas[0]).get("x-default")
            kind = " | ".join(merged(map(self.kinds, schemas)))
            yield Argument(
                snake(name), name, kind, text, needed and every == 1, "False" if default is False else "None"
            )


def merged(lists: Iterable[list[str]]) -> list[str]:
    """Annotations without repeats, dicts last."""
    found = list(dict.fromkeys(kind for kinds in lists for kind in kinds))
    return [kind for kind in found if kind != "Fields"] + (["Fields"] if "Fields" in found else [])


def listed(names: Iterable[str], word: str = "and") -> str:
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} {word} {last}" if first else last


def make_calls(document: dict[str, Any]) -> dict[str, str]:
    """The text of each module of calls, by its name."""
    contract = Contract(document)
    made = {"calls": _module(contract, None)}
    made |= {f"{mode}_calls": _module(contract, mode) for mode in contract.modes}
    return made


def _module(contract: Contract, mode: str | None) -> str:
    methods = [_method(contract, endpoint, mode) for endpoint in RESULTS]
    body = "\n".join(method for method in methods if method)
    whose = f"for `{mode}` recordings" if mode else "of the API, for recordings of every mode"
    name = f"Async{mode.title() if mode else ''}Calls"
    answers = ", ".join(f"{one.title()}{what}" for one in contract.modes for what in ("Query", "Stop"))
    aliases = "".join(
        f'    {one.title()}: TypeAlias = Literal[models.Mode.{one.upper()}, "{one}"]\n' for one in contract.modes
    )
    return f'''"""The calls {whose}."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from cloudrec_api.models.mode import Mode
from cloudrec_api.models.scene import Scene

from .. import _call
from .._call.settings import CLIENT_DEFAULT, ClientDefault, Options
from .._contract.frames import discreet
from .._contract.written import client_request
from .base import AsyncBase, send_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloudrec_api import models

    from .._call.retry import Retry
    from ..answers import {answers}
    from ..results import AcquireResult, QueryResult, StartResult, StopResult, UpdateLayoutResult, UpdateResult
    from ..storage import Storage
    from ..values import CdnPush, Snapshots

    Fields: TypeAlias = Mapping[str, Any]
{aliases}

@discreet
class {name}(AsyncBase):
    """The calls {whose}."""

{textwrap.indent(body, "    ")}'''


def _method(contract: Contract, endpoint: str, mode: str | None) -> str:
    method, path, operation = contract.operations[endpoint]
    body = operation.get("requestBody")
    components: dict[str, str] = operation.get("x-client-request", {})
    if endpoint == "acquire":
        components = dict.fromkeys(contract.modes, "AcquireClientRequest")
    if body and mode and mode not in components:
        return ""
    chosen = {mode: components[mode]} if mode and components else components
    arguments = list(contract.fields(chosen, len(chosen))) if chosen else []
    if endpoint == "acquire" and mode:
        arguments = [_of_mode(contract, argument, mode) for argument in arguments if argument.name != "scene"]
        if mode == "individual":
            arguments.insert(0, Argument("deferred_transcoding", "", "bool", DEFERRED, False, "False"))
    arguments.sort(key=lambda argument: not argument.needed)

    first: list[tuple[str, str, str]] = []
    if "{resourceid}" in path:
        first.append(("resource_id", "str", contract.parameter("ResourceId")))
    if "{sid}" in path:
        first.append(("sid", "str", contract.parameter("Sid")))
    if "{mode}" in path and mode is None:
        which = "Mix" if list(components) == ["mix"] else "models.Mode | str"
        first.append(("mode", which, f"{listed(components or contract.modes, 'or')}. {contract.parameter('Mode')}"))
    if body:
        first.append(("cname", "str", contract.words({"$ref": "#/components/schemas/ChannelName"})))
        first.append(
            (
                "uid",
                "int | str",
                contract.words({"$ref": "#/components/schemas/RecorderUid"}).replace(" as a string", ""),
            )
        )

    options = ["timeout: float | None = None", "retry: Retry | ClientDefault | None = CLIENT_DEFAULT"]
    if body:
        options.append("check: bool = True")
    name = snake(endpoint)

    def signature(kinds: list[tuple[str, str, str]], returns: str, end: str) -> str:
        parts = [f"{name}: {kind}" for name, kind, _ in kinds]
        parts += ["*", *(argument.written() for argument in arguments), *options]
        return (
            f"async def {name}(\n    self,\n" + "".join(f"    {part},\n" for part in parts) + f") -> {returns}:{end}\n"
        )

    overloads = ""
    returns = RESULTS[endpoint]
    if "@" in returns and mode is None:
        for one in contract.modes:
            kinds = [(name, one.title() if name == "mode" else kind, text) for name, kind, text in first]
            overloads += "@overload\n" + signature(kinds, returns.replace("@", one.title()), " ...")
        every = " | ".join(
            returns[returns.index("@") :].rstrip("]").replace("@", one.title()) for one in contract.modes
        )
        overloads += "@overload\n" + signature(first, f"{returns.partition('[')[0]}[{every}]", " ...")
        returns = f"{returns.partition('[')[0]}[Any]"
    returns = returns.replace("@", (mode or "").title())

    words = [(name, text) for name, _, text in first]
    words += [(argument.name, argument.text) for argument in arguments]
    words += [(name, text) for name, text in OPTIONS.items() if name != "check" or body]
    renamed = {argument.wire: argument.name for argument in arguments if argument.wire}
    doc = _docstring(endpoint, operation, words, renamed, f"{method} {path}", bool(body))
    code = _code(endpoint, mode, arguments)
    return overloads + signature(first, returns, "") + textwrap.indent(f'"""{doc}"""\n{code}', "    ") + "\n"


def _of_mode(contract: Contract, argument: Argument, mode: str) -> Argument:
    """An argument of `acquire` as it is for one mode."""
    if argument.name != "start_parameter":
        return argument
    component = contract.operations["start"][2]["x-client-request"][mode]
    return argument._replace(kind=f"models.{component} | Fields")


def _docstring(
    endpoint: str,
    operation: dict[str, Any],
    arguments: list[tuple[str, str]],
    renamed: dict[str, str],
    request: str,
    has_body: bool,
) -> str:
    def told(text: str) -> str:
        """The contract's words as they stand in a docstring: with the names of arguments, and marked as code."""

        def code(found: re.Match[str]) -> str:
            word = renamed.get(found[1], found[1])
            return f"`{word}`" if word in ("individual", "mix", "web", "raw") else f"``{word}``"

        return re.sub(r"`([^`]+)`", code, text)

    def wrapped(text: str, first: str = "", rest: str = "") -> str:
        return textwrap.fill(
            told(text), WIDTH - 8, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False,
            break_long_words=False,
        )  # fmt: skip

    description = " ".join(operation["description"].split())
    summary, _, more = description.partition(". ")
    note = " ".join(filter(None, [more, NOTES.get(endpoint, "")]))
    lines = [told(summary.rstrip(".")) + ".", ""]
    if note:
        lines += [wrapped(note), ""]
    lines.append("Args:")
    for name, text in arguments:
        lines.append(wrapped(f"{name}: {text}", "    ", "        "))
    lines += ["", "Raises:", "    InvalidRequestError: an argument breaks a rule; nothing was sent."]
    lines += [wrapped(text, "    ", "        ") for text in RAISES[endpoint]]
    lines += ["    CloudRecordingError: anything else; see :mod:`cloudrec.errors`.", ""]
    short = re.sub(r"/v1/apps/\{appid\}/cloud_recording(?=/resourceid)", "…", request)
    lines.append(f"Endpoint: ``{short}``")
    return "\n".join(lines) + "\n"


def _code(endpoint: str, mode: str | None, arguments: list[Argument]) -> str:
    which = f"Mode.{mode.upper()}" if mode else "mode"
    fields = [f"{argument.wire}={argument.name}" for argument in arguments if argument.wire]
    if endpoint == "acquire" and mode in SCENES:
        fields.insert(0, f"scene={SCENES[mode]}")
    fields_code = f"fields = client_request({', '.join(fields)})\n"
    if endpoint == "acquire":
        call = "_call.requests.acquire(self._app_id, cname, uid, fields, checks=check)"
    elif endpoint == "start":
        call = f"_call.requests.start(self._app_id, resource_id, {which}, cname, uid, fields, checks=check)"
        return f"{fields_code}call = {call}\nreturn await send_start(self._session, call, Options(timeout, retry))\n"
    elif endpoint == "query":
        fields_code = ""
        call = f"_call.queries.query(self._app_id, resource_id, sid, {which})"
    elif endpoint == "stop":
        fields_code = ""
        call = f"_call.requests.stop(self._app_id, resource_id, sid, {which}, cname, uid, async_stop, checks=check)"
    else:
        name = snake(endpoint)
        call = f"_call.requests.{name}(self._app_id, resource_id, sid, {which}, cname, uid, fields, checks=check)"
    return f"{fields_code}call = {call}\nreturn await self._session.send(call, Options(timeout, retry))\n"
