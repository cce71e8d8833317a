"""Event loops and threads: what asyncio, trio and threads each do in their own way."""
