"""Puts a load on the broker, as wharf's own door would have: a document's report of a movement, in a whole envelope."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ops.bench.engines.course import CONSUMED, STAMPED, Course, wanted
from ops.bench.engines.ledger import EVENT
from ops.bench.engines.workload import Event, Load, events
from ops.bench.pouring import pour
from ops.topics.apply import Broker
from schemas import wire
from schemas.envelope import Envelope, derived_id, to_headers
from schemas.generated.inventory_v1 import report_stock
from streams.engine.records import Record

TENANT, SOURCE = "acme", "wms"
PAST_MS = 3_600_000  # nothing is reported before it happened


def records(load: Load, began: int) -> Iterator[Record]:
    """The load's commands; `began`, ms since the epoch, is when its first movement happened."""
    return (record_of(event, began + event.number // 1000) for event in events(load))


def record_of(event: Event, at: int) -> Record:
    """A movement as `normalize` would ask the inventory to take it over."""
    document = derived_id(str(event.number), "gateway", "channel.document", 0)
    envelope = Envelope(
        id=derived_id(document, "normalize", "stock.report", 0), type="stock.report", source="wharf/normalize",
        tenant=TENANT, time=at, subject=event.sku, channel=SOURCE, correlation=document, causation=document,
        receipt=f"{document}/0",
    )  # fmt: skip
    return Record(CONSUMED, 0, event.number, at, key_of(event.sku), body(event, at), to_headers(envelope))


def key_of(sku: str) -> bytes:
    """The record key of a SKU."""
    return f"{TENANT}|{sku}".encode()


def body(event: Event, at: int) -> bytes:
    """The command in wire format."""
    report = report_stock(
        sku=event.sku, kind=event.kind, source=SOURCE, as_of=at, location=event.location, quantity=event.quantity,
        sequence=event.number, event_id=f"{SOURCE}-{event.number}",
    )  # fmt: skip
    return wire.encode(EVENT, report)


def fill(course: Course) -> int:
    """Make the load's input, unless it is there; returns how many records it has. raises NotPoured"""
    broker = Broker(course.kafka)
    if course.input in broker.partitions():
        return course.load.events
    broker.create([wanted(course.input, STAMPED)], 1)
    return pour(course.settings, records(course.load, time.time_ns() // 1_000_000 - PAST_MS))
