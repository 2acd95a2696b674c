"""What the judge of orders sees: each fault that is planted has its name in the verdict."""

from __future__ import annotations

from dataclasses import replace

from ops.chaos import order_checks
from ops.chaos.evidence import Evidence
from ops.chaos.market import Market, Stock
from ops.chaos.order_checks import CHECKS, stories
from tests.ops.chaos.campaign import ORDERS, broken, forged, played, retold, without

LOST, PLACE, SUMS, NUMBERS, ERP = CHECKS


def ample() -> Evidence:
    return played(Stock.AMPLE)


def test_a_lost_order_is_named() -> None:
    late = Market(Stock.AMPLE, ORDERS + 1).orders[-1]
    evidence = replace(ample(), asked={**ample().asked, late.id: late})
    assert broken(evidence) == {LOST}


def test_an_order_created_twice_is_named() -> None:
    evidence = forged(ample(), "orders.events", lambda facts: [*facts, facts[0]._replace(id="another")])
    assert LOST in broken(evidence)


def test_an_order_that_nobody_sent_is_named() -> None:
    asked = dict(ample().asked)
    asked.popitem()
    assert broken(replace(ample(), asked=asked)) == {LOST}


def test_an_order_that_was_taken_for_less_than_was_asked_is_named() -> None:
    order_id, order = next(iter(ample().asked.items()))
    line = replace(order.lines[0], quantity=order.lines[0].quantity + 1)
    more = replace(order, lines=(line, *order.lines[1:]))
    assert broken(replace(ample(), asked={**ample().asked, order_id: more})) == {LOST}


def test_an_order_that_stops_on_its_way_is_named() -> None:
    evidence = retold(ample(), "orders.events", lambda fact: fact.type == "order.status.changed", new="delivered")
    assert PLACE in broken(evidence)


def test_units_that_are_under_way_at_rest_are_named() -> None:
    line = dict(next(iter(stories(ample()).values())).lines["1"])
    held = {**line, "reserved": line["ordered"], "shipped": 0, "rejected": 0}
    evidence = retold(ample(), "orders.events", lambda fact: fact.type == "order.lines.changed", lines=[held])
    assert PLACE in broken(evidence)


def test_a_line_whose_parts_do_not_make_its_whole_is_named() -> None:
    evidence = retold(
        ample(), "orders.events", lambda fact: fact.type == "order.lines.changed",
        lines=[{**line, "shipped": line["shipped"] + 1} for line in next(iter(stories(ample()).values())).lines.values()],
    )  # fmt: skip
    assert SUMS in broken(evidence)


def test_a_lost_status_is_named() -> None:
    evidence = without(ample(), "orders.events", lambda fact: fact.type == "order.status.changed")
    assert NUMBERS in broken(evidence)


def test_a_status_that_does_not_begin_where_the_last_one_ended_is_named() -> None:
    evidence = retold(ample(), "orders.events", lambda fact: fact.type == "order.status.changed", old="on_hold")
    assert broken(evidence) == {NUMBERS}


def test_an_order_that_is_twice_in_the_erp_is_named() -> None:
    made = ample().erp[0]
    assert broken(replace(ample(), erp=[*ample().erp, {**made, "document": "SO-999999"}])) == {ERP}
    other_key = {**made, "document": "SO-999999", "key": "another"}
    assert broken(replace(ample(), erp=[*ample().erp, other_key])) == {ERP}


def test_an_order_that_is_not_in_the_erp_is_named() -> None:
    assert broken(replace(ample(), erp=ample().erp[1:])) == {ERP}


def test_a_refused_order_that_is_in_the_erp_is_named() -> None:
    refused = next(id for id, story in stories(ample()).items() if story.headline == "rejected")
    ghost = {**ample().erp[0], "order_id": refused, "key": "k", "document": "SO-999999"}
    assert broken(replace(ample(), erp=[*ample().erp, ghost])) == {ERP}


def test_a_document_of_an_order_that_does_not_exist_is_named() -> None:
    ghost = {**ample().erp[0], "order_id": "nobody", "key": "k", "document": "SO-999999"}
    assert broken(replace(ample(), erp=[*ample().erp, ghost])) == {ERP}


def test_a_calm_campaign_breaks_nothing() -> None:
    assert [list(check(ample())) for check in order_checks.CHECKS.values()] == [[], [], [], [], []]
