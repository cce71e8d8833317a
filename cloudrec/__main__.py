"""`python -m cloudrec`."""

from .cli import main

raise SystemExit(main())
