"""Commands on dead letters and what waits behind them."""

from __future__ import annotations

import pytest

from ops.exits import Exit, exit_of
from ops.waiting import NoSuchLetter
from streams.engine.waiting import NotRedrivable
from tests.support.wharf import Wharf


def test_an_agent_that_keeps_no_order_has_nobody_waiting(wharf: Wharf) -> None:
    said = wharf("dead", "waiting", "inventory")
    assert said.code == Exit.USAGE
    assert "does not declare" in said.err


@pytest.mark.parametrize("failure", [NoSuchLetter("none there"), NotRedrivable("cut")])
def test_a_letter_that_cannot_be_redriven_is_bad_data(failure: Exception) -> None:
    assert exit_of(failure) == (Exit.BAD_DATA, str(failure))


def test_a_position_is_a_number(wharf: Wharf) -> None:
    assert wharf("dead", "resolve", "orders.commands", "one", "2").code == Exit.USAGE
