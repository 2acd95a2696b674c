"""One name for a Redis that cannot serve now, whatever the client calls it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis


class ReadModelsAway(Exception):
    """Redis cannot be reached now."""


@contextmanager
def away() -> Iterator[None]:
    """Turn the client's errors of reach into ReadModelsAway; a bug of ours stays what it is."""
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError, redis.ReadOnlyError, redis.OutOfMemoryError) as error:
        raise ReadModelsAway(str(error)) from error
