"""Snapshots of stock, up to millions of rows, into the running system: resumable, without what has not changed."""
