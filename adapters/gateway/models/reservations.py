"""Requests about reservations and their answers. Whether a product exists is decided behind the log, with the hold itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from adapters.gateway.models.answers import Answer, ProblemAnswer
from adapters.gateway.models.orders import MAX_LINES, distinct
from adapters.gateway.models.parts import Channel, Closed, Code, Quantity, Text, Unit

DEFAULT_S, CAP_S = 15 * 60, 4 * 3_600
Seconds = Annotated[int, Field(ge=1, le=CAP_S, description="from now")]


class HoldLine(Closed):
    """A line of a cart; without a unit in the product's base unit."""

    line: Annotated[Code, Field(max_length=20)]
    sku: Code
    quantity: Quantity
    unit: Unit | None = None


class HoldCart(Closed):
    """The body of POST /v1/reservations."""

    channel: Channel
    cart: Annotated[Code, Field(max_length=64)]
    expires_in: Seconds = DEFAULT_S
    allow_partial: bool = False
    lines: list[HoldLine] = Field(min_length=1, max_length=MAX_LINES)

    @model_validator(mode="after")
    def _lines_differ(self) -> HoldCart:
        distinct([line.line for line in self.lines])
        return self


class ExtendCart(Closed):
    """The body of PATCH /v1/reservations/{id}."""

    expires_in: Seconds


class ReleaseCart(Closed):
    """The body of DELETE /v1/reservations/{id}, which may be left out."""

    reason: Text = ""


class PlaceHeld(Answer):
    """What is held at a location."""

    location: str
    quantity: str


class HeldLine(Answer):
    """A line of a reservation as it was decided; `available` is what the channel could still have then."""

    line: str
    sku: str
    unit: str
    quantity: str
    reserved: str
    missing: str
    available: str
    locations: list[PlaceHeld]


class HeldAnswer(Answer):
    """The hold is granted."""

    reservation: str
    expires_at: str
    lines: list[HeldLine]


class ReservationAnswer(Answer):
    """A reservation as it stands."""

    reservation: str
    channel: str
    cart: str
    state: Literal["asking", "held", "refused", "released", "expired", "taken"]
    expires_at: str | None
    order_id: str
    version: int
    lines: list[HeldLine]


class ReservationReceived(Answer):
    """It is not decided yet: the status URL tells what becomes of it."""

    reservation: str
    receipt: str
    status_url: str


class ShortAnswer(ProblemAnswer):
    """The problem insufficient-availability: what is missing, line by line."""

    lines: list[HeldLine]
