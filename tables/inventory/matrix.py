"""Which demand may consume which supply: data, not code (inventory.md section 2).

A cell is yes, by rule (only where the SKU's rules allow it) or no. A custom type names the base type whose row or
column it inherits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from schemas.generated.inventory_v1 import SetStockRules

ONHAND = "ONHAND"
YES, BY_RULE = "yes", "by_rule"
FUTURE = ("IN_TRANSIT", "PO_SHIPPED", "PO_CONFIRMED", "PO_PLACED", "PLAN")

Cells = Mapping[str, Mapping[str, str]]  # demand → supply → yes or by_rule

DEFAULT: Cells = {
    "PLAN": {},
    "CART_HOLD": {ONHAND: YES, "IN_TRANSIT": BY_RULE},
    "ORDER_HOLD": {ONHAND: YES, "IN_TRANSIT": YES, "PO_SHIPPED": YES, "PO_CONFIRMED": BY_RULE},
    "BACKORDER": {ONHAND: YES, "IN_TRANSIT": YES, "PO_SHIPPED": YES, "PO_CONFIRMED": YES, "PO_PLACED": BY_RULE},
    "ALLOCATED": {ONHAND: YES, "IN_TRANSIT": YES},
    "RELEASED": {ONHAND: YES},
}


class Matrix(NamedTuple):
    """The cells, what rules allow beyond the yes cells, and the custom types with their base types."""

    cells: Cells = DEFAULT
    allowed: frozenset[tuple[str, str]] = frozenset()  # (demand, supply) of by-rule cells that are switched on
    extends: Mapping[str, str] = {}


STANDARD = Matrix()


def may_consume(demand: str, supply: str, matrix: Matrix | None = None) -> bool:
    """Whether this demand may be served by this supply; types that nobody knows may not."""
    known = matrix or STANDARD
    row, column = _base(demand, known), _base(supply, known)
    cell = known.cells.get(row, {}).get(column)
    return cell == YES or (cell == BY_RULE and ((row, column) in known.allowed or (demand, supply) in known.allowed))


def matrix_of(rules: SetStockRules | None) -> Matrix:
    """The standard matrix with the cells that a SKU's rules change; a cell that is not told stays as it is."""
    told = rules["matrix"] if rules else {}
    if not told:
        return STANDARD
    cells = {demand: dict(row) for demand, row in DEFAULT.items()}
    for name, cell in told.items():
        demand, _, supply = name.partition("/")
        cells.setdefault(demand, {})[supply] = cell
    return Matrix(cells)


def _base(kind: str, matrix: Matrix) -> str:
    return matrix.extends.get(kind, kind)
