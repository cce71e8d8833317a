"""`cloudrec completion`: what has a shell complete the commands and their options."""

from __future__ import annotations

from typing import Any, cast

from .failures import DONE, UsageError, nearest
from .output import line
from .table import ABOUTS, PLAIN

SHELLS = ("bash", "zsh", "fish")


def completion(shell: str, /) -> int:
    """Print what has a shell complete these commands, for it to read.

    bash and zsh: put `eval "$(cloudrec completion bash)"` into ~/.bashrc, or the same with zsh into ~/.zshrc.
    fish: cloudrec completion fish > ~/.config/fish/completions/cloudrec.fish

    Args:
        shell: bash, zsh or fish.
    """
    if shell not in SHELLS:
        raise UsageError("SHELL", shell, f"must be one of {', '.join(SHELLS)}{nearest(shell, SHELLS)}")
    from .commands import app

    whole = app()
    for name in PLAIN:
        # These read their options themselves.
        whole.command(_nothing, name=name, help=ABOUTS[name])
    line(whole.generate_completion(shell=cast("Any", shell)))
    return DONE


def _nothing(*words: str) -> None: ...
