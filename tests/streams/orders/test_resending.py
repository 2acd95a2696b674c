"""The same order twice, a changed resend, and the original read again."""

from __future__ import annotations

from typing import Any

from tests.streams.orders.shop import Shop, confirmed_shop, held, item


def settled(*items: Any, **policy: Any) -> Shop:
    """An accepted order, by default ten pieces of A, under a partner who sends changes."""
    shop = Shop()
    lines = items or (item("1", "A", 10),)
    shop.place(*lines, changed_resend="change", **policy)
    for line in lines:
        shop.stock(line["sku"], held(line["line"], line["quantity"]))
    return shop


def test_the_same_order_twice_is_one_order() -> None:
    shop = confirmed_shop(10)
    before = {name: row for name, row in shop.rows.rows.items() if name != "order"}
    shop.place(item("1", "A", 10))
    assert [(fact.type, fact.record["kind"]) for fact in shop.last.facts] == [("order.repeated", "identical")]
    assert (shop.last.asks, {name: row for name, row in shop.rows.rows.items() if name != "order"}) == ((), before)


def test_other_content_under_the_same_number_is_a_suspect_and_changes_nothing() -> None:
    shop = confirmed_shop(10)
    shop.place(item("1", "A", 12), fingerprint="f2")
    assert [fact["kind"] for fact in shop.facts("order.repeated")] == ["suspect"]
    assert (shop.exceptions(), shop.line(), shop.last.asks) == (
        ["duplicate_suspect"],
        {"ordered": 10, "released": 10},
        (),
    )


def test_more_is_reserved_in_addition_with_the_next_attempt() -> None:
    shop = settled()
    shop.place(item("1", "A", 12), fingerprint="f2", changed_resend="change")
    (reserve,) = shop.asks("stock.reserve")
    assert (reserve["attempt"], reserve["lines"]) == (2, [{"line": "1", "quantity": 2}])
    assert [fact["revision"] for fact in shop.facts("order.changed")] == [2]
    shop.stock("A", held("1", 12))
    assert shop.line() == {"ordered": 12, "reserved": 12}
    assert [(post["revision"], post["lines"][0]["quantity"]) for post in shop.asks("post.order")] == [(2, 12)]


def test_more_that_is_not_there_is_backordered_beside_what_is_held() -> None:
    shop = settled()
    shop.place(item("1", "A", 12), fingerprint="f2", changed_resend="change")
    shop.stock("A", held("1", 11, waiting=1), state="partial")
    assert shop.line() == {"ordered": 12, "reserved": 11, "backordered": 1}


def test_less_is_given_back() -> None:
    shop = settled()
    shop.place(item("1", "A", 7), fingerprint="f2", changed_resend="change")
    (release,) = shop.asks("stock.release")
    assert (release["lines"], shop.line()) == (
        [{"line": "1", "quantity": 3, "keep": 7}],
        {"ordered": 7, "reserved": 7},
    )
    assert [post["revision"] for post in shop.asks("post.order")] == [2]


def test_less_than_is_shipped_is_refused_for_the_excess() -> None:
    shop = settled()
    shop.posted()
    shop.ship("e1", l1=6)
    shop.place(item("1", "A", 4), fingerprint="f2", changed_resend="change")
    assert shop.line() == {"ordered": 6, "shipped": 6}
    assert shop.exceptions() == ["document_rejected/1"]


def test_a_line_that_the_change_no_longer_names_is_wanted_no_more() -> None:
    shop = settled(item("1", "A", 10), item("2", "B", 2))
    shop.place(item("1", "A", 10), fingerprint="f2", changed_resend="change")
    assert (shop.line("2"), [ask["sku"] for ask in shop.asks("stock.release")]) == ({}, ["B"])


def test_a_new_line_is_reserved_on_its_own() -> None:
    shop = settled()
    shop.place(item("1", "A", 10), item("2", "B", 3), fingerprint="f2", changed_resend="change")
    assert [(ask["sku"], ask["attempt"]) for ask in shop.asks("stock.reserve")] == [("B", 2)]


def test_another_product_under_a_known_line_is_for_a_person() -> None:
    shop = settled()
    shop.place(item("1", "B", 10), fingerprint="f2", changed_resend="change")
    assert (shop.exceptions(), shop.line()) == (["item_conflict/1"], {"ordered": 10, "reserved": 10})


def test_a_late_duplicate_of_the_original_does_not_undo_a_change() -> None:
    shop = settled()
    shop.place(item("1", "A", 7), fingerprint="f2", changed_resend="change")
    shop.place(item("1", "A", 10), fingerprint="f1", changed_resend="change")
    assert ([fact["kind"] for fact in shop.facts("order.repeated")], shop.line()["ordered"]) == (["identical"], 7)


def test_other_content_for_a_finished_order_is_a_suspect_under_any_policy() -> None:
    shop = settled()
    shop.cancel()
    shop.place(item("1", "A", 12), fingerprint="f2", changed_resend="change")
    assert (shop.exceptions(), shop.headlines[-1]) == (["duplicate_suspect"], "cancelled")


def test_a_whole_order_that_grows_before_release_is_held_anew_or_not_at_all() -> None:
    shop = settled(release="hold", ship_complete=True)
    shop.place(item("1", "A", 12), fingerprint="f2", changed_resend="change", ship_complete=True)
    assert [ask["attempt"] for ask in shop.asks("stock.release")] == [1]
    (reserve,) = shop.asks("stock.reserve")
    assert (reserve["mode"], reserve["attempt"], reserve["lines"]) == ("whole", 2, [{"line": "1", "quantity": 12}])


def test_a_parked_line_waits_with_its_exception_and_the_rest_goes_on() -> None:
    shop = Shop()
    shop.place(item("1", "A", 4), item("2", "", 5, problem="item_unmapped"))
    assert (shop.exceptions(), [ask["sku"] for ask in shop.asks("stock.reserve")]) == (["item_unmapped/2"], ["A"])
    shop.stock("A", held("1", 4))
    assert (shop.headlines, shop.line("2")) == (["accepted"], {"ordered": 5, "pending": 5})
    assert [line["line"] for line in shop.asks("post.order")[0]["lines"]] == ["1"]


def test_reading_again_takes_only_what_was_parked() -> None:
    shop = Shop()
    shop.place(item("1", "A", 4), item("2", "", 5, problem="item_unmapped"))
    shop.stock("A", held("1", 4))
    shop.posted()
    shop.resolve(item("1", "A", 99), item("2", "B", 5))
    assert [(ask["sku"], ask["attempt"]) for ask in shop.asks("stock.reserve")] == [("B", 2)]
    assert (shop.exceptions(), shop.line("1")) == ([], {"ordered": 4, "released": 4})
    assert [fact["actor"] for fact in shop.facts("exception.resolved")] == ["ada"]


def test_a_resolved_line_is_posted_and_released_when_it_is_reserved() -> None:
    shop = Shop()
    shop.place(item("1", "A", 4), item("2", "", 5, problem="item_unmapped"))
    shop.stock("A", held("1", 4))
    shop.posted()
    shop.resolve(item("1", "A", 4), item("2", "B", 5))
    shop.stock("B", held("2", 5))
    assert shop.line("2") == {"ordered": 5, "released": 5}
    assert [[line["line"] for line in post["lines"]] for post in shop.asks("post.order")] == [["1", "2"]]


def test_an_order_of_parked_lines_only_is_received_until_they_are_resolved() -> None:
    shop = Shop()
    shop.place(item("1", "", 5, problem="item_unmapped"))
    assert (shop.headlines, shop.order["step"]) == ([], "parked")
    shop.resolve(item("1", "B", 60))
    shop.stock("B", held("1", 60))
    assert (shop.headlines, shop.line()) == (["accepted"], {"ordered": 60, "reserved": 60})


def test_a_line_that_is_still_not_understood_stays_parked_under_its_newest_problem() -> None:
    shop = Shop()
    shop.place(item("1", "", 5, problem="item_unmapped"))
    shop.resolve(item("1", "B", 0, problem="unit_unsafe"))
    assert (shop.exceptions(), shop.asks("stock.reserve")) == (["unit_unsafe/1"], [])


def test_reading_again_where_nothing_is_parked_is_a_repeat() -> None:
    shop = confirmed_shop()
    shop.resolve(item("1", "A", 10))
    assert [(fact.type, fact.record["kind"]) for fact in shop.last.facts] == [("order.repeated", "identical")]


def test_reading_an_original_whose_order_is_not_there_places_it() -> None:
    shop = Shop()
    shop.resolve(item("1", "A", 10))
    assert len(shop.facts("order.created")) == 1
