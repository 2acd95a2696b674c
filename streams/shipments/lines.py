"""Which lines of the order a partner's lines mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from schemas.generated.state_shipments_v1 import Line


class Matched(NamedTuple):
    """A quantity of one of the order's lines."""

    line: str  # "" where the order has no such line
    sku: str
    quantity: int
    source: int  # index of the partner's line


def match(told: list[Any], lines: list[Line], counted: Literal["shipped", "invoiced"]) -> list[Matched]:
    """Tie each told line to the order's: by its number, else by SKU, spread over the lines that still lack some.

    told     lines with line, sku and quantity, line or sku may be empty
    counted  which of the order's counters says what a line has had already
    """
    by_number = {line["line"]: line for line in lines}
    had: dict[str, int] = {line["line"]: line[counted] for line in lines}
    matched: list[Matched] = []
    for index, part in enumerate(told):
        own = by_number.get(part["line"])
        spread = _spread(part, lines, had) if own is None else _numbered(part, own)
        for line, sku, quantity in spread:
            had[line] = had.get(line, 0) + quantity
            matched.append(Matched(line, sku, quantity, index))
    return matched


def _numbered(part: Mapping[str, Any], own: Line) -> Iterator[tuple[str, str, int]]:
    yield own["line"], part["sku"] or own["sku"], part["quantity"]


def _spread(part: Mapping[str, Any], lines: list[Line], had: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    """Fill the SKU's lines one after the other; what is too much stays with the last one, where it is seen."""
    rest, sku = part["quantity"], part["sku"]
    meant = [line for line in lines if line["sku"] == sku] if sku else []
    if not meant:
        yield part["line"], sku, rest
        return
    for line in meant[:-1]:
        take = max(0, min(rest, line["quantity"] - had[line["line"]])) if line["quantity"] else rest
        rest -= take
        if take:
            yield line["line"], sku, take
    if rest:
        yield meant[-1]["line"], sku, rest
