"""What the gateway answers, for OpenAPI and for the tests that hold the answers to it. Fields are added, never renamed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Answers are closed shapes too."""

    model_config = ConfigDict(extra="forbid")


class FieldError(Answer):
    """One thing that is wrong with the request."""

    pointer: str
    code: str
    message: str


class ProblemAnswer(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    remedy: str
    correlation_id: str
    errors: list[FieldError] = []
    retry_after: int | None = None


class Received(Answer):
    """A document is stored; its receipt tells what becomes of it."""

    receipt: str


class OrderReceived(Received):
    """A pure function of the request: a repeat gets the same bytes."""

    order_id: str
    status_url: str


class ReceiptAnswer(Answer):
    """What became of a document so far."""

    receipt: str
    channel: str
    state: Literal["received", "accepted", "rejected", "dead"]
    kind: str
    orders: list[str]
    parts: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    warnings: list[dict[str, Any]]


class LineAnswer(Answer):
    """ordered = rejected + cancelled + substituted + pending + backordered + reserved + released + shipped, always."""

    line: str
    sku: str
    ordered: str
    rejected: str
    cancelled: str
    substituted: str
    pending: str
    backordered: str
    reserved: str
    released: str
    shipped: str
    delivered: str
    returned: str
    invoiced: str
    unit: str
    problem: str


class ErpAnswer(Answer):
    """The order in its ERP; both empty until it is there."""

    system: str
    number: str


class OrderAnswer(Answer):
    """An order as it stands."""

    order_id: str
    channel: str
    number: str
    status: str
    status_reason: str
    facets: dict[str, str]
    version: int
    customer: str
    currency: str
    ordered_at: str | None
    received_at: str | None
    receipt: str
    lines: list[LineAnswer]
    erp: ErpAnswer
    shipments: list[dict[str, Any]]
    invoices: list[dict[str, Any]]
    exceptions: list[dict[str, Any]]


class OrdersAnswer(Answer):
    """Orders that bear a number."""

    orders: list[OrderAnswer]


class TimelineEntry(Answer):
    """What happened, when, when it became known, and through whom."""

    seq: int
    at: str
    known_at: str
    event: str
    actor: str
    cause: str
    details: dict[str, Any]


class TimelineAnswer(Answer):
    """What happened to an order, in sequence."""

    entries: list[TimelineEntry]


class PlaceFree(Answer):
    """What is free at a location."""

    location: str
    free: str


class PromiseAnswer(Answer):
    """From when how much may be promised in all, with announced supply."""

    date: str
    quantity: str


class AvailabilityAnswer(Answer):
    """What a channel may promise, its version and its age."""

    sku: str
    channel: str
    quantity: str
    unit: str
    status: str
    version: int
    as_of: str | None
    age_seconds: float | None
    lag_bound_seconds: float | None
    stale: bool
    locations: list[PlaceFree]
    next: list[PromiseAnswer]


class AvailabilitiesAnswer(Answer):
    """Availability of many SKUs."""

    items: list[AvailabilityAnswer]
    missing: list[str]


class PlaceHeld(Answer):
    """What is at a location, in the product's base unit."""

    location: str
    on_hand: str
    unsellable: str
    as_of: str | None


class PositionAnswer(Answer):
    """A SKU's stock by location."""

    sku: str
    unit: str
    version: int
    stale: bool
    locations: list[PlaceHeld]


class PositionsAnswer(Answer):
    """Positions of many SKUs."""

    items: list[PositionAnswer]
    missing: list[str]


class EntryAnswer(Answer):
    """One entry of a view."""

    seq: int
    id: str
    type: str
    at: str
    hash: str
    data: Any


class FeedAnswer(Answer):
    """A page of a view: `next` is the number of the entry after the page, `complete` says that it reaches the head."""

    entries: list[EntryAnswer]
    next: int
    head: int
    complete: bool


class SubscriptionAnswer(Received):
    """The subscription as it stands; the secret is told when it is new, and never again."""

    channel: str
    name: str
    epoch: int
    secret_version: int
    secret: str | None = None
