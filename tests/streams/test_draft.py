from __future__ import annotations

from typing import Any

from schemas.envelope import Envelope
from streams.draft import Draft
from streams.engine.effects import Ask, Fact, Message, Timer
from tables.rows import Changes, DictRows, Rows


def count(kind: str, record: Any, rows: Rows) -> Changes:
    return {"count": (rows.get("count") or 0) + record["by"]}


def draft() -> Draft:
    return Draft(Message(Envelope("1", "t", "test", "acme"), "k", {}, 5), DictRows(), count)


def test_a_later_step_sees_the_facts_of_an_earlier_one() -> None:
    made = draft()
    made.fact("counted", {"by": 2})
    made.fact("counted", {"by": 3})
    assert made.rows.get("count") == 5
    assert made.effects().facts == (Fact("counted", {"by": 2}), Fact("counted", {"by": 3}))


def test_the_last_word_on_a_timer_counts() -> None:
    made = draft()
    made.timer(Timer("wake", 7, "due", {}))
    made.timer(Timer("wake", None))
    assert made.effects().timers == (Timer("wake", None),)


def test_asks_keep_their_order() -> None:
    made = draft()
    made.ask(Ask("a", "k", {}))
    made.ask(Ask("b", "k", {}))
    assert [ask.type for ask in made.effects().asks] == ["a", "b"]
    assert made.now == 5
