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


def test_a_batch_is_not_looked_through_while_it_is_decided() -> None:
    memory.settle()
    before = [generation["collections"] for generation in gc.get_stats()]
    batch = [[number] for number in range(200_000)]
    assert [generation["collections"] for generation in gc.get_stats()] == before
    assert len(batch) == 200_000


def test_between_batches_the_cycles_of_the_last_one_are_freed() -> None:
    memory.settle()
    tidying = memory.Tidying()
    gone = weakref.ref(Knot())
    tidying.between_batches(10.0)
    assert gone() is None


def test_what_ended_sessions_left_behind_is_freed_before_the_next_begins() -> None:
    memory.settle()
    old = Knot()
    gc.collect(1)  # it has grown old: between batches nobody looks at it for ten minutes
    gone = weakref.ref(old)
    del old
    memory.Tidying().between_batches(10.0)
    assert gone() is not None
    memory.Tidying().between_sessions()
    assert gone() is None


def test_the_engines_of_a_process_tidy_once_a_second_together() -> None:
    memory.settle()
    tidying = memory.Tidying()
    tidying.between_batches(10.0)
    gone = weakref.ref(Knot())
    tidying.between_batches(10.0 + memory.TIDY_S / 2)
    assert gone() is not None
    tidying.between_batches(10.0 + memory.TIDY_S)
    assert gone() is None


def test_old_objects_are_looked_through_now_and_then() -> None:
    tidying = memory.Tidying()
    tidying.between_batches(10.0)
    knot = Knot()
    gone = weakref.ref(knot)
    gc.collect()  # it is old now
    del knot
    tidying.between_batches(12.0)
    assert gone() is not None
    tidying.between_batches(10.0 + memory.WHOLE_S)
    assert gone() is None
