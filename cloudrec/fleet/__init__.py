"""`Fleet`: many recordings on many machines, each held until it is over, through crashes and deploys.

::

    fleet = Fleet(client, database="sqlite:///fleet.db")     # or postgresql://…
    fleet.storage("lessons", lambda: S3(...))                # by name: secrets never reach the database

    async with fleet:                                        # a worker
        await fleet.record("lesson-42", mode="mix", storage="lessons", until=end_of_lesson)

It stands on DBOS Transact and comes with ``pip install cloudrec[fleet]``.
"""

from ..errors import FleetDatabaseError, FleetError
from ._blocking import BlockingFleet
from ._fleet import Fleet
from ._states import Change, FleetRecording, Part, State

__all__ = ["BlockingFleet", "Change", "Fleet", "FleetDatabaseError", "FleetError", "FleetRecording", "Part", "State"]

# Pickles name them by their public address, whichever module they are written in.
for _name in ("BlockingFleet", "Change", "Fleet", "FleetRecording", "Part", "State"):
    globals()[_name].__module__ = __name__
