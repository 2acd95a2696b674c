"""Ship complete: all or nothing, and no hold while it waits."""

from __future__ import annotations

from tests.streams.orders.shop import Shop, held, item


def whole(**policy: bool) -> Shop:
    """An order of two SKUs that ships complete or not at all."""
    shop = Shop()
    shop.place(item("1", "A", 4), item("2", "B", 5), ship_complete=True, **policy)
    return shop


def waiting() -> Shop:
    """It was short of A and queues there."""
    shop = whole()
    shop.stock("B", held("2", 5))
    shop.stock("A", held("1", 0, missing=4), state="refused")
    shop.stock("A", held("1", 0, waiting=4), state="partial")
    return shop


def reserves(shop: Shop) -> list[tuple[str, int, str, bool, str]]:
    """Of the last decision: SKU, attempt, mode, wait, wake."""
    return [
        (ask["sku"], ask["attempt"], ask["mode"], ask["wait"], ask["wake_id"]) for ask in shop.asks("stock.reserve")
    ]


def test_the_first_try_is_parallel_and_whole_and_does_not_wait() -> None:
    assert reserves(whole()) == [("A", 1, "whole", False, ""), ("B", 1, "whole", False, "")]


def test_all_granted_is_accepted_with_all_reserved() -> None:
    shop = whole()
    shop.stock("A", held("1", 4))
    assert shop.line("1") == {"ordered": 4, "pending": 4}
    shop.stock("B", held("2", 5))
    assert (shop.line("1"), shop.line("2")) == ({"ordered": 4, "reserved": 4}, {"ordered": 5, "reserved": 5})
    assert shop.headlines == ["accepted"]


def test_a_shortage_gives_all_back_and_queues_at_that_sku_only() -> None:
    shop = whole()
    shop.stock("B", held("2", 5))
    shop.stock("A", held("1", 0, missing=4), state="refused")
    assert [(ask["sku"], ask["attempt"], ask["lines"]) for ask in shop.asks("stock.release")] == [
        ("A", 1, []),
        ("B", 1, []),
    ]
    assert reserves(shop) == [("A", 2, "whole", True, "")]
    assert shop.headlines == ["backordered"]
    assert ("reserve", None) in [(timer.name, timer.due) for timer in shop.last.timers]


def test_an_answer_of_the_attempt_that_was_given_back_changes_nothing() -> None:
    shop = whole()
    shop.stock("A", held("1", 0, missing=4), state="refused")
    shop.stock("B", held("2", 5), attempt=1)
    assert [fact.type for fact in shop.last.facts] == ["order.ignored"]


def test_without_backorder_a_shortage_rejects_the_order() -> None:
    shop = whole(backorder=False)
    shop.stock("A", held("1", 0, missing=4), state="refused")
    assert (shop.headlines, reserves(shop)) == (["rejected"], [])
    assert [ask["sku"] for ask in shop.asks("stock.release")] == ["A", "B"]


def test_a_wake_asks_one_sku_after_another_in_their_order() -> None:
    shop = waiting()
    shop.wake("A", "w-1")
    assert reserves(shop) == [("A", 3, "whole", False, "w-1")]
    shop.stock("A", held("1", 4))
    assert reserves(shop) == [("B", 3, "whole", False, "")]
    shop.stock("B", held("2", 5))
    assert shop.headlines == ["backordered", "accepted"]


def test_a_retry_gives_back_on_the_first_shortage_and_queues_there_only() -> None:
    shop = waiting()
    shop.wake("A", "w-1")
    shop.stock("A", held("1", 4))
    shop.stock("B", held("2", 0, missing=5), state="refused")
    assert [(ask["sku"], ask["attempt"]) for ask in shop.asks("stock.release")] == [("A", 3), ("B", 3)]
    assert reserves(shop) == [("B", 4, "whole", True, "")]
    assert (shop.line("1"), shop.order["queued_at"]) == ({"ordered": 4, "backordered": 4}, "B")


def test_a_wake_that_fails_before_its_sku_is_asked_is_declined_there() -> None:
    shop = whole()
    shop.stock("A", held("1", 4))
    shop.stock("B", held("2", 0, missing=5), state="refused")
    shop.stock("B", held("2", 0, waiting=5), state="partial")
    shop.wake("B", "w-7")
    assert reserves(shop) == [("A", 3, "whole", False, "")]
    shop.stock("A", held("1", 0, missing=4), state="refused")
    assert [(ask["sku"], ask["wake_id"]) for ask in shop.asks("stock.wake-answer")] == [("B", "w-7")]
    assert [(ask["sku"]) for ask in shop.asks("stock.release")] == ["A", "B"]


def test_a_grant_while_queueing_begins_the_chain_and_is_kept() -> None:
    shop = whole()
    shop.stock("A", held("1", 0, missing=4), state="refused")
    shop.stock("A", held("1", 4), state="granted")
    assert reserves(shop) == [("B", 2, "whole", False, "")]
    shop.stock("B", held("2", 5))
    assert shop.headlines[-1] == "accepted"


def test_a_wake_that_nobody_waits_for_is_declined() -> None:
    shop = whole()
    shop.wake("A", "w-1")
    assert [(ask["sku"], ask["wake_id"]) for ask in shop.asks("stock.wake-answer")] == [("A", "w-1")]


def test_a_wake_of_a_cancelled_order_is_declined() -> None:
    shop = waiting()
    shop.cancel()
    shop.wake("A", "w-1")
    assert (len(shop.asks("stock.wake-answer")), reserves(shop)) == (1, [])


def test_the_same_wake_twice_is_one() -> None:
    shop = waiting()
    shop.wake("A", "w-1")
    shop.wake("A", "w-1")
    assert [fact.type for fact in shop.last.facts] == ["order.ignored"]


def test_a_cancel_of_a_part_during_a_retry_starts_the_chain_anew_with_less() -> None:
    shop = waiting()
    shop.wake("A", "w-1")
    shop.cancel(l1=1)
    assert [(ask["sku"], ask["attempt"]) for ask in shop.asks("stock.release")] == [("A", 3)]
    (reserve,) = shop.asks("stock.reserve")
    assert (reserve["attempt"], reserve["lines"]) == (4, [{"line": "1", "quantity": 3}])


def test_the_erp_hears_of_a_smaller_whole_order_although_its_skus_have_not_answered() -> None:
    shop = waiting()
    shop.posted()
    shop.wake("A")
    shop.cancel(l1=3)
    assert [(ask["revision"], [line["quantity"] for line in ask["lines"]]) for ask in shop.asks("post.order")] == [
        (2, [1, 5])
    ]
    assert shop.order["awaiting"] == 1


def test_a_whole_order_with_a_parked_line_waits_before_it_asks() -> None:
    shop = Shop()
    shop.place(item("1", "A", 4), item("2", "", 5, problem="item_unmapped"), ship_complete=True)
    assert (reserves(shop), shop.headlines, shop.order["step"]) == ([], [], "parked")
    shop.resolve(item("1", "A", 4), item("2", "B", 5))
    assert [ask[:3] for ask in reserves(shop)] == [("A", 1, "whole"), ("B", 1, "whole")]


def test_a_whole_order_that_waits_is_confirmed_and_released_when_it_has_all() -> None:
    shop = waiting()
    shop.posted()
    shop.wake("A", "w-1")
    shop.stock("A", held("1", 4))
    shop.stock("B", held("2", 5))
    assert shop.headlines == ["backordered", "released"]
    assert [ask["sku"] for ask in shop.asks("stock.allocate")] == ["A", "B"]


def test_a_sku_that_says_again_what_it_holds_is_not_gone_on_from_twice() -> None:
    shop = waiting()
    shop.wake("A", "w-1")
    shop.stock("A", held("1", 4))
    shop.stock("A", held("1", 4))
    assert (reserves(shop), [fact.type for fact in shop.last.facts]) == ([], ["order.stock.noted"])
