"""What the demo tells at its end."""

from __future__ import annotations

import pytest

from ops.demo.run import Outcome
from ops.demo.verdict import Finding

FIGURES = {"orders": 2, "orders_per_s": 1.0}


@pytest.mark.parametrize("against", [(), ("P-1: twice",)])
def test_one_broken_sentence_breaks_the_whole(against: tuple[str, ...]) -> None:
    told = Outcome([Finding("a", "1", ()), Finding("b", "2", against)], FIGURES).told(12.345)
    assert told["holds"] is (not against)
    assert told["seconds"] == 12.3
    assert [one["holds"] for one in told["findings"]] == [True, not against]


def test_many_contradictions_are_told_in_part() -> None:
    (found,) = Outcome([Finding("a", "1", tuple(map(str, range(100))))], FIGURES).told(1)["findings"]
    assert len(found["against"]) == 20
