"""Event loops: what a session needs of asyncio and trio. The twin of `_sync`: the same modules, name for name."""
