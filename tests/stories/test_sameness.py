"""What makes two logs the same, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import wire
from schemas.envelope import Envelope, to_headers
from schemas.generated import inventory_v1, orders_v1
from schemas.loader import by_type
from streams.engine.records import Record
from tests.stories.sameness import log_of

NOON, LATER, BUSINESS = 1_800_000_000_000, 1_800_000_060_000, 1_700_000_000_000


def written(kind: str, record: Any, *, id: str = "e-1", at: int = NOON) -> Record:
    """One record as it stands in a log."""
    schema = by_type()[kind]
    headers = to_headers(Envelope(id, kind, "wharf/test", "acme", at, "k"))
    return Record(schema.topic, 0, 0, at, b"acme|k", wire.encode(schema.name, record), headers)


def rejected(reason: str = "late", *, id: str = "e-1", at: int = NOON) -> Record:
    record = orders_v1.order_rejected(order_id="k", seq=1, number="1", channel="portal", reason=reason)
    return written("order.rejected", record, id=id, at=at)


def counted(quantity: int, as_of: int) -> Record:
    record = inventory_v1.report_stock(
        sku="A", kind="counted", source="wms", as_of=as_of, location="DC1", quantity=quantity
    )
    return written("stock.report", record)


def offered(version: int) -> Record:
    record = inventory_v1.availability_changed(sku="A", version=version, default_quantity=0)
    return written("availability.changed", record, id=f"e-{version}")


def same(*logs: list[Record]) -> bool:
    first, second = (log_of(records, {BUSINESS}) for records in logs)
    return first == second


def test_the_time_of_a_record_makes_no_difference() -> None:
    assert same([rejected(at=NOON)], [rejected(at=LATER)])


@pytest.mark.parametrize("other", [rejected("early"), rejected(id="e-2")])
def test_another_content_and_another_id_do(other: Record) -> None:
    assert not same([rejected()], [other])


def test_a_second_time_is_one_too_many() -> None:
    assert not same([rejected()], [rejected(), rejected()])


def test_facts_of_one_key_have_a_sequence() -> None:
    first, second = rejected(id="e-1"), rejected(id="e-2")
    assert not same([first, second], [second, first])


def test_a_time_of_the_clock_is_left_out_and_a_time_of_business_is_not() -> None:
    assert same([counted(1, NOON)], [counted(1, LATER)])
    assert not same([counted(1, BUSINESS)], [counted(1, NOON)])


def test_of_a_topic_that_keeps_the_latest_the_last_counts() -> None:
    offers = [offered(number) for number in (1, 2)]
    assert same(offers, offers[1:]) and not same(offers, offers[:1])
