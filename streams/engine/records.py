"""Records as the engine passes them around: plain values, with topics named without environment prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from schemas.envelope import Headers


class TP(NamedTuple):
    """A partition of a topic."""

    topic: str
    partition: int


@dataclass(slots=True)  # not frozen: one is made for every record, and that would take three times as long
class Record:
    """One record as it was read, not yet decoded."""

    topic: str
    partition: int
    offset: int
    timestamp: int  # ms since the epoch; the broker's on mailboxes
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def tp(self) -> TP:
        return TP(self.topic, self.partition)

    @property
    def position(self) -> tuple[str, int, int]:
        return self.topic, self.partition, self.offset


@dataclass(slots=True)
class Out:
    """One record to publish."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int = 0  # 0 = the producer's; the broker replaces it on mailboxes
    partition: int = -1  # -1 = by key
