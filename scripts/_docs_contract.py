"""Pages of the contract: each call and each object, as the service takes and answers them, and each event."""

import functools
import json
from collections.abc import Iterator
from typing import Any

from _env import ROOT
from cloudrec import webhooks
from cloudrec.webhooks import EventType

TITLES = ("The contract", "契约")
SOURCE = ROOT / "openapi" / "cloud-recording.yaml"
HEADINGS = {
    "reference/contract.md": ("Calls and objects", "接口与对象"),
    "reference/events.md": ("Events of webhooks", "消息通知的事件"),
}
FIRST = {
    "reference/contract.md": (
        (
            "What the service takes and answers, by the [document](../cloud-recording.yaml) that this library is made "
            "from (OpenAPI 3.1). [The rules of a request](../rules.md) are on a page of their own. "
            "[The same in Scalar](../scalar/index.html) is for looking around, and, where the site is shown by "
            "`./scripts/docs --serve`, for trying calls out on an emulator on your machine."
        ),
        (
            "服务端接受什么、返回什么，出自生成本库的[契约](../cloud-recording.yaml)（OpenAPI 3.1），内容为英文。"
            "[请求的校验规则](../rules.md)另有一页。"
            "[用 Scalar 浏览](../scalar/index.html)同一份契约；"
            "用 `./scripts/docs --serve` 打开本站时，还可以在本机的模拟服务上试用各个接口。"
        ),
    ),
    "reference/events.md": (
        "What the service tells, with the class that [`receive`](../how-to/webhooks.md) makes of it.",
        "服务端会通知什么，以及 [`receive`](../how-to/webhooks.md) 给出的类。内容为英文。",
    ),
}
Json = Any


@functools.cache
def document() -> Json:
    """The contract, as programs read it."""
    return json.loads((ROOT / "cloudrec" / "contract.json").read_text(encoding="utf-8"))


def pages(which: int) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """The title of them all in both languages, and each with its path."""
    made = {"reference/contract.md": contract(), "reference/events.md": events()}
    return TITLES, [
        (path, f"# {HEADINGS[path][which]}\n\n{FIRST[path][which]}\n\n{text}") for path, text in made.items()
    ]


@functools.cache
def contract() -> str:
    """Every call, and every object of requests and answers."""
    parts = list[str]()
    for path, item in document()["paths"].items():
        for method, call in item.items():
            if method != "parameters":
                parts += _call(method.upper(), path, call)
    parts.append("## Objects\n")
    for name, schema in document()["components"]["schemas"].items():
        if schema.get("properties"):
            parts += [f"### `{name}` {{#{name}}}\n", schema.get("description", "") + "\n", _fields(schema)]
    return "\n".join(parts)


def _call(method: str, path: str, call: Json) -> Iterator[str]:
    yield f"## {call['summary']} {{#{call['operationId']}}}\n"
    yield f"`{method} {path}`\n"
    if "description" in call:
        yield call["description"] + "\n"
    sent = _json(call.get("requestBody", {}))
    if sent:
        yield f"Request: {_kind(sent.get('schema', {}))}\n"
        yield from _example(sent)
    for status, reply in call["responses"].items():
        answer = _behind(reply)
        yield f"**{status}** {answer['description']}\n"
        yield from _example(_json(answer))


def _json(body: Json) -> Json:
    return body.get("content", {}).get("application/json", {})


def _example(body: Json) -> Iterator[str]:
    """The first example that there is."""
    for example in body.get("examples", {}).values():
        text = json.dumps(_behind(example)["value"], indent=2, ensure_ascii=False)
        yield f"```json\n{text}\n```\n"
        return


def _behind(thing: Json) -> Json:
    """What a reference leads to."""
    if "$ref" not in thing:
        return thing
    found = document()
    for part in thing["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def _fields(schema: Json) -> str:
    rows = ["| field | what it is | kind | |", "| --- | --- | --- | --- |"]
    for name, field in schema["properties"].items():
        told = _cell(field.get("description") or _behind(field).get("description", ""))
        needed = "required" if name in schema.get("required", ()) else ""
        rows.append(f"| `{name}` | {told} | {_cell(_kind(field))} | {needed} |")
    return "\n".join([*rows, ""])


def _kind(field: Json) -> str:
    """What a field may be, in short; an object as a link to its own description."""
    if "$ref" in field:
        name, there = field["$ref"].rpartition("/")[2], _behind(field)
        return f"[`{name}`](#{name})" if there.get("properties") else _kind(there)
    for key in ("oneOf", "anyOf"):
        if key in field:
            return " or ".join(dict.fromkeys(map(_kind, field[key])))
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(value)}`" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    kinds = field.get("type", "anything")
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


@functools.cache
def events() -> str:
    """Every event, with its class, its fields and an example."""
    told = document()["webhooks"]
    rows, parts = ["| number | name | what has happened | class |", "| --- | --- | --- | --- |"], list[str]()
    for event in EventType:
        name = event.name.lower()
        call = told[name]["post"]
        kind = _class_of(event)
        rows.append(f"| {event.value} | [`{name}`](#{name}) | {_cell(call['summary'])} | `{kind}` |")
        parts += [
            f"## {event.value} `{name}` {{#{name}}}\n",
            call["summary"] + ".\n",
            call.get("description", "") + "\n",
        ]
        body = _json(call["requestBody"])
        [details] = [part["properties"]["payload"]["properties"]["details"] for part in body["schema"]["allOf"][1:]]
        if _behind(details).get("properties"):
            parts.append(_fields(_behind(details)).replace("(#", "(contract.md#"))
        parts += _example(body)
    return "\n".join([*rows, "", *parts])


def _class_of(event: EventType) -> str:
    """The class of `cloudrec.webhooks` whose docstring begins with the event's number and name."""
    begins = f"{event.value}, ``{event.name.lower()}``"
    [name] = [name for name in webhooks.__all__ if (getattr(webhooks, name).__doc__ or "").startswith(begins)]
    return name
