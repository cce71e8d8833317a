"""What tests of the pages and of the site share."""

import importlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def docs_script() -> Any:
    """scripts/_docs.py, as a module."""
    return script("_docs")


def script(name: str) -> Any:
    """A module of scripts/, as the scripts themselves import it."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / "scripts"))
