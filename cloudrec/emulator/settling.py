"""Waiting until all that was due is done, and the code under test waits itself, for time or for something else.

Calls under way, who sleeps by the clock and what webhooks have to tell are counted, and so known. Whether code that
was woken has more to do before it waits again, nobody tells: not an event loop, and not a thread. So nothing must have
happened for a while, looked at several times, with all that had been sent to the emulator by then; the later the looks
come, the busier the machine is, and the longer that while. Code that computes for longer than that without calling,
sleeping or being told of anything is taken to wait; a test of such code waits for what it does:
``emulator.until(...)``.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from .webhooks.webhooks import Webhooks
from .world.clock import SECOND, Clock, Millis

#: How often one looks, and the real seconds between, without anything happening, before it counts as settled. Not the
#: time alone, since an event loop may be kept from its tasks.
LOOKS, LOOK_EVERY = 6, 0.005
#: Real seconds for which who waits for nothing that the clock could bring is given to come to something. More than a
#: process takes that reads its modules on a machine with much else to do.
LAST_CHANCE = 5.0
#: Real seconds after which a call that is still under way is no longer waited for: it may meet a fault that hangs.
PATIENCE = 0.5


class Traffic:
    """The calls that are under way, and how many there have been."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.under_way: int = 0
        self.changes: int = 0

    @contextmanager
    def call(self) -> Generator[None]:
        """One from its arrival to its end."""
        self._change(1)
        try:
            yield
        finally:
            self._change(-1)

    def _change(self, by: int) -> None:
        with self._lock:
            self.under_way += by
            self.changes += 1


class Settling:
    """Decides what to wait for; whoever uses it waits, a thread or a task."""

    def __init__(
        self, clock: Clock, traffic: Traffic, webhooks: Webhooks, catching_up: Callable[[], Callable[[], bool]]
    ) -> None:
        self._clock = clock
        self._traffic = traffic
        self._webhooks = webhooks
        self._catching_up = catching_up

    def settle(self, timeout: float) -> Generator[float]:
        """Gives the real seconds to wait before the next look, until all is quiet.

        TimeoutError when that takes longer than so many seconds.
        """
        began = quiet_since = looked = time.monotonic()
        before, looks, pause = self._state(), 0, LOOK_EVERY
        has_caught_up = self._catching_up()
        while True:
            yield LOOK_EVERY
            now = time.monotonic()
            pause, looked = min(max(pause, now - looked), PATIENCE / LOOKS), now
            if has_caught_up():
                looks += 1
                has_caught_up = self._catching_up()
            if (state := self._state()) != before:
                before, quiet_since, looks = state, now, 0
            quiet = now - quiet_since
            calls = self._traffic.under_way > 0 and quiet < PATIENCE
            if looks >= LOOKS and quiet >= LOOKS * pause and not calls and not self._webhooks.waiting:
                return
            if now - began > timeout:
                raise TimeoutError(f"the code under test was still busy after {timeout:g} s")

    def advance(self, seconds: float, timeout: float) -> Generator[float]:
        """The same, after each step of the clock: from one that sleeps to the next, as far as so many seconds."""
        target = self._clock.now() + round(seconds * SECOND)
        yield from self.settle(timeout)
        while (left := target - self._clock.now()) > 0:
            self._step(left)
            yield from self.settle(timeout)

    def until(self, is_done: Callable[[], bool], timeout: float) -> Generator[float]:
        """The same, for as long as something is not done."""
        last_step = time.monotonic()
        while not is_done():
            yield from self.settle(timeout)
            if is_done():
                return
            if self._clock.next_due is not None:
                self._step(None)
                last_step = time.monotonic()
            elif time.monotonic() - last_step > LAST_CHANCE:
                raise TimeoutError("the code under test waits for nothing that the clock could bring")

    def _step(self, most: Millis | None) -> None:
        due = self._clock.next_due
        step = 0 if due is None else max(0, due - self._clock.now())
        if most is not None:
            step = most if due is None else min(step, most)
        self._clock.advance(step / SECOND)

    def _state(self) -> tuple[int, int, int]:
        self._webhooks.look()
        return self._clock.changes, self._traffic.changes, self._webhooks.changes


def refuse_in_event_loop(name: str) -> None:
    """What blocks the thread would block an event loop in it, too, and with that the code under test."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError(f"{name} would block the event loop: in async tests, await {name}_async()")
