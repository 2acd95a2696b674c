"""Each sentence of the reconciliation is shown to fail once: a guard that never failed is decoration."""

from __future__ import annotations

from typing import Any

from ops.demo import verdict


def line(**parts: str) -> dict[str, str]:
    zero = dict.fromkeys((*verdict.GIVEN_BACK, "reserved", "released", "shipped"), "0")
    return {"line": "1", "sku": "A", "ordered": "5", **zero, **parts}


def status(number: str, headline: str, version: int = 1, **parts: str) -> dict[str, Any]:
    return {"number": number, "status": headline, "version": version, "lines": [line(**parts)]}


def told(*deliveries: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for delivery in deliveries:
        verdict.hear(found, delivery)
    return found


def heard(*statuses: dict[str, Any]) -> dict[str, Any]:
    return told(*({"type": "order.status.changed", "data": data} for data in statuses))


SHIPPED = status("P-1", "shipped", shipped="5")
REJECTED = status("P-2", "rejected", rejected="5")


def test_the_newest_version_of_a_status_counts_whatever_came_last() -> None:
    found = heard(status("P-1", "shipped", 7), status("P-1", "accepted", 3))
    assert found["P-1"]["status"] == "shipped"


def test_other_entries_of_a_feed_are_no_statuses() -> None:
    assert told({"type": "invoice.posted", "data": SHIPPED}) == {}


def test_an_order_in_the_erp_once_and_a_refused_one_that_is_not_are_right() -> None:
    assert verdict.every_order_met_one_fate(["P-1", "P-2"], heard(SHIPPED, REJECTED), {"P-1": 1}).holds


def test_an_order_twice_in_the_erp_is_found() -> None:
    finding = verdict.every_order_met_one_fate(["P-1"], heard(SHIPPED), {"P-1": 2})
    assert "2 documents" in finding.against[0]


def test_a_lost_order_is_found() -> None:
    assert not verdict.every_order_met_one_fate(["P-1"], heard(SHIPPED), {}).holds
    assert "ever heard of it" in verdict.every_order_met_one_fate(["P-9"], {}, {}).against[0]


def test_a_ghost_in_the_erp_is_found() -> None:
    assert "never sent" in verdict.every_order_met_one_fate([], {}, {"P-8": 1}).against[0]


def test_a_refused_order_in_the_erp_is_found() -> None:
    assert not verdict.every_order_met_one_fate(["P-2"], heard(REJECTED), {"P-2": 1}).holds


def test_an_order_that_left_though_it_was_cancelled_stands_as_an_exception_and_not_in_the_erp() -> None:
    left = heard(status("P-3", "completed", shipped="5"))
    assert not verdict.every_order_met_one_fate(["P-3"], left, {}).holds
    told = verdict.every_order_met_one_fate(["P-3"], left, {}, {"P-3"})
    assert told.holds
    assert "1 shipped though cancelled" in told.counted
    assert not verdict.every_order_met_one_fate(["P-3"], left, {"P-3": 1}, {"P-3"}).holds


def test_a_cancelled_twin_does_not_count() -> None:
    journal = [{"number": "P-1", "action": action} for action in ("create", "create", "cancel")]
    assert verdict.erp_effective(journal) == {"P-1": 1}


def test_promising_what_is_there_is_right_and_one_more_is_found() -> None:
    assert verdict.nothing_was_oversold({"A": 5}, heard(SHIPPED), {"A": 5}).holds
    assert "5 promised, 4 there" in verdict.nothing_was_oversold({"A": 4}, heard(SHIPPED), {}).against[0]


def test_what_is_waited_for_is_told_beside_what_is_promised() -> None:
    waits = heard(status("P-1", "partially_shipped", ordered="8", shipped="5", backordered="3"))
    found = verdict.nothing_was_oversold({"A": 5}, waits, {"A": 5})
    assert (found.holds, found.counted) == (True, "5 units promised of 1 products; 1 sold out, 3 units backordered")


def test_shipping_more_than_was_there_is_found() -> None:
    assert "6 shipped" in verdict.nothing_was_oversold({"A": 5}, {}, {"A": 6}).against[0]


def test_a_line_that_does_not_add_up_is_found() -> None:
    assert verdict.quantities_add_up(heard(SHIPPED)).holds
    assert "parts make 4" in verdict.quantities_add_up(heard(status("P-1", "shipped", shipped="4"))).against[0]


def entry(seq: int, order: str = "o-1") -> dict[str, Any]:
    return {"seq": seq, "id": f"e-{seq}", "data": {"order_id": order}}


FEED = [entry(1), entry(2), entry(3)]


def test_a_feed_delivered_whole_with_a_repeat_is_right() -> None:
    assert verdict.a_feed_is_gapless("v", FEED, [FEED[0], FEED[0], FEED[1], FEED[0], FEED[2]]).holds


def test_a_gap_a_late_start_and_a_missing_delivery_are_found() -> None:
    assert "followed by 3" in verdict.a_feed_is_gapless("v", [FEED[0], FEED[2]], [FEED[0], FEED[2]]).against[0]
    assert "begins at 2" in verdict.a_feed_is_gapless("v", FEED[1:], FEED[1:]).against[0]
    assert "never delivered" in verdict.a_feed_is_gapless("v", FEED, FEED[:2]).against[0]


def test_a_delivery_that_the_feed_has_not_is_found() -> None:
    assert "not in the feed" in verdict.a_feed_is_gapless("v", FEED[:2], FEED).against[0]


def test_first_deliveries_of_one_order_out_of_order_are_found_and_of_two_orders_not() -> None:
    assert "came after" in verdict.a_feed_is_gapless("v", FEED, [FEED[1], FEED[0], FEED[2]]).against[0]
    apart = [entry(1, "o-1"), entry(2, "o-2")]
    assert verdict.a_feed_is_gapless("v", apart, apart[::-1]).holds


def availability(version: int, quantity: int) -> dict[str, Any]:
    return {
        "version": version,
        "channels": [{"channel": "portal", "quantity": quantity, "status": "in_stock"}],
        "locations": [{"location": "DC1", "free": quantity}],
    }


def test_redis_in_its_own_form_equals_the_topic() -> None:
    cached = {**availability(3, 7), "channels": {"portal": {"quantity": "7", "status": "in_stock"}}}
    assert verdict.redis_equals_the_topic({"A": cached}, {"A": availability(3, 7)}).holds


def test_an_old_version_in_redis_and_a_missing_key_are_found() -> None:
    assert not verdict.redis_equals_the_topic({"A": availability(2, 7)}, {"A": availability(3, 7)}).holds
    assert "only in the topic" in verdict.redis_equals_the_topic({}, {"A": availability(3, 7)}).against[0]
    assert "only in Redis" in verdict.redis_equals_the_topic({"A": availability(3, 7)}, {}).against[0]
