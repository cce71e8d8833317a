"""HTTP: everything that knows httpx, its connections and its exceptions."""
