"""Facts that warehouses, carriers and finance report."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from adapters.gateway.models.parts import (
    Amount,
    Channel,
    Closed,
    Code,
    Country,
    Currency,
    Quantity,
    Signed,
    Text,
    Time,
    Unit,
)

MOST = 1_000  # events in one request
StockClass = Literal["damaged", "quarantined", "inspection", "display", "other"]


class Event(Closed):
    """What every reported fact says."""

    source: Channel


class InventoryEvent(Event):
    """A count or movement of one SKU at one location, or supply that is on its way there."""

    kind: Literal[
        "counted", "received", "adjusted", "transferred", "damaged", "quarantined", "cleared", "corrected", "announced"
    ]
    sequence: int | None = Field(default=None, ge=0)
    as_of: Time
    sku: Code
    location: Code
    quantity: Signed
    unit: Unit | None = None
    to_location: Code | None = None
    unsellable: Amount | None = None
    classes: dict[StockClass, Amount] | None = None
    reason: Text | None = None
    event_id: Code | None = None
    stock_class: StockClass | None = None
    supply: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    supply_kind: (
        Literal["PO_PLACED", "PO_CONFIRMED", "PO_SHIPPED", "IN_TRANSIT", "WIP", "PLAN", "RETURN_EXPECTED"] | None
    ) = None
    due: Time | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> InventoryEvent:
        if self.event_id is None and self.sequence is None:
            raise ValueError("expected event_id, or a sequence of the source")
        if self.kind in ("counted", "announced") and Decimal(self.quantity) < 0:
            raise ValueError("a count and what is announced are 0 or more")
        if self.kind == "announced" and (self.supply is None or self.due is None):
            raise ValueError("what is announced has a name (supply) and a time (due)")
        if self.classes is not None and (self.kind != "counted" or self.unsellable is not None):
            raise ValueError("classes belong to a count, which then says no unsellable: it is their sum")
        if (self.kind == "transferred") != (self.to_location is not None):
            raise ValueError("to_location belongs to a transfer, and only there")
        return self


class OrderRef(Closed):
    """How the sender names the order."""

    order_id: Code | None = None
    number: Code | None = None
    channel: Channel | None = None
    erp_number: Code | None = None

    @model_validator(mode="after")
    def _one_way(self) -> OrderRef:
        given = {name for name in self.model_fields_set if getattr(self, name) is not None}
        if given not in ({"order_id"}, {"number", "channel"}, {"erp_number"}):
            raise ValueError("expected order_id, or number with channel, or erp_number")
        return self


class ShippedLine(Closed):
    """What left of a line."""

    line: Code | None = None
    sku: Code | None = None
    quantity: Quantity

    @model_validator(mode="after")
    def _named(self) -> ShippedLine:
        if self.line is None and self.sku is None:
            raise ValueError("expected line or sku")
        return self


class Package(Closed):
    """A package by its serial shipping container code."""

    sscc: Code


class Dispatched(Event):
    """Goods left a warehouse."""

    kind: Literal["dispatched"]
    event_id: Code
    at: Time
    shipment: Code
    carrier: Code | None = None
    tracking: list[Code] = Field(default=[], max_length=100)
    location: Code
    order: OrderRef
    lines: list[ShippedLine] = Field(min_length=1, max_length=1_000)
    packages: list[Package] = Field(default=[], max_length=1_000)


class ForeignCode(Closed):
    """A milestone in a carrier's vocabulary."""

    vocabulary: Code
    code: Code
    reason: Code | None = None


class Place(Closed):
    """Where it happened."""

    city: Text | None = None
    country: Country | None = None


class Milestone(Event):
    """A step of a shipment, as its carrier tells it."""

    kind: Literal["milestone"]
    event_id: Code
    at: Time
    carrier: Code | None = None
    tracking: Code | None = None
    shipment: Code | None = None
    order: OrderRef | None = None
    code: Code | ForeignCode
    place: Place | None = None
    eta: Time | None = None

    @model_validator(mode="after")
    def _findable(self) -> Milestone:
        if self.tracking is None and self.shipment is None and self.order is None:
            raise ValueError("expected tracking, shipment or order")
        return self


class InvoicedLine(Closed):
    """What was billed of a line."""

    line: Code
    quantity: Quantity
    amount: Signed | None = None


class InvoiceEvent(Event):
    """An invoice or payment, as finance tells it."""

    kind: Literal["posted", "paid", "credited"]
    event_id: Code
    at: Time
    number: Code
    order: OrderRef
    lines: list[InvoicedLine] = Field(default=[], max_length=1_000)
    tax: Signed | None = None
    total: Signed | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def _means_something(self) -> InvoiceEvent:
        if self.kind != "paid" and not self.lines:
            raise ValueError("expected lines: only a payment has none")
        if self.total is not None and self.currency is None:
            raise ValueError("expected a currency: an amount without one means nothing")
        return self


def shipment_model(value: Any) -> type[Dispatched] | type[Milestone]:
    """The shape that a shipment event's kind asks for."""
    return Milestone if isinstance(value, dict) and value.get("kind") == "milestone" else Dispatched
