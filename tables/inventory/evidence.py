"""Which events stand behind each figure of a SKU, gathered while its facts are applied one after the other.

On hand stands on its last count and on what moved after it; a ledger row on all that changed it since it began; a rule,
an announced supply and another source's figure on the newest event that told it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.envelope import Envelope
from schemas.generated.inventory_v1 import LedgerEntry, Position, StockMove
from tables.inventory.movements import inside

LedgerKey = tuple[str, str, str]  # holder, line, location


class Event(NamedTuple):
    """An event of the log as far as it concerns one figure.

    at        ms, when it was decided; its record's time in the log
    as_of     ms, when it happened by its source's clock; None where it has no other time
    quantity  what a count told, or by how much the figure changed; None where that is no number
    """

    id: str
    type: str
    source: str
    at: int
    as_of: int | None = None
    sequence: int | None = None
    quantity: int | None = None


class Moved(NamedTuple):
    """A movement, and the event that told it."""

    event: Event
    move: StockMove


@dataclass(slots=True)
class Grounds:
    """What one figure stands on: the count that set it, and what moved after that."""

    count: Event | None = None
    moved: list[Moved] = field(default_factory=list)

    def counted(self, event: Event, source: str, sequence: int | None, as_of: int) -> None:
        """A count stands for all that it has inside."""
        self.count = event
        self.moved = [each for each in self.moved if not inside(each.move, source, sequence, as_of)]

    def events(self) -> tuple[Event, ...]:
        """The count first, then the movements as they were decided."""
        return (*([self.count] if self.count else []), *(each.event for each in self.moved))


@dataclass(slots=True)
class Evidence:
    """The events behind a SKU's figures."""

    on_hand: dict[str, Grounds] = field(default_factory=dict)  # by location
    classes: dict[tuple[str, str], Grounds] = field(default_factory=dict)  # by location and class
    ledger: dict[LedgerKey, list[Event]] = field(default_factory=dict)
    rules: list[Event] = field(default_factory=list)  # the newest only
    supplies: dict[str, Event] = field(default_factory=dict)
    observed: dict[tuple[str, str], Event] = field(default_factory=dict)  # by location and source
    channels: set[str] = field(default_factory=set)  # that ever held something here

    def take(self, envelope: Envelope, record: Any) -> None:
        """Note an event behind every figure that it changes; for facts that are applied, in their order."""
        event = _event(envelope, record)
        if envelope.type == "inventory.counted":
            self._counted(event, record)
        for move in record.get("moves", ()):
            self._moved(event, move)
        for entry in record.get("entries", ()):
            self._entered(event, entry)
        for standing in record.get("standings", ()):
            self.channels.add(standing["channel"])
        for supply in record.get("supplies", ()):
            self.supplies[supply["supply"]] = event
        if envelope.type == "inventory.drift.corrected":
            self._corrected(event, record)
        if envelope.type == "inventory.rules.set":
            self.rules = [event]
        if told := record.get("comparison"):
            self.observed[told["location"], told["source"]] = event._replace(quantity=told["quantity"])
        elif envelope.type == "inventory.drift.detected" and record["cause"] == "not_authority":
            self.observed[record["location"], record["source"]] = event._replace(quantity=record["observed"])
        elif record.get("ended"):
            self.observed.pop((record["location"], record["source"]), None)

    def _counted(self, event: Event, record: Any) -> None:
        told = (record["source"], record["source_sequence"], record["as_of"])
        grounds = self.on_hand.setdefault(record["location"], Grounds())
        grounds.counted(event._replace(quantity=record["counted"]), *told)
        for position in record["positions"]:
            if _tells_classes(position, record):
                self._classed(event, position, told)

    def _corrected(self, event: Event, record: Any) -> None:
        """An accepted observation is a count."""
        for position in record["positions"]:
            told = (position["source"], position["counted_sequence"], position["counted_as_of"])
            grounds = self.on_hand.setdefault(position["location"], Grounds())
            grounds.counted(event._replace(quantity=record["observed"]), *told)
            if (position["classed_sequence"], position["classed_as_of"]) == told[1:]:
                self._classed(event, position, told)

    def _classed(self, event: Event, position: Position, told: tuple[str, int | None, int]) -> None:
        location = position["location"]
        known = [name for where, name in self.classes if where == location]
        for name in dict.fromkeys([*known, *sorted(position["classes"])]):
            self.classes.setdefault((location, name), Grounds()).counted(event, *told)

    def _moved(self, event: Event, move: StockMove) -> None:
        if move["on_hand"]:
            told = Moved(event._replace(quantity=move["on_hand"]), move)
            self.on_hand.setdefault(move["location"], Grounds()).moved.append(told)
        if move["unsellable"]:
            told = Moved(event._replace(quantity=move["unsellable"]), move)
            self.classes.setdefault((move["location"], move["stock_class"]), Grounds()).moved.append(told)

    def _entered(self, event: Event, entry: LedgerEntry) -> None:
        key = (entry["holder"], entry["line"], entry["location"])
        if not entry["reserved"] and not entry["allocated"]:
            self.ledger.pop(key, None)
            return
        change = entry["reserved_change"] + entry["allocated_change"]
        self.ledger.setdefault(key, []).append(event._replace(quantity=change))


def _event(envelope: Envelope, record: Any) -> Event:
    as_of = record.get("as_of", record.get("shipped_at"))
    source = record.get("source") or envelope.source
    return Event(envelope.id, envelope.type, source, envelope.time, as_of, record.get("source_sequence"))


def _tells_classes(position: Position, record: Any) -> bool:
    told = (position["classed_as_of"], position["classed_sequence"])
    return told == (record["as_of"], record["source_sequence"])
