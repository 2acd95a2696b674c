"""Announced supply: a row per purchase order line, transfer or return, and the sum of what is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import Supply
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory import names
from tables.inventory.ledger import KEPT_MS, TIDIED
from tables.rows import Rows


def to_come(row: Supply | None) -> int:
    """Units that are still expected of a supply."""
    return max(0, row["quantity"] - row["received"]) if row else 0


def supply_of(rows: Rows, name: str) -> Supply:
    """A supply, also one that nobody has announced yet."""
    found: Supply = rows.get(names.supply(name)) or inventory.supply(supply=name)
    return found


def expected(rows: Rows) -> Iterator[Supply]:
    """All supplies of which something is still to come, by name. Cost: O(supplies)."""
    return (row for _, row in rows.scan(names.SUPPLY) if to_come(row))


def announced(sku: Sku, rows: Rows, supplies: Iterable[Supply], at: int) -> tuple[Sku, dict[str, Any]]:
    """The rows of touched supplies, and the SKU with what is to come; spent ones are tidied away later."""
    changes: dict[str, Any] = {}
    incoming = sku["incoming"]
    for new in supplies:
        old: Supply | None = rows.get(names.supply(new["supply"]))
        incoming += to_come(new) - to_come(old)
        if old and old["spent_at"] is not None:
            changes[names.spent(old["spent_at"], old["supply"])] = None
        changes[names.supply(new["supply"])] = new
        if new["spent_at"] is not None:
            changes |= _tidied(rows, new["supply"], at)
            changes[names.spent(new["spent_at"], new["supply"])] = state.over(holder=new["supply"], at=new["spent_at"])
    return {**sku, "incoming": incoming}, changes


def _tidied(rows: Rows, but: str, at: int) -> dict[str, None]:
    changes: dict[str, None] = {}
    for (name, row), _ in zip(rows.scan(names.SPENT), range(TIDIED), strict=False):
        if row["at"] > at - KEPT_MS or row["holder"] == but:
            break
        changes |= {name: None, names.supply(row["holder"]): None}
    return changes
