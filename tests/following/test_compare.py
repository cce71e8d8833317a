"""What a change of a document means, with the list of oasdiff's published checks as the checklist."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scripts._following.compare import BREAKS, WIDENS, WORDS, Change, compare
from tests.support import Json, each, read_json

CHECKS: dict[str, str] = read_json("data", "oasdiff_checks.json")


def document(
    schema: Json = None, side: str = "request", place: str = "property", operation: Json = None, **top: Json
) -> Json:
    """A document with one call, in which a schema stands at a place."""
    start: Json = {"operationId": "start", "responses": {}}
    holder = {"type": "object", "properties": {"p": schema}}
    if schema is None:
        pass
    elif place in ("body", "property"):
        content = {"content": {"application/json": {"schema": schema if place == "body" else holder}}}
        start |= {"requestBody": content} if side == "request" else {"responses": {"200": content}}
    elif place == "header":
        start["responses"] = {"200": {"headers": {"X-A": {"schema": schema}}}}
    else:
        inner = holder if place == "parameter-property" else schema
        start["parameters"] = [{"name": "q", "in": "query", "schema": inner}]
    return {"openapi": "3.1.0", "paths": {"/start": {"post": start | (operation or {})}}} | top


# What each check's name ends with: a schema before and after.
_S, _I, _N, _A, _O = ({"type": kind} for kind in ("string", "integer", "number", "array", "object"))
_INNER = {"a": {"minLength": 2}}
SCHEMAS: dict[str, tuple[Json, Json]] = {
    "type-changed": (_S, _I),
    "type-generalized": (_I, _N),
    "type-specialized": (_N, _I),
    "list-of-types-widened": ({"type": ["string", "integer"]}, {"type": ["string", "integer", "boolean"]}),
    "list-of-types-narrowed": ({"type": ["string", "integer", "boolean"]}, {"type": ["string", "integer"]}),
    "became-nullable": (_S, {"type": ["string", "null"]}),
    "became-not-nullable": (_S | {"nullable": True}, _S),
    "became-enum": (_S, _S | {"enum": ["a"]}),
    "enum-value-added": (_S | {"enum": ["a"]}, _S | {"enum": ["a", "b"]}),
    "enum-value-removed": (_S | {"enum": ["a", "b"]}, _S | {"enum": ["a"]}),
    "const-added": (_S, _S | {"const": "a"}),
    "const-changed": (_S | {"const": "a"}, _S | {"const": "b"}),
    "const-removed": (_S | {"const": "a"}, _S),
    "pattern-added": (_S, _S | {"pattern": "a"}),
    "pattern-changed": (_S | {"pattern": "a"}, _S | {"pattern": "b"}),
    "pattern-generalized": (_S | {"pattern": "a"}, _S | {"pattern": ".*"}),
    "pattern-removed": (_S | {"pattern": "a"}, _S),
    "default-value-added": (_S, _S | {"default": "a"}),
    "default-value-changed": (_S | {"default": "a"}, _S | {"default": "b"}),
    "default-value-removed": (_S | {"default": "a"}, _S),
    "all-of-added": (_S, _S | {"allOf": [{"minLength": 2}]}),
    "all-of-added-annotation-only": (_S, _S | {"allOf": [{"description": "words"}]}),
    "all-of-removed": (_S | {"allOf": [{"minLength": 2}]}, _S),
    "all-of-removed-annotation-only": (_S | {"allOf": [{"description": "words"}]}, _S),
    "any-of-added": ({"anyOf": [_S]}, {"anyOf": [_S, _I]}),
    "any-of-removed": ({"anyOf": [_S, _I]}, {"anyOf": [_S]}),
    "one-of-added": ({"oneOf": [_S]}, {"oneOf": [_S, _I]}),
    "one-of-removed": ({"oneOf": [_S, _I]}, {"oneOf": [_S]}),
    "prefix-items-added": (_A | {"prefixItems": [_S]}, _A | {"prefixItems": [_S, _S]}),
    "prefix-items-removed": (_A | {"prefixItems": [_S, _S]}, _A | {"prefixItems": [_S]}),
    "dependent-required-changed": (_O | {"dependentRequired": {"a": ["b"]}}, _O | {"dependentRequired": {"a": ["c"]}}),
    "content-media-type-changed": (_S | {"contentMediaType": "a/b"}, _S | {"contentMediaType": "a/c"}),
    "content-encoding-changed": (_S | {"contentEncoding": "base64"}, _S | {"contentEncoding": "base32"}),
    "discriminator-added": (_O, _O | {"discriminator": {"propertyName": "a"}}),
    "discriminator-removed": (_O | {"discriminator": {"propertyName": "a"}}, _O),
    "discriminator-property-name-changed": (_O | {"discriminator": {"propertyName": "a"}},
                                            _O | {"discriminator": {"propertyName": "b"}}),
    "discriminator-mapping-added": (_O | {"discriminator": {"propertyName": "a"}},
                                    _O | {"discriminator": {"propertyName": "a", "mapping": {"b": "c"}}}),
    "discriminator-mapping-changed": (_O | {"discriminator": {"mapping": {"b": "c"}}},
                                      _O | {"discriminator": {"mapping": {"b": "d"}}}),
    "discriminator-mapping-deleted": (_O | {"discriminator": {"mapping": {"b": "c"}}}, _O | {"discriminator": {}}),
    "deprecated": (_S, _S | {"deprecated": True}),
    "reactivated": (_S | {"deprecated": True}, _S),
    **{f"{words}-{verb}": pair
       for words, part in {
           "if": _O | {"if": _INNER}, "then": _O | {"if": {}, "then": _INNER}, "else": _O | {"if": {}, "else": _INNER},
           "contains": _A | {"contains": _S}, "dependent-required": _O | {"dependentRequired": {"a": ["b"]}},
           "dependent-schema": _O | {"dependentSchemas": {"a": _INNER}}, "property-names": _O | {"propertyNames": _S},
           "pattern-property": _O | {"patternProperties": {"a": _S}},
           "unevaluated-items": _A | {"unevaluatedItems": False},
           "unevaluated-properties": _O | {"unevaluatedProperties": False},
           "content-schema": _S | {"contentSchema": _O},
       }.items()
       for verb, pair in {
           "added": ({name: part[name] for name in part if name in ({"type", "if"} - {words})}, part),
           "removed": (part, {name: part[name] for name in part if name in ({"type", "if"} - {words})}),
       }.items()},
    **{f"{words}-{verb}": pair
       for words, (base, name) in {
           "max": (_I, "maximum"), "min": (_I, "minimum"), "exclusive-max": (_I, "exclusiveMaximum"),
           "exclusive-min": (_I, "exclusiveMinimum"), "max-length": (_S, "maxLength"), "min-length": (_S, "minLength"),
           "max-items": (_A, "maxItems"), "min-items": (_A, "minItems"),
           "max-contains": (_A | {"contains": _S}, "maxContains"),
           "min-contains": (_A | {"contains": _S}, "minContains"),
       }.items()
       for verb, pair in {
           "increased": (base | {name: 2}, base | {name: 3}), "decreased": (base | {name: 3}, base | {name: 2}),
           "set": (base, base | {name: 2}), "unset": (base | {name: 2}, base),
       }.items()},
}  # fmt: skip


def _body(schema: Json = None, media: str = "application/json", **more: Json) -> Json:
    return {"requestBody": {"content": {media: {} if schema is None else {"schema": schema}}} | more}


def _answer(status: str = "200", media: str = "application/json", schema: Json = None, **more: Json) -> Json:
    return {"responses": {status: {"content": {media: {} if schema is None else {"schema": schema}}} | more}}


def _asking(place: str = "query", schema: Json = None, **more: Json) -> Json:
    return {"parameters": [{"name": "q", "in": place, "schema": schema or _S} | more]}


def _object(*required: str, **properties: Json) -> Json:
    return {"type": "object", "properties": properties} | ({"required": list(required)} if required else {})


def _of(*operations: Json, **top: Json) -> tuple[Json, ...]:
    return tuple(document(operation=one, **top) for one in operations)


_KEY = {"securitySchemes": {"key": {"type": "http", "scheme": "basic"}}}
_NOTICE = {"post": {"requestBody": {"content": {"application/json": {"schema": _O}}}}}
_HEADER = {"headers": {"X-A": {"schema": _S}}}
_TWO = {"content": {"application/json": {}, "a/b": {}}}
DOCUMENTS: dict[str, tuple[Json, ...]] = {
    "endpoint-added": (document(paths={}), document()),
    "api-removed-without-deprecation": (document(), document(paths={"/start": {}})),
    "api-path-removed-without-deprecation": (document(), document(paths={})),
    "endpoint-deprecated": _of({}, {"deprecated": True}),
    "endpoint-reactivated": _of({"deprecated": True}, {}),
    "api-operation-id-added": _of({}, {"operationId": "begin"}),
    "api-operation-id-removed": _of({"operationId": "begin"}, {}),
    "api-tag-added": _of({}, {"tags": ["a"]}),
    "api-tag-removed": _of({"tags": ["a"]}, {}),
    "api-security-added": _of({}, {"security": [{"key": []}]}),
    "api-security-removed": _of({"security": [{"key": []}]}, {}),
    "api-global-security-added": (document(), document(security=[{"key": []}])),
    "api-global-security-removed": (document(security=[{"key": []}]), document()),
    "api-security-component-added": (document(), document(components=_KEY)),
    "api-security-component-removed": (document(components=_KEY), document()),
    "api-security-component-type-changed": (
        document(components=_KEY), document(components={"securitySchemes": {"key": {"type": "apiKey"}}}),
    ),
    "webhook-added": (document(), document(webhooks={"told": _NOTICE})),
    "webhook-removed": (document(webhooks={"told": _NOTICE}), document()),
    "request-body-added-required": _of({}, _body(_O, required=True)),
    "request-body-added-optional": _of({}, _body(_O)),
    "request-body-removed": _of(_body(_O), {}),
    "request-body-became-required": _of(_body(_O), _body(_O, required=True)),
    "request-body-became-optional": _of(_body(_O, required=True), _body(_O)),
    "request-body-media-type-added": _of(_body(), {"requestBody": _TWO}),
    "request-body-media-type-removed": _of({"requestBody": _TWO}, _body()),
    "request-body-media-type-schema-added": _of(_body(), _body(_O)),
    "request-body-media-type-schema-removed": _of(_body(_O), _body()),
    "new-required-request-parameter": _of({}, _asking(required=True)),
    "new-optional-request-parameter": _of({}, _asking()),
    "new-required-request-default-parameter-to-existing-path": _of(
        {}, _asking(required=True, schema=_S | {"default": "a"}),
    ),
    "new-optional-request-default-parameter-to-existing-path": _of({}, _asking(schema=_S | {"default": "a"})),
    "new-request-path-parameter": _of({}, _asking("path", required=True)),
    "request-parameter-removed": _of(_asking(), {}),
    "request-parameter-became-required": _of(_asking(), _asking(required=True)),
    "request-parameter-became-optional": _of(_asking(required=True), _asking()),
    "request-parameter-deprecated": _of(_asking(), _asking(deprecated=True)),
    "request-parameter-reactivated": _of(_asking(deprecated=True), _asking()),
    "new-required-request-header-property": _of(
        _asking("header", schema=_object()), _asking("header", schema=_object("a", a=_S)),
    ),
    "request-header-property-became-required": _of(
        _asking("header", schema=_object(a=_S)), _asking("header", schema=_object("a", a=_S)),
    ),
    "request-header-property-became-enum": _of(
        _asking("header", schema=_object(a=_S)), _asking("header", schema=_object(a=_S | {"enum": ["b"]})),
    ),
    "new-required-request-property": _of(_body(_object()), _body(_object("a", a=_S))),
    "new-required-request-property-with-default": _of(_body(_object()), _body(_object("a", a=_S | {"default": "b"}))),
    "new-optional-request-property": _of(_body(_object()), _body(_object(a=_S))),
    "request-property-removed": _of(_body(_object(a=_S)), _body(_object())),
    "request-property-became-required": _of(_body(_object(a=_S)), _body(_object("a", a=_S))),
    "request-property-became-required-with-default": _of(
        _body(_object(a=_S | {"default": "b"})), _body(_object("a", a=_S | {"default": "b"})),
    ),
    "request-property-became-optional": _of(_body(_object("a", a=_S)), _body(_object(a=_S))),
    "response-required-property-added": _of(_answer(schema=_object()), _answer(schema=_object("a", a=_S))),
    "response-optional-property-added": _of(_answer(schema=_object()), _answer(schema=_object(a=_S))),
    "response-required-property-removed": _of(_answer(schema=_object("a", a=_S)), _answer(schema=_object())),
    "response-optional-property-removed": _of(_answer(schema=_object(a=_S)), _answer(schema=_object())),
    "response-property-became-required": _of(_answer(schema=_object(a=_S)), _answer(schema=_object("a", a=_S))),
    "response-property-became-optional": _of(_answer(schema=_object("a", a=_S)), _answer(schema=_object(a=_S))),
    "response-success-status-added": _of({}, _answer("202")),
    "response-success-status-removed": _of(_answer("202"), {}),
    "response-non-success-status-added": _of({}, _answer("409")),
    "response-non-success-status-removed": _of(_answer("409"), {}),
    "response-media-type-added": _of(_answer(), {"responses": {"200": _TWO}}),
    "response-media-type-removed": _of({"responses": {"200": _TWO}}, _answer()),
    "response-body-media-type-schema-added": _of(_answer(), _answer(schema=_O)),
    "response-body-media-type-schema-removed": _of(_answer(schema=_O), _answer()),
    "response-mediatype-enum-value-removed": _of(
        _answer("409", schema=_S | {"enum": ["a", "b"]}), _answer("409", schema=_S | {"enum": ["a"]}),
    ),
    "response-header-added": _of(_answer(), _answer(**_HEADER)),
    "optional-response-header-removed": _of(_answer(**_HEADER), _answer()),
    "required-response-header-removed": _of(
        _answer(headers={"X-A": {"schema": _S, "required": True}}), _answer(),
    ),
    "response-header-became-optional": _of(
        _answer(headers={"X-A": {"schema": _S, "required": True}}), _answer(**_HEADER),
    ),
}  # fmt: skip

# Checks of what the contract has not, and why.
APART = {
    r".*(sunset|stability).*": "dates of withdrawal and levels of stability are not kept in the contract",
    r"api-(major-)?version-.*": "the document's version is that of the API, which is in its paths",
    r"(api|request|response).*-with-deprecation": "what is gone is gone, announced or not",
    r".*-removed-before-.*": "dates of withdrawal are not kept in the contract",
    r".*x-extensible-enum.*": "an extension that the contract does not use",
    r".*oauth.*|.*security-scope.*|.*-security-scope-.*": "the API has no scopes",
    r".*wrapped-in-one-of": "the contract has no oneOf",
    r".*(read|write)-only.*": "the contract marks nothing read- or write-only",
    r"api-schema-removed": "a component that nothing refers to is nothing to callers",
    r"response-media-type-name-.*": "everything is application/json",
    r".*type-compatible": "whether a type is read as another depends on a style, and the contract has none",
    r".*deprecated-with-.*": "dates of withdrawal are not kept in the contract",
}
# Where the contract's conventions make something else of it than oasdiff does.
OTHERWISE = {
    r"request-(body|property)-default-value-changed": (
        BREAKS, "a default is what the service assumes: who leaves the field out gets something else",
    ),
    r"request-parameter-default-value-(added|removed)": (WIDENS, "it says what the service assumed before"),
    r"request-(body|property|parameter)-all-of-removed": (WIDENS, "a rule that is gone refuses nothing"),
    r"request-.*-pattern-generalized": (BREAKS, "which of two patterns takes more is not worked out"),
    r"api-(global-)?security-added": (BREAKS, "a call without credentials is refused from now on"),
    r".*parameter-property-type-changed": (BREAKS, "as it does everywhere"),
}  # fmt: skip


def worst(changes: list[Change]) -> str | None:
    """The highest level among some changes."""
    return changes[0].level if changes else None


@each("check", CHECKS)
def test_checklist(check: str) -> None:
    """Each check of oasdiff's list: what it finds is found, and breaks where it says so."""
    if any(re.fullmatch(pattern, check) for pattern in APART):
        return
    found = re.fullmatch(r"(request|response)-(body|property|parameter-property|parameter|header)-(.*)", check)
    if check in DOCUMENTS:
        changes = compare(*DOCUMENTS[check])
    else:
        assert found is not None, "nothing is known of it"
        side, place, words = found.groups()
        changes = compare(*(document(schema, side, place) for schema in SCHEMAS[words]))
    meant = next((level for pattern, (level, _) in OTHERWISE.items() if re.fullmatch(pattern, check)), None)
    if meant is not None:
        assert worst(changes) == meant
    elif CHECKS[check] == "INFO":
        # What is told is not breaking; what nothing depends on need not be told.
        assert worst(changes) in (WIDENS, WORDS, None)
        assert changes or "component" in check
    else:
        assert worst(changes) == BREAKS


def test_what_stands_apart_is_of_the_list() -> None:
    """No exception of the checklist is for nothing."""
    for pattern in {**APART, **OTHERWISE}:
        assert any(re.fullmatch(pattern, check) for check in CHECKS), pattern


def change(old: Json, new: Json, side: str = "request", **more: Any) -> Change:
    """The one change between two schemas of a field."""
    [found] = compare(document(old, side, **more), document(new, side, **more))
    return found


@pytest.mark.parametrize(
    ("old", "new", "side", "level", "text"),
    [
        (_I | {"maximum": 3}, _I | {"maximum": 5}, "request", WIDENS, "maximum is 5, was 3"),
        (_I | {"x-default": 3}, _I | {"x-default": 5}, "request", BREAKS, "default is 5, was 3"),
        (_I, _I | {"x-default": 5}, "request", WIDENS, "default is 5"),
        (_S, _S | {"format": "password"}, "request", WIDENS, "is a secret"),
        (_S | {"format": "password"}, _S, "response", BREAKS, "is no secret any more, and may be shown"),
        (_S, _S | {"format": "uri"}, "request", BREAKS, "format is uri"),
        (_S, _S | {"format": "uri"}, "response", WIDENS, "format is uri"),
        (_S, _S | {"x-rule": "words"}, "request", WORDS, "x-rule says something else"),
        (_O | {"x-max-sum": {"fields": ["a"], "maximum": 2}}, _O | {"x-max-sum": {"fields": ["a"], "maximum": 1}},
         "request", BREAKS, 'x-max-sum is {"fields": ["a"], "maximum": 1}, was {"fields": ["a"], "maximum": 2}'),
        (_O | {"additionalProperties": False}, _O, "request", WIDENS, "takes other fields, too"),
        (_O, _O | {"additionalProperties": False}, "request", BREAKS, "takes no other fields any more"),
        (_A | {"items": _S}, _A | {"items": _S | {"maxLength": 2}}, "request", BREAKS, "maxLength is 2"),
        ({"anyOf": [_S | {"enum": ["a"]}, _S]}, {"anyOf": [_S | {"enum": ["a", "b"]}, _S]}, "response", WIDENS, None),
        (True, False, "request", BREAKS, None),
        (_A | {"uniqueItems": True}, _A, "request", WIDENS, "no longer has uniqueItems"),
    ],
)  # fmt: skip
def test_change(old: Json, new: Json, side: str, level: str, text: str | None) -> None:
    """What the checklist has not, and what the contract adds to JSON Schema."""
    found = compare(document(old, side), document(new, side))
    assert found
    assert found[0].level == level
    assert text is None or found[0].text == text


RULE = {"x-name": "sizes", "description": "b needs a", "if": {"required": ["b"]}, "then": {"required": ["a"]}}


@pytest.mark.parametrize(
    ("old", "new", "level", "text"),
    [
        ([], [RULE], BREAKS, "b needs a"),
        ([RULE], [], WIDENS, "no longer: b needs a"),
        ([RULE], [RULE | {"description": "b does not go without a"}], WORDS, "description says something else"),
        ([RULE], [RULE | {"then": {"required": ["c"]}}], BREAKS,
         'then is {"required": ["c"]}, was {"required": ["a"]}'),
    ],
)  # fmt: skip
def test_rule_between_fields(old: Json, new: Json, level: str, text: str) -> None:
    """A rule is told by its name, and in its words."""
    found = change(_O | {"allOf": old}, _O | {"allOf": new})
    assert (found.level, found.text) == (level, text)


def test_a_component_is_told_once_with_its_calls() -> None:
    """What stands in a component is told under its name, once, with every call that has it; each side by itself."""

    def using(**room: Json) -> Json:
        reference = {"$ref": "#/components/schemas/Room"}
        body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"room": reference}}}}}
        calls = {
            f"/{name}": {"post": {"operationId": name, "requestBody": body, "responses": {}}}
            for name in ("open", "shut")
        }
        calls["/look"] = {"get": {"operationId": "look", "responses": {200: body}}}
        return {"openapi": "3.1.0", "paths": calls, "components": {"schemas": {"Room": _object(**room)}}}

    assert compare(using(size=_I), using(size=_I | {"maximum": 9})) == [
        Change(BREAKS, "maximum-added", "request", "Room.size", "maximum is 9", ("open", "shut")),
        Change(WIDENS, "maximum-added", "response", "Room.size", "maximum is 9", ("look",)),
    ]


def test_failures_of_a_call() -> None:
    """A failure that is new, and one that is gone, by status, code and words."""

    def refusing(*bodies: Json) -> Json:
        examples = {str(number): {"value": body} for number, body in enumerate(bodies)}
        return document(operation={"responses": {400: {"content": {"application/json": {"examples": examples}}}}})

    found = compare(refusing({"code": 2, "reason": "bad"}), refusing({"message": "no"}))
    assert {(one.kind, one.at, one.text) for one in found} == {
        ("failure-removed", "start 400", "no longer answers 2 bad"),
        ("failure-added", "start 400", "may answer no"),
    }


def test_what_webhooks_send_is_an_answer() -> None:
    """A field more in an event widens, a field less breaks."""

    def sending(*names: str) -> Json:
        schema = _object(**dict.fromkeys(names, _S))
        return document(
            webhooks={"told": {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}}
        )

    assert [(one.level, one.side, one.at) for one in compare(sending("a"), sending("a", "b"))] == [
        (WIDENS, "response", "told.b")
    ]
    assert worst(compare(sending("a", "b"), sending("a"))) == BREAKS


def test_path_parameters_are_told_by_their_place() -> None:
    """Another name for a part of a path is words; the path is the same."""

    def at(name: str) -> Json:
        parameter = {"name": name, "in": "path", "required": True, "schema": _S}
        operation = {"operationId": "start", "parameters": [parameter], "responses": {}}
        return {"openapi": "3.1.0", "paths": {f"/{{{name}}}/start": {"post": operation}}}

    assert [one.level for one in compare(at("room"), at("roomName"))] == [WORDS]


def test_the_same_document() -> None:
    """The contract is no change of itself."""
    from scripts._following.document import CONTRACT, read

    assert compare(read(CONTRACT), read(CONTRACT)) == []
