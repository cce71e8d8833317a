"""Licences of what comes along with an install, as the SBOM has them, and which of them may come."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 MIT-CMU MPL-2.0 PSF-2.0 Python-2.0 Unlicense"
    " Zlib".split()
)
# What packages say in place of an identifier.
_NAMED = {
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_BESIDE = ("LGPL-3.0-only", "asked for by DBOS, of the extra `fleet`: it is installed beside, and never part of ours")
# Whose metadata name none: what their LICENSE file is, read by somebody, of the version that was read.
READ: Mapping[tuple[str, str], str] = {("httpx-aiohttp", "0.2.0"): "BSD-3-Clause", ("resvg_py", "0.5.0"): "MIT"}
EXCEPTIONS: Mapping[str, tuple[str, str]] = {"psycopg": _BESIDE, "psycopg-binary": _BESIDE}
# Lines that code of others carries. Nobody else's is in the packages, so no NOTICE is needed.
_FOREIGN = re.compile(rb"copyright|@license|@preserve|SPDX-License-Identifier", re.IGNORECASE)


class Licensed(NamedTuple):
    """One package, what it says of its licence, and whether it may come along."""

    name: str
    version: str
    licence: str
    verdict: str
    """Nothing where it is allowed by rule; the reason of the exception; or what is wrong, after an exclamation mark."""


def is_allowed(expression: str) -> bool:
    """Whether one may take it under licences of the list: `MIT OR GPL-3.0-only` may be taken under MIT."""
    while inner := re.search(r"\(([^()]*)\)", expression):
        found = "MIT" if is_allowed(inner[1]) else "no"
        expression = expression.replace(inner[0], found)
    return any(all(name.strip() in ALLOWED for name in part.split(" AND ")) for part in expression.split(" OR "))


def _says(component: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """What it says, and whether that is an identifier."""
    for entry in component.get("licenses", ()):
        if "expression" in entry:
            yield entry["expression"], True
        elif "id" in entry["license"]:
            yield entry["license"]["id"], True
        else:
            # Some packages have the whole text there, others what classifiers say, or several words of it.
            name = entry["license"]["name"].strip().removeprefix("License :: OSI Approved :: ")
            yield str(_NAMED.get(name, name.splitlines()[0][:80])), name in _NAMED or is_allowed(name)


def judged(component: Mapping[str, Any]) -> Licensed:
    """One of an SBOM's components."""
    told = dict(_says(component))
    sure = [text for text, is_sure in told.items() if is_sure] or list(told)
    licence = ", ".join(sure) or "none is named"
    name = component["name"]
    if not told and (read := READ.get((name, component["version"]))):
        licence, verdict = read, "by its LICENSE file; its metadata name none"
    elif name in EXCEPTIONS and licence == EXCEPTIONS[name][0]:
        verdict = EXCEPTIONS[name][1]
    else:
        wrong = f"{licence} is not allowed" if sure else "names no licence"
        verdict = "" if sure and all(map(is_allowed, sure)) else f"! {wrong}"
    return Licensed(name, component["version"], licence, verdict)


def table(sbom: Mapping[str, Any], version: str) -> tuple[str, list[str]]:
    """A page of them all, and what is wrong."""
    found = sorted(map(judged, sbom.get("components", ())))
    lines = [
        f"# What `cloudrec[all extras]` {version} brings along",
        "",
        "Installed beside it, from packages of their own; in the packages of cloudrec itself is nothing of others.",
        f"Allowed: {', '.join(sorted(ALLOWED))}.",
        "",
        "| package | version | licence | |",
        "|---|---|---|---|",
        *(f"| {one.name} | {one.version} | {one.licence} | {one.verdict} |" for one in found),
        "",
    ]
    wrong = [f"{one.name} {one.version}: {one.verdict[2:]}" for one in found if one.verdict.startswith("!")]
    if not found:
        wrong.append("the SBOM names no package")
    return "\n".join(lines), wrong


def foreign(wheel: Path) -> list[str]:
    """Files of the wheel with a line of somebody else's licence: these need a NOTICE, and a place in it."""
    with zipfile.ZipFile(wheel) as archive:
        return [
            name for name in archive.namelist() if ".dist-info/" not in name and _FOREIGN.search(archive.read(name))
        ]
