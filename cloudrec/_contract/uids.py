"""User IDs: numbers to people, strings on the wire."""

from typing import Any


def on_wire(uid: Any) -> Any:
    """A number as the string that is sent. What is none stays as it is, for the check to tell of it."""
    # True is a number to Python, and one of thousands of digits is none that it would write.
    if isinstance(uid, int) and not isinstance(uid, bool) and uid.bit_length() <= 64:
        return str(int(uid))
    return uid
