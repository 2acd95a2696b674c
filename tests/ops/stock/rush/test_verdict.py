"""The verdict on a round: each broken promise has its sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ops.stock.rush.outside import Ledger
from ops.stock.rush.verdict import Seen, after_return, after_rush
from tests.ops.stock.rush.support import bought, counted, held, short

ANSWERS = [bought(0), bought(1), short(2)]
SEEN = Seen(on_hand=2, held=2, waiting=0, holders=frozenset({"r-0", "r-1"}), most_promised=2, offered=0)
BACK = Seen(on_hand=2, held=0, waiting=0, holders=frozenset(), most_promised=2, offered=2)


def test_a_round_in_which_all_are_sold_once_breaks_nothing() -> None:
    assert list(after_rush(2, ANSWERS, short(3), SEEN)) == []


def test_fewer_buyers_than_units_are_all_served() -> None:
    assert (
        list(after_rush(2, [bought(0)], short(3), replace(SEEN, held=1, holders=frozenset({"r-0"}), offered=1))) == []
    )


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (replace(SEEN, most_promised=3), "at one moment 3 of 2 units were promised"),
        (replace(SEEN, held=3), "by the log 2 are there, 3 held and 0 waited for"),
        (replace(SEEN, waiting=1), "by the log 2 are there, 2 held and 1 waited for"),
        (replace(SEEN, offered=1), "Redis offers 1"),
        (replace(SEEN, holders=frozenset({"r-0", "r-2"})), "not the same ones"),
    ],
)
def test_what_the_log_or_redis_say_otherwise_is_named(seen: Seen, said: str) -> None:
    (problem,) = after_rush(2, ANSWERS, short(3), seen)
    assert said in problem


def test_one_sold_too_many_is_named() -> None:
    answers = [*ANSWERS[:2], bought(2)]
    assert "3 buyers were told that they have one of 2 units" in list(after_rush(2, answers, short(3), SEEN))


def test_an_undecided_buyer_is_named() -> None:
    answers = [*ANSWERS, replace(short(4), status=0, body={})]
    assert list(after_rush(2, answers, short(3), SEEN)) == ["1 buyers were told neither yes nor no: {'nothing': 1}"]


def test_a_late_buyer_who_gets_a_unit_is_named() -> None:
    assert list(after_rush(2, ANSWERS, bought(3), SEEN)) == ["who asks when all are sold is told: 201"]


def test_all_units_are_free_when_all_were_given_back() -> None:
    assert list(after_return(2, [], BACK)) == []


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (replace(BACK, held=1), "1 held"),
        (replace(BACK, on_hand=1), "1 are there"),
        (replace(BACK, offered=1), "1 of 2"),
    ],
)
def test_a_stranded_unit_is_named(seen: Seen, said: str) -> None:
    (problem,) = after_return(2, [], seen)
    assert said in problem


def test_a_hold_that_stays_is_named() -> None:
    assert list(after_return(2, ["r-1: 409"], BACK)) == ["1 holds could not be given back, such as r-1: 409"]


def test_a_ledger_knows_who_holds_what_and_the_most_that_was_promised() -> None:
    ledger = Ledger()
    for entry in (counted(5), held("a"), held("b", 2), held("a", 0, "inventory.reservation.released")):
        ledger.tell(entry)
    assert Seen.of(ledger, 3) == Seen(5, 2, 0, frozenset({"b"}), 3, 3)


def test_a_ledger_notes_when_each_question_was_answered() -> None:
    ledger = Ledger()
    for entry in (counted(5), held("a", at=7), held("b", at=9), held("b", 0, "inventory.reservation.released", at=11)):
        ledger.tell(entry)
    assert ledger.decided_at == [7, 9]
