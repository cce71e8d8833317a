"""Exit codes, and what is said of a failure: one line that names what was written, and the rule."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from .._contract.redact import shown
from ..errors import (
    ClientClosedError,
    CloudRecordingError,
    ConfigurationError,
    HandleError,
    InvalidRequestError,
    RecipeError,
    RecordingEnded,
    RecordingMayBeRunningError,
    TaskNotFoundError,
)

DONE, FAILED, WRONG, OVER, NOTHING, MAY_RUN, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


class UsageError(Exception):
    """What was written makes no sense: `what` says where it stands, `value` is it, `rule` what it must be."""

    def __init__(self, what: str, value: object, rule: str) -> None:
        super().__init__(f"{what}: {value if isinstance(value, Word) else shown(value)} ({rule})")


class Word(str):
    """What stands in the place of a value, as it is: that it is missing, or secret."""

    __slots__ = ()


class NoSuchRecording(Exception):
    """Nothing is known of what was asked for."""


def code_of(error: BaseException) -> int:
    """The exit code for a failure."""
    if isinstance(error, UsageError | ConfigurationError | InvalidRequestError | RecipeError | HandleError):
        return FAILED if isinstance(error, ClientClosedError) else WRONG
    if isinstance(error, NoSuchRecording | TaskNotFoundError | RecordingEnded):
        return OVER
    return MAY_RUN if isinstance(error, RecordingMayBeRunningError) else FAILED


def said(error: BaseException, argv: Sequence[str]) -> str:
    """What is said of it, in one line."""
    if isinstance(error, InvalidRequestError):
        told = "; ".join(str(problem) for problem in error.problems)
        for problem in error.problems:
            # By the option that it was written with, where it was one.
            argument = problem.argument.partition(".")[0].partition("[")[0]
            option = f"--{argument.replace('_', '-')}"
            if argument and any(word.partition("=")[0] == option for word in argv):
                told = told.replace(str(problem), f"{option}: {problem.value} ({problem.rule})")
    elif isinstance(error, OSError) and error.strerror:
        told = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    elif isinstance(error, CloudRecordingError):
        told = str(error)
    else:
        told = str(error) or type(error).__name__
    return " ".join(told.split())


def nearest(word: str, known: Sequence[str]) -> str:
    """For the end of a rule: the right word that is nearest to a wrong one."""
    near = get_close_matches(word, known, 1)
    return f"; the nearest is {near[0]}" if near else ""
