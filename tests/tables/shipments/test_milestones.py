from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.shipments.milestones import catalogue, known, late, outdoes

steps = st.tuples(st.sampled_from(sorted(catalogue())), st.integers(0, 5))


def headline(told: list[tuple[str, int]]) -> tuple[str, int]:
    code, at = "", 0
    for step in told:
        code, at = step if outdoes(*step, code, at) else (code, at)
    return code, at


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("delivered", "in_transit", False),
        ("out_for_delivery", "attempted", True),
        ("attempted", "out_for_delivery", True),
        ("attempted", "returning", True),
        ("returning", "delivered", True),
        ("delivered", "returning", True),
        ("delivered", "returned", True),
        ("delivered", "lost", False),
        ("delivered", "cancelled", False),
        ("lost", "delivered", True),
        ("in_transit", "lost", True),
        ("delivered_partial", "delivered", True),
        ("delivered", "damaged", False),
        ("in_transit", "eta_changed", False),
        ("in_transit", "unmapped", False),
        ("", "planned", True),
    ],
)
def test_a_newer_step_moves_the_headline_or_not(before: str, after: str, moves: bool) -> None:
    assert outdoes(after, 2, before, 1) is moves


def test_an_older_redelivery_does_not_undo_a_return() -> None:
    assert not outdoes("delivered", 1, "returning", 2)


def test_steps_of_one_time_go_by_rank() -> None:
    assert outdoes("attempted", 1, "out_for_delivery", 1)
    assert not outdoes("out_for_delivery", 1, "attempted", 1)


def test_what_has_no_rank_is_never_late() -> None:
    assert not any(late(code, 0, "delivered", 9) for code in ("damaged", "eta_changed", "unmapped", "expired"))


def test_a_code_outside_the_catalogue_is_unmapped() -> None:
    assert known("teleported").code == "unmapped"


@given(st.lists(steps, max_size=4))
def test_the_headline_does_not_hang_on_the_order_of_arrival(told: list[tuple[str, int]]) -> None:
    assert len({headline(list(order)) for order in permutations(told)}) == 1


@given(st.lists(steps, max_size=6))
def test_a_late_step_never_is_the_headline(told: list[tuple[str, int]]) -> None:
    code, at = headline(told)
    assert not late(code, at, code, at)


def test_every_canonical_code_has_a_class() -> None:
    assert {one.kind for one in catalogue().values()} == set("PTDRXI")
    assert [one.code for one in catalogue().values() if one.ends] == ["delivered", "returned", "lost", "cancelled"]
