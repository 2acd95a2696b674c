"""How a fact of stock changes a SKU's rows.

Facts carry what they touch as absolute values and are numbered per SKU: one that is not newer than the SKU changes
nothing, so that applying a fact twice is applying it once. Cost: O(rows the fact names), plus, for a count, the
movements it has inside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.generated import state_inventory_v1 as state
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory import gaps, history, ledger, movements, names, supply, thresholds
from tables.rows import Changes, Rows

Special = Callable[[Sku, Any, Rows], tuple[Sku, dict[str, Any]]]


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The rows that a fact changes; a record without a number (availability) is for readers only."""
    sku: Sku = rows.get(names.SKU) or state.sku()
    if record.get("seq", 0) <= sku["seq"]:
        return {}
    changes: dict[str, Any] = {}
    for entry in record.get("entries", ()):
        changes |= ledger.entry(rows, entry, record["at"])
    for standing in record.get("standings", ()):
        sku = ledger.totalled(sku, rows.get(names.attempt(standing["holder"])), standing)
        changes |= ledger.placed(rows, standing, record["at"])
    sku, logged = movements.remember(sku, rows, record.get("moves", []))
    touched = {position["location"]: position for position in record.get("positions", ())}
    sku = {**sku, "seq": record["seq"], "positions": {**sku["positions"], **touched}}
    heard = gaps.heard(sku["rules"], kind, record, rows) if "source_sequence" in record else {}
    sku, special = SPECIAL.get(kind, _nothing_else)(sku, record, rows)
    return {**changes, **logged, **heard, **special, names.SKU: sku}


def _nothing_else(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    return sku, {}


def _counted(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    location = record["location"]
    observed = location in sku["observed"]
    if observed and _of_nothing(rows, location):
        sku = history.first_counted(sku, location, record["as_of"])
    settled = movements.settled(
        rows, location, record["source"], record["source_sequence"], record["as_of"], kept=observed
    )
    return sku, {**settled, **_guard(record, record["counted"])}


def _of_nothing(rows: Rows, location: str) -> bool:
    """Whether nobody had counted the location before."""
    before: Sku = rows.get(names.SKU) or state.sku()
    known = before["positions"].get(location)
    return known is None or known["counted_as_of"] is None


def _observed(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    """What a source that is not the authority said is kept for comparison only."""
    if record["cause"] != "not_authority":
        return sku, {}
    sku, changes = _compared(sku, record, rows)
    return sku, {**_guard(record, record["observed"]), **changes}


def _compared(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    """How an observed source and wharf stand, told by whatever fact changed it; its last count is its guard too."""
    told = record["comparison"]
    if told is None:
        return sku, {}
    last = state.source(sequence=told["sequence"], as_of=told["as_of"], quantity=told["quantity"])
    sku, changes = history.compared(sku, told)
    return sku, {**changes, names.source(told["location"], told["source"]): last}


def _recompared(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    if record["ended"]:
        return history.ended(sku, rows, record["location"], record["source"])
    return _compared(sku, record, rows)


def _corrected(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    """An observation that was accepted is a count: what it has inside leaves the log."""
    sku, once = _once(sku, record, rows)
    sku, compared = _compared(sku, record, rows)
    settled: dict[str, Any] = {}
    for place in record["positions"]:
        count = (place["source"], place["counted_sequence"], place["counted_as_of"])
        settled = movements.settled(rows, place["location"], *count, kept=True)
    return sku, {**once, **settled, **compared}


def _ignored(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    sku, once = _once(sku, record, rows)
    sku, compared = _compared(sku, record, rows)
    return sku, {**once, **compared}


def _guard(record: Any, quantity: int) -> dict[str, Any]:
    last = state.source(sequence=record["source_sequence"], as_of=record["as_of"], quantity=quantity)
    return {names.source(record["location"], record["source"]): last}


def _rules_set(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    crossed = thresholds.still_watched(sku["crossed"], record["rules"])
    bundle = sku["bundle"] if record["rules"]["components"] else None
    return {**sku, "rules": record["rules"], "crossed": crossed, "bundle": bundle}, {}


def _woken(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    woken = state.woken(holder=record["holder"], wake_id=record["wake_id"], until=record["until"])
    return {**sku, "woken": woken}, {}


def _wake_ended(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    return {**sku, "woken": None}, {}


def _shipped(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    name = names.shipment(record["holder"], record["event_id"], record["line"], record["location"])
    return sku, {name: state.shipped(line=record["line"], quantity=record["quantity"], at=record["shipped_at"])}


def _once(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    if not record["command_id"]:
        return sku, {}
    return movements.remember_command(sku, rows, record["command_id"])


def _crossed(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    return thresholds.crossed(sku, record), {}


def _doubted(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    """A gap stands in the row of its source; a contested location in the SKU's."""
    if record["doubt"] != "contested":
        return sku, {}
    others = {location: first for location, first in sku["contested"].items() if location != record["location"]}
    contested = {**others, record["location"]: record["other"]} if record["in_force"] else others
    return {**sku, "contested": contested}, {}


def _supplied(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    sku, once = _once(sku, record, rows) if "command_id" in record else (sku, {})
    sku, supplies = supply.announced(sku, rows, record["supplies"], record["at"])
    return sku, {**once, **supplies}


def _watched(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    name, watching = names.watch(record["bundle"]), record["watching"]
    more = watching - (rows.get(name) is not None)
    return {**sku, "watchers": sku["watchers"] + more}, {name: state.watch(since=record["at"]) if watching else None}


def _bundle_offered(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    return {**sku, "bundle": record["offer"]}, {}


SPECIAL: dict[str, Special] = {
    "inventory.counted": _counted,
    "inventory.drift.detected": _observed,
    "inventory.drift.crossed": _compared,
    "inventory.drift.corrected": _corrected,
    "inventory.compared": _recompared,
    "inventory.rules.set": _rules_set,
    "inventory.demand.woken": _woken,
    "inventory.wake.ended": _wake_ended,
    "inventory.reservation.shipped": _shipped,
    "inventory.reservation.released": _once,
    "inventory.allocated": _once,
    "inventory.reservation.transferred": _once,
    "inventory.allocation.failed": _once,
    "inventory.ignored": _ignored,
    "inventory.threshold.crossed": _crossed,
    "inventory.source.doubted": _doubted,
    "inventory.supply.changed": _supplied,
    "inventory.received": _supplied,
    "inventory.watch.changed": _watched,
    "inventory.bundle.offered": _bundle_offered,
}
