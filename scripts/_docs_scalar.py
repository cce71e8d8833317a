"""The contract as Scalar shows it: a page of the site beside the others, to read, and to try calls out on the emulator.

Scalar comes from npm, as one file of one version, held against its hash and kept in .venv; a site is built without a
network from there on. What has no such file has a page that says so.
"""

import base64
import hashlib
import shutil
import tarfile
from pathlib import Path

from _env import ROOT, VENV, alone
from _npm import NotRun, fetched, run

PACKAGE, VERSION = (
    "@scalar/api-reference",
    "1.46.4",
)  # the last one that is one file, and so runs in a page without a server
INTEGRITY = "sha512-EpCcOG15Ry8DKNs/f5AdRA97s1B5kGPekzANpnK0j1IpyU4Sb/mfdyfB00WC+vUo7hfc4BFRSkkiPa5SSM7fng=="
BUNDLE = "package/dist/browser/standalone.js"
HOME = VENV / "scalar"
FOLDER = "scalar"
HEADINGS = ("The contract, to try out", "契约：浏览与试用")
# What `--serve` says there of the emulator that it forwards calls to.
EMULATOR = "emulator.json"

LICENCE = """Scalar API Reference ({package} {version}), https://github.com/scalar/scalar

MIT License

Copyright (c) 2023-present Scalar

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
# Whatever Scalar would ask of others (its fonts, its proxy, its assistant) the browser does not send.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title} · cloudrec</title>
<link rel="stylesheet" href="{up}page.css">
</head>
<body>
<p id="top"><a href="../reference/contract.html">← cloudrec</a> <span id="told"></span></p>
{body}
</body>
</html>
"""
SCRIPTS = """<div id="reference"></div>
<script src="{up}contract.js"></script>
<script src="{up}standalone.js"></script>
<script src="{up}page.js" data-emulator="{up}{emulator}" data-read="{read}" data-tried="{tried}"></script>"""
STYLE = """body { margin: 0; font-family: system-ui, sans-serif; }
#top { margin: 0; padding: 0.5rem 1rem; font-size: 0.875rem; background: #f4f4f5; color: #18181b; }
#top a { color: inherit; margin-right: 1rem; }
#top a + #told { color: #52525b; }
.dark-mode #top { background: #18181b; color: #fafafa; }
.dark-mode #top a + #told { color: #a1a1aa; }
"""
# Calls are tried out where somebody forwards them to an emulator; to the service itself nothing is ever sent.
SCRIPT = """const { emulator: address, read, tried } = document.currentScript.dataset;
(async () => {
  const here = location.protocol.startsWith("http") ? await fetch(address).catch(() => null) : null;
  const emulator = here && here.ok ? await here.json() : null;
  document.getElementById("told").textContent = emulator ? tried : read;
  Scalar.createApiReference("#reference", {
    content: emulator ? filled(window.contract, emulator) : window.contract,
    ...(emulator && { servers: [{ url: location.origin, description: "the emulator" }] }),
    authentication: {
      preferredSecurityScheme: "basic",
      securitySchemes: {
        basic: { username: emulator?.customer_id ?? "", password: emulator?.customer_secret ?? "" },
      },
    },
    agent: { disabled: true },
    mcp: { disabled: true },
    defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
    documentDownloadType: "none",
    hideClientButton: true,
    hideTestRequestButton: !emulator,
    persistAuth: false,
    showDeveloperTools: "never",
    telemetry: false,
    withDefaultFonts: false,
  });
})();
// The App ID stands in every path.
function filled(contract, { app_id }) {
  const copy = structuredClone(contract);
  for (const item of Object.values(copy.paths)) {
    for (const parameter of item.parameters ?? []) {
      if (parameter.name === "appid") parameter.example = app_id;
    }
  }
  return copy;
}
"""
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "The contract",
        "read": "To read. To try calls out on an emulator: ./scripts/docs --serve",
        "tried": "Calls go to an emulator on this machine.",
        "missing": "NOT BUILT: {}. With it, ./scripts/docs makes this page.",
    },
    "zh": {
        "title": "契约",
        "read": "此处只能阅读，内容为英文。要在模拟服务上试用接口：./scripts/docs --serve",
        "tried": "请求会发往本机的模拟服务。内容为英文。",
        "missing": "未生成：{}。具备之后，./scripts/docs 会生成本页。",
    },
}


def bundle() -> Path:
    """Scalar's file, which npm is asked for where it is not here yet. NotRun where npm cannot be had or reached."""
    there = HOME / f"standalone-{VERSION}.js"
    if there.exists():
        return there
    with alone():
        if there.exists():  # another run has made it meanwhile
            return there
        shutil.rmtree(HOME, ignore_errors=True)
        HOME.mkdir(parents=True)
        if problem := fetched(
            "Scalar", HOME / "cache", run, "pack", f"{PACKAGE}@{VERSION}", "--pack-destination", HOME
        ):
            raise RuntimeError(problem)
        [archive] = HOME.glob("*.tgz")
        digest = f"sha512-{base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()}"
        if digest != INTEGRITY:
            raise RuntimeError(f"npm gave another {PACKAGE} {VERSION} than is pinned: {digest}")
        with tarfile.open(archive) as packed:
            packed.extract(BUNDLE, HOME, filter="data")
        (HOME / BUNDLE).replace(there)
        archive.unlink()
    return there


def write(site: Path) -> str | None:
    """Puts the page into a site, in both languages; why it could not be built, where it could not."""
    folder, reason = site / FOLDER, None
    folder.mkdir()
    try:
        shutil.copyfile(bundle(), folder / "standalone.js")
        (folder / "LICENSE.txt").write_text(LICENCE.format(package=PACKAGE, version=VERSION), encoding="utf-8")
    except NotRun as why:
        reason = str(why)
    contract = (ROOT / "cloudrec" / "contract.json").read_text(encoding="utf-8")
    (folder / "contract.js").write_text(f"window.contract = {contract.strip()};\n", encoding="utf-8")
    (folder / "page.css").write_text(STYLE, encoding="utf-8")
    (folder / "page.js").write_text(SCRIPT, encoding="utf-8")
    for language, there, up in (("en", folder, ""), ("zh", site / "zh" / FOLDER, "../../scalar/")):
        words = WORDS[language]
        body = (
            SCRIPTS.format(up=up, emulator=EMULATOR, **words)
            if reason is None
            else f"<p>{words['missing'].format(reason)}</p>"
        )
        there.mkdir(exist_ok=True)
        page = PAGE.format(language=language, policy=POLICY, title=words["title"], up=up, body=body)
        (there / "index.html").write_text(page, encoding="utf-8")
    return reason
