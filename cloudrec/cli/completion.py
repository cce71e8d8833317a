"""`cloudrec completion`: what has a shell complete the commands and their options."""

from __future__ import annotations

import argparse
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal, cast

from cyclopts import App, Parameter as Option

from .failures import DONE, UsageError, nearest
from .output import line
from .plain import parser_of
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
        whole.command(_like(name, ABOUTS[name], parser_of(name)))
    line(whole.generate_completion(shell=cast("Any", shell)))
    return DONE


def _like(name: str, about: str, parser: argparse.ArgumentParser) -> App:
    """A command that has the options, and the commands within it, of one that argparse reads."""
    made = App(name=name, help=about, help_flags=["--help", "-h"], version_flags=())
    parameters = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for within, reads in action.choices.items():
                made.command(_like(within, helps.get(within, ""), reads))
        elif action.option_strings and action.dest != "help":
            kind: Any = bool if action.nargs == 0 else str
            if action.choices:
                kind = Literal[tuple(map(str, action.choices))]
            told = (action.help or "") % {**vars(action), "prog": parser.prog}
            annotation = Annotated[kind, Option(name=action.option_strings, help=told, negative="")]
            parameters.append(Parameter(action.dest, Parameter.KEYWORD_ONLY, default=None, annotation=annotation))

    def stand_in(*words: str, **options: object) -> None: ...

    words = Parameter("words", Parameter.VAR_POSITIONAL, annotation=str)
    stand_in.__signature__ = Signature([words, *parameters])  # type: ignore[attr-defined]
    stand_in.__annotations__ = {each.name: each.annotation for each in (words, *parameters)}
    made.default(stand_in)
    return made
