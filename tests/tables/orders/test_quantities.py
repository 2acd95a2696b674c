"""Units move between places; none appears and none is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated.orders_v1 import line_state
from tables.orders.quantities import (
    CANCELLED_FIRST,
    PLACES,
    SHIPPED_FIRST,
    active_of,
    amount,
    balanced,
    changed,
    moved,
    open_of,
    shrunk,
)
from tables.orders.rows import Line

counts = st.integers(min_value=0, max_value=20)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """A balanced line."""
    places = {place: draw(counts) for place in PLACES}
    return changed(line_state(line="1", sku="A", ordered=sum(places.values())), **places, billed=draw(counts))


@given(lines(), st.integers(min_value=0, max_value=200))
def test_a_cancel_takes_what_is_open_and_nothing_else(line: Line, quantity: int) -> None:
    later, gone = moved(line, quantity, CANCELLED_FIRST, "cancelled")
    assert balanced(later)
    assert gone == min(quantity, open_of(line)) == later["cancelled"] - line["cancelled"]
    assert later["shipped"] == line["shipped"]


@given(lines(), st.integers(min_value=0, max_value=200))
def test_a_dispatch_ships_no_more_than_was_ordered(line: Line, quantity: int) -> None:
    later, gone = moved(line, quantity, SHIPPED_FIRST, "shipped")
    assert balanced(later)
    assert later["shipped"] == line["shipped"] + gone <= line["ordered"]


@given(lines(), st.integers(min_value=0, max_value=200))
def test_ordering_fewer_never_falls_below_what_is_shipped(line: Line, quantity: int) -> None:
    later, gone = shrunk(line, quantity)
    assert balanced(later)
    assert later["ordered"] == line["ordered"] - gone >= line["shipped"]


@given(lines())
def test_what_is_billed_counts_as_invoiced_as_soon_as_it_is_shipped(line: Line) -> None:
    shipped, _ = moved(line, 200, SHIPPED_FIRST, "shipped")
    assert line["invoiced"] == min(line["billed"], line["shipped"])
    assert shipped["invoiced"] == min(line["billed"], shipped["shipped"])


def test_the_warehouse_loses_its_part_last() -> None:
    line = line_state(line="1", sku="A", ordered=10, backordered=4, reserved=3, released=3)
    later, _ = moved(line, 8, CANCELLED_FIRST, "cancelled")
    assert {place: amount(later, place) for place in PLACES if amount(later, place)} == {"cancelled": 8, "released": 2}


def test_active_is_what_is_neither_rejected_nor_cancelled_nor_substituted() -> None:
    assert active_of(line_state(line="1", sku="A", ordered=10, rejected=1, cancelled=2, substituted=3, shipped=4)) == 4
