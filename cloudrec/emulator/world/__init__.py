"""The world that is recorded: time, channels and users, and the files that come of them."""
