"""Assumptions of the emulator, as docs/emulator.md tells them: what it names is there, and no number is left out.

A behaviour that is nothing but code cannot be found by a test; a number or a word that the emulator goes by can.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import cloudrec.emulator
from cloudrec.emulator import Emulator, Fault
from cloudrec.emulator.webhooks.webhooks import Webhooks
from cloudrec.emulator.world.channels import Channel
from tests.support import ROOT, each

PAGE = (ROOT / "docs" / "emulator.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| what |")
]
FOLDER = Path(cloudrec.emulator.__file__).parent
OWNERS = {"Emulator": Emulator, "Fault": Fault, "Webhooks": Webhooks, "Channel": Channel}
# Numbers and words of the emulator itself, which say nothing of the service.
OF_ITSELF = {
    "world/clock.py": {"SECOND", "MINUTE", "HOUR", "MOST", "_LAST", "DEFAULT_START"},
    "world/media.py": {"WHOLE"},
    "world/recording.py": {"NEVER"},
    "world/subscription.py": {"EVERYBODY", "NOBODY", "AUDIO_ONLY", "VIDEO_ONLY"},
    "service/contract.py": {"_METHODS", "_OWN", "_TAKES", "_ALLOWS", "_IGNORES"},
    "service/json_schema.py": {"_TYPES", "_WORDED"},
    "service/messages.py": {"MAX_BODY"},
    "service/problems.py": {"_RANKS", "_RULES", "_VALUE_RANK", "_RULE_RANK"},
    "service/tokens.py": {"LONGEST", "RTC", "JOIN_CHANNEL"},
    "webhooks/sender.py": {"LOOK_EVERY", "ANSWER_KEPT"},
    "webhooks/webhooks.py": {"DEFAULT_WEBHOOK_SECRET", "OVERTAKEN_BY", "HELD_BACK"},
    "emulator.py": {"DEFAULT_APP_ID", "DEFAULT_CUSTOMER_ID", "DEFAULT_CUSTOMER_SECRET", "MOST_HOSTS"},
}
# What an emulator is given that says nothing of the service.
SETUP = {
    *("app_id", "customer_id", "customer_secret", "host", "port", "hosts", "clock", "speed", "certfile", "keyfile"),
    *("webhook_url", "webhook_secret", "keep_calls"),
}


def found(place: str) -> Any:
    """What a place of the page is."""
    file, name = place.split(": ")
    module = importlib.import_module("cloudrec.emulator." + file.removesuffix(".py").replace("/", "."))
    value: Any = module
    for part in name.split("."):
        value = getattr(value, part)
    return value


@each("row", ROWS)
def test_a_row(row: list[str]) -> None:
    """It names a place that there is, who says so, and no switch but one that there is."""
    _, place, word, otherwise = row
    assert found(place.strip("`")) is not None
    assert re.search(r"\*(page|split|seen|nobody)\*", word) or word in (
        "of the emulator", "the same", "`x-service` of each rule in the contract",
    )  # fmt: skip
    for switch in re.findall(r"`([^`]+)`", otherwise):
        if (named := re.fullmatch(r"(\w+)(?:\.(\w+))?(?:\((\w+)=\))?", switch)) and named[1] in OWNERS:
            owner = OWNERS[named[1]]
            function = getattr(owner, named[2]) if named[2] else owner
            assert named[3] is None or named[3] in inspect.signature(function).parameters
        else:
            assert switch in ("acquire", "resourceExpiredHour")


def constants(path: Path) -> set[str]:
    """The names of a module's constants, but for types."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        for target in targets:
            named = target.elts if isinstance(target, ast.Tuple) else [target]
            names |= {one.id for one in named if isinstance(one, ast.Name) and re.fullmatch(r"_?[A-Z][A-Z_]+", one.id)}
    return names


def test_every_number_and_word_has_a_row() -> None:
    """A constant about the service has a row, or is of the emulator itself; nothing else is listed here."""
    told: dict[str, set[str]] = {}
    for row in ROWS:
        file, name = row[1].strip("`").split(": ")
        told.setdefault(file, set()).add(name)
    files = [*FOLDER.glob("world/*.py"), *FOLDER.glob("service/*.py"), *FOLDER.glob("webhooks/*.py")]
    for path in [*files, FOLDER / "emulator.py"]:
        file = path.relative_to(FOLDER).as_posix()
        own, there = OF_ITSELF.get(file, set()), constants(path)
        assert there - own <= told.get(file, set()), file
        assert own <= there, file


# Of a constant that the page gives as a number: how the page writes it.
NUMBERS = {
    "EXIT_LENGTH": "{0} seconds", "PAGE_OPENS_AFTER": "{0} seconds", "PUBLISHES_AFTER": "{0} seconds",
    "UPLOADER_STARTS_AFTER": "{0} seconds", "SLICE_LENGTH": "{0} seconds", "RESOURCE_LIFE": "{1} minutes",
    "MIX_MP4_LENGTH": "{2} hours",
}  # fmt: skip


def test_numbers_are_those_of_the_code() -> None:
    """What the page says how long something lasts is what the emulator goes by."""
    for row in ROWS:
        what, place = row[0], row[1].strip("`")
        name, value = place.rpartition(": ")[2], found(place)
        if name in NUMBERS:
            assert NUMBERS[name].format(value // 1000, value // 60_000, value // 3_600_000) in what, name
        elif isinstance(value, int) and name not in ("COMPLETE", "JOINS_AFTER", "DAY", "TEST_UID", "WEB_SCENE"):
            assert re.search(rf"\b{value}\b", what), name
        elif isinstance(value, str) and name != "ALL_STREAMS" and place.startswith("world"):
            assert f"`{value}`" in what, name
    limits = inspect.signature(Emulator).parameters
    [row] = [row for row in ROWS if row[1].endswith("Limits`")]
    assert f"{limits['max_recordings'].default} recordings" in row[0]
    assert f"{limits['max_web_recordings'].default} of pages" in row[0]


def test_every_switch_is_told() -> None:
    """What an emulator can be given that changes what the service does is named on the page."""
    named = set(re.findall(r"Emulator\((\w+)=\)", PAGE))
    assert named == set(inspect.signature(Emulator).parameters) - SETUP
