"""The arithmetic of figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.bench.arithmetic import NothingMeasured, Spread, each_us, percentile, rate, ratio, spread

DURATIONS = st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=300)


def test_the_middle_of_a_hundred_is_the_fiftieth() -> None:
    assert percentile(list(range(1, 101)), 0.50) == 50


def test_one_in_a_hundred_is_slower_than_p99() -> None:
    assert percentile(list(range(1, 101)), 0.99) == 99


def test_of_few_values_the_p99_is_the_slowest() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0


def test_one_value_is_every_percentile() -> None:
    assert {percentile([7.0], share) for share in (0.0, 0.5, 0.99, 1.0)} == {7.0}


@given(DURATIONS)
def test_a_percentile_is_one_of_the_values_and_they_do_not_cross(values: list[float]) -> None:
    middle, late = percentile(values, 0.5), percentile(values, 0.99)
    assert {middle, late} <= set(values)
    assert middle <= late


@given(DURATIONS, st.randoms())
def test_the_order_of_the_values_does_not_matter(values: list[float], chance: object) -> None:
    shuffled = sorted(values, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert percentile(shuffled, 0.9) == percentile(values, 0.9)


def test_a_spread_is_in_milliseconds() -> None:
    assert spread([0.001] * 98 + [0.5] * 2) == Spread(1.0, 500.0, 100)


def test_a_rate_is_per_second() -> None:
    assert rate(500, 0.25) == 2000


def test_a_cost_is_microseconds_per_event() -> None:
    assert each_us(0.5, 1000) == 500


def test_a_ratio_is_in_yardsticks() -> None:
    assert ratio(30.0, 1.5) == 20


@pytest.mark.parametrize(
    "ask",
    [lambda: percentile([], 0.5), lambda: spread([]), lambda: rate(1, 0), lambda: each_us(1, 0), lambda: ratio(1, 0)],
)
def test_nothing_measured_has_no_figure(ask: object) -> None:
    with pytest.raises(NothingMeasured):
        ask()  # type: ignore[operator]
