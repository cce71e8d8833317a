# Made from cloudrec/_async/__init__.py by scripts/generate. Do not edit.
