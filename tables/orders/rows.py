"""Names of an order's rows, and typed reading of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from schemas.generated import orders_v1, state_orders_v1
from tables.rows import Rows

Header = state_orders_v1.Header
Line = orders_v1.LineState
Sku = state_orders_v1.Sku
Shipment = state_orders_v1.Shipment
OpenException = state_orders_v1.OpenException
ParkedCancel = state_orders_v1.ParkedCancel

ORDER = "order"
# Exceptions of these classes hold the order back until a person decides (status-delivery.md §2, row 10)
HOLDS = ("address_hold", "credit_hold")


def line_name(line: str) -> str:
    """Row of a line."""
    return f"line|{line}"


def sku_name(sku: str) -> str:
    """Row of a SKU."""
    return f"sku|{sku}"


def event_name(kind: str, event_id: str) -> str:
    """Row that remembers an event as counted."""
    return f"event|{kind}|{event_id}"


def shipment_name(shipment: str) -> str:
    """Row of a shipment."""
    return f"shipment|{shipment}"


def exception_name(found: str) -> str:
    """Row of an open exception, by its id."""
    return f"exception|{found}"


def pending_name(parked_id: str) -> str:
    """Row of a cancel that waits for its order."""
    return f"pending|{parked_id}"


def exception_id(exception_class: str, line: str = "") -> str:
    """One exception is open per class and line of an order."""
    return f"{exception_class}/{line}" if line else exception_class


def blank(order_id: str) -> Header:
    """The header of an order that was not placed yet."""
    nothing = orders_v1.line_state(line="", sku="", ordered=0)
    return state_orders_v1.header(order_id=order_id, policy=orders_v1.order_policy(), sums=nothing)


def header_of(rows: Rows, order_id: str) -> Header:
    """The order's header; a blank one before its first fact."""
    return cast(Header, rows.get(ORDER)) or blank(order_id)


def line_of(rows: Rows, line: str) -> Line | None:
    """One line."""
    return cast("Line | None", rows.get(line_name(line)))


def lines_of(rows: Rows) -> Iterator[Line]:
    """All lines, by name: as many reads as the order has lines."""
    return (cast(Line, row) for _, row in rows.scan("line|"))


def sku_of(rows: Rows, sku: str) -> Sku | None:
    """What is wanted of one SKU."""
    return cast("Sku | None", rows.get(sku_name(sku)))


def skus_of(rows: Rows) -> Iterator[Sku]:
    """All SKUs, by name."""
    return (cast(Sku, row) for _, row in rows.scan("sku|"))


def shipment_of(rows: Rows, shipment: str) -> Shipment | None:
    """One shipment."""
    return cast("Shipment | None", rows.get(shipment_name(shipment)))


def left_of(rows: Rows) -> dict[str, int]:
    """What left of each line by what shipments said, also what is beyond its order. Cost: one read per shipment."""
    left: dict[str, int] = {}
    for _, row in rows.scan("shipment|"):
        left = counted(left, row["shipped"])
    return left


def exception_of(rows: Rows, exception_class: str, line: str = "") -> OpenException | None:
    """The open exception of this class and line."""
    return cast("OpenException | None", rows.get(exception_name(exception_id(exception_class, line))))


def pending_of(rows: Rows) -> Iterator[tuple[str, ParkedCancel]]:
    """Cancels that wait for the order, oldest first, by their id."""
    return ((name.partition("|")[2], cast(ParkedCancel, row)) for name, row in rows.scan("pending|"))


def counted(quantities: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Quantities by line with more added."""
    return {**quantities, **{line: quantities.get(line, 0) + quantity for line, quantity in more.items()}}


def quantities(lines: Iterable[Any]) -> dict[str, int]:
    """Quantities by line; a line named twice counts with its sum."""
    found: dict[str, int] = {}
    for line in lines:
        found[line["line"]] = found.get(line["line"], 0) + line["quantity"]
    return found
