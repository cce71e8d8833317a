"""`scripts/drift`: what the contract says and another document does not, and the other way round."""

from __future__ import annotations

import copy
import datetime
import json
import subprocess
from pathlib import Path

import pytest
import yaml

from scripts._following import drift
from scripts._following.document import CONTRACT, UnreadableError, read
from scripts._following.drift import Difference, differences, known, said
from tests.support import ROOT, Json

OURS: Json = yaml.safe_load("""
openapi: 3.1.0
servers: [{url: https://api.example.com}]
paths:
  /v1/{room}/start:
    parameters: [{$ref: '#/components/parameters/Room'}]
    post:
      operationId: start
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Start'}}}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Started'}}}}
        '400': {$ref: '#/components/responses/Refused'}
components:
  parameters:
    Room: {name: room, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}}
  responses:
    Refused:
      content:
        application/json:
          examples:
            wrong: {value: {code: 2, reason: 'wrong size'}}
            full: {value: {message: too many rooms}}
  schemas:
    Start:
      type: object
      required: [mode]
      allOf: [{x-name: rule, description: a rule between fields, if: {required: [size]}, then: {required: [people]}}]
      properties:
        mode: {anyOf: [{type: string, const: mix}, {type: string, const: solo}]}
        size: {type: integer, minimum: 1, maximum: 17, x-default: 4}
        people: {type: array, maxItems: 32, items: {type: string, maxLength: 9}}
        picture: {anyOf: [{$ref: '#/components/schemas/Grid'}, {$ref: '#/components/schemas/Free'}]}
    Grid: {type: object, required: [columns], properties: {columns: {type: integer, minimum: 1, maximum: 4}}}
    Free: {type: object, properties: {columns: {type: integer, minimum: 2}, regions: {type: array}}}
    Started:
      type: object
      properties:
        sid: {type: string}
        status: {anyOf: [{$ref: '#/components/schemas/Status'}, {type: integer}]}
    Status: {type: integer, enum: [0, 1, 5]}
""")
# The same, as another hand writes it: one object for all forms, values and failures in words.
THEIRS: Json = yaml.safe_load("""
openapi: 3.1.0
servers: [{url: https://api.example.com/}]
paths:
  /v1/{roomName}/start:
    post:
      operationId: start-a-room
      x-notes: |
        ```json
        {"code": 2, "reason": "Wrong size"}
        ```
        ```json
        { "message": "too many rooms" }
        ```
      parameters: [{name: room, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/start-request'}}}}
      responses:
        '200': {$ref: '#/components/responses/started'}
        default: {description: see elsewhere}
components:
  responses:
    started: {content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/base'}, {type: object,
      properties: {status: {type: integer, description: "<li>`0`: none</li><li>`1`: some</li><li>`5`: all</li>"}}}]}}}}
  schemas:
    base: {type: object, properties: {sid: {type: string}}}
    start-request:
      type: object
      required: [mode]
      properties:
        mode: {type: string, description: "How:\\n- `\\"mix\\"`: together.\\n- `solo`: apart."}
        size: {type: integer, minimum: 1, maximum: 17, default: 4, description: "Say:\\n- `4`: at most a few."}
        people: {type: array, maxItems: 32, items: {type: string, maxLength: 9}}
        picture: {type: object, properties: {columns: {type: integer, minimum: 1}, regions: {type: array}}}
""")


def changed(edit: str) -> Json:
    """Their document after an edit: the path of a key (`~` for `/`), and ` = ` with its value, or it is taken away."""
    document = copy.deepcopy(THEIRS)
    place, is_set, value = edit.partition(" = ")
    *path, name = [part.replace("~", "/") for part in place.split("/")]
    node = document
    for part in path:
        node = node[int(part) if isinstance(node, list) else part]
    if is_set:
        node[name] = yaml.safe_load(value)
    else:
        del node[name]
    return document


def test_the_same_in_other_words() -> None:
    """References, alternatives, `allOf`, lists of values in words and defaults by any name are no difference."""
    # `required` holds in one form of two, so it is not said of the field.
    assert list(differences(OURS, THEIRS)) == []


_REQUEST = "components/schemas/start-request/properties"


@pytest.mark.parametrize(
    ("edit", "what", "at", "ours", "theirs"),
    [
        ("paths/~v2~rooms = {get: {responses: {}}}", "path", "GET /v2/rooms", None, "GET /v2/rooms"),
        ("paths/~v1~{roomName}~start/post", "path", "start", "POST /v1/{room}/start", None),
        ("servers = [{url: https://api.example.com}, {url: https://b.example.com}]", "server", "https://b.example.com",
         None, "https://b.example.com"),
        ("paths/~v1~{roomName}~start/post/parameters = []", "parameter", "start path room", ["string"], None),
        ("paths/~v1~{roomName}~start/post/parameters/0/description = '<li>`red`</li><li>`blue`</li>'", "values",
         "start path room", None, ["blue", "red"]),
        ("paths/~v1~{roomName}~start/parameters = [{name: fast, in: query, schema: {type: boolean}}]", "parameter",
         "start query fast", None, ["boolean"]),
        (f"{_REQUEST}/size", "field", "start request size", ["integer"], None),
        (f"{_REQUEST}/picture", "field", "start request picture", ["object"], None),
        (f"{_REQUEST}/colour = {{type: string}}", "field", "start request colour", None, ["string"]),
        (f"{_REQUEST}/picture/properties/regions/type = string", "type", "start request picture.regions", ["array"],
         ["string"]),
        ("components/schemas/start-request/required = [mode, size]", "required", "start request size", False, True),
        ("components/schemas/start-request/required", "required", "start request mode", True, False),
        (f"{_REQUEST}/size/maximum = 18", "range", "start request size", [1, 17], [1, 18]),
        (f"{_REQUEST}/size/minimum", "range", "start request size", [1, 17], [None, 17]),
        (f"{_REQUEST}/picture/properties/columns/minimum = 2", "range", "start request picture.columns", [1, None],
         [2, None]),
        (f"{_REQUEST}/people/items/maxLength = 8", "length", "start request people[]", [None, 9], [None, 8]),
        (f"{_REQUEST}/people/maxItems = 31", "items", "start request people", [None, 32], [None, 31]),
        (f"{_REQUEST}/mode/enum = [mix, solo, raw]", "values", "start request mode", None, ["raw"]),
        (f"{_REQUEST}/mode/description = 'see elsewhere'", "values", "start request mode", ["mix", "solo"], None),
        ("components/responses/started/content/application~json/schema/allOf/1/properties/status/enum = [0, 1]",
         "values", "start response status", [5], None),
        (f"{_REQUEST}/size/default = 5", "default", "start request size", 4, 5),
        ("paths/~v1~{roomName}~start/post/parameters/0/schema/pattern", "pattern", "start path room", ["^[a-z]+$"],
         None),
        ("paths/~v1~{roomName}~start/post/responses/409 = {content: {application/json: {example: {code: 7}}}}",
         "failure", "start", None, "HTTP 409 7"),
        ("paths/~v1~{roomName}~start/post/responses/404 = {content: {a/json: {example: {message: too many rooms}}}}",
         "failure", "start", None, "HTTP 404 too many rooms"),
        ("paths/~v1~{roomName}~start/post/x-notes = '```json {\"code\": 2, \"reason\": \"wrong size\"} ```'", "failure",
         "start", "HTTP 400 too many rooms", None),
    ],
)  # fmt: skip
def test_difference(edit: str, what: str, at: str, ours: Json, theirs: Json) -> None:
    """Each kind of difference, on each side, is told once, with what both say."""
    assert list(differences(OURS, changed(edit))) == [Difference(what, at, ours, theirs)]


# ------------------------------------------------------------------------------------------- what is known


def entry(**changes: Json) -> Json:
    """An entry of openapi/differences.yaml."""
    return {
        "what": "range",
        "at": "start request size",
        "theirs": [1, 18],
        "evidence": "page 3",
        "date": "2026-11-26",
    } | changes


def written(path: Path, *entries: Json) -> Path:
    """A file of known differences."""
    for one in entries:
        one["date"] = datetime.date.fromisoformat(one["date"])
    path.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "covers"),
    [
        ({}, True),
        ({"at": "* request *"}, True),
        ({"at": ["* response *", "start * size"]}, True),
        ({"what": ["type", "range"]}, True),
        ({"ours": [1, 17]}, True),
        ({"what": "type"}, False),
        ({"at": "start request"}, False),
        ({"theirs": [1, 19]}, False),
        ({"theirs": None}, False),
        ({"ours": None}, False),
    ],
)
def test_what_is_known_is_known_as_it_was(tmp_path: Path, changes: Json, covers: bool) -> None:
    """A known difference is left out where it is still the same, and told where a side says something else."""
    [one] = known(written(tmp_path / "known.yaml", entry(**changes)))
    assert one.covers(Difference("range", "start request size", [1, 17], [1, 18])) is covers


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"what": "colour"}, "'colour' is no kind of difference; these are: path, server"),
        ({"evidence": ""}, "evidence is missing"),
        ({"theirs": ...}, "what ours or theirs says is missing"),
        ({"by": "somebody"}, "an entry has at, date, evidence, ours, theirs, what, and nothing else"),
    ],
)
def test_entries_that_are_none(tmp_path: Path, changes: Json, told: str) -> None:
    """An entry without evidence, kind, or what is said, is refused with its number."""
    wrong = {name: value for name, value in entry(**changes).items() if value is not ...}
    with pytest.raises(UnreadableError, match=f"number 2: .*{told}"):
        known(written(tmp_path / "known.yaml", entry(), wrong))


def test_the_projects_own_file() -> None:
    """Each difference that is known has evidence and a date, and stands where the contract has something."""
    document = read(CONTRACT)
    names = {key: operation.node["operationId"] for key, operation in drift.operations(document).items()}
    places = {f"{names[key]} {at}" for key, found in said(document).items() for at in found}
    places |= {*names.values(), *(server["url"] for server in document["servers"])}
    listed = known(drift.KNOWN)
    assert listed
    for one in listed:
        assert len(one.evidence) > 20
        if one.sides.get("ours", ...) is not None:
            for at in one.at:
                wanted = drift.Known(one.what, [at], {}, "", "")
                assert any(wanted.covers(Difference(one.what[0], place, 1, 2)) for place in places), at


# ------------------------------------------------------------------------------------------- the command


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Both documents, one in YAML and the other in JSON, and a file that knows of nothing."""
    (tmp_path / "ours.yaml").write_text(yaml.safe_dump(OURS), encoding="utf-8")
    (tmp_path / "theirs.json").write_text(json.dumps(THEIRS), encoding="utf-8")
    (tmp_path / "other.json").write_text(json.dumps(changed(f"{_REQUEST}/size/maximum = 18")), encoding="utf-8")
    (tmp_path / "none.yaml").write_text("[]", encoding="utf-8")
    return tmp_path


def run(files: Path, *names: str) -> int:
    """The command's exit code."""
    paths = [str(files / name) if "." in name else name for name in names]
    return drift.main([*paths, "--contract", str(files / "ours.yaml"), "--known", str(files / "none.yaml")])


def test_table(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each, with what both say and where; exit code 1."""
    assert run(files, "theirs.json", "other.json") == 1
    heading, line, _, summary = capsys.readouterr().out.splitlines()
    assert heading.split() == ["what", "where", "contract", "provider", "in", "call"]
    assert line.split() == ["range", "request", "size", "[1,", "17]", "[1,", "18]", "other.json", "start"]
    assert summary == "1 differences that are not known, 0 that are."


def test_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for programs, what is known included where it is asked for."""
    written(files / "none.yaml", entry())
    assert run(files, "other.json", "--json", "--all") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "what": "range",
            "at": "start request size",
            "ours": [1, 17],
            "theirs": [1, 18],
            "documents": ["other.json"],
            "known": {"evidence": "page 3", "date": "2026-11-26"},
        }
    ]


def test_nothing_to_tell(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, and which of what is known was not met: it may be over."""
    written(files / "none.yaml", entry())
    assert run(files, "theirs.json") == 0
    assert capsys.readouterr().out.splitlines() == [
        "0 differences that are not known, 0 that are.",
        "Known, and in none of these documents: start request size.",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "No such file"),
        ("a: [", "is neither YAML nor JSON"),
        ("[1, 2]", "is no OpenAPI document"),
        ("paths: {/a: {get: {parameters: [{$ref: '#/nowhere'}]}}}", "#/nowhere refers to nothing"),
    ],
)
def test_files_that_cannot_be_read(
    files: Path, text: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is none, or no document, is named with the reason; exit code 2."""
    if text is not None:
        (files / "wrong.yaml").write_text(text, encoding="utf-8")
    assert run(files, "wrong.yaml") == 2
    assert told in capsys.readouterr().err


def test_from_anywhere(files: Path) -> None:
    """As a person runs it, in a folder of their own."""
    command = [ROOT / "scripts" / "drift", "theirs.json", "--contract", "ours.yaml", "--known", "none.yaml"]
    done = subprocess.run(command, cwd=files, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "0 differences that are not known, 0 that are.\n")
