"""What must hold of stock: nothing is promised twice, the ledger is the sum of its rows, what is published follows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ops.chaos.evidence import Check, Entry, Evidence, by_key
from ops.chaos.order_checks import ENDED, stories

GRANTS = frozenset({"inventory.reserved", "inventory.reservation.transferred"})
Places = dict[str, tuple[int, int, int]]  # location → on hand, reserved, allocated


@dataclass
class Shelf:
    """One SKU, folded from its facts without wharf's own code."""

    supply: Counter[str] = field(default_factory=Counter)  # by location: counted and received
    shipped: Counter[str] = field(default_factory=Counter)  # by location
    unheld: int = 0  # of it, what left although nobody held it: a cancel had been faster than the goods
    rows: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)  # holder, line, location
    waiting: dict[str, int] = field(default_factory=dict)  # by holder: units queued
    places: Places = field(default_factory=dict)  # as the facts say

    def tell(self, entry: Entry) -> None:
        """One more fact."""
        record = entry.record
        match entry.type:
            case "inventory.counted":
                self.supply[record["location"]] = record["counted"]
            case "inventory.received":
                self.supply[record["location"]] += record["quantity"]
            case "inventory.reservation.shipped":
                self.shipped[record["location"]] += record["quantity"]
                self.unheld += record["unheld"]
        for row in record.get("entries", ()):
            self.rows[row["holder"], row["line"], row["location"]] = (row["reserved"], row["allocated"])
        for standing in record.get("standings", ()):
            queued = sum(line["waiting"] for line in standing["lines"]) if standing["ticket"] else 0
            self.waiting[standing["holder"]] = queued
        for place in record.get("positions", ()):
            self.places[place["location"]] = (place["on_hand"], place["reserved"], place["allocated"])

    @property
    def promised(self) -> int:
        """Units held for somebody or gone."""
        return sum(reserved + allocated for reserved, allocated in self.rows.values()) + self.shipped.total()

    def summed(self) -> Places:
        """The places as the rows make them."""
        held: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for (_, _, location), (reserved, allocated) in self.rows.items():
            held[location][0] += reserved
            held[location][1] += allocated
        return {
            location: (units - self.shipped[location], held[location][0], held[location][1])
            for location, units in self.supply.items()
        }


def shelves(evidence: Evidence) -> Iterator[tuple[str, Entry, Shelf]]:
    """Every SKU after each of its facts."""
    for sku, facts in by_key(evidence.of("inventory.events")).items():
        shelf = Shelf()
        for fact in facts:
            shelf.tell(fact)
            yield sku, fact, shelf


def last_shelves(evidence: Evidence) -> dict[str, Shelf]:
    """Every SKU at the end."""
    return {sku: shelf for sku, _, shelf in shelves(evidence)}


def never_oversold(evidence: Evidence) -> Iterator[str]:
    """Reserved, allocated and shipped together never exceed what there was; nor, at the end, what there ever was.

    Goods that left unheld, because their order was cancelled meanwhile, make a shortfall; then nothing is granted.
    """
    for sku, fact, shelf in shelves(evidence):
        allowed = 0 if fact.type in GRANTS else shelf.unheld
        if shelf.promised > shelf.supply.total() + allowed:
            yield f"{sku} after fact {fact.record['seq']}: {shelf.promised} promised of {shelf.supply.total()}"
    for sku, shelf in last_shelves(evidence).items():
        if shelf.promised > evidence.supply.get(sku, 0) + shelf.unheld:
            yield f"{sku}: {shelf.promised} promised of {evidence.supply.get(sku, 0)}"
    for sku, units in evidence.shipped.items():
        if units > evidence.supply.get(sku, 0):
            yield f"{sku}: {units} sent of {evidence.supply.get(sku, 0)}"


def positions_are_sums(evidence: Evidence) -> Iterator[str]:
    """What a SKU is said to have is what was counted less what was shipped, and the sum of the rows of its ledger."""
    for sku, fact, shelf in shelves(evidence):
        summed = shelf.summed()
        for place in fact.record.get("positions", ()):
            if shelf.places[place["location"]] != summed.get(place["location"]):
                said = (shelf.places[place["location"]], summed.get(place["location"]))
                yield f"{sku} at {place['location']} after fact {fact.record['seq']}: said {said[0]}, summed {said[1]}"


def facts_are_numbered(evidence: Evidence) -> Iterator[str]:
    """A SKU's facts are numbered 1, 2, 3 …"""
    for sku, facts in by_key(evidence.of("inventory.events")).items():
        numbers = [fact.record["seq"] for fact in facts]
        if numbers != list(range(1, len(facts) + 1)):
            yield f"{sku}: {_first_gap(numbers)}"


def _first_gap(numbers: list[int]) -> str:
    place = next(place for place, number in enumerate(numbers, start=1) if number != place)
    return f"fact {numbers[place - 1]} stands where {place} is due"


def published_follows(evidence: Evidence) -> Iterator[str]:
    """Availability is max(0, on hand - held - safety) of the facts so far, in every version; versions rise."""
    at = {(sku, fact.record["seq"]): dict(shelf.places) for sku, fact, shelf in shelves(evidence)}
    for sku, versions in by_key(evidence.of("inventory.availability")).items():
        last = 0
        for version in (entry.record for entry in versions):
            yield from _contradicts(sku, version, at.get((sku, version["version"])))
            if version["version"] <= last:
                yield f"{sku}: version {version['version']} came after {last}"
            last = version["version"]


def _contradicts(sku: str, said: Any, places: Places | None) -> Iterator[str]:
    if places is None:
        yield f"{sku}: version {said['version']} belongs to no fact"
        return
    shown = {
        place["location"]: (place["on_hand"], place["reserved"], place["allocated"]) for place in said["locations"]
    }
    if shown != places:
        yield f"{sku} version {said['version']}: shows {shown}, the facts make {places}"
    offered = max(0, sum(map(_free, said["locations"])))
    if said["default_quantity"] != offered:
        yield f"{sku} version {said['version']}: offers {said['default_quantity']}, and {offered} are free"


def _free(place: Any) -> int:
    net = int(place["on_hand"] - place["unsellable"] - place["reserved"] - place["allocated"])
    return net if net <= 0 else max(0, net - int(place["safety"]))


def closed_orders_hold_nothing(evidence: Evidence) -> Iterator[str]:
    """At rest nothing is held for anybody, and nobody queues whose order has ended or waits for nothing."""
    told = stories(evidence)
    for sku, shelf in last_shelves(evidence).items():
        for (holder, line, location), held in shelf.rows.items():
            if any(held):
                yield f"{sku} at {location} still holds {held} for line {line} of {holder}"
        for holder, queued in shelf.waiting.items():
            if queued and (holder not in told or told[holder].headline in ENDED):
                yield f"{queued} of {sku} are queued for {holder}, which is over"


def who_waits_is_queued(evidence: Evidence) -> Iterator[str]:
    """What an order waits for is queued where it is missing; no stock lies there that would serve it."""
    last = last_shelves(evidence)
    for order_id, story in stories(evidence).items():
        waits = _waits(story.lines.values())
        complete = order_id in evidence.asked and evidence.asked[order_id].ship_complete
        queued = {sku: units for sku, shelf in last.items() if (units := shelf.waiting.get(order_id))}
        if (complete and len(queued) != bool(waits)) or (not complete and queued != waits):
            yield f"{order_id} waits for {waits}, and is queued for {queued}"
    for sku, entries in by_key(evidence.of("inventory.availability")).items():
        lies, shelf = entries[-1].record["default_quantity"], last.get(sku, Shelf())
        partial = [each for each, units in shelf.waiting.items() if units and not _complete(evidence, each)]
        if lies and partial:
            yield f"{lies} of {sku} lie free while {len(partial)} orders wait for it"


def _waits(lines: Iterable[Any]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for line in lines:
        if line["backordered"]:
            found[line["sku"]] += line["backordered"]
    return dict(found)


def _complete(evidence: Evidence, holder: str) -> bool:
    return holder in evidence.asked and evidence.asked[holder].ship_complete


CHECKS: dict[str, Check] = {
    "no SKU is oversold": never_oversold,
    "a position is the sum of its ledger": positions_are_sums,
    "facts of a SKU are numbered without gaps": facts_are_numbered,
    "published availability follows from the facts": published_follows,
    "an order that is over holds no stock": closed_orders_hold_nothing,
    "who waits is queued, and no stock lies there for him": who_waits_is_queued,
}
