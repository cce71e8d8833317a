"""The service: its operations, what it refuses, and how it answers."""
