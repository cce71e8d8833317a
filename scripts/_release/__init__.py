"""A release: `version` says whether it may be, `packages` builds it; `licences`, `trial` and `callers` look at it."""
