"""A position in several rows, one per class: they add up, or none of them counts."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.channels.readers.stock_positions import positions
from adapters.channels.readers.stock_rows import RefusedRow, StockRow
from tests.adapters.channels.test_stock_rows import AT


def part(line: int, stock_class: str, quantity: str, **rest: Any) -> StockRow:
    return StockRow(line, "A", "DC1", quantity, AT, stock_class=stock_class, **rest)


def test_rows_without_classes_stay_as_they_are() -> None:
    same = [StockRow(2, "A", "DC1", "1", AT), StockRow(3, "A", "DC1", "2", AT), RefusedRow(4, "sku", "WH1105", "")]
    assert list(positions(same)) == same


def test_the_classes_of_a_position_add_up_to_what_is_on_hand() -> None:
    (found,) = positions([part(2, "", "100"), part(3, "damaged", "4"), part(4, "display", "0")])
    assert isinstance(found, StockRow)
    assert (found.quantity, found.unsellable, found.classes) == ("104", "4", (("damaged", "4"),))


def test_a_position_that_is_all_damaged_has_nothing_to_sell() -> None:
    (found,) = positions([part(2, "damaged", "4")])
    assert isinstance(found, StockRow)
    assert (found.quantity, found.unsellable) == ("4", "4")


def test_half_a_position_is_no_position() -> None:
    bad = RefusedRow(3, "quantity", "WH1107", "negative", "A", "DC1")
    found = list(positions([part(2, "", "100"), bad, StockRow(4, "B", "DC1", "1", AT, stock_class="")]))
    assert [(one.line, one.code) for one in found if isinstance(one, RefusedRow)] == [(3, "WH1107"), (2, "WH1409")]
    assert [one.sku for one in found if isinstance(one, StockRow)] == ["B"]


@pytest.mark.parametrize("second", [part(3, "", "7"), part(3, "damaged", "7", unit="CS")])
def test_a_class_that_stands_twice_or_in_two_units_spoils_its_position(second: StockRow) -> None:
    found = list(positions([part(2, "", "100"), second]))
    assert [(one.line, one.code) for one in found if isinstance(one, RefusedRow)] == [(2, "WH1409"), (3, "WH1404")]
