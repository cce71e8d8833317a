"""Locks between threads."""

from threading import RLock, get_ident

# One that its holder may take again: a signal handler may stop what is being stopped by the thread it came upon.
OwnedLock = RLock
own_thread = get_ident
