"""Faults: what can go wrong on purpose, and which call it meets."""
