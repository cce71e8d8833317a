"""Pages: what the page of the emulator and that of a fleet are made of."""
