"""The reservation ledger: rows per order line and location, and each holder's standing and place in the queue."""

from __future__ import annotations

from typing import Any

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import LedgerEntry, Standing
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory import names
from tables.rows import Rows

KEPT_MS = 100 * 86_400_000  # a dead letter can be redriven for 90 days; until then a closed attempt must be known
TIDIED = 2  # holders tidied away per holder that ends: the backlog can only shrink


def standing(rows: Rows, holder: str) -> Standing:
    """What a holder has here; a new holder has nothing."""
    found: Standing = rows.get(names.attempt(holder)) or inventory.standing(holder=holder)
    return found


def waiting(of: Standing | None) -> int:
    """Units of a holder that are queued."""
    return sum(line["waiting"] for line in of["lines"]) if of and of["ticket"] else 0


def entry(rows: Rows, record: LedgerEntry, at: int) -> dict[str, Any]:
    """A ledger row after a fact; a row that holds nothing is gone."""
    name = names.hold(record["holder"], record["line"], record["location"])
    if not record["reserved"] and not record["allocated"]:
        return {name: None}
    old = rows.get(name)
    row = state.hold(
        holder=record["holder"],
        line=record["line"],
        location=record["location"],
        reserved=record["reserved"],
        allocated=record["allocated"],
        since=old["since"] if old else at,
    )
    return {name: row}


def placed(rows: Rows, new: Standing, at: int) -> dict[str, Any]:
    """The rows that change with a holder's new standing: its own, its place in the queue, and who is tidied away."""
    old = rows.get(names.attempt(new["holder"]))
    queue: dict[str, Any] = {}
    if old and old["ticket"]:
        queue = {names.waiting(old["ticket"]): None, _need(old): None}
    if new["ticket"]:
        queue |= _queued(rows, new, at)
    return {**queue, names.attempt(new["holder"]): new, **_ends(rows, old, new, at)}


def _need(of: Standing) -> str:
    return names.need(of["channel"], of["mode"], waiting(of) if of["mode"] == "whole" else 1, of["ticket"])


def totalled(sku: Sku, old: Standing | None, new: Standing) -> Sku:
    """The SKU's totals of what each channel holds and waits for, after a holder's new standing. Cost: O(channels)."""
    used, queued = sku["used"], sku["queued"]
    if old is not None:
        used, queued = _added(used, old["channel"], -old["held"]), _added(queued, old["channel"], -waiting(old))
    used, queued = _added(used, new["channel"], new["held"]), _added(queued, new["channel"], waiting(new))
    return {**sku, "waiting": sku["waiting"] + waiting(new) - waiting(old), "used": used, "queued": queued}


def _added(totals: dict[str, int], channel: str, units: int) -> dict[str, int]:
    total = totals.get(channel, 0) + units
    rest = {name: each for name, each in totals.items() if name != channel}
    return {**rest, channel: total} if total else rest


def _queued(rows: Rows, new: Standing, at: int) -> dict[str, Any]:
    name = names.waiting(new["ticket"])
    old = rows.get(name)
    row = state.waiting(
        holder=new["holder"],
        channel=new["channel"],
        mode=new["mode"],
        quantity=waiting(new),
        ticket=new["ticket"],
        since=old["since"] if old else at,
    )
    return {name: row, _need(new): row}


def _ends(rows: Rows, old: Standing | None, new: Standing, at: int) -> dict[str, Any]:
    holder, changes = new["holder"], dict[str, Any]()
    if old and old["over_since"] is not None:
        changes[names.over(old["over_since"], holder)] = None
    if new["over_since"] is None:
        return changes
    return {
        **changes,
        **_tidied(rows, holder, at),
        names.over(new["over_since"], holder): state.over(holder=holder, at=at),
    }


def _tidied(rows: Rows, but: str, at: int) -> dict[str, None]:
    changes: dict[str, None] = {}
    for (name, row), _ in zip(rows.scan(names.OVER), range(TIDIED), strict=False):
        if row["at"] > at - KEPT_MS or row["holder"] == but:
            break
        changes |= {name: None, names.attempt(row["holder"]): None}
        changes |= {shipped: None for shipped, _ in rows.scan(names.shipments(row["holder"]))}
    return changes
