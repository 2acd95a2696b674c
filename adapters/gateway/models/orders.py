"""Requests about orders. Shallow on purpose: whether a product or unit exists is decided behind the log, with a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, model_validator

from adapters.gateway.models.parts import (
    Amount,
    Channel,
    Closed,
    Code,
    Country,
    Currency,
    Day,
    Gtin,
    Quantity,
    Text,
    Time,
    Unit,
    Whole,
)

MAX_LINES = 1_000


class ProductName(Closed):
    """A product by one of its names."""

    sku: Code | None = None
    gtin: Gtin | None = None
    customer_part: Code | None = None
    vendor_part: Code | None = None

    @model_validator(mode="after")
    def _one_name(self) -> ProductName:
        if len(self.model_fields_set) != 1 or not any(getattr(self, name) for name in self.model_fields_set):
            raise ValueError("expected exactly one of sku, gtin, customer_part, vendor_part")
        return self


class Line(Closed):
    """One ordered line."""

    line: Annotated[Code, Field(max_length=20)]
    product: ProductName
    quantity: Quantity
    unit: Unit | None = None
    price: Amount | None = None


class ShipTo(Closed):
    """Where the goods go."""

    name: Text = ""
    street: list[Text] = Field(default=[], max_length=5)
    city: Text = ""
    region: Text = ""
    postal_code: Text = ""
    country: Country | None = None


class PlaceOrder(Closed):
    """The body of POST /v1/orders."""

    channel: Channel
    number: Annotated[Code, Field(max_length=64)]
    customer: Annotated[Code, Field(max_length=64)] | None = None
    currency: Currency | None = None
    ordered_at: Time | None = None
    requested_delivery: Day | None = None
    ship_complete: bool | None = None
    reservation: Annotated[Code, Field(max_length=64)] | None = None
    ship_to: ShipTo | None = None
    lines: list[Line] = Field(min_length=1, max_length=MAX_LINES)
    extensions: dict[str, Any] = Field(default={})

    @model_validator(mode="after")
    def _lines_differ(self) -> PlaceOrder:
        distinct([line.line for line in self.lines])
        return self


class CancelLine(Closed):
    """How much of a line is to be cancelled, in steps of its base unit; no quantity = all that is left."""

    line: Code
    quantity: Whole | None = None


class CancelOrder(Closed):
    """The body of POST /v1/orders/{order_id}/cancel; no lines = the whole order."""

    reason: Text = ""
    lines: list[CancelLine] = Field(default=[], max_length=MAX_LINES)

    @model_validator(mode="after")
    def _lines_differ(self) -> CancelOrder:
        distinct([line.line for line in self.lines])
        return self


class ResolveOrder(Closed):
    """The body of POST /v1/orders/{order_id}/resolve, which may be left out."""

    reason: Text = ""


def distinct(lines: Sequence[str]) -> None:
    """Refuse a line that stands twice."""
    if len(set(lines)) < len(lines):
        raise ValueError("a line stands twice")
