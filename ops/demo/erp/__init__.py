"""A small separate ERP for the demo and the tests: it keeps its own books, and can be told to misbehave."""
