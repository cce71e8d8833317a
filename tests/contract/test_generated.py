"""What a program makes here is up to date, and the generated models behave."""

from __future__ import annotations

import ast
import copy
import importlib.util
import inspect
import itertools
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

import cloudrec_api.models
from cloudrec import AsyncCloudRecording, CloudRecording
from cloudrec._contract.document import document, operations
from cloudrec_api import Client, models
from cloudrec_api.api.recording import query
from cloudrec_api.models import Mode, notices, responses
from cloudrec_api.types import UNSET, Unset
from cloudrec_api.views import View, fields_of, flag, moment, number, text
from tests.support import APP_ID, BASE_URL, CREDENTIAL, RESOURCE_ID, ROOT, SID, each

MODELS = sorted(cloudrec_api.models._MODULES)


def test_up_to_date() -> None:
    """Everything generated is what the contract and the async code make today. If not: run ./scripts/generate."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "_generate.py"), "--check"],
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "up to date" in done.stdout


def generator() -> Any:
    """scripts/_generate.py, as a module."""
    spec = importlib.util.spec_from_file_location("_generate", ROOT / "scripts" / "_generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_says_what_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a tree whose generated files were touched, the check fails, names them all and says which command mends it."""
    for name in ("cloudrec", "generated", "openapi"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    edited = tmp_path / "generated" / "cloudrec_api" / "models" / "storage_config.py"
    edited.write_text(edited.read_text(encoding="utf-8").replace("bucket", "pail"), encoding="utf-8")
    (tmp_path / "generated" / "cloudrec_api" / "models" / "mode.py").unlink()
    (tmp_path / "cloudrec" / "_sync" / "stranger.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "cloudrec" / "_async" / "old_calls.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "cloudrec" / "contract.json").write_text("{}\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    monkeypatch.syspath_prepend(ROOT / "scripts")
    made = generator()
    made.ROOT, made.DOCUMENT = tmp_path, tmp_path / "openapi" / "cloud-recording.yaml"
    # What it would make once more: the test above has it that this is the same.
    ignored = shutil.ignore_patterns("__pycache__")
    made.make_client = lambda _, target: shutil.copytree(ROOT / "generated" / "cloudrec_api", target, ignore=ignored)
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    status, told = made.main(), capsys.readouterr().out
    assert status == 1, told
    stale = {line.removeprefix("stale: ") for line in told.splitlines() if line.startswith("stale: ")}
    assert stale == {
        "cloudrec/_async/old_calls.py",
        "cloudrec/_sync/stranger.py",
        "cloudrec/contract.json",
        "generated/cloudrec_api/models/mode.py",
        "generated/cloudrec_api/models/storage_config.py",
    }
    assert "./scripts/generate" in told
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_edits_of_templates_that_fit_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit whose text the generator's template does not hold stops the making, and is shown."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    made = generator()
    made.TEMPLATE_EDITS = [*made.TEMPLATE_EDITS, ("types.py.jinja", "no such text", "")]
    with pytest.raises(SystemExit, match=r"types\.py\.jinja of the generator holds 0 times, not once:\nno such text"):
        made.make_templates(document(), made.make_views(document(), set()), tmp_path)


def test_edits_of_async_code_that_fit_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does a replacement that no async code needs any more."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    made = generator()
    made.SYNC_EDITS = [*made.SYNC_EDITS, (r"\bAsyncNothing\b", "Nothing")]
    with pytest.raises(SystemExit, match=r"edits any more: \\bAsyncNothing\\b"):
        made.make_sync(tmp_path / "_sync", [])


def test_a_field_of_a_request_is_an_argument_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its words, its range and its default; where some modes take it, the call of all says which."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    changed = copy.deepcopy(document())
    changed["components"]["schemas"]["MixStartClientRequest"]["properties"]["waterMark"] = {
        "type": "integer", "description": "Which mark is drawn.", "minimum": 1, "maximum": 9, "x-default": 3,
    }  # fmt: skip
    made = generator().make_calls(changed)
    assert "water_mark: int | None = None" in made["mix_calls"]
    assert "water_mark: Which mark is drawn. 1 to 9. 3 by default.\n" in made["mix_calls"]
    assert "waterMark=water_mark" in made["mix_calls"]
    assert "water_mark: Which mark is drawn. 1 to 9. 3 by default. In `mix` mode.\n" in made["calls"]
    assert "water_mark" not in made["web_calls"]


@pytest.mark.parametrize("client", [CloudRecording, AsyncCloudRecording])
def test_calls_take_what_the_contract_lists(client: type[CloudRecording] | type[AsyncCloudRecording]) -> None:
    """Every field of every mode is an argument, and described; a required one has no default. No other is there."""
    schemas = document()["components"]["schemas"]
    here: Any = client(APP_ID, CREDENTIAL, area="EU")
    beside = {"resource_id", "sid", "mode", "cname", "uid", "timeout", "retry", "check"}
    seen = 0
    for endpoint, operation in operations().items():
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", endpoint).lower()
        for mode, part in operation.client_requests.items():
            method = getattr(getattr(here, mode), name)
            taken = {key: value for key, value in inspect.signature(method).parameters.items() if key not in beside}
            listed = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower() for field in schemas[part]["properties"]}
            assert set(taken) == listed
            needed = {key for key, value in taken.items() if value.default is inspect.Parameter.empty}
            assert len(needed) == len(schemas[part].get("required", []))
            described = set(re.findall(r"^            (\w+): ", method.__doc__, re.MULTILINE))
            assert described >= listed | {"timeout", "retry"}
            assert set(inspect.signature(getattr(here, name)).parameters) >= listed
            seen += 1
    assert seen > 10


@each("name", MODELS)
def test_model_is_there(name: str) -> None:
    """Every generated model can be read, by its name in the package."""
    assert isinstance(getattr(cloudrec_api.models, name), type)


def test_models_that_are_not_there() -> None:
    """Another name is an AttributeError."""
    assert not hasattr(cloudrec_api.models, "NoSuchModel")


def test_every_object_of_the_contract_has_a_model() -> None:
    """Each object and enumeration is a model, but for parts of answers whose fields stand in what is around them."""
    schemas = document()["components"]["schemas"]
    wanted = {name for name, schema in schemas.items() if schema.get("type") == "object" or "enum" in schema}
    inlined = {
        item["$ref"].rpartition("/")[2]
        for schema in schemas.values()
        for item in schema.get("properties", {}).values()
        if item is not False and item.get("x-inline")
    }
    assert wanted - set(MODELS) == inlined | {"WebRecordedFile"}  # read as RecordedFile


@pytest.mark.parametrize(
    "twin",
    [copy.copy, copy.deepcopy, *[lambda it, p=p: pickle.loads(pickle.dumps(it, p)) for p in range(6)]],
    ids=range(8),
)
def test_unset_is_one(twin: Any) -> None:
    """UNSET is the same object after a copy and a pickle, alone and inside of a model."""
    assert twin(UNSET) is UNSET
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert isinstance(UNSET, Unset)
    config = cloudrec_api.models.MixRecordingConfig(channel_type=0)
    again = twin(config)
    assert again == config
    assert again.secret is UNSET
    assert again.to_dict() == {"channelType": 0}


def secrets() -> list[Any]:
    """Every secret field of every model."""
    schemas = document()["components"]["schemas"]

    def is_secret(schema: Any) -> bool:
        if "$ref" in schema:
            return is_secret(schemas[schema["$ref"].rpartition("/")[2]])
        return bool(schema.get("format") == "password")

    return [
        pytest.param(name, field, id=f"{name}.{field}")
        for name, schema in schemas.items()
        for field, value in schema.get("properties", {}).items()
        if is_secret(value)
    ]


@pytest.mark.parametrize(("name", "field"), secrets())
def test_repr_hides_secrets(name: str, field: str) -> None:
    """No model shows a secret; it shows whether there is one."""
    model = getattr(cloudrec_api.models, name)
    storage = {"vendor": 1, "region": 0, "bucket": "lessons", "accessKey": "k", "secretKey": "k"}
    data = {"channelType": 0, "storageConfig": storage, "extensionServiceConfig": {"extensionServices": []}} | storage
    known = document()["components"]["schemas"][name]["properties"]
    given = {key: value for key, value in data.items() if key in known} | {field: "do-not-show"}
    shown = repr(model.from_dict(given))
    assert "do-not-show" not in shown
    assert "'***'" in shown


def test_there_are_secrets() -> None:
    """The fields that the test above is about: nobody took `format: password` away from one."""
    storage = {"accessKey", "secretKey", "stsToken"}
    assert {item.values[1] for item in secrets()} == {"token", *storage, "secret", "salt", "rtmpUrl"}


def test_low_level_client() -> None:
    """The generated functions are a client of their own: sync and async, with views of success and of failure."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/mode/mix/query"):
            return httpx.Response(200, json={"sid": SID, "serverResponse": {"status": 5}})
        return httpx.Response(404, json={"code": "404", "reason": "failed to find worker"})

    asked = APP_ID, RESOURCE_ID, SID
    client = Client(base_url=BASE_URL)
    with httpx.Client(base_url=BASE_URL, transport=httpx.MockTransport(answer)) as http_client:
        client.set_httpx_client(http_client)
        found = query.sync(*asked, Mode.MIX, client=client)
        missing = query.sync_detailed(*asked, Mode.WEB, client=client)
    assert isinstance(found, models.QueryResponse)
    assert (found.sid, found.cname, found.raw["serverResponse"]) == (SID, None, {"status": 5})
    assert (missing.status_code, missing.parsed) == (404, models.Failure(json.loads(missing.content)))
    assert isinstance(missing.parsed, models.Failure)
    assert (missing.parsed.code, missing.parsed.reason) == (404, "failed to find worker")

    async def main() -> Any:
        async with httpx.AsyncClient(base_url=BASE_URL, transport=httpx.MockTransport(answer)) as http_client:
            client.set_async_httpx_client(http_client)
            return await query.asyncio(*asked, Mode.MIX, client=client)

    assert anyio.run(main) == found


def test_every_listed_value_has_words_of_its_own() -> None:
    """In an editor, and out of the contract: what is PARTLY_READY?"""
    told: dict[str, str] = {}
    for path in sorted((ROOT / "generated" / "cloudrec_api" / "models").glob("*.py")):
        for kind in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(kind, ast.ClassDef) and {getattr(base, "id", "") for base in kind.bases} & {
                "IntEnum",
                "StrEnum",
            }:
                assert ast.get_docstring(kind), kind.name
                for member, words in itertools.pairwise([*kind.body, None]):
                    if isinstance(member, ast.Assign):
                        [target] = member.targets
                        assert isinstance(words, ast.Expr), f"{kind.name}.{ast.unparse(target)}"
                        told[f"{kind.name}.{ast.unparse(target)}"] = ast.literal_eval(words.value)
    assert len(told) > 150
    assert all(words.endswith(".") and len(words) > 4 for words in told.values())
    assert told["RecordingStatus.PARTLY_READY"].startswith("Some of its parts are ready")
    assert told["EventType.SESSION_EXIT"] == "The recording is over."


ALIASED = [
    (name, field, alias)
    for name, schema in document()["components"]["schemas"].items()
    for field, inner in schema.get("properties", {}).items()
    for alias in inner.get("x-aliases", ())
    if not alias.startswith("/")  # of the outermost object
]


@pytest.mark.parametrize(("component", "field", "alias"), ALIASED)
def test_a_field_under_its_other_name(component: str, field: str, alias: str) -> None:
    """It is read as under its own, which goes before the other."""
    around = "payload" if component == "WebRecorderPayload" else None  # whose fields are those of the view around it
    name = "WebRecorderServiceState" if around else component
    view: Any = getattr(notices, name, None) or getattr(responses, name)

    def read(raw: dict[str, Any]) -> Any:
        return getattr(view({around: raw} if around else raw), attribute)

    [attribute] = [name for name, one in fields_of(view).items() if one.path[-1:] == (field,)]
    value = 1619172871 if field in ("UtcMs", "exitStatus") else "a.m3u8"
    assert read({field: value}) == read({alias: value}) == read({alias: "other", field: value})
    assert read({alias: value}) != read({})


VIEWS: list[Any] = [
    kind
    for module in (responses, notices)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, View) and kind.__module__ == module.__name__
]
# The forms in which a value has been seen, by how it is read: number, text or truth value.
FORMS: dict[Any, list[tuple[Any, Any]]] = {
    text: [("7", 7)],
    number: [(7, "7")],
    flag: [(True, "true"), (False, "false")],
    moment: [(1619172871, "1619172871"), (1619172871089, "1619172871089")],
}
# Fields that mean different things under one name.
TWO_MEANINGS = {"status", "state", "fileName", "code", "reason"}


def test_a_field_is_read_alike_in_whatever_form_and_wherever() -> None:
    """Every field of answers and events: each form that was seen is the same value, and a name is read in one way."""
    ways: dict[str, set[str]] = {}
    for view in VIEWS:
        for attribute, field in fields_of(view).items():
            ways.setdefault(field.path[-1], set()).add(f"{field._read.__module__}.{field._read.__qualname__}")
            for forms in FORMS.get(field._read, []):
                found = set()
                for value in forms:
                    raw = value
                    for name in reversed(field.path):
                        raw = {name: raw}
                    found.add(getattr(view(raw), attribute))
                assert len(found) == 1, (view, attribute)
                assert None not in found, (view, attribute)
    assert {name for name, kinds in ways.items() if len(kinds) > 1} == TWO_MEANINGS
