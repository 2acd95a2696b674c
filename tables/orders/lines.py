"""Lines: absolute quantities in, rows and the order's sums out."""

from __future__ import annotations

from typing import Any

from schemas.generated import state_orders_v1
from tables.orders.quantities import added
from tables.orders.rows import ORDER, Header, Line, line_name, line_of, sku_name, sku_of
from tables.rows import Rows


def changed(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.lines.changed: the lines named have these quantities."""
    sums, parked = order["sums"], order["parked"]
    changes: dict[str, Any] = {}
    fresh: dict[str, list[Line]] = {}
    for line in record["lines"]:
        old = line_of(rows, line["line"])
        sums = added(sums, old, line)
        parked += bool(line["problem"]) - bool(old and old["problem"])
        changes[line_name(line["line"])] = line
        if line["sku"] and (old is None or old["sku"] != line["sku"]):
            fresh.setdefault(line["sku"], []).append(line)
    return {ORDER: {**order, "sums": sums, "parked": parked}, **changes, **_indexed(fresh, rows)}


def _indexed(fresh: dict[str, list[Line]], rows: Rows) -> dict[str, Any]:
    """The SKU rows that name their lines, so that an answer touches no other line."""
    changes: dict[str, Any] = {}
    for sku, lines in fresh.items():
        row = sku_of(rows, sku) or state_orders_v1.sku(sku=sku)
        recipe = row["components"] or lines[0]["components"]
        names = [*row["lines"], *(line["line"] for line in lines)]
        changes[sku_name(sku)] = {**row, "lines": names, "components": recipe}
    return changes
