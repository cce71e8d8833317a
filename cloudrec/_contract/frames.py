"""Tracebacks without locals: an exception that leaves the library shows where it was, and holds nothing.

A customer secret stands in the request that is sent, storage keys in the arguments of a call, and whoever prints the
locals of a traceback (Sentry, rich, ``pytest -l``) prints those too. So each frame of this library, and of what it
sends through, is replaced by one of the same file and name that holds nothing. Frames of other code stay as they are.
(``frame.clear()`` would do less and more: nothing to a frame that still runs, and it ends a generator that waits.)
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import aclosing
from functools import partial, wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isfunction, isgeneratorfunction
from types import FrameType, FunctionType, TracebackType
from typing import Any, TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=BaseException)

# By the names of their packages: this library, what it sends through, and what may stand between the two. A list, since
# what is not in it may be somebody's own.
_LIBRARIES = sys.stdlib_module_names | {
    "cloudrec", "cloudrec_api", "attr", "httpx", "httpcore", "httpx2", "httpcore2", "h11", "h2", "hpack", "socksio",
    "idna", "certifi", "httpx_aiohttp", "aiohttp", "aiohappyeyeballs", "multidict", "yarl", "anyio", "sniffio", "trio",
    "outcome", "uvloop", "obstore", "opentelemetry", "wrapt", "sentry_sdk",
}  # fmt: skip
# What a reader of tracebacks wants of a module: its name, and where its source is.
_OF_A_MODULE = ("__name__", "__file__", "__loader__", "__spec__")
_SPECIAL = {"__init__", "__call__", "__enter__", "__exit__", "__aenter__", "__aexit__"}

_blanks: dict[tuple[object, ...], FrameType] = {}


def chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, and all that are printed with it: what led to it, and the members of groups."""
    seen: set[int] = set()
    ahead: list[BaseException | None] = [error]
    while ahead:
        found = ahead.pop()
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        ahead += [found.__cause__, found.__context__]
        if isinstance(found, BaseExceptionGroup):
            ahead += found.exceptions


def bared(error: E) -> E:
    """The exception itself; its traceback, and those of what led to it, hold nothing of ours any more."""
    for each in chain(error):
        # Not by assignment, which an exception of somebody else's may refuse.
        BaseException.with_traceback(each, _bared(each.__traceback__))
    return error


def _bared(traceback: TracebackType | None) -> TracebackType | None:
    entries = []
    while traceback is not None:
        # What puts the frames right is no place that anybody looks for.
        if traceback.tb_frame.f_globals is not globals():
            entries.append(traceback)
        traceback = traceback.tb_next
    made = None
    for entry in reversed(entries):
        frame, place = entry.tb_frame, entry.tb_lasti
        if str(frame.f_globals.get("__name__")).partition(".")[0] in _LIBRARIES:
            frame, place = _blank(frame), -1
        made = TracebackType(made, frame, place, entry.tb_lineno or frame.f_code.co_firstlineno)
    return made


def _blank(frame: FrameType) -> FrameType:
    """A frame of the same code that never ran."""
    code, module = frame.f_code, {name: frame.f_globals.get(name) for name in _OF_A_MODULE}
    # Not by the code itself: codes of two files may be equal.
    key = module["__name__"], code.co_filename, code.co_qualname, code.co_firstlineno
    if (found := _blanks.get(key)) is None:
        named = _empty.__code__.replace(
            co_filename=code.co_filename,
            co_name=code.co_name,
            co_qualname=code.co_qualname,
            co_firstlineno=code.co_firstlineno,
        )
        generator = FunctionType(named, module)()
        found = _blanks[key] = generator.gi_frame
        generator.close()
    return found


def _empty() -> Iterator[None]:
    # A generator, since that has a frame before it runs, and one that nobody has called.
    yield


def discreet(made: T) -> T:
    """A function, or a class with all that is called by its users, whose exceptions show nothing of what it held.

    The same by signature, name and kind: async stays async, and a generator stays one.
    """
    if not isinstance(made, type):
        wrapped: T = _discreet(made)
        return wrapped
    for name, member in tuple(vars(made).items()):
        if name.startswith("_") and name not in _SPECIAL:
            continue
        if isfunction(member):
            setattr(made, name, _discreet(member))
        elif isinstance(member, classmethod):
            setattr(made, name, classmethod(_discreet(member.__func__)))
    return made


def _discreet(function: Any) -> Any:
    # Each raises the same exception again, by a `raise` that adds no entry to its traceback.
    if iscoroutinefunction(function):

        @wraps(function)
        async def run_async(*args: Any, **kwargs: Any) -> Any:
            try:
                return await function(*args, **kwargs)
            except BaseException as error:
                bared(error)
                raise

        return run_async

    if isasyncgenfunction(function):

        @wraps(function)
        async def iterate_async(*args: Any, **kwargs: Any) -> Any:
            try:
                async with aclosing(function(*args, **kwargs)) as items:
                    async for item in items:
                        yield item
            except BaseException as error:
                bared(error)
                raise

        return iterate_async

    if isgeneratorfunction(function):

        @wraps(function)
        def iterate(*args: Any, **kwargs: Any) -> Any:
            try:
                return (yield from function(*args, **kwargs))
            except BaseException as error:
                bared(error)
                raise

        return iterate

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            # Not by a call: Python looks for signals just after one, and what came of it would be lost by an interrupt.
            found: defaultdict[None, Any] = defaultdict(partial(function, *args, **kwargs))
            return found[None]
        except BaseException as error:
            bared(error)
            raise

    return run


def steps_to_the_caller() -> int:
    """How far up the code stands that called the library, as `stacklevel` counts; threads and tasks differ."""
    steps, frame = 1, sys._getframe(1)
    while frame.f_globals.get("__name__", "").startswith("cloudrec.") and frame.f_back is not None:
        steps, frame = steps + 1, frame.f_back
    return steps
