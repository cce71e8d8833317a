"""Python as the tests start it: hundreds of times, nearly always to import httpx.

Two thirds of that are its own command line, which is made of rich and click. It does without where those are not
installed, as with whoever installs this library alone; here they are, for other commands.
"""

import os
import sys

sys.modules["httpx._main"] = None  # type: ignore[assignment]

# So is trio, which takes as long again, in the programs that a test starts and that have no use for it.
if "PYTEST_CURRENT_TEST" in os.environ and not {"pytest", "scripts._explore"}.intersection(sys.orig_argv):
    sys.modules["trio"] = None  # type: ignore[assignment]
