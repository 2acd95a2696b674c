"""What happens when in a topology, and what goes wrong there: every choice comes from one seeded generator."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
BATCH = 5  # records that a drawn batch has at most
HURRY_MS = 120_000  # by which time may run ahead of work at once: attempts and steps of sagas end within that
LONGEST = 12  # turns that a pause lasts at most


@dataclass(frozen=True, slots=True)
class Faults:
    """How often each fault happens, as a share of its occasions."""

    lost: float = 0.1  # a worker dies between deciding and committing: its transaction is aborted
    died: float = 0.0  # a worker dies between committing and writing its store
    robbed: float = 0.0  # of the workers that died: the disk is gone with them
    torn: float = 0.0  # a partition shows what a transaction committed later than other partitions do
    idle: float = 0.0  # an agent or a door stands still for some turns
    again: float = 0.0  # a door dies after carrying out and before noting it: the record comes to it again
    slow: float = 0.0  # a turn takes time: up to half a second
    hurried: float = 0.0  # the next timer comes although there is work: early in its queue, late by the clock


CALM = Faults(lost=0.0)
ROUGH = Faults(lost=0.04, died=0.04, robbed=0.3, torn=0.08, idle=0.08, again=0.1, slow=0.3, hurried=0.03)


class Schedule:
    """Draws from a seed; without one everything goes in turn and nothing goes wrong."""

    def __init__(self, seed: int | None, faults: Faults) -> None:
        self._random = None if seed is None else random.Random(seed)
        self.faults = faults
        self.done: Counter[str] = Counter()  # faults that did happen, by name

    @property
    def drawn(self) -> bool:
        """Whether choices are drawn at all."""
        return self._random is not None

    def happens(self, fault: str) -> bool:
        """Whether this fault happens now."""
        if self._random is None or self._random.random() >= getattr(self.faults, fault):
            return False
        self.done[fault] += 1
        return True

    def heal(self) -> None:
        """From now on nothing goes wrong; order and batches are still drawn."""
        self.faults = CALM

    def shuffled(self, items: list[T]) -> list[T]:
        """These in a drawn order."""
        if self._random:
            self._random.shuffle(items)
        return items

    def batch(self, most: int) -> int:
        """How many records are read at once."""
        return self._random.randint(1, BATCH) if self._random else most

    def pause(self) -> int:
        """How many turns something takes."""
        return self._random.randint(1, LONGEST) if self._random else 0

    def hurries(self, ms: int) -> bool:
        """Whether so much time passes although there is work."""
        return ms <= HURRY_MS and self.happens("hurried")

    def passing_ms(self) -> int:
        """How much time passes while there is work."""
        return self._random.choice((1, 5, 40, 400)) if self._random and self.happens("slow") else 0
