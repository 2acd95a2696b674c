"""Where a line's units are by what its SKU says: laws that hold for every line and every answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import orders_v1 as v1
from schemas.generated import state_orders_v1 as state
from streams.orders.reserving import Move, placed
from streams.orders.stock import asked_of
from tables.orders.quantities import amount, balanced
from tables.orders.rows import Line, Sku

units = st.integers(0, 6)
PLACES = ("rejected", "cancelled", "pending", "backordered", "reserved", "released", "shipped")


@st.composite
def lines(draw: st.DrawFn) -> Line:
    parts = {place: draw(units) for place in PLACES}
    return v1.line_state(line="1", sku="A", ordered=sum(parts.values()), **parts)


@st.composite
def rows(draw: st.DrawFn) -> Sku:
    return state.sku(sku="A", state="asked", more={"1": draw(st.integers(-4, 4))})


answers = st.builds(
    lambda held, firm, waiting, missing, shipped: v1.line_stock(
        line="1", reserved=held, allocated=firm, waiting=waiting, missing=missing, shipped=shipped
    ),
    units, units, units, units, units,
)  # fmt: skip


def had(told: v1.LineStock) -> int:
    return told["reserved"] + told["allocated"] + told["waiting"] + told["shipped"]


def answered(line: Line, row: Sku, told: v1.LineStock | None, left: int) -> Move:
    return placed(line, row, told, left, answered=True)


@given(lines(), rows(), st.none() | answers, units, st.booleans())
def test_every_unit_of_the_line_stands_in_one_place(
    line: Line, row: Sku, told: v1.LineStock | None, left: int, owed: bool
) -> None:
    move = placed(line, row, told, left, answered=owed)
    assert balanced(move.line)
    assert move.line["ordered"] == line["ordered"]


@given(lines(), rows(), answers, units)
def test_what_the_warehouse_has_or_had_is_left_alone(line: Line, row: Sku, told: v1.LineStock, left: int) -> None:
    after = answered(line, row, told, left).line
    for place in ("cancelled", "released", "shipped"):
        assert amount(after, place) == amount(line, place)


@given(lines(), rows(), answers, units)
def test_after_what_is_given_back_the_sku_has_no_more_than_was_asked(
    line: Line, row: Sku, told: v1.LineStock, left: int
) -> None:
    surplus = answered(line, row, told, left).surplus
    assert surplus == max(0, had(told) - asked_of(line, row) - left)


@given(lines(), rows(), answers, units)
def test_no_more_is_waited_for_than_the_sku_queues(line: Line, row: Sku, told: v1.LineStock, left: int) -> None:
    assert answered(line, row, told, left).line["backordered"] <= told["waiting"]


@given(lines(), rows(), units)
def test_what_the_sku_does_not_name_is_not_held(line: Line, row: Sku, left: int) -> None:
    after = answered(line, row, None, left).line
    assert (after["reserved"], after["backordered"]) == (0, 0)


@given(lines(), rows(), answers, units)
def test_an_answer_read_again_says_the_same(line: Line, row: Sku, told: v1.LineStock, left: int) -> None:
    first = answered(line, row, told, left)
    later: Sku = {**row, "more": {"1": first.more}}
    assert answered(first.line, later, told, left).line == first.line


@given(lines(), answers)
def test_a_shipment_that_both_have_heard_of_changes_nothing(line: Line, told: v1.LineStock) -> None:
    """Moving the same units from held to shipped on both sides leaves the same to be given back and to be asked for."""
    units = min(line["released"], told["allocated"])
    row = state.sku(sku="A", state="asked")
    gone: Line = {**line, "released": line["released"] - units, "shipped": line["shipped"] + units}
    left: v1.LineStock = {**told, "allocated": told["allocated"] - units, "shipped": told["shipped"] + units}
    before, after = answered(line, row, told, 0), answered(gone, row, left, units)
    assert (before.surplus, before.line["reserved"], before.line["backordered"]) == (
        after.surplus,
        after.line["reserved"],
        after.line["backordered"],
    )
