"""Goods left: their order hears of it, and each SKU's stock."""

from __future__ import annotations

from schemas.generated import inventory_v1, orders_v1
from schemas.generated.shipments_v1 import (
    ReportDispatch,
    ShipmentDispatched,
    shipment_dispatched,
    shipped_line,
)
from schemas.generated.state_shipments_v1 import Shipment
from streams.draft import Draft
from streams.engine.effects import Ask
from streams.shipments.bundles import apart, stock_of
from streams.shipments.find import Miss, find_order
from streams.shipments.lines import match
from streams.shipments.milestone import tell_newcomer
from streams.shipments.witness import ignore
from tables.shipments.apply import lines_of
from tables.shipments.names import carrier_of, fact_id, number_of, parcel_keys, row


def join_dispatch(report: ReportDispatch, draft: Draft) -> list[str] | Miss:
    """Tie a dispatch to its order; returns the keys under which facts may wait for it."""
    order_id = find_order(report["references"], draft.rows)
    if isinstance(order_id, Miss):
        return order_id
    left = _left(report, order_id, draft)
    member = draft.rows.get(row("shipment", left["shipment"], order_id))
    if member is not None and left["fact_id"] in member["parts"]:
        return _witnessed(report, left, member, draft)
    draft.fact("shipment.dispatched", left)
    draft.ask(Ask("order.shipment-fact", order_id, _told(left), channel=left["channel"]))
    claimed = lines_of(order_id, draft.rows)
    for index, line in enumerate(left["lines"]):
        if (stock := stock_of(_stock(left, index), line, claimed, left["channel"])) is not None:
            draft.ask(stock)
    tell_newcomer(draft.rows.get(row("shipment", left["shipment"], order_id)), draft)
    return _keys(left, draft)


def _witnessed(report: ReportDispatch, left: ShipmentDispatched, member: Shipment, draft: Draft) -> list[str]:
    """A second witness may know parcels that the first did not: they are kept, and nothing leaves twice."""
    known = parcel_keys(member["tracking"], member["packages"])
    if all(parcel in known for parcel in parcel_keys(left["tracking"], left["packages"])):
        ignore("dispatch", report, "second-witness", draft)
        return []
    draft.fact("shipment.dispatched", {**left, "lines": []})
    return _keys(left, draft)


def _left(report: ReportDispatch, order_id: str, draft: Draft) -> ShipmentDispatched:
    claimed = lines_of(order_id, draft.rows)
    plain, made = apart(report["lines"], claimed)
    lines = match(plain, claimed, "shipped")
    shipment = report["shipment"] or fact_id("shipment", report["source"], report["event_id"])
    return shipment_dispatched(
        order_id=order_id,
        channel=draft.rows.get(row("order", order_id))["channel"],
        shipment=shipment,
        fact_id=_dispatch_id(report, shipment, order_id),
        event_id=report["event_id"],
        source=report["source"],
        at=report["at"],
        carrier=carrier_of(report["carrier"]),
        tracking=[number_of(number) for number in report["tracking"] if number_of(number)],
        packages=[number_of(code) for code in report["packages"] if number_of(code)],
        location=report["location"],
        lines=[*(shipped_line(line=part.line, sku=part.sku, quantity=part.quantity) for part in lines), *made],
    )


def _dispatch_id(report: ReportDispatch, shipment: str, order_id: str) -> str:
    """The same lines told again of the same shipment are a second witness; other lines are a further part."""
    lines = sorted(f"{line['line']}/{line['sku']}/{line['quantity']}" for line in report["lines"])
    return fact_id("dispatch", shipment, order_id, report["location"], *lines)


def _told(left: ShipmentDispatched) -> orders_v1.ShipmentFact:
    return orders_v1.shipment_fact(
        order_id=left["order_id"],
        shipment=left["shipment"],
        event_id=left["fact_id"],
        at=left["at"],
        carrier=left["carrier"],
        tracking=left["tracking"],
        location=left["location"],
        lines=[
            orders_v1.line_quantity(line=line["line"], sku=line["sku"], quantity=line["quantity"])
            for line in left["lines"]
            if line["quantity"] or not line["parts"]
        ],
    )


def _stock(left: ShipmentDispatched, index: int) -> inventory_v1.Ship:
    line = left["lines"][index]
    return inventory_v1.ship(
        sku=line["sku"],
        holder=left["order_id"],
        line=line["line"],
        location=left["location"],
        quantity=line["quantity"],
        shipment=left["shipment"],
        event_id=fact_id("ship", left["fact_id"], str(index)),
        at=left["at"],
    )


def _keys(left: ShipmentDispatched, draft: Draft) -> list[str]:
    """What a milestone may wait under: a parcel, the shipment, or any number of the order that has a leg now."""
    numbers = draft.rows.get(row("order", left["order_id"]))["references"]
    return [*parcel_keys(left["tracking"], left["packages"]), f"shipment:{left['shipment']}", *numbers]
