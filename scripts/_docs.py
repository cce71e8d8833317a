"""Builds the documentation: pages of docs/ and pages made of the code, in English and Chinese, as plain files.

`--serve` shows them at an address of this machine, with an emulator behind the contract's page. `--translated PAGE`
notes that a Chinese page says what its English one says now. What stands in docs/ is plain Markdown, which reads well
where it is; all that the maker of the site wants otherwise is done to a copy of it.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path, PurePath
from typing import NamedTuple

import _docs_assistants
import _docs_contract
import _docs_errors
import _docs_reference
import _docs_scalar
import _docs_serve
from _env import ROOT, VENV

DOCS = ROOT / "docs"
SITE = ROOT / "site"
WORK = VENV / "docs"
LANGUAGES = ("en", "zh")
CHINESE = ".zh-CN.md"
# For developers of the project, in English alone; with what the Chinese menu calls it.
ENGLISH_ONLY = {
    "architecture.md": "项目如何构建",
    "changelog.md": "更新日志",
}
# Made in both languages at once: neither is older than the other.
MADE = {"faults.md", "layouts.md", "rules.md"}
# A table whose headings are empty has none, which Markdown cannot say. Names are not broken in narrow columns.
# Chinese does not lean.
STYLE = """.md-typeset table thead:not(:has(th:not(:empty))) { display: none; }
.md-typeset td code { word-break: normal; overflow-wrap: normal; }
html[lang="zh"] .md-typeset em { font-style: normal; text-decoration: underline dotted; }
.md-typeset .headerlink { position: absolute; }
"""
# Browsers start no worker of a page that is opened as a file; the search asks for one. So there it is given a frame.
# The maker of the site would fetch such a thing from the network.
WORKER = """if (location.protocol === "file:") {
  window.Worker = class {
    constructor(address) {
      this.frame = Object.assign(document.createElement("iframe"), { hidden: true });
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => {
        const event = { data: structuredClone(data) };
        setTimeout(() => this.onmessage && this.onmessage(event));
      };
      const script = Object.assign(inside.document.createElement("script"), { src: new URL(address, location) });
      this.loaded = new Promise((resolve) => (script.onload = resolve));
      inside.document.body.append(script);
    }
    postMessage(data) {
      const event = { data: structuredClone(data) };
      this.loaded.then(() => this.frame.contentWindow.onmessage(event));
    }
    terminate() {
      this.frame.remove();
    }
  };
}
"""
FETCHED = "https://unpkg.com/iframe-worker/shim"
NOTE = {"zh": "> 本页只有英文版：它面向本项目的开发者。\n\n"}


class Section(NamedTuple):
    """A part of the site, with its pages in order."""

    titles: tuple[str, str]
    pages: tuple[str, ...]


NAV = (
    Section(("Start", "入门"), ("index.md", "start/emulator.md", "start/real-service.md")),
    Section(
        ("How to", "操作指南"),
        (
            "how-to/record.md",
            "how-to/class-with-layout.md",
            "how-to/each-user.md",
            "how-to/web-page.md",
            "how-to/storage.md",
            "how-to/tokens.md",
            "how-to/webhooks.md",
            "how-to/survive.md",
            "how-to/many.md",
            "fleet.md",
            "how-to/async.md",
            "how-to/test-your-service.md",
            "how-to/other-languages.md",
            "how-to/from-requests.md",
            "how-to/from-vendor-sdk.md",
            "how-to/from-livekit-or-twilio.md",
        ),
    ),
    Section(
        ("Reference", "参考"),
        (
            "cli.md",
            "reference/settings.md",
            "reference/values.md",
            "reference/six-calls.md",
            "errors.md",
            "rules.md",
            "emulator.md",
            "emulator-control.md",
        ),
    ),
    Section(
        ("Explained", "原理"),
        (
            "explained/calls.md",
            "faults.md",
            "explained/ended.md",
            "explained/once.md",
            "explained/file-names.md",
            "layouts.md",
            "explained/limits-and-prices.md",
            "architecture.md",
        ),
    ),
)

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
# The end of a line and the beginning of the next one, between which Chinese has no space.
RUN_ON = re.compile(r"[，。；：、！？）》”](?:[^\W\d]|[`\[“（《])|[\u4e00-\u9fff][\u4e00-\u9fff“（《]")
TRANSLATED = re.compile(r"\n<!-- translated from ([0-9a-f]{12}) -->\n\Z")


# ------------------------------------------------------------------------------------------- pages and translations


def pages() -> list[Path]:
    """Every page of docs/ in English."""
    return sorted(page for page in DOCS.rglob("*.md") if not page.name.endswith(CHINESE))


def chinese(page: Path) -> Path:
    """Where the Chinese text of a page is."""
    return page.with_name(page.name.removesuffix(".md") + CHINESE)


def translations() -> list[tuple[Path, Path]]:
    """Each English page and its Chinese one, the README too."""
    paths = {page: page.relative_to(DOCS).as_posix() for page in pages()}
    some = [page for page, path in paths.items() if path not in MADE | ENGLISH_ONLY.keys()]
    return [(page, chinese(page)) for page in (ROOT / "README.md", *some)]


def digest(page: Path) -> str:
    """What is noted of an English page in its translation: a hash of its text."""
    return hashlib.sha256(page.read_text(encoding="utf-8").encode()).hexdigest()[:12]


def behind() -> list[Path]:
    """Chinese pages that are older than their English ones, or missing."""
    return [theirs for ours, theirs in translations() if noted(theirs) != digest(ours)]


def noted(page: Path) -> str | None:
    """The hash of the English text that a Chinese page was translated from."""
    found = TRANSLATED.search(page.read_text(encoding="utf-8")) if page.exists() else None
    return found[1] if found else None


def note_translated(page: Path) -> None:
    """Writes into a Chinese page that it says what its English one says now."""
    english = page.with_name(page.name.removesuffix(CHINESE) + ".md")
    if not page.name.endswith(CHINESE) or not english.exists():
        sys.exit(f"docs: {page} is no Chinese page beside an English one: its name ends in {CHINESE}")
    text = TRANSLATED.sub("", page.read_text(encoding="utf-8")).rstrip("\n")
    page.write_text(f"{text}\n\n<!-- translated from {digest(english)} -->\n", encoding="utf-8")


def title(text: str) -> str:
    """The heading of a page."""
    found = re.search(r"^# (.+)$", CODE.sub("", text), re.MULTILINE)
    return re.sub(r"[`*]", "", found[1]) if found else ""


# ------------------------------------------------------------------------------------------- the copy that is built


class Stage:
    """The copy of the pages in one language, as the maker of the site is given it."""

    def __init__(self, language: str, names: dict[str, str]) -> None:
        self.language = language
        self.names = names
        self.folder = WORK / language
        self.titles: dict[str, str] = {}

    def write(self, path: str, text: str) -> None:
        """Puts a page in its place."""
        self.titles[path] = ENGLISH_ONLY.get(path, title(text)) if self.language == "zh" else title(text)
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def add_pages(self) -> None:
        """Copies docs/, with this language's text of each page, and what the pages show."""
        for page in pages():
            path = page.relative_to(DOCS).as_posix()
            source = chinese(page) if self.language == "zh" and chinese(page).exists() else page
            text = TRANSLATED.sub("\n", source.read_text(encoding="utf-8"))
            if source != page:
                text = flowing(text)
            if source == page and self.language != "en":
                text = re.sub(r"(?<=\n\n)", lambda _: NOTE[self.language], text, count=1)
            self.write(path, self.linked(self.rewritten(text, source), path))
        for name in ("CHANGELOG.md", "CONTRIBUTING.md"):
            self.write(name.lower(), self.rewritten((ROOT / name).read_text(encoding="utf-8"), ROOT / name))
        for example in sorted((ROOT / "examples").glob("*.py")):
            code = example.read_text(encoding="utf-8")
            self.write(f"examples/{example.stem}.md", f"# {example.name}\n\n```python\n{code}```\n")
        shutil.copyfile(_docs_contract.SOURCE, self.folder / _docs_contract.SOURCE.name)
        (self.folder / "site.css").write_text(STYLE, encoding="utf-8")
        (self.folder / "worker.js").write_text(WORKER, encoding="utf-8")
        for picture in (path for path in DOCS.rglob("*") if path.suffix in {".svg", ".png"}):
            target = self.folder / picture.relative_to(DOCS)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, target)

    def rewritten(self, text: str, source: Path) -> str:
        """A page whose links lead to pages of the site; what is not on it is not linked to."""

        def link(found: re.Match[str]) -> str:
            image, words, target = found.groups()
            if re.match(r"[a-z]+:|#", target):
                return found[0]
            path, _, anchor = target.partition("#")
            there = self.place((source.parent / path).resolve())
            if there is None:
                return words
            here = self.place(source)
            assert here is not None, source
            up = "../" * here.count("/")
            return f"{image}[{words}]({up}{there}{'#' + anchor if anchor else ''})"

        return outside_code(text, lambda part: LINK.sub(link, part))

    def place(self, file: Path) -> str | None:
        """Where a file of the repository is on the site; None for what is not on it."""
        english = file.with_name(file.name.replace(CHINESE, ".md"))
        if english.is_relative_to(DOCS):
            path = english.relative_to(DOCS).as_posix()
            return path if english.is_file() else None
        name = english.relative_to(ROOT).as_posix()
        if name == "README.md":
            return "index.md"
        if re.fullmatch(r"examples/\w+\.py", name):
            return f"{name.removesuffix('.py')}.md"
        return name.lower() if name in {"CHANGELOG.md", "CONTRIBUTING.md"} else None

    def linked(self, text: str, path: str) -> str:
        """A page on which the first mention of each public name leads to its description; on that of errors, each."""
        up, told = "../" * path.count("/"), set[str]()

        def link(found: re.Match[str]) -> str:
            name = found[1]
            if name not in self.names or (name in told and path != "errors.md"):
                return found[0]
            told.add(name)
            return f"[`{name}`]({up}{self.names[name]})"

        def line(some: str) -> str:
            if some.startswith("#") or LINK.search(some):
                return some
            return re.sub(r"(?<![`\[])`([A-Za-z_][\w.]*)(?:\(…?\))?`(?!`)", link, some)

        return outside_code(text, lambda part: "\n".join(map(line, part.split("\n"))))

    def nav(self, made: list[tuple[tuple[str, str], list[str]]]) -> list[object]:
        """The menu: what stands in NAV, and what was made."""
        which = LANGUAGES.index(self.language)
        menu: list[object] = []
        for section in NAV:
            entries: list[object] = [{self.titles[page]: page} for page in section.pages if page in self.titles]
            if section.titles[0] == "Reference":
                for titles, paths in made:
                    entries.append({titles[which]: [{self.titles[path]: path} for path in paths]})
                entries.append({_docs_scalar.HEADINGS[which]: f"{_docs_scalar.FOLDER}/index.html"})
            menu.append({section.titles[which]: entries})
        return [*menu, {self.titles["changelog.md"]: "changelog.md"}]

    def build(self, made: list[tuple[tuple[str, str], list[str]]]) -> None:
        """Has the site made. What cannot be right, such as a link to nowhere, ends it all."""
        config = WORK / f"{self.language}.toml"
        config.write_text(settings(self.language, self.nav(made)), encoding="utf-8")
        command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", str(config)]
        done = subprocess.run(
            command,
            cwd=WORK,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
            sys.exit(f"docs: the {self.language} pages could not be built:\n{said}")
        for page in (WORK / f"site-{self.language}").rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            page.write_text(self._mended(text, page.relative_to(WORK / f"site-{self.language}")), encoding="utf-8")

    def _mended(self, text: str, page: PurePath) -> str:
        """A page of the site that fetches nothing, and whose choice of a language leads to the same page in it."""
        path, up = page.as_posix(), "../" * (len(page.parts) - 1)
        text = text.replace(FETCHED, f"{up}worker.js")
        top = up + "../" * (self.language == "zh")
        for language, folder in (("en", ""), ("zh", "zh/")):
            text = re.sub(
                rf'href="[^"]*" hreflang="{language}"', f'href="{top}{folder}{path}" hreflang="{language}"', text
            )
        return text


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """A text with something done to all of it that is no code block."""
    parts, last = list[str](), 0
    for block in CODE.finditer(text):
        parts += [change(text[last : block.start()]), block[0]]
        last = block.end()
    return "".join([*parts, change(text[last:])])


def flowing(text: str) -> str:
    """Chinese whose lines run on. Elsewhere the end of a line is a space; none stands between its letters and marks."""

    def joined(part: str) -> str:
        lines = part.split("\n")
        for at in range(len(lines) - 1, 0, -1):
            if not lines[at - 1].startswith(("#", "|")) and RUN_ON.fullmatch(
                f"{lines[at - 1][-1:]}{lines[at].lstrip()[:1]}"
            ):
                lines[at - 1 : at + 1] = [lines[at - 1] + lines[at].lstrip()]
        return "\n".join(lines)

    return outside_code(text, joined)


def settings(language: str, nav: list[object]) -> str:
    """The settings of the site's maker. JSON is also how TOML writes strings and lists."""
    other = {"en": "zh", "zh": "en"}[language]
    name = {"en": "English", "zh": "简体中文"}
    words = {
        "en": "Agora Cloud Recording for Python: a typed client, sync and async, and an emulator of the service",
        "zh": "声网（Agora）云端录制的 Python 库：强类型的同步、异步客户端，以及模拟服务",
    }
    toggle = {"en": ("Dark", "Light"), "zh": ("深色", "浅色")}[language]
    return f"""
[project]
site_name = "cloudrec"
site_description = {json.dumps(words[language], ensure_ascii=False)}
docs_dir = {json.dumps(language)}
site_dir = {json.dumps(f"site-{language}")}
use_directory_urls = false
extra_css = ["site.css"]
nav = {inline(nav)}

[project.theme]
language = {json.dumps(language)}
font = false
features = ["content.code.copy", "navigation.footer", "navigation.top", "search.highlight", "toc.follow"]

[[project.theme.palette]]
media = "(prefers-color-scheme: light)"
scheme = "default"
toggle.icon = "lucide/moon"
toggle.name = {json.dumps(toggle[0], ensure_ascii=False)}

[[project.theme.palette]]
media = "(prefers-color-scheme: dark)"
scheme = "slate"
toggle.icon = "lucide/sun"
toggle.name = {json.dumps(toggle[1], ensure_ascii=False)}

[[project.extra.alternate]]
name = {json.dumps(name[language], ensure_ascii=False)}
lang = {json.dumps(language)}
link = "./"

[[project.extra.alternate]]
name = {json.dumps(name[other], ensure_ascii=False)}
lang = {json.dumps(other)}
link = {json.dumps({"en": "./zh/", "zh": "../"}[language])}

[project.plugins.offline]

[project.markdown_extensions.attr_list]
[project.markdown_extensions.tables]
[project.markdown_extensions.toc]
permalink = true
slugify = {{object = "pymdownx.slugs.slugify", kwds = {{case = "lower"}}}}
[project.markdown_extensions.pymdownx.highlight]
[project.markdown_extensions.pymdownx.inlinehilite]
[project.markdown_extensions.pymdownx.superfences]
"""


def inline(value: object) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {inline(some)}" for key, some in value.items())
            + "}"
        )
    return json.dumps(value, ensure_ascii=False)


def build(site: Path) -> str | None:
    """Builds all of it into a folder; why a part of it could not be built, where it could not."""
    shutil.rmtree(WORK, ignore_errors=True)
    reference = _docs_reference.Reference()
    with ThreadPoolExecutor(len(LANGUAGES)) as pool:
        building = list[Future[None]]()
        for which, language in enumerate(LANGUAGES):
            stage = Stage(language, reference.addresses | _docs_errors.addresses())
            stage.add_pages()
            made = list[tuple[tuple[str, str], list[str]]]()
            for titles, some in (
                _docs_contract.pages(which),
                reference.pages(which),
                _docs_errors.pages(reference, which),
            ):
                for path, text in some:
                    stage.write(path, text)
                made.append((titles, [path for path, _ in some]))
            building.append(pool.submit(stage.build, made))
        for done in building:
            done.result()
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(WORK / "site-en", site)
    shutil.copytree(WORK / "site-zh", site / "zh")
    _docs_assistants.write(site, WORK / "en", NAV, reference)
    return _docs_scalar.write(site)


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/docs", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--serve", action="store_true", help="show the site at an address of this machine")
    parser.add_argument("--port", type=int, default=8000, help="port of that address (8000)")
    parser.add_argument("--output", type=Path, default=SITE, metavar="FOLDER", help="where the site goes (site/)")
    parser.add_argument(
        "--translated",
        type=Path,
        nargs="+",
        default=[],
        metavar="PAGE",
        help="note that these Chinese pages say what their English ones say now; nothing is built",
    )
    options = parser.parse_args(list(arguments))
    for page in options.translated:
        note_translated(page.absolute())
    if options.translated:
        return 0
    try:
        reason = build(options.output)
    except RuntimeError as problem:  # npm gave something else than what is pinned, or in CI nothing
        sys.exit(f"docs: {problem}")
    if reason is not None:
        print(f"NOT BUILT: scalar/index.html, the contract to try out: {reason}", file=sys.stderr)
    late = behind()
    for page in late:
        print(f"older than its English page: {page.relative_to(ROOT)}", file=sys.stderr)
    print(f"{options.output}/index.html and {options.output}/zh/index.html")
    if options.serve:
        with _docs_serve.Server(options.output, options.port) as server:
            print(f"http://127.0.0.1:{server.server_address[1]}/")
            print(f"{server.emulator.url}/_emulator, where calls go that are tried out there", flush=True)
            server.serve_forever()
    return 1 if late else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
