"""The contract: the OpenAPI document, and whether a request keeps to it."""
