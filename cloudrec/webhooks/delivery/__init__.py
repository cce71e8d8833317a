"""Deliveries: which are repeats, and in which order events are handed on."""
