"""Ship-complete orders that want the same SKUs: no deadlock, no chase, all or nothing, in every interleaving."""

from __future__ import annotations

import os
import sys

import pytest

from tests.model import laws, saga
from tests.model.saga import Saga
from tests.model.traffic import Input, cancel, place, supply

BOTH, ONE = {"X": 2, "Y": 2}, {"X": 1}
X2, Y2 = supply("X", 2, "a"), supply("Y", 2, "b")
FIRST, SECOND, RIVAL = place("PO-1", BOTH), place("PO-2", BOTH), place("PO-3", ONE)
WANTED = {"PO-1": BOTH, "PO-2": BOTH, "PO-3": ONE}
NIGHTLY = os.environ.get("WHARF_MODEL") == "nightly"

# what happens, in every interleaving; what has come before that
QUICK: dict[str, tuple[list[Input], list[Input]]] = {
    "stock is there for one of two": ([FIRST, SECOND], [X2, Y2]),
    "two wait, each SKU is supplied once": ([X2, Y2], [FIRST, SECOND]),
    "an order comes, is supplied and cancelled": ([FIRST, X2, Y2, cancel("PO-1")], []),
}
BUILD: dict[str, tuple[list[Input], list[Input]]] = {
    "two wait, one gives up": ([X2, Y2, cancel("PO-1")], [FIRST, SECOND]),
    "one waits, another comes": ([SECOND, X2, Y2], [FIRST]),
}
NIGHT: dict[str, tuple[list[Input], list[Input]]] = {
    "two wait, a smaller one comes": ([X2, Y2, RIVAL], [FIRST, SECOND]),
    "two come as they are supplied": ([FIRST, SECOND, X2, Y2], []),
}
SLOW = {**BUILD, **(NIGHT if NIGHTLY else {})}


def explored(inputs: list[Input], before: list[Input]) -> saga.Found:
    found = Saga(tuple(inputs), WANTED, tuple(before)).run()
    print(f"\n  {found}", end="")
    return found


@pytest.mark.parametrize("story", QUICK)
def test_ship_complete_orders_neither_block_nor_chase_each_other(story: str) -> None:
    assert explored(*QUICK[story]).rests > 10


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("story", SLOW)
def test_ship_complete_orders_neither_block_nor_chase_each_other_in_larger_worlds(story: str) -> None:
    assert explored(*SLOW[story]).states > 10_000


def test_a_circle_of_commands_would_be_found() -> None:
    assert saga.circles({0: [1], 1: [2], 2: [1]})
    assert not saga.circles({0: [1, 2], 1: [3], 2: [3], 3: []})


def test_an_order_that_could_have_all_of_it_and_has_not_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is woken any more: the explorer must see who waits beside stock that fits."""
    monkeypatch.setattr(sys.modules["streams.inventory.decide"], "fill", lambda book: None)
    with pytest.raises(laws.Broken, match="who could have all of it has it"):
        explored([X2, Y2], [FIRST])


def test_an_order_that_holds_while_it_waits_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.orders.complete.close_all", lambda book, reason: None)
    with pytest.raises((laws.Broken, KeyError), match="all or nothing"):
        explored([FIRST], [X2])
