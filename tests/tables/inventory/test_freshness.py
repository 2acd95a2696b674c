"""The buffer for what is sold elsewhere while a feed is late."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.inventory.freshness import buffer_units, safe_to_sell

ONE_PERCENT = Decimal("0.01")
rates = st.decimals(0, 5, places=2)
lags = st.decimals(0, 20, places=1)


def test_V19_ten_minutes_of_lag_cost_eleven_units() -> None:
    buffer = buffer_units(Decimal("0.5"), Decimal(10), ONE_PERCENT)
    assert (buffer, safe_to_sell(30, buffer)) == (11, 19)


def test_V20_one_minute_of_lag_costs_three_units() -> None:
    buffer = buffer_units(Decimal("0.5"), Decimal(1), ONE_PERCENT)
    assert (buffer, safe_to_sell(30, buffer)) == (3, 27)


@pytest.mark.parametrize(("target", "units"), [("0.01370", 10), ("0.01369", 11), ("0.00546", 11), ("0.00545", 12)])
def test_V19_the_tail_is_exact_at_its_edges(target: str, units: int) -> None:
    """P(X <= 10) = 0.98630 and P(X <= 11) = 0.99455: a target just above or below the tail decides."""
    assert buffer_units(Decimal("0.5"), Decimal(10), Decimal(target)) == units


@given(rates, lags, st.decimals("0.001", "0.5", places=3))
def test_more_lag_more_demand_or_a_stricter_target_never_need_less(
    rate: Decimal, lag: Decimal, target: Decimal
) -> None:
    plain = buffer_units(rate, lag, target)
    assert buffer_units(rate, lag + 1, target) >= plain
    assert buffer_units(rate + 1, lag, target) >= plain
    assert buffer_units(rate, lag, target / 2) >= plain


@pytest.mark.parametrize(("rate", "lag", "target"), [("0", "10", "0.01"), ("1", "0", "0.01"), ("1", "10", "1")])
def test_without_demand_lag_or_doubt_nothing_is_kept_back(rate: str, lag: str, target: str) -> None:
    assert buffer_units(Decimal(rate), Decimal(lag), Decimal(target)) == 0


def test_a_buffer_beyond_what_is_there_leaves_nothing_and_never_less() -> None:
    assert safe_to_sell(2, 3) == 0
