"""What a product's record is made of: units, rules of locations and channels, thresholds, components."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from adapters.gateway.models.parts import Channel, Closed, Code, Unit

MatrixCell = Annotated[
    str,
    StringConstraints(
        pattern=r"^(PLAN|CART_HOLD|ORDER_HOLD|BACKORDER|ALLOCATED|RELEASED)"
        r"/(ONHAND|IN_TRANSIT|PO_SHIPPED|PO_CONFIRMED|PO_PLACED|PLAN)$"
    ),
]  # which demand may be promised which supply


class UnitFactor(Closed):
    """How many base units a unit of this product is."""

    unit: Unit
    numerator: int = Field(ge=1, le=10**9)
    denominator: int = Field(default=1, ge=1, le=10**9)


class LocationStock(Closed):
    """A rule for one location."""

    location: Code  # "*" for all others
    safety: int = Field(default=0, ge=0, le=10**12)
    percent_bp: int = Field(default=0, ge=0, le=10_000)


class ChannelRule(Closed):
    """What a channel may sell of the product."""

    channel: Channel
    percent_bp: int = Field(default=0, ge=0, le=10_000)
    units: int = Field(default=0, ge=0, le=10**12)
    locations: list[Code] = Field(default=[], max_length=1_000)
    excluded: bool = False
    excluded_locations: list[Code] = Field(default=[], max_length=1_000)
    guarantee: int = Field(default=0, ge=0, le=10**12)
    cap: int | None = Field(default=None, ge=0, le=10**12)
    backorder_limit: int | None = Field(default=None, ge=0, le=10**12)
    partial: bool = True
    split: bool = True
    one_location: bool = False
    priorities: dict[Code, Annotated[int, Field(ge=0, le=1_000_000)]] = Field(default={}, max_length=1_000)


class Threshold(Closed):
    """A value at which somebody wants to hear once, and the one at which that is over."""

    kind: Literal["low", "out", "reorder"]
    channel: Channel | Literal[""] = ""
    at: int = Field(default=0, ge=0, le=10**12)
    clear: int | None = Field(default=None, ge=1, le=10**12)

    @model_validator(mode="after")
    def _apart(self) -> Threshold:
        if self.clear is not None and self.clear <= self.at:
            raise ValueError("clear lies above at: between them nothing is said")
        return self


class Component(Closed):
    """An ingredient of a bundle."""

    sku: Code
    quantity: int = Field(ge=1, le=10**6)  # of it in one bundle, in steps of its base unit
