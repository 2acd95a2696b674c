"""From placing to release."""

from __future__ import annotations

from tests.streams.orders.shop import ID, Shop, confirmed_shop, held, item


def test_placing_asks_each_sku_once_with_all_its_lines() -> None:
    shop = Shop()
    shop.place(item("1", "B", 3), item("2", "A", 4), item("3", "B", 5))
    asked = shop.asks("stock.reserve")
    assert [(ask["sku"], ask["attempt"], ask["mode"], [line["quantity"] for line in ask["lines"]]) for ask in asked] == [
        ("A", 1, "partial", [4]), ("B", 1, "partial", [3, 5])]  # fmt: skip


def test_placing_claims_the_numbers_of_the_order() -> None:
    shop = Shop()
    shop.place(item("1", "A", 1))
    (claim,) = shop.asks("shipment.claim")
    assert [(ref["kind"], ref["value"], ref["party"]) for ref in claim["references"]] == [
        ("order_id", ID, ""),
        ("number", "P-1001", "portal"),
    ]


def test_placing_sets_a_deadline_for_the_answers() -> None:
    shop = Shop()
    shop.place(item("1", "A", 1), reserve_deadline_s=60)
    (timer,) = shop.last.timers
    assert (timer.name, timer.due, timer.type) == ("reserve", shop.stage.now + 60_000, "order.deadline")


def test_the_order_is_accepted_when_the_last_sku_has_answered() -> None:
    shop = Shop()
    shop.place(item("1", "A", 1), item("2", "B", 2))
    shop.stock("A", held("1", 1))
    assert shop.headlines == []
    shop.stock("B", held("2", 2))
    assert shop.headlines == ["accepted"]
    assert len(shop.facts("order.accepted")) == 1


def test_an_accepted_order_is_posted_to_its_erp_once() -> None:
    shop = Shop()
    shop.place(item("1", "A", 24), erp="erp-eu")
    shop.stock("A", held("1", 24))
    (post,) = shop.asks("post.order")
    assert (post["erp"], post["revision"], post["cancel"]) == ("erp-eu", 1, False)
    assert [(line["line"], line["sku"], line["quantity"], line["unit"]) for line in post["lines"]] == [
        ("1", "A", 24, "EA")
    ]
    assert shop.last.asks[-1].key == "erp-eu"


def test_what_is_missing_waits_as_backorder() -> None:
    shop = Shop()
    shop.place(item("1", "A", 36))
    shop.stock("A", held("1", 35, waiting=1), state="partial")
    assert shop.line() == {"ordered": 36, "reserved": 35, "backordered": 1}
    assert shop.headlines == ["partially_backordered"]


def test_without_backorder_what_is_missing_is_rejected_and_the_rest_goes_on() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), backorder=False)
    assert shop.asks("stock.reserve")[0]["wait"] is False
    shop.stock("A", held("1", 6, missing=4), state="partial")
    assert shop.line() == {"ordered": 10, "reserved": 6, "rejected": 4}
    assert shop.headlines == ["accepted"]


def test_an_order_of_which_nothing_is_there_is_rejected_and_never_posted() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), backorder=False)
    shop.stock("A", held("1", 0, missing=10), state="refused")
    assert shop.headlines == ["rejected"]
    assert [fact["reason"] for fact in shop.facts("order.rejected")] == ["out_of_stock"]
    assert shop.asks("post.order") == []


def test_a_refusal_that_names_no_line_means_all_of_them() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), item("2", "A", 1))
    shop.stock("A", state="refused")
    assert shop.line("1") == {"ordered": 10, "rejected": 10}
    assert shop.headlines == ["rejected"]


def test_an_order_of_a_blocked_account_is_rejected_with_that_reason_and_reserves_nothing() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), problem="account_blocked")
    assert [fact["reason"] for fact in shop.facts("order.rejected")] == ["account_blocked"]
    assert (shop.headlines, shop.asks("stock.reserve"), shop.asks("post.order")) == (["rejected"], [], [])


def test_a_blocked_account_may_also_be_marked_on_a_line() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10, problem="account_blocked"), item("2", "B", 1))
    assert (shop.headlines, shop.exceptions()) == (["rejected"], [])


def test_a_confirmed_order_is_released_at_once_and_its_stock_made_firm() -> None:
    shop = confirmed_shop(24)
    assert shop.headlines == ["accepted", "confirmed", "released"]
    (allocate,) = shop.asks("stock.allocate")
    assert (allocate["sku"], allocate["attempt"], allocate["lines"]) == ("A", 1, [{"line": "1", "quantity": 24}])
    assert [fact["erp_number"] for fact in shop.facts("order.confirmed")] == ["SO-1"]


def test_a_confirmed_order_claims_its_erp_number() -> None:
    shop = confirmed_shop()
    (claim,) = shop.asks("shipment.claim")
    assert [(ref["kind"], ref["value"], ref["party"]) for ref in claim["references"]] == [("erp_number", "SO-1", "erp")]


def test_an_order_under_hold_policy_waits_for_the_release_command() -> None:
    shop = confirmed_shop(10, release="hold")
    assert shop.headlines == ["accepted", "confirmed"]
    shop.release()
    assert shop.headlines[-1] == "released"
    assert len(shop.asks("stock.allocate")) == 1


def test_a_release_command_before_the_confirmation_is_remembered() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), release="hold")
    shop.release()
    shop.stock("A", held("1", 10))
    shop.posted()
    assert shop.headlines == ["accepted", "confirmed", "released"]


def test_backordered_stock_that_comes_later_is_released_by_the_same_policy() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 6, waiting=4), state="partial")
    shop.posted()
    assert shop.line() == {"ordered": 10, "released": 6, "backordered": 4}
    shop.stock("A", held("1", 4, allocated=6))
    assert shop.line() == {"ordered": 10, "released": 10}
    assert shop.asks("stock.allocate")[0]["lines"] == [{"line": "1", "quantity": 4}]


def test_backordered_stock_that_comes_before_the_confirmation_is_only_reserved() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 6, waiting=4), state="partial")
    shop.stock("A", held("1", 10))
    assert shop.line() == {"ordered": 10, "reserved": 10}
    assert shop.headlines == ["partially_backordered", "accepted"]


def test_an_older_stock_answer_changes_nothing() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 10), version=5)
    shop.stock("A", held("1", 6, waiting=4), state="partial", version=4)
    assert shop.line() == {"ordered": 10, "reserved": 10}
    assert [fact.type for fact in shop.last.facts] == ["order.ignored"]


def test_the_same_stock_answer_twice_is_one() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 10))
    before = dict(shop.rows.rows)
    shop.stock("A", held("1", 10), version=1)
    assert shop.rows.rows == before


def test_a_taken_number_is_a_suspect_for_a_person() -> None:
    shop = Shop()
    shop.place(item("1", "A", 1))
    shop.send(
        "order.claim-answer", {"order_id": ID, "kind": "po", "value": "P-1001", "outcome": "taken", "holder": "order-0"}
    )
    assert shop.exceptions() == ["duplicate_suspect"]
    shop.send(
        "order.claim-answer", {"order_id": ID, "kind": "number", "value": "P-1001", "outcome": "granted", "holder": ""}
    )
    assert [fact.type for fact in shop.last.facts] == ["order.ignored"]


def test_a_cart_named_by_the_order_is_taken_from_first() -> None:
    shop = Shop()
    command = shop.place(item("1", "A", 1)).facts[0].record["content"] | {"reservation": "cart-9", "fingerprint": "f9"}
    other = Shop()
    other.send("order.place", {"order_id": ID, "content": command, "personal": b"", "personal_key": ""})
    assert other.asks("stock.reserve")[0]["from_holder"] == "cart-9"


def test_an_order_of_nothing_is_rejected_with_that_reason() -> None:
    shop = Shop()
    shop.place(item("1", "A", 0))
    assert ([fact["reason"] for fact in shop.facts("order.rejected")], shop.headlines) == (
        ["nothing_ordered"],
        ["rejected"],
    )
