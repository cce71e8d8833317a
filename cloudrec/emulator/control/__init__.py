"""Control: what is below /_emulator, for people who look at an emulator and for tests in any language that steer it."""
