"""`python -m cloudrec.emulator`."""

from .command import main

raise SystemExit(main())
