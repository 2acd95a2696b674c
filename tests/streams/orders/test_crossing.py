"""Goods leave beyond what was released while a SKU owes an answer: whoever heard of it first, the two agree in the end.

Ten are released, one is cancelled, the warehouse ships all ten though, and three more are ordered at the same time: two
of these three are still wanted.
"""

from __future__ import annotations

import pytest

from schemas.generated import orders_v1 as v1
from tests.streams.orders.shop import Shop, confirmed_shop, held, item


def crossed_shop() -> Shop:
    shop = confirmed_shop(10, changed_resend="change")
    shop.cancel(l1=1)
    shop.place(item("1", "A", 12), fingerprint="f2", changed_resend="change")
    assert [ask["lines"] for ask in shop.asks("stock.reserve")] == [[{"line": "1", "quantity": 3}]]
    shop.ship("e1", l1=10)
    assert shop.line() == {"ordered": 13, "cancelled": 1, "pending": 2, "shipped": 10}
    return shop


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (held("1", 3, shipped=10), {"released": 2}),  # shipped, then reserved: one too many
        (held("1", 3, allocated=9), {"released": 2}),  # reserved, then shipped: the shipment draws the third
        (held("1", 2, missing=1, shipped=10), {"released": 2}),  # what was missing is not wanted any more
        (held("1", 2, missing=1, allocated=9), {"released": 1, "rejected": 1}),  # the shipment will draw one of the two
        (held("1", 2, waiting=1, shipped=10), {"released": 2}),
        (held("1", 2, waiting=1, allocated=9), {"released": 1, "backordered": 1}),
    ],
)
def test_an_answer_is_read_with_what_it_counts_as_shipped(told: v1.LineStock, line: dict[str, int]) -> None:
    shop = crossed_shop()
    shop.stock("A", told, attempt=2, state="granted" if not told["missing"] + told["waiting"] else "partial")
    assert shop.line() == {"ordered": 13, "cancelled": 1, "shipped": 10, **line}


def test_what_is_held_beyond_is_given_back_by_what_is_wanted_in_all() -> None:
    shop = crossed_shop()
    shop.stock("A", held("1", 3, shipped=10), attempt=2)
    (release,) = shop.asks("stock.release")
    assert release["lines"] == [{"line": "1", "quantity": 1, "keep": 12}]


def test_goods_that_left_while_they_waited_are_not_waited_for() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 6, waiting=4), state="partial")
    shop.posted()
    shop.ship("e1", l1=8)
    (release,) = shop.asks("stock.release")
    assert release["lines"] == [{"line": "1", "quantity": 2, "keep": 10}]
    assert shop.line() == {"ordered": 10, "shipped": 8, "backordered": 2}


def test_all_that_left_before_its_stock_was_held_closes_the_attempt() -> None:
    shop = Shop()
    shop.place(item("1", "A", 4))
    shop.ship("e1", l1=4)
    assert [(ask["sku"], ask["lines"]) for ask in shop.asks("stock.release")] == [("A", [])]
    assert (shop.order["step"], shop.order["accepted"], shop.line()) == ("settled", True, {"ordered": 4, "shipped": 4})
