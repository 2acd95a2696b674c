from __future__ import annotations

from decimal import Decimal

from tests.streams.shipments.dock import Dock


def billed(dock: Dock) -> list[list[tuple[str, int, Decimal | None]]]:
    return [
        [(one["line"], one["quantity"], one["amount"]) for one in fact["lines"]]
        for fact in dock.told("order.invoice-fact")
    ]


def invoiced_order() -> Dock:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", "2 BOLT 5", number="P-1@portal")
    return dock


def test_an_invoice_finds_its_order() -> None:
    dock = invoiced_order()
    dock.invoice("INV-1", "1 - 24 228.00", number="P-1@portal")
    assert billed(dock) == [[("1", 24, Decimal("228.00"))]]
    assert dock.facts("invoice.posted")[0]["order_id"] == "O-1"


def test_an_invoice_before_its_order_is_parked_and_joined() -> None:
    dock = Dock()
    dock.invoice("INV-1", "1 - 24 228.00", number="P-1@portal")
    assert dock.facts("shipment.parked")[0]["kind"] == "invoice"
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    assert len(billed(dock)) == 1


def test_an_invoice_number_told_twice_bills_once() -> None:
    dock = invoiced_order()
    dock.invoice("INV-1", "1 - 24 228.00", order_id="O-1")
    again = dock.invoice("INV-1", "1 - 24 228.00", order_id="O-1")
    assert [fact.record["reason"] for fact in again.facts] == ["second-witness"]
    assert len(billed(dock)) == 1


def test_two_payments_of_one_invoice_are_two() -> None:
    dock = invoiced_order()
    dock.invoice("INV-1", kind="paid", when="6T00:00", order_id="O-1")
    dock.invoice("INV-1", kind="paid", when="7T00:00", order_id="O-1")
    assert [fact["kind"] for fact in dock.told("order.invoice-fact")] == ["paid", "paid"]


def test_billed_lines_without_number_are_matched_by_sku() -> None:
    dock = invoiced_order()
    dock.invoice("INV-1", "- BOLT 5 10.00", order_id="O-1")
    assert billed(dock) == [[("2", 5, Decimal("10.00"))]]


def test_an_amount_is_counted_once_where_a_quantity_is_spread_over_lines() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 10", "2 WIDGET 10")
    dock.invoice("INV-1", "- WIDGET 15 30.00", order_id="O-1")
    assert billed(dock) == [[("1", 10, Decimal("30.00")), ("2", 5, None)]]
