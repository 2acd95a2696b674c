"""The reconciliation: pure sentences over what the subscribers, the ERP, Redis and the log hold.

Nothing here asks wharf how it thinks it did. Each check returns what contradicts its sentence; empty means it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Json = Mapping[str, Any]
REFUSED = frozenset({"rejected"})
UNPOSTED = REFUSED | {"cancelled"}  # no document of these stands in the ERP: never made, or cancelled there too
GIVEN_BACK = ("rejected", "cancelled", "substituted", "pending", "backordered")


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence and what contradicts it."""

    sentence: str
    counted: str
    against: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.against


def hear(statuses: dict[str, Json], delivery: Json) -> None:
    """Take one entry over, if it is a status and no older than the one that stands."""
    data = delivery["data"]
    if delivery["type"] != "order.status.changed":
        return
    if data["version"] >= statuses.get(data["number"], {"version": -1})["version"]:
        statuses[data["number"]] = data


def every_order_met_one_fate(
    sent: Iterable[str], statuses: Mapping[str, Json], in_erp: Mapping[str, int], recalled: Collection[str] = ()
) -> Finding:
    """What was taken is in the ERP once, or was refused or cancelled and is not there; nothing else is there.

    recalled  numbers of orders that left though they were cancelled, each an exception that a subscriber was told: the
              ERP has cancelled them, and a person decides
    """
    against = []
    numbers = set(sent)
    for number in sorted(numbers):
        if number not in statuses:
            against.append(f"{number}: no subscriber ever heard of it")
            continue
        expected = 0 if statuses[number]["status"] in UNPOSTED or number in recalled else 1
        if in_erp.get(number, 0) != expected:
            against.append(f"{number}: {statuses[number]['status']}, and {in_erp.get(number, 0)} documents in the ERP")
    against += [f"{number}: in the ERP, but never sent" for number in sorted(set(in_erp) - numbers)]
    ended = Counter(status["status"] for status in statuses.values() if status["status"] in UNPOSTED)
    ended["shipped though cancelled"] = len(recalled)
    refusals = "".join(f"{count} {headline}, " for headline, count in sorted(ended.items()) if count)
    return Finding(
        "every order taken is in the ERP once, or was refused and is not there",
        f"{len(numbers)} orders, {refusals}{sum(in_erp.values())} ERP documents",
        tuple(against),
    )


def erp_effective(journal: Iterable[Json]) -> dict[str, int]:
    """Documents that stand in the ERP, by order number: created less cancelled."""
    found: Counter[str] = Counter()
    for entry in journal:
        found[entry["number"]] += {"create": 1, "cancel": -1}.get(entry["action"], 0)
    return {number: count for number, count in found.items() if count}


def nothing_was_oversold(
    counted: Mapping[str, int], statuses: Mapping[str, Json], shipped: Mapping[str, int]
) -> Finding:
    """What all orders together were promised of a product, and what left the shelves, was there."""
    promised, awaited = Counter[str](), Counter[str]()
    for status in statuses.values():
        for line in status["lines"]:
            promised[line["sku"]] += sum(int(line[part]) for part in ("reserved", "released", "shipped"))
            awaited[line["sku"]] += int(line["backordered"])
    against = [
        f"{sku}: {units} promised, {counted.get(sku, 0)} there"
        for sku, units in sorted(promised.items())
        if sku and units > counted.get(sku, 0)
    ]
    against += [
        f"{sku}: {units} shipped, {counted.get(sku, 0)} there"
        for sku, units in sorted(shipped.items())
        if units > counted.get(sku, 0)
    ]
    short = +awaited
    return Finding(
        "no product is oversold",
        f"{sum(promised.values())} units promised of {len(promised)} products; {len(short)} sold out, {short.total()} units backordered",
        tuple(against),
    )


def quantities_add_up(statuses: Mapping[str, Json]) -> Finding:
    """Of each line: ordered = rejected + cancelled + … + shipped."""
    against = []
    lines = 0
    for number, status in sorted(statuses.items()):
        for line in status["lines"]:
            lines += 1
            parts = sum(int(line[part]) for part in (*GIVEN_BACK, "reserved", "released", "shipped"))
            if parts != int(line["ordered"]):
                against.append(f"{number}/{line['line']}: {line['ordered']} ordered, the parts make {parts}")
    return Finding("every line's quantities add up", f"{lines} lines", tuple(against))


def a_feed_is_gapless(view: str, feed: Sequence[Json], delivered: Sequence[Json]) -> Finding:
    """The feed counts 1, 2, 3 …; the subscriber got each entry, the same one, and first deliveries in order per order."""
    against = [
        f"{view}: {earlier['seq']} is followed by {later['seq']}"
        for earlier, later in pairwise(feed)
        if later["seq"] != earlier["seq"] + 1
    ]
    if feed and feed[0]["seq"] != 1:
        against.append(f"{view}: begins at {feed[0]['seq']}")
    first = {entry["id"]: entry for entry in reversed(delivered)}
    missing = [entry for entry in feed if entry["id"] not in first]
    against += [f"{view}: entry {entry['seq']} was never delivered" for entry in missing[:10]]
    against += [
        f"{view}: {extra} was delivered, but is not in the feed"
        for extra in sorted(set(first) - {entry["id"] for entry in feed})[:10]
    ]
    against += _out_of_order(view, feed, delivered)
    return Finding(
        f"feed {view} has no gaps and no doubles",
        f"{len(feed)} entries, {len(delivered)} deliveries of {len(first)}",
        tuple(against),
    )


def _out_of_order(view: str, feed: Sequence[Json], delivered: Sequence[Json]) -> list[str]:
    """Orders whose first deliveries came in another order than the feed has."""
    seq = {entry["id"]: entry["seq"] for entry in feed}
    seen: set[str] = set()
    last: dict[str, int] = {}
    against = []
    for entry in delivered:
        order = str(entry["data"].get("order_id", ""))
        if entry["id"] in seen or entry["id"] not in seq:
            continue
        seen.add(entry["id"])
        if order and seq[entry["id"]] < last.get(order, 0):
            against.append(f"{view}: entry {seq[entry['id']]} of order {order} came after {last[order]}")
        last[order] = max(last.get(order, 0), seq[entry["id"]])
    return against


def both_heard_the_same(one: Mapping[str, Json], other: Mapping[str, Json]) -> Finding:
    """Whom two subscribers both heard of, stands for both where it stands for either."""
    against = [
        f"{number}: {_told(status)} for one subscriber, {_told(other.get(number))} for the other"
        for number, status in sorted(one.items())
        if _told(status) != _told(other.get(number))
    ]
    return Finding("both subscribers heard the same last status", f"{len(one)} orders", tuple(against))


def _told(status: Json | None) -> str:
    return f"{status['status']} at version {status['version']}" if status else "nothing"


def the_shelves_are_right(counted: Mapping[str, int], shipped: Mapping[str, int], redis: Mapping[str, Json]) -> Finding:
    """On hand, as a site reads it, is what was counted less what left."""
    against = []
    for sku, units in sorted(counted.items()):
        there = sum(int(place["on_hand"]) for place in redis.get(sku, {"locations": ()})["locations"])
        if there != units - shipped.get(sku, 0):
            against.append(f"{sku}: {units} counted, {shipped.get(sku, 0)} shipped, {there} on hand")
    return Finding(
        "what lies on the shelves is what was counted less what was shipped",
        f"{sum(counted.values())} units counted, {sum(shipped.values())} shipped",
        tuple(against),
    )


def redis_equals_the_topic(redis: Mapping[str, Json], topic: Mapping[str, Json]) -> Finding:
    """For each product the cache holds the newest version of the log, and nothing else."""
    against = [f"{sku}: only in Redis" for sku in sorted(set(redis) - set(topic))] + [
        f"{sku}: only in the topic" for sku in sorted(set(topic) - set(redis))
    ]
    for sku in sorted(set(redis) & set(topic)):
        cached, logged = comparable(redis[sku]), comparable(topic[sku])
        if cached != logged:
            against.append(f"{sku}: Redis has {cached}, the topic {logged}")
    return Finding("Redis equals the availability topic", f"{len(topic)} products", tuple(against))


def comparable(value: Json) -> tuple[int, tuple[tuple[str, int, str], ...], tuple[tuple[str, int], ...]]:
    """Version, channels and locations of an availability, whichever of the two forms it has."""
    channels = value["channels"]
    named = (
        channels.items() if isinstance(channels, Mapping) else ((channel["channel"], channel) for channel in channels)
    )
    return (
        int(value["version"]),
        tuple(sorted((name, int(channel["quantity"]), str(channel["status"])) for name, channel in named)),
        tuple(sorted((place["location"], int(place["free"])) for place in value["locations"])),
    )
