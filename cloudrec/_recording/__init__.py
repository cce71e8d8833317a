"""One recording, without sending anything: what it is started with, its state, its result."""
