"""What readers are told is what the facts make, or the difference is named; what only moves is no difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ops.exits import Failed
from ops.stock.comparing import Digest
from ops.stock.verify import Part, Result, strangers
from schemas import wire
from schemas.generated.inventory_v1 import AvailabilityChanged
from streams.engine.records import Record
from streams.project.stock import shown
from tables.redis.values import versioned
from tests.ops.stock.log import OFFERS, Stock

KEY = b"acme|WIDGET-A"


class Cache:
    """A Redis that tells what the topic told it, but for what a test changes."""

    def __init__(self, stock: Stock) -> None:
        self.stock, self.changed = stock, dict[bytes, bytes | None]()

    def values(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes | None]:
        newest = {record.key: value(record) for record in self.stock.records(OFFERS)}
        return {key: self.changed.get(key, newest.get(key)) for key in keys}


def offer(record: Record) -> AvailabilityChanged:
    found: AvailabilityChanged = wire.decode(record.value or b"")[1]
    return found


def value(record: Record) -> bytes:
    return versioned(offer(record)["version"], shown(offer(record), 0))


def retold(record: Record, **changes: Any) -> Record:
    told = {**offer(record), **changes}
    return replace(record, value=wire.encode("wharf.inventory.v1.AvailabilityChanged", told))


@pytest.fixture
def stock() -> Stock:
    stock = Stock()
    for sku in ("WIDGET-A", "WIDGET-B"):
        stock.count(sku, 120)
        stock.reserve(sku, "O-1", 24)
    return stock


def proved(stock: Stock, offers: Sequence[Record] | None = None, cache: Cache | None = None) -> Result:
    """Compared once, for good."""
    result = Result()
    part = Part(0, (cache or Cache(stock)).values, result)
    part.take(stock.records(), stock.records(OFFERS) if offers is None else offers)
    part.compare(last=True)
    return result


def test_a_sound_table_has_equal_digests_and_no_difference(stock: Stock) -> None:
    result = proved(stock)
    assert (result.differences, result.skus, result.facts, result.offers) == ([], 2, 4, 4)
    assert str(result.topic.expected) == str(result.topic.found)
    assert str(result.redis.expected) == str(result.redis.found)


def test_a_wrong_number_in_the_topic_is_named_with_both_values(stock: Stock) -> None:
    *before, last = stock.records(OFFERS)
    result = proved(stock, [*before, retold(last, default_quantity=97)])
    found = [each.told() for each in result.differences if each.where == "availability"]
    assert [(each["sku"], each["expected"], each["found"]) for each in found] == [
        ("WIDGET-B", {"default_quantity": 96}, {"default_quantity": 97})
    ]
    assert str(result.topic.expected) != str(result.topic.found)


def test_a_change_that_was_never_told_is_a_difference(stock: Stock) -> None:
    result = proved(stock, stock.records(OFFERS)[:-1])
    assert [(each.sku, each.where, each.why) for each in result.differences][:1] == [
        ("WIDGET-B", "availability", "a change was never told")
    ]


def test_a_transaction_that_is_seen_in_one_partition_first_is_no_difference(stock: Stock) -> None:
    offers, result = stock.records(OFFERS), Result()
    part = Part(0, None, result)
    part.take(stock.records(), offers[:-1])
    assert not part.compare()
    part.take([], offers[-1:])
    assert part.compare()
    assert result.differences == []


def test_a_sku_that_was_never_told_is_a_difference(stock: Stock) -> None:
    told = [record for record in stock.records(OFFERS) if record.key == KEY]
    assert [(each.sku, each.why) for each in proved(stock, told).differences] == [("WIDGET-B", "never told")]


def test_facts_that_nobody_can_see_need_not_be_told(stock: Stock) -> None:
    stock.count("WIDGET-A", 120, sequence=2)
    assert proved(stock).differences == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda raw: raw.replace(b'"96"', b'"97"'), "another value"),
        (lambda raw: raw.replace(b'"version":2', b'"version":1'), "an older version"),
        (lambda raw: None, "missing"),
    ],
    ids=["wrong", "old", "gone"],
)
def test_what_redis_tells_otherwise_is_a_difference(stock: Stock, change: Any, why: str) -> None:
    cache = Cache(stock)
    cache.changed[KEY] = change(value(stock.records(OFFERS)[1]))
    assert [(each.sku, each.where, each.why) for each in proved(stock, cache=cache).differences] == [
        ("WIDGET-A", "redis", why)
    ]


def test_what_moved_meanwhile_is_compared_again_when_the_log_was_read_on(stock: Stock) -> None:
    """The topic, and Redis, may be ahead of where the log was read to."""
    facts, result = stock.records(), Result()
    stock.reserve("WIDGET-A", "O-2", 1)
    part = Part(0, Cache(stock).values, result)
    part.take(facts, stock.records(OFFERS))
    assert not part.compare()
    assert (part.open, result.differences) == ({KEY}, [])
    part.take(stock.records()[len(facts) :], [])
    assert part.compare()
    assert result.differences == []


def test_a_redis_that_is_behind_is_given_time(stock: Stock) -> None:
    cache, result = Cache(stock), Result()
    cache.changed[KEY] = value(stock.records(OFFERS)[0])
    part = Part(0, cache.values, result)
    part.take(stock.records(), stock.records(OFFERS))
    assert not part.compare()
    cache.changed.clear()
    assert part.compare()
    assert result.differences == []


def test_who_was_told_of_without_a_fact_is_named(stock: Stock) -> None:
    result = Result()
    part = Part(0, None, result)
    part.take([record for record in stock.records() if record.key == KEY], stock.records(OFFERS))
    part.compare(last=True)
    assert [(each.sku, each.why) for each in result.differences] == [
        ("WIDGET-B", "told, and no fact of it is in the log")
    ]
    assert [each.sku for each in strangers([KEY, b"acme|GHOST"], result.known)] == ["GHOST"]


def test_a_fact_that_cannot_be_read_is_named_by_its_place(stock: Stock) -> None:
    broken = replace(stock.records()[0], value=b"\x00garbage")
    with pytest.raises(Failed, match=r"inventory\.events/0 at 0 cannot be read"):
        Part(0, None, Result()).take([broken], [])


def test_a_digest_does_not_depend_on_the_order_of_its_skus() -> None:
    forth, back = Digest(), Digest()
    for key in (b"a", b"b"):
        forth.add(key, b"1")
    for key in (b"b", b"a"):
        back.add(key, b"1")
    assert str(forth) == str(back) != str(Digest())
