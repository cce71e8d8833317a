"""Threads: what a session needs of them. The twin of `_async`: the same modules, name for name."""
