"""The headline and the facets of an order, from its quantities only: the tables of status-delivery.md §2."""

from __future__ import annotations

from tables.orders.quantities import active_of
from tables.orders.rows import HOLDS, Header, Line


def headline(sums: Line, *, validated: bool, held: bool = False, posted: bool = False) -> str:
    """The first row of the table that holds.

    sums       quantities over all lines
    validated  stock has answered, or the order ended before that
    """
    active, shipped, delivered = active_of(sums), sums["shipped"], sums["delivered"]
    if not validated:
        return "received"
    if active == 0:
        return "rejected" if sums["rejected"] == sums["ordered"] else "cancelled"
    if sums["returned"] == active:
        return "returned"
    if delivered == active:
        return "completed" if sums["invoiced"] == active else "delivered"
    if shipped == active:
        return "partially_delivered" if delivered else "shipped"
    if shipped:
        return "partially_shipped"
    return _before_shipping(sums, active, held, posted)


def _before_shipping(sums: Line, active: int, held: bool, posted: bool) -> str:
    if held:
        return "on_hold"
    if sums["backordered"]:
        return "backordered" if sums["backordered"] == active else "partially_backordered"
    if sums["released"]:
        return "released"
    return "confirmed" if posted else "accepted"


def headline_of(order: Header) -> str:
    """The headline of an order."""
    validated = order["accepted"] or order["outcome"] != "" or order["sums"]["shipped"] > 0
    return headline(order["sums"], validated=validated, held=bool(holds_of(order)), posted=order["confirmed"])


def holds_of(order: Header) -> list[str]:
    """The blocking holds that are open."""
    return [name for name in HOLDS if order["exceptions"].get(name, 0) > 0]


def facets_of(order: Header) -> dict[str, str]:
    """What may change beside the headline."""
    sums = order["sums"]
    active = active_of(sums)
    delivery = _share(sums["delivered"], active)
    return {
        "erp": order["erp"],
        "fulfilment": _share(sums["shipped"], active),
        "delivery": "failed" if delivery == "none" and order["delivery_failed"] else delivery,
        "billing": _share(sums["invoiced"], active),
        "payment": order["payment"],
        "return": _share(sums["returned"], active),
        "holds": ",".join(holds_of(order)),
        "exceptions": ",".join(sorted(name for name, count in order["exceptions"].items() if count > 0)),
    }


def _share(part: int, whole: int) -> str:
    if part == 0:
        return "none"
    return "full" if part >= whole else "partial"
