"""The demo's world and documents are what a distributor's are."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ops.demo import documents, world
from ops.demo.orders import Order, orders
from ops.demo.traffic import INTERCHANGE, batches

AT = datetime(2026, 3, 2, 8, 6, tzinfo=UTC)
DAY = list(orders(2_000))


def test_the_shelf_has_two_hundred_products_with_names_of_their_own() -> None:
    names = [name for item in world.items() for name in (item.sku, item.gtin, item.retailer_part)]
    assert len(world.items()) == 200
    assert len(names) == len(set(names))


def test_ten_products_are_hot() -> None:
    assert sum(item.hot for item in world.items()) == world.HOT


@pytest.mark.parametrize(("number", "gtin"), [(541234500001, "05412345000013"), (61414112345, "00614141123452")])
def test_a_gtin_has_its_check_digit(number: int, gtin: str) -> None:
    assert world.gtin14(number) == gtin


def test_every_shelf_is_counted_once() -> None:
    counted = world.counts(AT.isoformat())
    assert len({(count["location"], count["sku"]) for count in counted}) == len(counted) == 600


def test_the_same_seed_makes_the_same_day() -> None:
    assert list(orders(200, seed=3)) == list(orders(200, seed=3))
    assert list(orders(200, seed=3)) != list(orders(200, seed=4))


def test_all_four_channels_send() -> None:
    assert set(Counter(order.channel for order in DAY)) == set(world.CHANNELS)


def test_no_two_orders_share_a_number() -> None:
    assert len({order.number for order in DAY}) == len(DAY)


def test_some_products_are_wanted_more_than_there_is_of_them() -> None:
    wanted: Counter[str] = Counter()
    for order in DAY:
        for line in order.lines:
            wanted[line.item.sku] += line.quantity * (world.CASE if line.cases else 1)
    short = [item for item in world.items() if wanted[item.sku] > sum(item.stock)]
    assert short
    assert all(item.hot for item in short)


def of(channel: str) -> Order:
    return next(order for order in DAY if order.channel == channel)


@pytest.mark.parametrize(("channel", "scheme"), [("portal", "sku"), ("market", "gtin"), ("field", "sku")])
def test_each_channel_names_products_its_own_way(channel: str, scheme: str) -> None:
    body = documents.http_order(of(channel), AT)
    assert all(set(line["product"]) == {scheme} for line in body["lines"])


def test_an_http_order_has_decimals_as_text() -> None:
    line = documents.http_order(of("portal"), AT)["lines"][0]
    assert isinstance(line["quantity"], str)
    assert Decimal(line["price"]) > 0


def test_an_interchange_counts_itself() -> None:
    batch = [order for order in DAY if order.channel == "edi"][:3]
    segments = [
        segment.split("*")
        for segment in documents.interchange(batch, 101, AT).decode().replace("\n", "").split("~")
        if segment
    ]
    tags = [segment[0] for segment in segments]
    sizes = [int(segment[1]) for segment in segments if segment[0] == "SE"]
    starts, ends = [i for i, tag in enumerate(tags) if tag == "ST"], [i for i, tag in enumerate(tags) if tag == "SE"]
    assert sizes == [end - start + 1 for start, end in zip(starts, ends, strict=True)]
    assert next(segment for segment in segments if segment[0] == "GE")[1] == "3"


def test_an_isa_segment_has_its_fixed_width() -> None:
    assert len(documents.interchange([of("edi")], 101, AT).decode().split("~")[0]) == 105


def test_a_case_is_priced_by_the_case() -> None:
    order = next(order for order in DAY if order.channel == "edi" and any(line.cases for line in order.lines))
    line = next(line for line in order.lines if line.cases)
    assert f"*CA*{world.CASE * Decimal(line.item.price)}**" in documents.interchange([order], 1, AT).decode()


def test_edi_orders_leave_in_interchanges_and_none_is_forgotten() -> None:
    sent = list(batches(DAY))
    assert Counter(order.number for batch in sent for order in batch) == Counter(order.number for order in DAY)
    assert all(len(batch) <= INTERCHANGE for batch in sent)
