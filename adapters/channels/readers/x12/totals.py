"""Control totals of an 850 against its lines: differences are warnings, never silent corrections."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from adapters.channels.readers.document import Problem
from adapters.channels.readers.order import RawOrder, number_text

CODE = "WH1213"
TOLERANCE = Decimal("0.05")  # per order: reference/domain/orders.md §11


def compare(order: RawOrder) -> Iterator[Problem]:
    """What the document states against what its lines add up to."""
    for kind, stated in order.totals:
        computed = _computed(order, kind)
        if computed is not None and abs(stated - computed) > (TOLERANCE if kind == "amount" else 0):
            message = f"{kind}: the document states {number_text(stated)}, its lines add up to {number_text(computed)}"
            yield Problem(CODE, message)
    for line in order.lines:
        split = sum((quantity for _, quantity in line.destinations), Decimal(0))
        if line.destinations and split != line.quantity:
            yield Problem(
                "WH1216", f"line {line.line}: {number_text(line.quantity)} ordered, SDQ splits {number_text(split)}"
            )


def _computed(order: RawOrder, kind: str) -> Decimal | None:
    if kind == "lines":
        return Decimal(len(order.lines))
    if kind == "hash":
        return sum((line.quantity for line in order.lines), Decimal(0))
    return order.goods_value
