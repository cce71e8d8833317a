"""What assistants read of the documentation: `llms.txt` lists the pages, and `llms-full.txt` holds them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import _docs_reference

INTRODUCTION = """# cloudrec

> Agora Cloud Recording for Python: a typed client, sync and async, of the REST API v1, and an emulator of the service
> to test against. Unofficial; not made or supported by Agora.

`pip install .` from a checkout; Python 3.11 or later. Everything is imported from `cloudrec`. Record with
`client.mix.record(...)` in a `with` statement; the six calls of the API are for what `record` does not do.
The package holds a SKILL.md, which says how to use it well and what not to do.
"""


def first_words(text: str) -> str:
    """The first sentence of a page, but for what it says of its code."""
    plain = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    paragraphs = (part.strip() for part in re.split(r"\n{2,}", plain))
    told = (part for part in paragraphs if part and not re.match(r"[#>|!\-<]|`[^`]+`.* in the code (is|are) ", part))
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(next(told, "").split()))
    return re.split(r"(?<=[.!?]) ", words, maxsplit=1)[0].rstrip(":")


def write(site: Path, pages: Path, nav: Sequence[Any], reference: _docs_reference.Reference) -> None:
    """Puts both beside the site's front page."""
    short, whole = [INTRODUCTION], [INTRODUCTION]
    for section in nav:
        short.append(f"## {section.titles[0]}\n")
        for path in section.pages:
            page = pages / path
            if not page.exists():
                continue
            text = page.read_text(encoding="utf-8")
            heading = text.partition("\n")[0].lstrip("# ")
            short.append(f"- [{heading}]({path.removesuffix('.md')}.html): {first_words(text)}")
            whole.append(text)
        short.append("")
    short.append("## Every name\n")
    for path, text in reference.pages(0)[1]:
        names = ", ".join(re.findall(r"^## `([^`]+)`", text, re.MULTILINE))
        short.append(f"- [{text.partition(chr(10))[0].lstrip('# ')}]({path.removesuffix('.md')}.html): {names}")
        whole.append(text)
    (site / "llms.txt").write_text("\n".join(short) + "\n", encoding="utf-8")
    (site / "llms-full.txt").write_text("\n\n---\n\n".join(whole), encoding="utf-8")
