"""The ERP: confirms, refuses, is late."""

from __future__ import annotations

from tests.streams.orders.shop import Shop, confirmed_shop, held, item


def accepted() -> Shop:
    """An order that was posted and not answered."""
    shop = Shop()
    shop.place(item("1", "A", 10), post_deadline_s=3_600)
    shop.stock("A", held("1", 10))
    return shop


def test_a_refused_order_gives_all_back_and_is_rejected_once_with_the_erps_reason() -> None:
    shop = accepted()
    shop.posted("refused", reason="customer is closed")
    assert [fact["reason"] for fact in shop.facts("order.rejected")] == ["customer is closed"]
    assert [ask["lines"] for ask in shop.asks("stock.release")] == [[]]
    assert (shop.line(), shop.headlines[-1]) == ({"ordered": 10, "rejected": 10}, "rejected")
    shop.posted("refused", reason="customer is closed")
    assert [kind for kind, _ in shop.told].count("order.rejected") == 1


def test_the_reason_of_a_rejection_stands_in_its_status() -> None:
    shop = accepted()
    shop.posted("refused", reason="customer is closed")
    assert [fact["reason"] for fact in shop.facts("order.status.changed")] == ["customer is closed"]


def test_the_post_has_a_deadline_with_its_revision() -> None:
    (timer,) = [timer for timer in accepted().last.timers if timer.name == "post"]
    assert timer.record is not None
    assert (timer.record["step"], timer.record["attempt"]) == ("post", 1)


def test_an_overdue_post_is_a_case_for_a_person_until_it_is_answered() -> None:
    shop = accepted()
    shop.late("post", 1)
    assert shop.exceptions() == ["document_overdue"]
    shop.posted()
    assert shop.exceptions() == []


def test_a_post_deadline_that_was_met_says_nothing() -> None:
    shop = confirmed_shop()
    shop.late("post", 1)
    assert shop.exceptions() == []


def test_confirming_twice_is_confirming_once() -> None:
    shop = confirmed_shop()
    shop.posted()
    assert ([fact.type for fact in shop.last.facts], shop.last.asks) == (["order.ignored"], ())


def test_the_erp_is_a_facet_while_the_headline_stays() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), release="hold")
    shop.stock("A", held("1", 6, waiting=4), state="partial")
    shop.posted()
    (fact,) = shop.facts("order.facet.changed")
    assert (fact["facets"]["erp"], fact["facet_seq"], shop.headlines) == ("posted", 1, ["partially_backordered"])


def test_a_change_that_the_erp_refuses_leaves_the_order_and_calls_a_person() -> None:
    shop = confirmed_shop()
    shop.cancel(l1=4)
    shop.posted("refused", reason="picked already")
    assert (shop.exceptions(), shop.headlines[-1]) == (["erp_refused"], "released")


def test_a_later_revision_that_is_answered_is_not_overdue() -> None:
    shop = confirmed_shop()
    shop.cancel(l1=4)
    shop.posted(revision=2)
    shop.late("post", 2)
    assert shop.exceptions() == []


def test_an_order_that_somebody_cancelled_in_the_erp_is_a_case_for_a_person() -> None:
    shop = confirmed_shop()
    shop.posted("cancelled")
    assert shop.exceptions() == ["erp_refused"]


def test_the_erps_answer_to_a_rejected_order_is_remembered() -> None:
    shop = accepted()
    shop.posted("refused")
    shop.posted("posted", number="SO-7")
    assert (shop.order["erp_number"], shop.headlines[-1]) == ("SO-7", "rejected")


def test_a_document_that_the_erp_makes_after_the_order_is_completed_is_told() -> None:
    shop = confirmed_shop(2)
    shop.cancel(l1=1)
    shop.ship("d-1", l1=1)
    shop.milestone("m-1", "delivered")
    shop.invoice("i-1", l1=1)
    shop.posted(number="SO-2")
    assert [fact["erp_number"] for fact in shop.facts("order.confirmed")] == ["SO-2"]
    assert (shop.headlines[-1], shop.order["erp_number"]) == ("completed", "SO-2")
