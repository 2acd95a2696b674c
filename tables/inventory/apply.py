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
from tables.inventory import ledger, movements, names, supply, thresholds
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
    sku, special = SPECIAL.get(kind, _nothing_else)(sku, record, rows)
    return {**changes, **logged, **special, names.SKU: sku}


def _nothing_else(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    return sku, {}


def _counted(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    return sku, {**movements.settled(rows, record), **_guard(record, record["counted"])}


def _observed(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    """What a source that is not the authority said is kept for comparison only."""
    return sku, _guard(record, record["observed"]) if record["cause"] == "not_authority" else {}


def _guard(record: Any, quantity: int) -> dict[str, Any]:
    last = state.source(sequence=record["source_sequence"], as_of=record["as_of"], quantity=quantity)
    return {names.source(record["location"], record["source"]): last}


def _rules_set(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    crossed = thresholds.still_watched(sku["crossed"], record["rules"])
    return {**sku, "rules": record["rules"], "crossed": crossed}, {}


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


def _supplied(sku: Sku, record: Any, rows: Rows) -> tuple[Sku, dict[str, Any]]:
    sku, once = _once(sku, record, rows) if "command_id" in record else (sku, {})
    sku, supplies = supply.announced(sku, rows, record["supplies"], record["at"])
    return sku, {**once, **supplies}


SPECIAL: dict[str, Special] = {
    "inventory.counted": _counted,
    "inventory.drift.detected": _observed,
    "inventory.rules.set": _rules_set,
    "inventory.demand.woken": _woken,
    "inventory.wake.ended": _wake_ended,
    "inventory.reservation.shipped": _shipped,
    "inventory.reservation.released": _once,
    "inventory.allocated": _once,
    "inventory.reservation.transferred": _once,
    "inventory.allocation.failed": _once,
    "inventory.ignored": _once,
    "inventory.threshold.crossed": _crossed,
    "inventory.supply.changed": _supplied,
    "inventory.received": _supplied,
}
