"""Rows of a snapshot that are classes of one position → one count of the position, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from adapters.channels.readers.stock_rows import RefusedRow, StockRow, plainly


def positions(rows: Iterable[StockRow | RefusedRow]) -> Iterator[StockRow | RefusedRow]:
    """Adjacent rows of one position, one per class, as one count; where one of them is refused, none of them counts.

    On hand is the sum of all classes. Half a position would be a wrong number, so its rows stand and fall together.
    """
    for _, found in groupby(rows, key=_position):
        parts = list(found)
        if len(parts) == 1 and (isinstance(parts[0], RefusedRow) or parts[0].stock_class is None):
            yield parts[0]
        else:
            yield from _together(parts)


def _position(row: StockRow | RefusedRow) -> tuple[str, str, int]:
    """Rows without classes are positions of their own: a second one is a duplicate, which the journal knows."""
    whole = isinstance(row, StockRow) and row.stock_class is None
    return row.sku, row.location, row.line if whole or not row.sku else 0


def _together(parts: list[StockRow | RefusedRow]) -> Iterator[StockRow | RefusedRow]:
    refused = [part for part in parts if isinstance(part, RefusedRow)]
    good = [part for part in parts if isinstance(part, StockRow)]
    names = [part.stock_class or "" for part in good]
    again = [part for index, part in enumerate(good) if names[index] in names[:index] or part.unit != good[0].unit]
    if not refused and not again:
        yield _summed(good)
        return
    yield from refused
    for part in good:
        field, code, why = (
            ("class", "WH1404", "stands twice, or in two units")
            if part in again
            else ("", "WH1409", "has another row that is refused")
        )
        yield RefusedRow(part.line, field, code, f"{part.sku} at {part.location} {why}", part.sku, part.location)


def _summed(parts: list[StockRow]) -> StockRow:
    first = parts[0]
    bad = [(part.stock_class, Decimal(part.quantity)) for part in parts if part.stock_class]
    return replace(
        first,
        quantity=plainly(sum((Decimal(part.quantity) for part in parts), Decimal(0))),
        unsellable=plainly(sum((units for _, units in bad), Decimal(0))),
        classes=tuple(sorted((name, plainly(units)) for name, units in bad if units)),
        as_of=min(part.as_of for part in parts),
        stock_class=None,
    )
