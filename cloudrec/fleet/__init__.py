"""`Fleet`: many recordings on many machines, each held until it is over, through crashes and deploys.

::

    fleet = Fleet(client, database="sqlite:///fleet.db")     # or postgresql://…
    fleet.storage("lessons", lambda: S3(...))                # by name: secrets never reach the database

    async with fleet:                                        # a worker
        await fleet.record("lesson-42", mode="mix", storage="lessons", until=end_of_lesson)

It stands on DBOS Transact and comes with ``pip install cloudrec[fleet]``.
"""

from ..errors import FleetDatabaseError, FleetError
from .blocking import BlockingFleet
from .fleet import Fleet
from .states import FleetRecording, Part, State

__all__ = ["BlockingFleet", "Fleet", "FleetDatabaseError", "FleetError", "FleetRecording", "Part", "State"]
