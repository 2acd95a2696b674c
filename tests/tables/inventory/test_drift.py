"""A difference between two figures is taken apart into what is known and what nobody can explain."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tables.inventory.drift import InFlight, attribute

figures = st.integers(-500, 500)
flights = st.lists(st.builds(InFlight, event=st.text(max_size=3), quantity=figures), max_size=5)


def test_V27_what_is_in_flight_explains_the_whole_difference() -> None:
    found = attribute(950, 850, [InFlight("SO-1", -50), InFlight("SO-2", -50)])
    assert (found.difference, found.attributed, found.unexplained) == (100, 100, 0)


def test_what_nobody_can_explain_is_told_apart() -> None:
    found = attribute(953, 850, [InFlight("SO-1", -50), InFlight("SO-2", -50)])
    assert (found.attributed, found.unexplained) == (100, 3)


def test_a_receipt_that_the_other_side_has_not_heard_of_is_attributed_too() -> None:
    found = attribute(80, 100, [InFlight("ASN-9", 20, "late")])
    assert (found.difference, found.attributed, found.unexplained, found.events[0].reason) == (-20, -20, 0, "late")


@given(figures, figures, flights)
def test_the_parts_are_the_whole(theirs: int, ours: int, in_flight: list[InFlight]) -> None:
    found = attribute(theirs, ours, in_flight)
    assert found.attributed + found.unexplained == found.difference == theirs - ours


@given(figures, flights)
def test_when_all_has_landed_and_both_agree_nothing_is_unexplained(ours: int, in_flight: list[InFlight]) -> None:
    """The other side is exactly what it has not heard of behind."""
    behind = ours - sum(event.quantity for event in in_flight)
    assert attribute(behind, ours, in_flight).unexplained == 0
