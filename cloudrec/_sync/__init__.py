# Made from cloudrec/_async/__init__.py by scripts/generate. Do not edit.
"""The async client and its recordings; cloudrec/_sync is made from this folder."""
