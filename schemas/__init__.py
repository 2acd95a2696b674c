"""The contract: what travels between rooms, and how it is written."""
