"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from cyclopts import Parameter

Fleet: TypeAlias = Annotated[str | None, Parameter(env_var="CLOUDREC_FLEET")]
"""``--fleet``: a variable of its own, as the address may hold a password."""
