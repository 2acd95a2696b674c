"""Redis tells the drifts that stand: one that ends is gone, one that never was is not written."""

from __future__ import annotations

from typing import Any

import pytest

from streams.engine.effects import Effects, Message
from tables.redis import keys
from tables.redis.drift_view import Wanted, aged
from tables.redis.values import loaded
from tests.streams.inventory.observing import Observed, at, tolerated
from tests.streams.inventory.shelf import SKU
from tests.streams.project.facts import message, projected, writes

FIELD = f"{SKU}\x1fDC1\x1ferp".encode()


def told(*effects: Effects) -> list[Message]:
    facts = [fact for each in effects for fact in each.facts if fact.type != "availability.changed"]
    return [message(fact.type, fact.record, key=SKU, offset=fact.record["seq"]) for fact in facts]


def stands(*messages: Message) -> dict[str, Any] | None:
    return loaded(projected(*messages).hashes.get(keys.drift("acme", SKU), {}).get(FIELD))


def drifted(*messages: Message) -> list[Any]:
    return [write for each in messages for write in writes(each) if write.key.startswith("drift:")]


def test_a_drift_is_told_with_what_explains_it() -> None:
    shelf = Observed(100)
    day = [shelf.erp(1, 100), shelf.moved(5, -8, "SH-1"), shelf.erp(10, 100)]
    view = stands(*told(*day))
    assert view is not None
    [figure] = view["figures"]
    assert (view["sku"], view["as_of"], figure["difference"], figure["unexplained"]) == (
        SKU, "2026-03-02T08:10:00.000Z", "8", "0",
    )  # fmt: skip
    assert [(event["id"], event["side"], event["quantity"]) for event in figure["events"]] == [
        ("wms/SH-1", "ours", "-8")
    ]


def test_an_exception_is_marked_and_goes_when_the_two_agree() -> None:
    shelf = Observed(100, tolerated(units=5, percent_bp=0, for_ms=0))
    first = told(shelf.erp(1, 90))
    view = stands(*first)
    assert view is not None and (view["exception"], view["figures"][0]["exception_since"]) == (True, view["since"])
    assert stands(*first, *told(shelf.erp(2, 100))) is None


def test_the_newest_stands_whatever_comes_last() -> None:
    shelf = Observed(100)
    older, newer = told(shelf.erp(1, 90)), told(shelf.erp(2, 100))
    assert stands(*newer, *older) is None


def test_who_agreed_before_and_agrees_is_not_written() -> None:
    shelf = Observed(100)
    assert drifted(*told(shelf.erp(1, 100), shelf.erp(2, 100))) == []


def test_a_source_that_is_observed_no_more_is_gone() -> None:
    shelf = Observed(100)
    assert stands(*told(shelf.erp(1, 90), shelf.rules(authorities={"DC1": "erp"}))) is None


def test_quantities_are_decimals_of_the_base_unit() -> None:
    shelf = Observed(100, scale=1)
    view = stands(*told(shelf.erp(1, 85)))
    assert view is not None and view["figures"][0]["difference"] == "-1.5"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), True), (Wanted(sku=SKU), True), (Wanted(location="YARD"), False), (Wanted(source="3pl"), False),
        (Wanted(exceptions=True), False),
    ],
)  # fmt: skip
def test_who_asks_for_some_is_told_of_those(wanted: Wanted, found: bool) -> None:
    view = stands(*told(Observed(100).erp(1, 90)))
    assert view is not None and wanted.has(view) is found


def test_exceptions_come_first_then_the_oldest() -> None:
    view = stands(*told(Observed(100).erp(1, 90)))
    assert view is not None
    young = {**view, "sku": "YOUNG", "since": "2026-03-02T08:04:00.000Z"}
    raised = {**young, "sku": "RAISED", "exception": True}
    unjudged = {**view, "sku": "UNJUDGED", "since": None}
    found = aged([unjudged, young, view, raised], at(5))
    assert [(each["sku"], each["age_seconds"]) for each in found] == [
        ("RAISED", 60.0), (SKU, 240.0), ("YOUNG", 60.0), ("UNJUDGED", None),
    ]  # fmt: skip
