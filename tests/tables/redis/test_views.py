"""What readers are told: quantities with their age, orders by number, and nothing where nothing is known."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import redis

from tables.quantity import decimal_text
from tables.redis import keys, values
from tables.redis.availability_view import STALE_AFTER_S, Stock, answer
from tables.redis.away import ReadModelsAway
from tables.redis.order_view import order_of
from tables.redis.reader import ReadModels
from tables.redis.receipt_view import receipt_of
from tables.redis.sink import RedisSink
from tables.redis.view_index import index_of
from tables.write import SinkEmptied, Write
from tests.support.redis import Server, server

NOW = 1_772_438_400_000
PLACES = [{"location": "DC1", "free": "4"}, {"location": "DC2", "free": "9"}]


def stock(mark: int | None = NOW, **rest: Any) -> Stock:
    body = {
        "sku": "W", "version": 841, "unit": "EA", "as_of": "2026-03-02T08:00:00.000Z", "partition": 0, "locations": PLACES,
        "channels": {"portal": {"quantity": "10", "status": "in_stock"}}, "default": {"quantity": "3", "status": "low"},
    }  # fmt: skip
    return Stock({**body, **rest}, mark)


def test_a_channel_is_told_its_own_quantity() -> None:
    assert answer(stock(), "portal", "", NOW)["quantity"] == "10"


def test_a_channel_without_rules_is_told_the_common_quantity() -> None:
    assert answer(stock(), "field", "", NOW)["quantity"] == "3"


def test_a_location_narrows_the_quantity_to_what_is_free_there() -> None:
    found = answer(stock(), "portal", "DC1", NOW)
    assert (found["quantity"], found["locations"]) == ("4", [{"location": "DC1", "free": "4"}])


def test_an_unknown_location_has_nothing() -> None:
    found = answer(stock(), "portal", "DC9", NOW)
    assert (found["quantity"], found["status"]) == ("0", "out_of_stock")


def test_the_age_is_that_of_the_source_and_the_lag_that_of_the_projection() -> None:
    found = answer(stock(mark=NOW - 500), "portal", "", NOW + 700)
    assert (found["age_seconds"], found["lag_bound_seconds"], found["stale"]) == (0.7, 1.2, False)


def test_an_answer_whose_projection_stands_still_is_marked_stale() -> None:
    assert answer(stock(), "portal", "", NOW + int(STALE_AFTER_S * 1000) + 1)["stale"]


def test_an_answer_without_a_mark_is_stale_for_nobody_vouches_for_it() -> None:
    found = answer(stock(mark=None), "portal", "", NOW)
    assert (found["stale"], found["lag_bound_seconds"]) == (True, None)


@pytest.mark.parametrize(
    ("steps", "scale", "text"), [(110, 0, "110"), (1250, 2, "12.50"), (-5, 1, "-0.5"), (0, 3, "0.000")]
)
def test_steps_of_the_base_unit_are_written_as_decimals(steps: int, scale: int, text: str) -> None:
    assert decimal_text(steps, scale) == text


def test_what_nothing_is_known_of_is_nothing() -> None:
    assert (order_of({}), receipt_of("R", {}), index_of({})) == (None, None, None)


def test_lines_without_a_head_are_no_order_yet() -> None:
    assert order_of({b"line:1": values.versioned(2, {"line": "1"})}) is None


def test_a_removed_line_is_not_shown() -> None:
    head = {"order_id": "o-1", "channel": "portal", "number": "P"}
    found = order_of({b"head": values.versioned(1, head), b"line:1": values.tombstone(2)})
    assert found and found["lines"] == []


@pytest.mark.parametrize("parts", [("a", "b:c"), ("a:b", "c")])
def test_a_key_may_hold_a_colon_in_its_last_part_only(parts: tuple[str, str]) -> None:
    assert keys.number("acme", *parts).startswith("number:acme:a")


def project(client: redis.Redis, *writes: Write) -> None:
    sink = RedisSink(client, "dev")
    with pytest.raises(SinkEmptied):
        sink.write([])
    sink.write(writes)
    with pytest.raises(SinkEmptied):
        sink.caught_up({("inventory.availability", 0): NOW})
    sink.caught_up({("inventory.availability", 0): NOW})


def read(running: Server, what: str, *arguments: Any) -> Any:
    async def once() -> Any:
        models = ReadModels(redis.asyncio.Redis.from_url(running.url), "dev")
        try:
            return await getattr(models, what)(*arguments)
        finally:
            await models.close()

    return asyncio.run(once())


def test_availability_of_many_skus_comes_with_their_marks_and_without_the_unknown(
    store: redis.Redis, redis_server: Server
) -> None:
    project(store, values.text("av:acme:W", 841, stock().body))
    found = read(redis_server, "availability", "acme", ["W", "NOBODY"])
    assert {sku: (one.version, one.mark) for sku, one in found.items()} == {"W": (841, NOW)}


def test_no_tenant_sees_anothers_stock(store: redis.Redis, redis_server: Server) -> None:
    project(store, values.text("av:acme:W", 841, stock().body))
    assert read(redis_server, "availability", "globex", ["W"]) == {}


def test_orders_are_found_by_number(store: redis.Redis, redis_server: Server) -> None:
    project(
        store,
        values.field("number:acme:portal:P-1", "o-1", 1, {}),
        values.field("number:acme:portal:P-1", "o-1.2", 1, {}),
    )
    assert read(redis_server, "numbered", "acme", "portal", "P-1") == ["o-1", "o-1.2"]


def test_the_timeline_is_read_in_sequence(store: redis.Redis, redis_server: Server) -> None:
    project(store, values.member("timeline:acme:o-1", 2, {"seq": 2}), values.member("timeline:acme:o-1", 1, {"seq": 1}))
    assert read(redis_server, "timeline", "acme", "o-1") == [{"seq": 1}, {"seq": 2}]


def test_the_first_request_with_a_key_takes_it(store: redis.Redis, redis_server: Server) -> None:
    assert read(redis_server, "claim_request", "acme", "POST /v1/orders", "k", "f1") is None
    assert read(redis_server, "claim_request", "acme", "POST /v1/orders", "k", "f2") == "f1"
    assert int(store.ttl("dev:" + keys.idempotency("acme", "POST /v1/orders", "k"))) > 7 * 86_400


def test_a_redis_that_is_away_has_one_name() -> None:
    with server() as running:
        running.stop()
        with pytest.raises(ReadModelsAway):
            read(running, "order", "acme", "o-1")
