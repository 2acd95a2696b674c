"""What must hold of orders: none lost, none twice, their numbers dense, their quantities complete, each at an end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ops.chaos.evidence import Check, Entry, Evidence, by_key

PARTS = ("rejected", "cancelled", "substituted", "pending", "backordered", "reserved", "released", "shipped")
ENDED = frozenset({"completed", "rejected", "cancelled"})
GONE = frozenset({"rejected", "cancelled"})
ON_THE_WAY = ("pending", "reserved", "released")


@dataclass
class Story:
    """One order as the log tells it."""

    placed: int = 0  # how often it was created
    accepted: bool = False
    headline: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    erp_number: str = ""
    lines: dict[str, Any] = field(default_factory=dict)

    def tell(self, entry: Entry) -> None:
        """One more fact."""
        record = entry.record
        match entry.type:
            case "order.created":
                self.placed += 1
            case "order.accepted":
                self.accepted = True
            case "order.status.changed":
                self.headline, self.facets = record["new"], record["facets"]
            case "order.facet.changed":
                self.facets = record["facets"]
            case "order.confirmed":
                self.erp_number = record["erp_number"]
            case "order.lines.changed":
                self.lines |= {line["line"]: line for line in record["lines"]}

    @property
    def withdrawn(self) -> bool:
        """Whether the ERP has nothing to do with it: it was refused, or cancelled there, even if its goods left after all."""
        return self.headline in GONE or self.facets.get("erp") == "cancelled"

    def units(self, part: str) -> int:
        """Units of all lines in one part."""
        return sum(line[part] for line in self.lines.values())


def stories(evidence: Evidence) -> dict[str, Story]:
    """Every order that the log knows, by id."""
    return _stories(_Held(evidence))


class _Held:
    """Evidence as a key: the same object has the same stories."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def __hash__(self) -> int:
        return id(self.evidence)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.evidence is self.evidence


@lru_cache(maxsize=1)
def _stories(held: _Held) -> dict[str, Story]:
    found: dict[str, Story] = {}
    for entry in held.evidence.of("orders.events"):
        found.setdefault(entry.key, Story()).tell(entry)
    return found


def none_is_lost(evidence: Evidence) -> Iterator[str]:
    """Each order that was answered with 202 is in the log, once, as it was asked for; and no other is."""
    told = stories(evidence)
    for order_id, order in evidence.asked.items():
        story = told.get(order_id, Story())
        if story.placed != 1:
            yield f"{order.number} was acknowledged and created {story.placed} times"
        wanted = {line.line: (line.sku, line.quantity) for line in order.lines}
        taken = {name: (line["sku"], line["ordered"]) for name, line in story.lines.items()}
        if story.placed and wanted != taken:
            yield f"{order.number}: {wanted} was asked for, {taken} was taken"
    for order_id in told.keys() - evidence.asked.keys():
        yield f"{order_id} is in the log, and nobody sent it"


def each_has_its_place(evidence: Evidence) -> Iterator[str]:
    """At rest an order is at its end, or waits for stock; nothing of it is under way."""
    for order_id, story in stories(evidence).items():
        under_way = {part: units for part in ON_THE_WAY if (units := story.units(part))}
        if under_way:
            yield f"{order_id} is {story.headline} with {under_way} under way"
        elif story.headline not in ENDED and not story.units("backordered"):
            yield f"{order_id} is {story.headline}, and nothing of it waits"


def quantities_add_up(evidence: Evidence) -> Iterator[str]:
    """ordered = rejected + cancelled + … + shipped of each line, in every fact that tells it."""
    for entry in evidence.of("orders.events"):
        for line in (
            entry.record.get("lines", ()) if entry.type in ("order.lines.changed", "order.status.changed") else ()
        ):
            parts = sum(line[part] for part in PARTS)
            if parts != line["ordered"] or any(line[part] < 0 for part in PARTS):
                yield f"{entry.key} line {line['line']}: {line['ordered']} ordered, its parts make {parts}"


def facts_are_numbered(evidence: Evidence) -> Iterator[str]:
    """An order's facts are numbered 1, 2, 3 …, its statuses too, and each status begins where the last one ended."""
    for order_id, facts in by_key(evidence.of("orders.events")).items():
        numbers = [fact.record["seq"] for fact in facts]
        if numbers != list(range(1, len(facts) + 1)):
            yield f"{order_id}: facts are numbered {numbers}"
        statuses = [fact.record for fact in facts if fact.type == "order.status.changed"]
        if [status["status_seq"] for status in statuses] != list(range(1, len(statuses) + 1)):
            yield f"{order_id}: statuses are numbered {[status['status_seq'] for status in statuses]}"
        olds, news = [status["old"] for status in statuses], [status["new"] for status in statuses]
        if olds[1:] != news[:-1]:
            yield f"{order_id}: statuses {list(zip(olds, news, strict=True))}"


def the_erp_has_each_once(evidence: Evidence) -> Iterator[str]:
    """An order that stands is in the ERP once; one that was refused or withdrawn is not; nothing was made twice."""
    made = Counter((entry["order_id"], entry["key"]) for entry in evidence.erp if entry["action"] == "create")
    for (order_id, key), times in made.items():
        if times > 1:
            yield f"{order_id} was made {times} times in the ERP under {key}"
    standing = documents(evidence)
    told = stories(evidence)
    for order_id, story in told.items():
        found = standing.get(order_id, [])
        if len(found) != (not story.withdrawn):
            yield f"{order_id} is {story.headline}, and {found} stand in the ERP"
        elif found and found != [story.erp_number]:
            yield f"{order_id} is said to be {story.erp_number!r} in the ERP, and is {found}"
    for order_id in standing.keys() - told.keys():
        yield f"{order_id} is in the ERP, and not in the log"


def documents(evidence: Evidence) -> dict[str, list[str]]:
    """The documents that stand in the ERP, by order."""
    found: dict[str, list[str]] = {}
    for entry in evidence.erp:
        of_order = found.setdefault(entry["order_id"], [])
        of_order.append(entry["document"]) if entry["action"] == "create" else of_order.remove(entry["document"])
    return {order_id: standing for order_id, standing in found.items() if standing}


CHECKS: dict[str, Check] = {
    "no order is lost or taken twice": none_is_lost,
    "every order is at its end or waits for stock": each_has_its_place,
    "the quantities of a line add up": quantities_add_up,
    "facts and statuses of an order are numbered without gaps": facts_are_numbered,
    "an order that stands is in the ERP once, any other is not": the_erp_has_each_once,
}
