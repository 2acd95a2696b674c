"""What a drift and its correction leave in the explanation of a number: the events behind it, and who says otherwise."""

from __future__ import annotations

from schemas.envelope import Envelope
from streams.engine.effects import Effects
from tables.inventory.evidence import Evidence
from tables.inventory.explanation import Explanation, explain
from tables.inventory.shadow import Shadow
from tests.streams.inventory.observing import Observed
from tests.streams.inventory.shelf import SKU


def explained(*days: Effects) -> Explanation:
    """The number after these effects, replayed as from the log."""
    shadow, number = Shadow(Evidence()), 0
    for effects in days:
        for fact in effects.facts:
            number += 1
            shadow.take(Envelope(f"f-{number}", fact.type, "inventory", "acme", time=number), fact.record)
    return explain(SKU, shadow, "")


class Replayed(Observed):
    """A shelf that keeps what it decided."""

    def __init__(self, units: int = 100) -> None:
        self.days: list[Effects] = []
        super().__init__(units)

    def send(self, *args: object, **more: object) -> Effects:
        self.days.append(super().send(*args, **more))  # type: ignore[arg-type]
        return self.days[-1]


def test_a_corrected_number_stands_on_the_correction() -> None:
    shelf = Replayed(100)
    shelf.erp(10, 92)
    shelf.moved(20, 5, "RC-1")
    shelf.correct(10, "observed")
    told = explained(*shelf.days)
    [on_hand] = [term for term in told.terms if term.code == "on_hand"]
    assert (told.quantity, [event.type for event in on_hand.events]) == (
        97, ["inventory.drift.corrected", "inventory.adjusted"],
    )  # fmt: skip
    assert "erp" in on_hand.detail and "counted 92" in on_hand.detail


def test_a_correction_of_classes_stands_behind_each_of_them() -> None:
    shelf = Replayed(100)
    shelf.wms(1, 100, classes={"damaged": 4})
    shelf.erp(2, 100, classes={"display": 2})
    shelf.correct(2, "observed")
    told = explained(*shelf.days)
    [display] = [term for term in told.terms if term.code == "unsellable_quality"]
    assert (told.quantity, display.amount, display.events[-1].type) == (98, -2, "inventory.drift.corrected")


def test_who_says_otherwise_is_told_beside_the_number_until_it_is_observed_no_more() -> None:
    shelf = Replayed(100)
    shelf.erp(10, 92)
    assert [term.detail for term in explained(*shelf.days).terms if term.code == "not_authority"] == [
        "erp says 92 at DC1; another source is believed there"
    ]
    shelf.rules(authorities={"DC1": "erp"})
    assert [term for term in explained(*shelf.days).terms if term.code == "not_authority"] == []
