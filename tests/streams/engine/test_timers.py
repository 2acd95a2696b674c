"""When timers are due: an index in memory that always agrees with the rows."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas import wire
from schemas.envelope import from_headers
from streams.engine.timers import Alarms, command_of, due_rows
from tests.streams.engine.support import decide_all, record


def row(due: int, **change: Any) -> Any:
    decided = decide_all(record(0, "a", "remind", b"0", correlation="q", channel="portal"))
    return {**decided.layer.get("acme|a", "timer|reminder"), "due": due, **change}


def alarms(**dues: int) -> Alarms:
    made = Alarms()
    for key, due in dues.items():
        made.note(f"acme|{key}", "timer|t", row(due))
    return made


def test_the_next_is_the_earliest() -> None:
    assert alarms(a=30, b=10, c=20).next() == 10


def test_those_that_are_due_come_earliest_first_and_at_most_so_many() -> None:
    made = alarms(a=30, b=10, c=20, d=99)
    assert made.due(30, 10) == [("acme|b", "timer|t"), ("acme|c", "timer|t"), ("acme|a", "timer|t")]
    assert made.due(30, 1) == [("acme|b", "timer|t")]


def test_they_stay_due_until_their_rows_are_gone() -> None:
    made = alarms(a=10)
    assert made.due(10, 5) == made.due(10, 5)
    made.note("acme|a", "timer|t", None)
    assert (made.due(10, 5), made.next()) == ([], None)


def test_a_moved_timer_is_due_at_its_new_time_only() -> None:
    made = alarms(a=10)
    made.note("acme|a", "timer|t", row(50))
    assert (made.due(49, 5), made.next()) == ([], 50)


def test_a_timer_moved_there_and_back_is_due_once() -> None:
    made = alarms(a=10)
    made.note("acme|a", "timer|t", row(50))
    made.note("acme|a", "timer|t", row(10))
    assert made.due(60, 5) == [("acme|a", "timer|t")]


def test_the_rows_have_the_last_word() -> None:
    class Rows:
        def get(self, scope: str, name: str) -> Any:
            return {"acme|gone": None, "acme|moved": row(99), "acme|due": row(5)}[scope]

    named = [(scope, "timer|t") for scope in ("acme|gone", "acme|moved", "acme|due")]
    assert [scope for scope, _, _ in due_rows(Rows(), named, 10)] == ["acme|due"]  # type: ignore[arg-type]


def test_a_due_timer_is_the_command_that_was_asked_for() -> None:
    fired = command_of("toy", "feeds.commands", 3, "acme|a", row(5))
    envelope = from_headers(fired.headers)
    assert (fired.topic, fired.partition, fired.key) == ("feeds.commands", 3, b"acme|a")
    assert wire.decode(fired.value or b"")[1]["reason"] == "toy"
    assert (envelope.tenant, envelope.subject, envelope.time, envelope.source) == ("acme", "a", 5, "wharf/toy")
    assert (envelope.type, envelope.correlation, envelope.channel) == ("feed.due", "q", "portal")


steps = st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 20)), max_size=30)


@given(steps, st.integers(0, 25))
def test_the_index_says_what_the_rows_say(found: list[tuple[str, int | None]], now: int) -> None:
    made, rows = Alarms(), dict[str, int]()
    for key, due in found:
        made.note(key, "timer|t", None if due is None else row(due))
        if due is None:
            rows.pop(key, None)
        else:
            rows[key] = due
    assert made.next() == min(rows.values(), default=None)
    assert {scope for scope, _ in made.due(now, 99)} == {key for key, due in rows.items() if due <= now}
