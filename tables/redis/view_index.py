"""Where the entries of a view stand in the log: its head, and the offset of every hundredth entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tables.redis.keys import INDEX_EVERY
from tables.redis.values import loaded

_EPOCH_SPAN = 1 << 40  # a view's versions: a later epoch is newer than any entry of an earlier one


class Place(NamedTuple):
    """One entry of a view, and where it stands in channels.feed."""

    seq: int
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class ViewIndex:
    """What Redis holds of a view, of its current epoch."""

    epoch: int
    head: Place
    places: tuple[Place, ...]  # by seq, sparse

    def before(self, seq: int) -> Place:
        """The last noted place at or before this entry; the first noted one where the entry is older than all."""
        older = [place for place in self.places if place.seq <= seq]
        return older[-1] if older else self.places[0]


def version(epoch: int, seq: int) -> int:
    """The version of an entry's place."""
    return epoch * _EPOCH_SPAN + seq


def noted(seq: int) -> bool:
    """Whether this entry's place is kept in the index: the first, and every hundredth."""
    return seq == 1 or seq % INDEX_EVERY == 0


def field_of(epoch: int, seq: int) -> str:
    """The hash field of an entry's place."""
    return f"at:{epoch}:{seq}"


def index_of(fields: Mapping[bytes, bytes]) -> ViewIndex | None:
    """The index; None where the view has no entry."""
    head = loaded(fields.get(b"head"))
    if head is None:
        return None
    bodies = [body for name, value in fields.items() if name.startswith(b"at:") and (body := loaded(value))]
    current = [body for body in bodies if body["epoch"] == head["epoch"]]
    places = sorted(Place(body["seq"], body["partition"], body["offset"]) for body in current)
    last = Place(head["seq"], head["partition"], head["offset"])
    return ViewIndex(head["epoch"], last, tuple(places) or (last,))
