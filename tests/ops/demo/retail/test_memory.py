"""A cancellation means the customer's last order of the product, never more of it than was ordered."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from ops.demo.retail.invoices import Bought, Invoice
from ops.demo.retail.memory import Memory

AT = datetime(2010, 12, 1, tzinfo=UTC)


def invoice(number: str, *bought: tuple[str, int], customer: str = "17850") -> Invoice:
    lines = tuple(Bought(code, "", quantity, Decimal(1)) for code, quantity in bought)
    return Invoice(number, customer, "France", AT, number.startswith("C"), lines)


def after(*orders: Invoice, limit: int = 100) -> Memory:
    memory = Memory(limit)
    for one in orders:
        memory.ordered(f"id-{one.number}", one)
    return memory


def test_the_last_order_of_the_product_is_meant() -> None:
    memory = after(invoice("1", ("A", 5)), invoice("2", ("B", 1), ("A", 4)))
    assert memory.cancelled(invoice("C3", ("A", 4))) == ({"id-2": {"2": 4}}, [])


def test_lines_of_several_orders_are_asked_for_by_order() -> None:
    memory = after(invoice("1", ("A", 5)), invoice("2", ("B", 3)))
    assert memory.cancelled(invoice("C3", ("A", 1), ("B", 2)))[0] == {"id-1": {"1": 1}, "id-2": {"1": 2}}


def test_what_nobody_remembers_is_a_return() -> None:
    wanted, returned = after(invoice("1", ("A", 5))).cancelled(invoice("C2", ("X", 1)))
    assert (wanted, [one.code for one in returned]) == ({}, ["X"])


def test_another_customers_order_is_not_touched() -> None:
    memory = after(invoice("1", ("A", 5)))
    assert memory.cancelled(invoice("C2", ("A", 1), customer="9"))[0] == {}


def test_no_more_is_cancelled_than_was_ordered_however_often() -> None:
    memory = after(invoice("1", ("A", 5)))
    assert memory.cancelled(invoice("C2", ("A", 3)))[0] == {"id-1": {"1": 3}}
    assert len(memory.cancelled(invoice("C3", ("A", 3)))[1]) == 1
    assert memory.cancelled(invoice("C4", ("A", 2)))[0] == {"id-1": {"1": 2}}


def test_a_product_twice_in_one_cancellation_is_one_line() -> None:
    memory = after(invoice("1", ("A", 5)))
    assert memory.cancelled(invoice("C2", ("A", 2), ("A", 1)))[0] == {"id-1": {"1": 3}}


def test_the_oldest_are_forgotten_first() -> None:
    memory = after(
        invoice("1", ("A", 1)), invoice("2", ("B", 1)), invoice("3", ("A", 1)), invoice("4", ("C", 1)), limit=2
    )
    wanted, returned = memory.cancelled(invoice("C5", ("A", 1), ("B", 1), ("C", 1)))
    assert set(wanted) == {"id-3", "id-4"}
    assert [one.code for one in returned] == ["B"]
