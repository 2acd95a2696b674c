"""Availability and the index of views, as readers and the gateway find them."""

from __future__ import annotations

from typing import Any

from schemas.generated import feeds_v1, inventory_v1
from streams.engine.effects import Message
from streams.project import READS, project
from tables.redis.view_index import Place, ViewIndex, index_of
from tests.streams.project.facts import AT, message, projected


def availability(version: int = 841, **rest: Any) -> Message:
    channels = [inventory_v1.channel_availability(channel="portal", quantity=110, status="in_stock")]
    locations = [inventory_v1.location_availability(location="DC1", on_hand=120, safety=10, free=110)]
    given: dict[str, Any] = {
        "sku": "WIDGET-A",
        "as_of": AT,
        "channels": channels,
        "locations": locations,
        "default_quantity": 0,
    }
    return message(
        "availability.changed", inventory_v1.availability_changed(version=version, **{**given, **rest}), key="WIDGET-A"
    )


def entry(seq: int, epoch: int = 1) -> Message:
    record = feeds_v1.feed_entry(
        channel="portal",
        view="default",
        epoch=epoch,
        seq=seq,
        id=f"e-{seq}",
        type="order.created",
        at=AT,
        hash="",
        data=b"{}",
    )
    return message("feed.entry", record, key="portal/default", offset=seq * 10)


def index(*entries: Message) -> ViewIndex:
    found = index_of(projected(*entries).hashes["view:acme:portal/default"])
    assert found is not None
    return found


def test_availability_is_one_json_string_with_all_a_site_needs() -> None:
    found = projected(availability()).text("av:acme:WIDGET-A")
    place = {
        "location": "DC1",
        "free": "110",
        "on_hand": "120",
        "unsellable": "0",
        "reserved": "0",
        "allocated": "0",
        "safety": "10",
    }
    assert found == {
        "sku": "WIDGET-A", "version": 841, "as_of": "2026-03-02T08:00:00.000Z", "partition": 3, "unit": "EA",
        "channels": {"portal": {"quantity": "110", "status": "in_stock"}}, "locations": [place],
        "default": {"quantity": "0", "status": "out_of_stock"},
    }  # fmt: skip


def test_quantities_of_a_divisible_product_are_decimals() -> None:
    found = projected(availability(scale=2)).text("av:acme:WIDGET-A")
    assert found and found["channels"]["portal"]["quantity"] == "1.10"


def test_an_older_availability_is_never_shown_again() -> None:
    found = projected(availability(7), availability(6)).text("av:acme:WIDGET-A")
    assert found and found["version"] == 7


def test_a_view_knows_its_head() -> None:
    assert index(entry(1), entry(3), entry(2)).head == Place(3, 3, 30)


def test_every_hundredth_entry_is_noted_beside_the_first() -> None:
    assert [place.seq for place in index(*(entry(seq) for seq in range(1, 251))).places] == [1, 100, 200]


def test_an_entry_is_looked_for_from_the_last_noted_place_before_it() -> None:
    found = index(*(entry(seq) for seq in range(1, 251)))
    assert [found.before(seq).seq for seq in (1, 99, 100, 250)] == [1, 1, 100, 200]


def test_a_new_epoch_of_a_view_begins_its_numbers_again() -> None:
    found = index(*(entry(seq) for seq in range(1, 201)), entry(1, epoch=2))
    assert (found.epoch, found.head.seq, [place.seq for place in found.places]) == (2, 1, [1])


def test_the_projection_reads_every_topic_whose_facts_bear_receipts() -> None:
    assert project.reads == READS and {"inventory.events", "orders.events", "shipments.events"} <= set(READS)
