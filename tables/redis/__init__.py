"""Read models in Redis: a view of the log, rebuilt from it at any time."""
