"""What people do with recordings; for either kind of client.

They are async functions, and of the sync client nothing in them ever waits (`drive`). What a call of the sync client
returns is put into somebody's hand at once, with nothing in between where a signal could come (`at_once`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from inspect import isawaitable
from threading import Thread
from typing import Any

import anyio

from cloudrec import CloudRecordingError, Vertical, only

from .run import STORAGE, Ask, Run

Workload = Callable[[Run, Ask], Awaitable[None]]


def drive(work: Coroutine[Any, Any, None]) -> None:
    """Runs what never waits."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("the sync client waits for nothing")


async def act(run: Run, ask: Ask) -> None:
    """One workload to its end. Errors of the library are its own business; everything else ends the run."""
    try:
        await _WORKLOADS[ask.workload](run, ask)
    except CloudRecordingError as error:
        ask.errors.append(error)
    except BaseException as error:
        ask.errors.append(error)
        raise


def at_once(call: Callable[[], Any]) -> Any:
    """What a call returns. (With `**`, Python looks for signals between the call's end and what is done with that.)"""
    found: defaultdict[None, Any] = defaultdict(call)
    return found[None]


async def _on(found: Any) -> Any:
    return await found if isawaitable(found) else found


async def _started(run: Run, ask: Ask) -> Any:
    """Starts it, confirmed or not."""
    ask.held = at_once(partial(run.client.mix.record, ask.cname, **run.options(ask)))
    if run.plan.is_async:
        ask.held = await ask.held
    return ask.held


async def _stopped(ask: Ask, recording: Any) -> None:
    """Stops it. From then on nobody looks after it."""
    await _on(recording.stop())
    ask.held = None


async def _record(run: Run, ask: Ask) -> None:
    recording = await _started(run, ask)
    await _on(getattr(recording, "first", recording).query())
    await _stopped(ask, recording)


async def _with(run: Run, ask: Ask) -> None:
    if run.plan.is_async:
        async with run.client.mix.record(ask.cname, **run.options(ask)) as recording:
            await _body(run, recording)
    else:
        ask.held = at_once(partial(run.client.mix.record, ask.cname, **run.options(ask)))
        with ask.held as recording:
            ask.held = None
            await _body(run, recording)


async def _body(run: Run, held: Any) -> None:
    for wait in (15, 0):
        for recorder in getattr(held, "recorders", (held,)):
            await _on(recorder.query())
        await _on((run.time.wait_async if run.plan.is_async else run.time.wait)(wait))


async def _calls(run: Run, ask: Ask) -> None:
    client, uid = run.client, ask.uid or 77
    acquired = await _on(client.mix.acquire(ask.cname, uid))
    ask.held = client.mix.start(acquired.resource_id, ask.cname, uid, storage_config=STORAGE, check=False)
    if run.plan.is_async:
        ask.held = await ask.held
    sid = ask.held.sid
    await _on(client.mix.query(acquired.resource_id, sid))
    await _on(client.mix.update(acquired.resource_id, sid, ask.cname, uid, storage_config=STORAGE))
    await _on(client.mix.stop(acquired.resource_id, sid, ask.cname, uid))
    ask.held = None


async def _watch(run: Run, ask: Ask) -> None:
    """Somebody else watches it all the while."""
    recording = await _started(run, ask)
    if run.plan.is_async:

        async def watch_async() -> None:
            try:
                async for _ in recording.watch(interval=8):
                    pass
            except CloudRecordingError as error:
                ask.errors.append(error)

        async with anyio.create_task_group() as group:
            group.start_soon(watch_async)
            await recording.query()
            await _stopped(ask, recording)
        return

    def watch() -> None:
        try:
            for _ in recording.watch(interval=8):
                pass
        except BaseException as error:
            ask.errors.append(error)

    watcher = Thread(target=watch, daemon=True)
    try:
        watcher.start()
        recording.query()
        await _stopped(ask, recording)
    finally:
        if ask.held is not None:
            # It would be watched for ever.
            run.emulator.heal()
            await _stopped(ask, recording)
        if watcher.ident is not None:
            watcher.join()


async def _attach(run: Run, ask: Ask) -> None:
    recording = await _started(run, ask)
    again = run.client.attach(json.dumps(recording.handle))
    await _on(again.query())
    await _stopped(ask, again)


async def _updates(run: Run, ask: Ask) -> None:
    recording = await _started(run, ask)
    await _on(recording.subscribe(video=only(101)))
    await _on(recording.layout(Vertical("101")))
    await _on(recording.update_storage(STORAGE))
    await _stopped(ask, recording)


_WORKLOADS: dict[str, Workload] = {
    "record": _record,
    "with": _with,
    "calls": _calls,
    "watch": _watch,
    "redundant": _with,
    "attach": _attach,
    "updates": _updates,
    "renewed": _with,
}
