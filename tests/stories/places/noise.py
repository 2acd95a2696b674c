"""What a real day adds to every story: requests that come twice, and a worker that is killed. Results must not change."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from tests.support.up import Up

TWICE = 0.15  # the acceptance scenarios ask for 5 %; a story has few requests
EARLIEST_S, LATEST_S = 1.0, 12.0  # of the kill, after the story's begin: it goes on for longer


class Echo:
    """Decides which requests come twice."""

    def __init__(self, seed: int | None) -> None:
        self._random = None if seed is None else random.Random(seed)
        self.heard = 0

    def sounds(self) -> bool:
        """Whether this request comes again at once."""
        again = self._random is not None and self._random.random() < TWICE
        self.heard += again
        return again


@contextmanager
def killing_a_worker(system: Up, seed: int) -> Iterator[None]:
    """Kill the worker of all agents once, at a drawn moment; it has happened when the block is left."""
    moment = random.Random(seed).uniform(EARLIEST_S, LATEST_S)
    killer = threading.Timer(moment, lambda: _worker_of(system).kill())
    killer.start()
    try:
        yield
        assert killer.finished.is_set(), f"the story was over before second {moment:.1f}"
    finally:
        killer.cancel()
        killer.join()


def _worker_of(system: Up) -> psutil.Process:
    return next(child for child in system.children() if "worker" in child.cmdline())
