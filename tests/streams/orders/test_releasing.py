"""What is released names the warehouse that has it."""

from __future__ import annotations

from schemas.generated import orders_v1 as v1
from tests.streams.orders.shop import Shop, held, item


def place(location: str, quantity: int, allocated: int = 0) -> v1.Allocation:
    return v1.allocation(location=location, quantity=quantity, allocated=allocated)


def released(shop: Shop) -> list[tuple[str, str, int]]:
    """Line, location and quantity of what was just released."""
    return [
        (line["line"], line["location"], line["quantity"])
        for fact in shop.facts("order.released")
        for line in fact["lines"]
    ]


def placed(ordered: int, **policy: object) -> Shop:
    shop = Shop()
    shop.place(item("1", "A", ordered), **policy)
    return shop


def test_a_line_is_released_where_its_stock_is_held() -> None:
    shop = placed(10)
    shop.stock("A", held("1", 10, places=(place("DC1", 7), place("YARD", 3))))
    shop.posted()
    assert released(shop) == [("1", "DC1", 7), ("1", "YARD", 3)]


def test_each_line_of_a_sku_has_its_own_places() -> None:
    shop = Shop()
    shop.place(item("1", "A", 4), item("2", "A", 2))
    shop.stock("A", held("1", 4, places=(place("DC1", 4),)), held("2", 2, places=(place("YARD", 2),)))
    shop.posted()
    assert released(shop) == [("1", "DC1", 4), ("2", "YARD", 2)]


def test_what_came_later_is_released_where_it_came_to() -> None:
    shop = placed(10, backorder=True)
    shop.stock("A", held("1", 6, waiting=4, places=(place("DC1", 6),)), state="partial")
    shop.posted()
    assert released(shop) == [("1", "DC1", 6)]
    shop.stock("A", held("1", 4, allocated=6, places=(place("DC1", 6, allocated=6), place("YARD", 4))))
    assert released(shop) == [("1", "YARD", 4)]


def test_what_was_released_a_moment_ago_is_not_released_twice_from_its_place() -> None:
    shop = placed(10, backorder=True)
    shop.stock("A", held("1", 6, waiting=4, places=(place("DC1", 6),)), state="partial")
    shop.posted()
    shop.stock("A", held("1", 10, places=(place("DC1", 6), place("YARD", 4))))  # decided before the allocation
    assert released(shop) == [("1", "YARD", 4)]


def test_stock_of_an_unknown_place_is_released_without_one() -> None:
    shop = placed(10)
    shop.stock("A", held("1", 10))
    shop.posted()
    assert released(shop) == [("1", "", 10)]
