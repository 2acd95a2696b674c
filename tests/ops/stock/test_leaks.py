"""A hold is a leak when its order has ended, its time is over, or it is too old; everything else is somebody's right."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from ops.cli.inventory_leaks import duration
from ops.embedded.redis import Redis
from ops.exits import Failed
from ops.stock.leaks import ENDED, Holding, holdings, leaks
from ops.stock.ledger import headlines
from ops.stock.rebuild import Shadows, fold
from schemas.generated import inventory_v1 as inventory
from schemas.settings import Settings
from streams.project.decide import decide
from tables.redis.sink import redis_sink
from tables.rows import DictRows
from tables.write import SinkEmptied
from tests.ops.stock.log import Stock
from tests.streams.project.facts import created, status_changed

DAY = 86_400_000


@pytest.fixture
def stock() -> Stock:
    stock = Stock()
    stock.count("WIDGET-A", 100)
    stock.reserve("WIDGET-A", "O-1", 24)
    stock.reserve("WIDGET-A", "CART-1", 2, holder_kind="cart")
    return stock


def held(stock: Stock) -> list[Holding]:
    shadows: Shadows = {}
    fold(shadows, stock.records())
    return list(holdings(shadows))


def found(stock: Stock, state: str = "unknown", *, later: int = 0, oldest: int | None = None) -> list[dict[str, Any]]:
    states = {("acme", "O-1"): state}
    return list(leaks(held(stock), states, stock.topology.now + later, oldest))


def test_a_living_orders_hold_is_no_leak(stock: Stock) -> None:
    assert found(stock, "backordered") == []


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_an_ended_order_holds_is_a_leak(stock: Stock, state: str) -> None:
    [leak] = found(stock, state)
    assert (leak["holder"], leak["reserved"], leak["order"], leak["why"]) == (
        "O-1",
        "24",
        state,
        f"its order is {state}",
    )
    assert leak["give_back"] == "wharf inventory release WIDGET-A O-1 --attempt 1"


@pytest.mark.parametrize(("status", "leaked"), [("cancelled", True), ("released", False), ("", False)])
def test_how_an_order_stands_is_read_from_its_read_model(
    stock: Stock, redis_server: Redis, environment: str, status: str, leaked: bool
) -> None:
    """As the projection writes it; an order that is not there is no reason to take its stock."""
    settings = Settings(redis=redis_server.url, environment=environment)
    facts = [created(), status_changed(2, status)] if status else []
    writes = [write for fact in facts for write in decide(fact, DictRows()).writes if write.key.startswith("order:")]
    sink = redis_sink(settings)
    for _ in range(2):
        with suppress(SinkEmptied):
            sink.write([write._replace(key=write.key.replace("o-1", "O-1")) for write in writes])
    states = asyncio.run(headlines(settings, held(stock)))
    found = list(leaks(held(stock), states, stock.topology.now, None))
    assert states == {("acme", "O-1"): status or "unknown"}
    assert [leak["give_back"] for leak in found] == ["wharf inventory release WIDGET-A O-1 --attempt 1"] * leaked


def test_a_cart_beyond_its_time_is_a_leak(stock: Stock) -> None:
    [leak] = found(stock, later=16 * 60_000 + 1)
    assert (leak["holder"], leak["kind"], leak["why"][:17]) == ("CART-1", "cart", "its time was over")
    assert leak["give_back"].startswith("wharf inventory release WIDGET-A CART-1")


def test_what_is_older_than_asked_is_told_and_a_living_order_is_cancelled(stock: Stock) -> None:
    [order] = [leak for leak in found(stock, "accepted", later=2 * DAY, oldest=DAY) if leak["kind"] == "order"]
    assert (order["why"], order["age_seconds"] > 86_400) == ("older than it should be", True)
    assert "/v1/orders/O-1/cancel" in order["give_back"]


def test_what_was_given_back_is_no_holding(stock: Stock) -> None:
    stock.send("stock.release", "WIDGET-A", inventory.release(sku="WIDGET-A", holder="O-1", attempt=1))
    assert [holding.holder for holding in held(stock)] == ["CART-1"]


def test_the_command_that_is_told_gives_it_back(stock: Stock) -> None:
    words = found(stock, "cancelled")[0]["give_back"].split()
    sku, holder, attempt = words[3], words[4], int(words[6])
    stock.send("stock.release", sku, inventory.release(sku=sku, holder=holder, attempt=attempt, reason="leaked"))
    assert found(stock, "cancelled") == []


def test_who_only_waits_is_a_holding_too(stock: Stock) -> None:
    stock.reserve("WIDGET-A", "O-2", 500, wait=True)
    [waiting] = [holding for holding in held(stock) if holding.holder == "O-2"]
    assert (waiting.reserved, waiting.waiting) == (74, 426)


def test_an_age_is_a_number_and_a_unit() -> None:
    assert [duration(text) for text in ("", "90min", "12h", "30d")] == [None, 90 * 60_000, DAY // 2, 30 * DAY]
    with pytest.raises(Failed, match="not an age"):
        duration("soon")


def test_what_an_ended_order_holds_for_a_bundle_is_its_leak_too(stock: Stock) -> None:
    stock.reserve("WIDGET-A", "O-1~KIT", 6)
    found_of = {leak["give_back"]: leak for leak in found(stock, "cancelled")}
    leak = found_of["wharf inventory release WIDGET-A 'O-1~KIT' --attempt 1"]
    assert (leak["holder"], leak["reserved"], leak["why"]) == ("O-1", "6", "its order is cancelled")
