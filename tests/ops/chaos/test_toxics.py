"""Toxics: whom they strike, and that they end."""

from __future__ import annotations

import pytest

from ops.chaos.frames import APIS
from ops.chaos.toxics import Harm, Toxic, Toxics, toxic

END_TXN, FETCH = APIS["EndTxn"], APIS["Fetch"]


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("one", "broker", "api", "struck"),
    [
        (Toxic(Harm.HOLD, 1), 0, FETCH, True),
        (Toxic(Harm.HOLD, 1, broker=2), 0, FETCH, False),
        (Toxic(Harm.HOLD, 1, broker=2), 2, FETCH, True),
        (Toxic(Harm.HOLD, 1, apis=(END_TXN,)), 0, FETCH, False),
        (Toxic(Harm.HOLD, 1, apis=(END_TXN,)), 0, END_TXN, True),
    ],
)
def test_a_toxic_strikes_its_brokers_and_apis(one: Toxic, broker: int, api: int, struck: bool) -> None:
    assert one.strikes(broker, api) is struck


def test_a_toxic_ends_by_itself() -> None:
    clock = Clock()
    toxics, one = Toxics(clock), Toxic(Harm.DELAY, 2.0)
    toxics.add(one)
    assert (list(toxics.on(0, FETCH)), toxics.left(one)) == ([one], 2.0)
    clock.now += 2.5
    assert (list(toxics.on(0, FETCH)), toxics.at(0, Harm.DELAY), toxics.left(one)) == ([], None, 0.0)


def test_several_toxics_strike_one_request() -> None:
    toxics = Toxics()
    delay, throttle = Toxic(Harm.DELAY, 9), Toxic(Harm.THROTTLE, 9, broker=1)
    toxics.add(delay)
    toxics.add(throttle)
    assert list(toxics.on(1, FETCH)) == [delay, throttle]
    assert (toxics.at(1, Harm.THROTTLE), toxics.at(0, Harm.THROTTLE)) == (throttle, None)


def test_a_toxic_survives_its_json() -> None:
    one = Toxic(Harm.UNANSWERED, 1.5, 2, (END_TXN, FETCH), 0.1)
    assert toxic(one.told()) == one


@pytest.mark.parametrize(
    "told", [{"seconds": 1}, {"harm": "earthquake", "seconds": 1}, {"harm": "cut", "colour": "red"}]
)
def test_what_is_no_toxic_is_an_error(told: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        toxic(told)
