"""Reference data by kind: the record as JSON, closed, and how it becomes a record of wharf.reference.v1.

A record's identity stands in the URL; where the body names it too, both must be the same.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from adapters.gateway.models.parts import Amount, Channel, Closed, Code, Currency, Gtin, Text, Unit
from adapters.gateway.models.product_parts import (
    ChannelRule,
    Component,
    LocationStock,
    MatrixCell,
    Threshold,
    UnitFactor,
)
from schemas.generated import bundles_v1
from schemas.generated import reference_v1 as v1

SEPARATOR = "|"  # between the parts of a key


class Reference(Closed):
    """One record of reference data."""

    event: ClassVar[str]  # its CloudEvents type
    identity: ClassVar[tuple[str, ...]]  # names of the fields that its key is made of, in order

    @abstractmethod
    def record(self, named: Mapping[str, str], version: int) -> Mapping[str, Any]:
        """The canonical record; `named` holds the identity from the URL."""


class Product(Reference):
    """A product with its rules."""

    event = "reference.product"
    identity = ("sku",)
    sku: Code | None = None
    name: Text = ""
    base_unit: Unit = "EA"
    scale: int = Field(default=0, ge=0, le=6)
    gtin: Gtin | None = None
    status: Literal["active", "discontinued"] = "active"
    category: Text = ""
    units: list[UnitFactor] = Field(default=[], max_length=100)
    safety: list[LocationStock] = Field(default=[], max_length=1_000)
    channels: list[ChannelRule] = Field(default=[], max_length=1_000)
    thresholds: list[Threshold] = Field(default=[], max_length=100)
    authorities: dict[Code, Code] = Field(default={}, max_length=1_000)
    matrix: dict[MatrixCell, Literal["yes", "no"]] = Field(default={}, max_length=36)
    components: list[Component] = Field(default=[], max_length=50)
    price: Amount | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def _makeable(self) -> Product:
        if len({each.sku for each in self.components}) < len(self.components):
            raise ValueError("each component stands once, with its quantity")
        if self.components and self.scale:
            raise ValueError("a bundle is counted in whole ones: scale is 0")
        return self

    def record(self, named: Mapping[str, str], version: int) -> v1.Product:
        """The canonical record; a GTIN is padded to 14 digits."""
        return v1.product(
            sku=named["sku"],
            name=self.name,
            base_unit=self.base_unit,
            scale=self.scale,
            gtin=self.gtin.zfill(14) if self.gtin else "",
            status=self.status,
            category=self.category,
            units=[v1.unit_factor(**unit.model_dump()) for unit in self.units],
            safety=[v1.location_stock(**rule.model_dump()) for rule in self.safety],
            channels=[v1.channel_rule(**rule.model_dump()) for rule in self.channels],
            thresholds=[v1.threshold(**threshold.model_dump()) for threshold in self.thresholds],
            authorities=dict(self.authorities),
            matrix=dict(self.matrix),
            components=[bundles_v1.component(**each.model_dump()) for each in self.components],
            price=None if self.price is None else Decimal(self.price),
            currency=self.currency or "",
            version=version,
        )


class CrossReference(Reference):
    """Another name of a product; key: scheme|party|value."""

    event = "reference.cross-reference"
    identity = ("scheme", "party", "value")
    scheme: Literal["gtin", "buyer_part", "vendor_part", "sku"] | None = None
    party: Text | None = None
    value: Code | None = None
    sku: Code

    def record(self, named: Mapping[str, str], version: int) -> v1.CrossReference:
        """The canonical record."""
        return v1.cross_reference(
            scheme=named["scheme"], party=named["party"], value=named["value"], sku=self.sku, version=version
        )


class UnitCode(Reference):
    """What a unit code means; key: party|code, the party empty for everybody."""

    event = "reference.unit"
    identity = ("party", "code")
    party: Text | None = None
    code: Code | None = None
    canonical: Unit

    def record(self, named: Mapping[str, str], version: int) -> v1.Unit:
        """The canonical record."""
        return v1.unit(code=named["code"], canonical=self.canonical, party=named["party"], version=version)


class Customer(Reference):
    """An account that may order."""

    event = "reference.customer"
    identity = ("account",)
    account: Code | None = None
    name: Text = ""
    status: Literal["active", "blocked"] = "active"
    customer_class: Text = ""
    tax_id: Text = ""

    def record(self, named: Mapping[str, str], version: int) -> v1.Customer:
        """The canonical record."""
        rest = self.model_dump(exclude={"account"})
        return v1.customer(account=named["account"], version=version, **rest)


class DriftTolerance(Closed):
    """How far, and how long, an observed source may differ from the position before it is an exception for a person."""

    source: Code | Literal[""] = ""  # "" for every source without a tolerance of its own
    units: int = Field(default=10, ge=0, le=10**12)
    percent_bp: int = Field(default=2_000, ge=0, le=10_000)
    for_seconds: int = Field(default=3_600, ge=0, le=90 * 86_400)
    accept: Literal["", "observed", "derived"] = ""


class Location(Reference):
    """A place that holds stock."""

    event = "reference.location"
    identity = ("code",)
    code: Code | None = None
    name: Text = ""
    timezone: Code = "UTC"
    priority: int = Field(default=100, ge=0, le=1_000_000)
    active: bool = True
    tolerances: list[DriftTolerance] = Field(default=[], max_length=8)
    sequenced: list[Channel] = Field(default=[], max_length=8)

    def record(self, named: Mapping[str, str], version: int) -> v1.Location:
        """The canonical record."""
        return v1.location(code=named["code"], version=version, **self.model_dump(exclude={"code"}))


class Partner(Reference):
    """A channel's or trading partner's profile."""

    event = "reference.partner"
    identity = ("partner",)
    partner: Code | None = None
    channel: Channel
    name: Text = ""
    identifiers: list[Code] = Field(default=[], max_length=100)
    numbers_own_orders: bool = False
    currency: Currency | Literal[""] = ""
    default_unit: Unit | Literal[""] = ""
    unit_aliases: dict[Code, Unit] = Field(default={}, max_length=1_000)
    changed_resend: Literal["suspect", "change"] = "suspect"
    ship_complete: bool = False
    backorder: bool = True
    release: Literal["at_once", "hold"] = "at_once"
    erp: Code = "erp"
    strict_envelope: bool = False
    max_lines: int = Field(default=1_000, ge=1, le=100_000)
    priority: int = Field(default=100, ge=0, le=1_000_000)
    timezone: Code = "UTC"

    def record(self, named: Mapping[str, str], version: int) -> v1.Partner:
        """The canonical record."""
        return v1.partner(partner=named["partner"], version=version, **self.model_dump(exclude={"partner"}))


KINDS: Mapping[str, type[Reference]] = {
    "products": Product,
    "cross-references": CrossReference,
    "units": UnitCode,
    "customers": Customer,
    "locations": Location,
    "partners": Partner,
}
