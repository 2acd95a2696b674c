"""The garbage collector of a worker."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from streams.engine import memory


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_through_again() -> None:
    memory.settle()
    assert gc.get_freeze_count() > 10_000


def test_cycles_made_afterwards_are_still_freed() -> None:
    memory.settle()
    gone = weakref.ref(Knot())
    gc.collect()
    assert gone() is None


def test_young_objects_are_looked_through_by_the_batch() -> None:
    memory.settle()
    assert gc.get_threshold() == (memory.YOUNG, memory.MIDDLE, memory.OLD)
