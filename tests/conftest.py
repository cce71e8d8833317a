"""Fixtures for the tests of contract and wrapper."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.internal import charmap
from hypothesis.internal.conjecture import providers
from hypothesis.internal.intervalsets import IntervalSet

from tests.support import run

# The same examples in every run, whatever the machine: a failure that comes and goes teaches people to run again.
settings.register_profile("some", derandomize=True, deadline=None, max_examples=25)
settings.register_profile("many", settings.get_profile("some"), max_examples=100)
settings.load_profile("some")
# Nor do they depend on what other tests have imported and on the name of the checkout's folder: hypothesis would try
# the constants of all modules that were read till then, but of those below a folder `tests`.
assert callable(providers._get_local_constants)
providers._get_local_constants = providers.Constants
# What UTF-8 has is all but surrogates. In a new checkout, hypothesis would find that out by encoding a million
# characters, in every process that tries texts.
_UTF_8 = IntervalSet([(0, 0xD7FF), (0xE000, sys.maxunicode)]), IntervalSet()
_of_codec = charmap.intervals_from_codec
charmap.intervals_from_codec = cache(lambda name: _UTF_8 if name == "utf-8" else _of_codec(name))

# A shell that runs the tests in the background has them ignore SIGINT, and so would what they start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Fixtures to look through in place of the project's own, and what is tried only in part unless it is asked for."""
    parser.addoption("--recorded", metavar="FOLDER", help="recorded fixtures for tests/contract/test_recorded.py")
    parser.addoption("--both-databases", action="store_true", help="every test of tests/fleet on SQLite and PostgreSQL")
    parser.addoption("--many-examples", action="store_true", help="four times as many examples where they are made up")


def pytest_configure(config: pytest.Config) -> None:
    """How many examples are made, before any test is read."""
    settings.load_profile("many" if config.getoption("many_examples") else "some")


@pytest.fixture(params=["sync", "asyncio", "trio"])
def call(request: pytest.FixtureRequest) -> Any:
    """`call(use)` is what `use` makes of a client, for the sync one and the async one on both event loops."""
    return partial(run, request.param)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[Any]:
    """Keep thousands of tests from the garbage collector, which else walks them again and again, now and later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
