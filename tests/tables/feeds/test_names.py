"""Row names: texts from outside cannot reach into each other's rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tables.feeds import FEEDS, names
from tables.rows import kind_of

KEYS = st.text(st.sampled_from("A%|7C"), max_size=6)


@given(KEYS, KEYS)
def test_the_queues_of_two_order_keys_do_not_overlap(one: str, other: str) -> None:
    if one != other:
        assert not names.pending(one, 1).startswith(names.queue(other))


@given(st.lists(st.integers(1, 10**15), min_size=2, max_size=5))
def test_rows_stand_in_the_order_of_their_numbers(numbers: list[int]) -> None:
    assert sorted(map(names.ready, numbers)) == [names.ready(number) for number in sorted(numbers)]


def test_every_row_is_of_a_declared_kind() -> None:
    made = [names.VIEW, names.pending("A", 1), names.ready(1), names.retry(1), names.attempt("x.1")]
    made += [names.known("x"), names.told(1), names.reach("A")]
    assert {kind_of(name) for name in made} == set(FEEDS.kinds)
