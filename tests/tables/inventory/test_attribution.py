"""A drift is explained by what exactly makes it, and by nothing else."""

from __future__ import annotations

import pytest

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import DriftEvent
from tables.inventory.attribution import MOST_EVENTS, MOST_REMEMBERED, attribute_drift, candidates, remembering


def ours(*units: int) -> list[DriftEvent]:
    return [event(f"o{at}", each, at=at) for at, each in enumerate(units)]


def event(name: str, units: int, *, at: int = 0, side: str = "ours", stock_class: str = "on_hand") -> DriftEvent:
    return inventory.drift_event(
        event_id=name, kind="movement", side=side, source="wms", at=at, quantity=units, stock_class=stock_class
    )


def seen(*remembered: DriftEvent, as_of: int = 100) -> inventory.Comparison:
    return inventory.comparison(
        location="DC1", source="erp", as_of=as_of, heard_at=as_of, quantity=0, remembered=list(remembered)
    )


@pytest.mark.parametrize(
    ("drift", "events", "because"),
    [
        (3, ours(5, -3), ["o1"]),  # the newest was not heard there
        (1, ours(9, 2, -3), ["o1", "o2"]),  # the newest two
        (-2, ours(5, 2, -3), ["o1"]),  # one was lost on its way
        (4, [*ours(1), event("t", 4, side="theirs")], ["t"]),  # only the other side has heard of it
        (7, ours(5, -3), []),
        (3, [], []),
    ],
)
def test_what_explains_a_drift(drift: int, events: list[DriftEvent], because: list[str]) -> None:
    found = attribute_drift(drift, events)
    assert [each["event_id"] for each in found.events if each["explains"]] == because
    assert (found.attributed, found.unexplained) == ((drift, 0) if because else (0, drift))


def test_many_events_are_counted_and_the_newest_are_told() -> None:
    found = attribute_drift(1, ours(*[2] * 50))
    assert (len(found.events), found.known, found.events[-1]["event_id"]) == (MOST_EVENTS, 50, "o49")


def test_events_of_another_class_are_no_candidates() -> None:
    moves = [
        inventory.stock_move(location="DC1", on_hand=-2, at=5, event_id="a"),
        inventory.stock_move(location="DC1", unsellable=3, stock_class="damaged", at=6, event_id="b"),
    ]
    names = {name: [each["event_id"] for each in candidates(moves, seen(), name, None)]
             for name in ("on_hand", "damaged", "display", "unsellable")}  # fmt: skip
    assert names == {"on_hand": ["a"], "damaged": ["b"], "display": [], "unsellable": ["b"]}


def test_only_what_happened_since_the_last_agreement_is_a_candidate() -> None:
    moves = [inventory.stock_move(location="DC1", on_hand=1, at=at, event_id=f"m{at}") for at in (5, 6)]
    late, early = event("late", 1, at=7, side="theirs"), event("later", 1, at=101, side="theirs")
    found = candidates(moves, seen(late, early), "on_hand", agreed_as_of=5)
    assert [each["event_id"] for each in found] == ["m6", "late"]


def test_what_is_remembered_is_bounded_and_each_once() -> None:
    comparison = seen()
    for at in range(40):
        comparison = remembering(comparison, [event(f"t{at}", 1, at=at), event(f"t{at}", 1, at=at)])
    assert [each["at"] for each in comparison["remembered"]] == list(range(40 - MOST_REMEMBERED, 40))
