"""What the package tells assistants is true: each name is there, and each example is taken."""

from __future__ import annotations

import importlib
import re
import textwrap
from pathlib import Path
from typing import Any

import cloudrec
from cloudrec import webhooks
from cloudrec.emulator import Emulator

SKILL = Path(cloudrec.__file__).parent / "SKILL.md"


def test_the_skill_names_what_there_is() -> None:
    text = SKILL.read_text(encoding="utf-8")
    modules = [cloudrec, webhooks, *(importlib.import_module(f"cloudrec.{name}") for name in ("emulator", "fleet"))]
    known = {name for module in modules for name in dir(module)} | {"WebhookApp"}
    named = set(re.findall(r"`([A-Z][a-z]\w+)`|\b([A-Z]\w+)\(", text)) - {("", "")}
    named_once = {one or other for one, other in named}
    assert {"CloudRecording", "S3", "BestFit"} <= named_once
    assert named_once <= known


def test_the_example_of_the_skill_runs(cloudrec_emulator: Emulator, capsys: Any) -> None:
    [code] = re.findall(r"^  ```python\n(.*?)^  ```$", SKILL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    code = textwrap.dedent(code).replace("CloudRecording.from_env()", "client_of_the_emulator()")
    names: dict[str, Any] = {"access_key": "AKEXAMPLE", "secret_key": "secret"}
    names |= {
        "client_of_the_emulator": cloudrec_emulator.client,
        "hold_the_lesson": lambda: cloudrec_emulator.advance(60),
    }
    exec(code, names)
    assert re.fullmatch(r"\['lessons/\w+_lesson-42_0.mp4', 'lessons/\w+_lesson-42.m3u8'\]\n", capsys.readouterr().out)
