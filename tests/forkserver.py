"""Processes that are forked from one that has everything imported, and no threads: in each test of them.

There is one such process for all of pytest's, so that what it is to import stands in one place.
"""

from __future__ import annotations

import multiprocessing

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([
    "tests.fleet.support", "tests.examples.program", "cloudrec._async.client", "cloudrec._async.recordings",
    "cloudrec._http.choice_async", "cloudrec._contract.checker", "cloudrec._contract.compiled", "httpx_aiohttp",
    "anyio._backends._asyncio", "sqlalchemy.dialects.postgresql.psycopg",
])  # fmt: skip
