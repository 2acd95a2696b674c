"""What takes too long is asked again, then shown to a person."""

from __future__ import annotations

import pytest

from streams.orders.decide import UnknownCommand
from tests.streams.orders.shop import Shop, held, item


def silent() -> Shop:
    """An order of two SKUs, one of which has not answered."""
    shop = Shop()
    shop.place(item("1", "A", 4), item("2", "B", 5))
    shop.stock("A", held("1", 4))
    return shop


def test_a_sku_that_does_not_answer_is_asked_the_same_again() -> None:
    shop = silent()
    shop.late("reserve", 1)
    assert [(ask["sku"], ask["attempt"], ask["lines"]) for ask in shop.asks("stock.reserve")] == [
        ("B", 1, [{"line": "2", "quantity": 5}])
    ]
    assert [timer.name for timer in shop.last.timers] == ["reserve"]


def test_after_three_tries_a_person_is_called_until_the_answer_comes() -> None:
    shop = silent()
    for _ in range(2):
        shop.late("reserve", 1)
    assert shop.exceptions() == []
    shop.late("reserve", 1)
    assert shop.exceptions() == ["failed_allocation"]
    shop.stock("B", held("2", 5))
    assert (shop.exceptions(), shop.headlines) == ([], ["accepted"])


def test_the_answer_cancels_the_deadline() -> None:
    shop = silent()
    shop.stock("B", held("2", 5))
    assert ("reserve", None) in [(timer.name, timer.due) for timer in shop.last.timers]


@pytest.mark.parametrize(("step", "attempt"), [("reserve", 1), ("reserve", 7), ("post", 0), ("post", 9)])
def test_a_deadline_of_a_step_that_is_done_says_nothing(step: str, attempt: int) -> None:
    shop = silent()
    shop.stock("B", held("2", 5))
    shop.late(step, attempt)
    assert ([fact.type for fact in shop.last.facts], shop.last.asks) == (["order.ignored"], ())


def test_a_deadline_after_a_cancel_asks_nobody() -> None:
    shop = silent()
    shop.cancel()
    shop.late("reserve", 1)
    assert shop.asks("stock.reserve") == []


def test_a_command_of_another_mailbox_is_refused_by_name() -> None:
    with pytest.raises(UnknownCommand, match=r"stock\.reserve"):
        Shop().send("stock.reserve", {})
