"""Python as the tests start it: hundreds of times, nearly always to import httpx.

Two thirds of that are its own command line, which is made of rich and click. It does without where those are not
installed, as with whoever installs this library alone; here they are, for other commands.
"""

import sys

sys.modules["httpx._main"] = None  # type: ignore[assignment]
