"""Webhooks: what there is to tell, and sending it."""
