"""The shop's days: products before their orders, orders before their cancellations, and no more than was wanted."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ops.demo.retail.day import PLENTY, SCARCE, RetailDay, stock_of
from tests.ops.demo import support
from tests.ops.demo.retail.test_rows import csv_of
from tests.ops.demo.support import FakeChannel

ROWS = (
    "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
    "536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom",
    "536370,22728,CLOCK,24,2010-12-01 08:45:00,3.75,12583.0,France",
    "C536379,85123A,HEART,-1,2010-12-01 09:41:00,2.55,17850.0,United Kingdom",
    "C536380,21523,MAT,-10,2010-12-01 09:49:00,6.75,15311.0,United Kingdom",
    "536381,71053,LANTERN,2,2010-12-02 09:41:00,3.39,,United Kingdom",
)


def played(folder: Path, **limits: int) -> tuple[RetailDay, FakeChannel, list[list[str]]]:
    channel, waited = FakeChannel(support.orders), list[list[str]]()

    async def stocked(skus: list[str]) -> None:
        waited.append(skus)

    async def play() -> RetailDay:
        day = RetailDay(channel, lambda sent: True, csv_of(folder, "a.csv", *ROWS), **limits)
        await day.open(stocked)
        await day.play()
        return day

    return asyncio.run(play()), channel, waited


def test_every_invoice_is_one_order(tmp_path: Path) -> None:
    day, _, _ = played(tmp_path)
    assert day.sent.taken == {"536365", "536370", "536381"}
    assert day.planned == 3


def test_products_are_set_up_and_counted_on_the_day_they_appear(tmp_path: Path) -> None:
    day, channel, waited = played(tmp_path)
    assert waited == [["85123A", "71053", "22728"]]
    assert day.counted.keys() == {"85123A", "71053", "22728"}
    paths = [path for _, path, _, _ in channel.asked]
    assert paths.index("/v1/reference/products/22728") < paths.index("/v1/inventory/events") < paths.index("/v1/orders")


def test_a_cancellation_follows_its_order_and_an_unknown_one_is_a_return(tmp_path: Path) -> None:
    day, channel, _ = played(tmp_path)
    (cancel,) = [request for request in channel.asked if request[1].endswith("/cancel")]
    assert cancel[1:3] == (
        "/v1/orders/id-536365/cancel",
        {"reason": "invoice C536379", "lines": [{"line": "1", "quantity": "1"}]},
    )
    told = day.report()["retail"]
    assert (told["cancel_requests"], told["returns"], told["no_customer"]) == (1, 1, 1)


def test_orders_from_abroad_come_by_another_channel(tmp_path: Path) -> None:
    _, channel, _ = played(tmp_path)
    bodies: list[Any] = [body for _, path, body, _ in channel.asked if path == "/v1/orders"]
    assert {body["number"]: body["channel"] for body in bodies} == {
        "536365": "portal",
        "536370": "market",
        "536381": "portal",
    }


@pytest.mark.parametrize(("limits", "planned"), [({"days": 1}, 2), ({"orders": 1}, 1), ({"orders": 99}, 3)])
def test_only_as_much_is_played_as_was_wanted(tmp_path: Path, limits: dict[str, int], planned: int) -> None:
    day, _, _ = played(tmp_path, **limits)
    assert day.planned == len(day.sent.taken) == planned


def test_some_products_have_far_too_little() -> None:
    stocks = [stock_of(f"{code:05d}") for code in range(20_000, 22_000)]
    assert set(stocks) == {PLENTY, SCARCE}
    assert 10 < stocks.count(SCARCE) < 100


def test_a_refused_order_ends_the_day(tmp_path: Path) -> None:
    def refuse(request: Any) -> Any:
        if request[1] == "/v1/orders":
            raise ConnectionError("refused")
        return {}

    channel = FakeChannel(refuse)
    day = RetailDay(channel, lambda sent: True, csv_of(tmp_path, "a.csv", *ROWS))
    with pytest.raises(ConnectionError):
        asyncio.run(day.play())
