"""A cancel at any point ends balanced: given back, or refused with its reason."""

from __future__ import annotations

from tests.streams.orders.shop import ID, Shop, confirmed_shop, held, item


def test_a_cancel_before_any_answer_closes_what_was_asked() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), item("2", "B", 1))
    shop.cancel()
    assert shop.headlines == ["cancelled"]
    assert [(ask["sku"], ask["attempt"], ask["lines"]) for ask in shop.asks("stock.release")] == [
        ("A", 1, []),
        ("B", 1, []),
    ]
    assert shop.asks("post.order") == []


def test_a_stock_answer_after_the_cancel_changes_nothing() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.cancel()
    shop.stock("A", held("1", 10))
    assert shop.line() == {"ordered": 10, "cancelled": 10}
    assert [fact.type for fact in shop.last.facts] == ["order.ignored"]


def test_a_cancel_of_a_posted_order_cancels_it_in_the_erp() -> None:
    shop = confirmed_shop()
    shop.cancel()
    (post,) = shop.asks("post.order")
    assert (post["cancel"], post["revision"], shop.headlines[-1]) == (True, 1, "cancelled")
    shop.posted("cancelled")
    assert shop.order["erp"] == "cancelled"


def test_a_cancel_while_the_post_is_under_way_cancels_it_there_too() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 10))
    shop.cancel()
    assert [post["cancel"] for post in shop.asks("post.order")] == [True]


def test_a_post_that_succeeds_after_the_cancel_confirms_nothing_but_is_remembered() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 10))
    shop.cancel()
    shop.posted(number="SO-9")
    assert (shop.headlines, shop.order["erp_number"], shop.asks("stock.allocate")) == (
        ["accepted", "cancelled"],
        "SO-9",
        [],
    )
    shop.posted("cancelled")
    assert shop.order["erp"] == "cancelled"


def test_a_post_that_is_refused_after_the_cancel_leaves_it_cancelled() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 10))
    shop.cancel()
    shop.posted("refused")
    assert (shop.headlines[-1], shop.order["erp"], shop.exceptions()) == ("cancelled", "refused", [])


def test_an_erp_that_will_not_cancel_is_a_case_for_a_person() -> None:
    shop = confirmed_shop()
    shop.cancel()
    shop.posted("refused", reason="already invoiced")
    assert (shop.exceptions(), shop.order["erp"]) == (["erp_refused"], "posted")


def test_after_release_only_what_is_not_shipped_is_cancelled() -> None:
    shop = confirmed_shop(10)
    shop.ship("e1", l1=6)
    shop.cancel()
    assert shop.line() == {"ordered": 10, "shipped": 6, "cancelled": 4}
    (fact,) = shop.facts("order.cancelled")
    assert ([part["quantity"] for part in fact["refused"]], fact["refused_reason"], fact["whole"]) == (
        [6],
        "shipped",
        False,
    )
    assert shop.headlines[-1] == "shipped"


def test_a_partly_cancelled_order_is_posted_again_with_what_is_left() -> None:
    shop = confirmed_shop(10)
    shop.cancel(l1=4)
    (post,) = shop.asks("post.order")
    assert (post["revision"], [line["quantity"] for line in post["lines"]], post["cancel"]) == (2, [6], False)


def test_a_cancel_of_a_part_gives_that_part_back() -> None:
    shop = confirmed_shop(10)
    shop.cancel(l1=4)
    (release,) = shop.asks("stock.release")
    assert (release["attempt"], release["lines"]) == (1, [{"line": "1", "quantity": 4, "keep": 6}])
    assert shop.line() == {"ordered": 10, "released": 6, "cancelled": 4}


def test_a_cancel_of_one_line_closes_its_sku_and_leaves_the_others() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), item("2", "B", 5))
    shop.stock("A", held("1", 10))
    shop.cancel(l2=None)
    assert [(ask["sku"], ask["lines"]) for ask in shop.asks("stock.release")] == [("B", [])]
    assert shop.headlines == ["accepted"]


def test_a_cancel_of_more_than_is_left_is_refused_for_the_excess() -> None:
    shop = confirmed_shop(10)
    shop.cancel(l1=15)
    (fact,) = shop.facts("order.cancelled")
    assert ([part["quantity"] for part in fact["lines"]], [part["quantity"] for part in fact["refused"]]) == ([10], [5])
    assert fact["refused_reason"] == "nothing_left"


def test_a_cancel_of_an_unknown_line_is_refused_by_name() -> None:
    shop = confirmed_shop(10)
    shop.cancel(l7=1)
    (fact,) = shop.facts("order.cancelled")
    assert ([part["line"] for part in fact["refused"]], fact["refused_reason"], fact["lines"]) == (
        ["7"],
        "unknown_line",
        [],
    )


def test_cancelling_twice_is_cancelling_once_and_both_are_answered() -> None:
    shop = confirmed_shop(10)
    shop.cancel()
    shop.cancel()
    assert [(fact["lines"], fact["refused"]) for fact in shop.facts("order.cancelled")] == [([], [])]
    assert (shop.last.asks, shop.headlines.count("cancelled")) == ((), 1)


def test_a_cancel_that_races_a_partial_answer_counts_what_is_given_back() -> None:
    """The SKU granted 7 of 10 and queued 3 before it heard of the release of 4."""
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.cancel(l1=4)
    shop.stock("A", held("1", 7, waiting=3), state="partial")
    assert shop.line() == {"ordered": 10, "cancelled": 4, "reserved": 6}


def test_a_cancel_of_a_parked_line_resolves_its_exception() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), item("2", "", 1, problem="item_unmapped"))
    shop.cancel(l2=None)
    assert (shop.exceptions(), shop.order["parked"]) == ([], 0)


def test_a_cancel_before_its_order_waits_for_it() -> None:
    shop = Shop()
    shop.cancel()
    assert [timer.name for timer in shop.last.timers] == ["pending"]
    shop.place(item("1", "A", 10))
    assert (shop.headlines, shop.asks("stock.reserve")) == (["cancelled"], [])
    assert [fact["outcome"] for fact in shop.facts("order.unparked")] == ["joined"]


def test_a_cancel_of_a_line_before_its_order_is_taken_off_before_anything_is_asked() -> None:
    shop = Shop()
    shop.cancel(l1=4)
    shop.place(item("1", "A", 10), item("2", "B", 1))
    assert [[line["quantity"] for line in ask["lines"]] for ask in shop.asks("stock.reserve")] == [[6], [1]]


def test_a_cancel_whose_order_never_comes_is_a_case_for_a_person() -> None:
    shop = Shop()
    shop.cancel()
    shop.late("pending", after_ms=72 * 3_600_000)
    assert (shop.exceptions(), list(shop.rows.scan("pending|"))) == (["document_overdue"], [])


def test_a_pending_deadline_of_a_cancel_that_was_joined_says_nothing() -> None:
    shop = Shop()
    shop.cancel()
    shop.place(item("1", "A", 10))
    shop.late("pending", after_ms=72 * 3_600_000)
    assert shop.exceptions() == []


def test_the_facts_before_the_order_count_in_its_numbers() -> None:
    shop = Shop()
    shop.cancel()
    shop.place(item("1", "A", 10))
    assert [record["seq"] for kind, record in shop.told if kind != "order.ignored"] == list(
        range(1, shop.order["seq"] + 1)
    )
    assert shop.told[0][1]["order_id"] == ID


def test_the_same_cancel_of_a_part_delivered_twice_cancels_once() -> None:
    shop = confirmed_shop(10)
    for _ in range(2):
        shop.cancel(receipt="r-7/0", l1=4)
    assert shop.line() == {"ordered": 10, "cancelled": 4, "released": 6}
    assert [fact["lines"] for fact in shop.facts("order.cancelled")] == [[]]


def test_a_grant_that_crosses_a_cancel_of_a_part_counts_the_queue_that_is_left() -> None:
    """Four wait, two are cancelled, one is granted before the SKU hears of that: one still waits."""
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 6, waiting=4), state="partial")
    shop.cancel(l1=2)
    shop.stock("A", held("1", 7, waiting=3), state="partial")
    assert shop.line() == {"ordered": 10, "cancelled": 2, "reserved": 7, "backordered": 1}


def test_what_was_given_back_before_an_ask_is_in_its_answer() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), changed_resend="change")
    shop.stock("A", held("1", 6, waiting=4), state="partial")
    shop.cancel(l1=2)
    shop.place(item("1", "A", 11), fingerprint="f2", changed_resend="change")
    shop.cancel(l1=1)
    shop.stock("A", held("1", 6, waiting=5), state="partial")
    assert [ask["lines"] for ask in shop.asks("stock.release")] == [[{"line": "1", "quantity": 1, "keep": 10}]]
    assert shop.line() == {"ordered": 13, "cancelled": 3, "reserved": 6, "backordered": 4}
