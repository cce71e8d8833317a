"""The async client and its recordings; cloudrec/_sync is made from this folder."""
