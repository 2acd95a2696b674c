"""The order makes its numbers and lines known to whoever has to find it."""

from __future__ import annotations

from typing import Any

from schemas.generated import orders_v1 as v1
from tests.streams.orders.shop import ID, Shop, confirmed_shop, content, held, item


def placed(**terms: Any) -> list[tuple[str, str, str]]:
    """The references that an order with these terms claims."""
    shop = Shop()
    wanted: Any = {**content(item("1", "A", 1)), **terms}
    shop.send("order.place", v1.place_order(order_id=ID, content=wanted))
    (claim,) = shop.asks("shipment.claim")
    return [(reference["kind"], reference["value"], reference["party"]) for reference in claim["references"]]


def test_a_partners_order_is_known_by_the_number_of_its_channel_and_as_his_purchase_order() -> None:
    assert placed(channel="RETX", partner="RETX", number="4500017") == [
        ("order_id", ID, ""), ("number", "4500017", "RETX"), ("po", "4500017", "RETX")]  # fmt: skip


def test_a_release_has_a_number_of_its_own() -> None:
    assert placed(number="4500017", release="3")[1] == ("number", "4500017/3", "portal")


def test_a_claim_tells_the_lines_with_what_was_ordered() -> None:
    shop = Shop()
    shop.place(item("1", "A", 24))
    (claim,) = shop.asks("shipment.claim")
    assert claim["lines"] == [{"line": "1", "sku": "A", "quantity": 24, "components": []}]


def test_a_resolved_line_is_made_known() -> None:
    shop = Shop()
    shop.place(item("1", "", 5, problem="item_unmapped"))
    shop.resolve(item("1", "B", 60))
    (claim,) = shop.asks("shipment.claim")
    assert (claim["references"], claim["lines"]) == ([], [{"line": "1", "sku": "B", "quantity": 60, "components": []}])


def test_a_changed_quantity_is_made_known() -> None:
    shop = confirmed_shop(10)
    shop.place(item("1", "A", 12), fingerprint="f2", changed_resend="change")
    (claim,) = shop.asks("shipment.claim")
    assert claim["lines"] == [{"line": "1", "sku": "A", "quantity": 12, "components": []}]


def test_a_changed_order_that_the_erp_holds_under_a_new_number_is_known_by_that_too() -> None:
    shop = confirmed_shop(10)
    shop.cancel(l1=4)
    shop.posted(number="SO-2")
    assert [(fact["revision"], fact["erp_number"]) for fact in shop.facts("order.confirmed")] == [(2, "SO-2")]
    (claim,) = shop.asks("shipment.claim")
    assert [reference["value"] for reference in claim["references"]] == ["SO-2"]


def test_a_document_that_calls_itself_a_change_is_one_under_any_policy() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10))
    shop.stock("A", held("1", 10))
    later: Any = {**content(item("1", "A", 7), fingerprint="f2"), "purpose": "replace"}
    shop.send("order.place", v1.place_order(order_id=ID, content=later))
    assert ([fact["kind"] for fact in shop.facts("order.repeated")], shop.line()) == (
        ["change"],
        {"ordered": 7, "reserved": 7},
    )


def test_two_wants_of_one_sku_are_asked_one_after_the_other() -> None:
    shop = Shop()
    shop.place(item("1", "A", 10), changed_resend="change")
    shop.place(item("1", "A", 12), fingerprint="f2", changed_resend="change")
    assert (shop.asks("stock.reserve"), len(shop.facts("order.stock.deferred"))) == ([], 1)
    shop.stock("A", held("1", 10))
    assert [(ask["attempt"], ask["lines"]) for ask in shop.asks("stock.reserve")] == [
        (2, [{"line": "1", "quantity": 2}])
    ]
    assert shop.headlines == []
    shop.stock("A", held("1", 12))
    assert (shop.headlines, shop.line()) == (["accepted"], {"ordered": 12, "reserved": 12})


def test_less_wanted_while_a_sku_decides_is_given_back_only_as_far_as_it_is_there() -> None:
    """Of three asked two are there; one less is wanted meanwhile: nothing is to be given back."""
    shop = Shop()
    shop.place(item("1", "A", 3), backorder=False)
    shop.cancel(l1=1)
    assert shop.asks("stock.release") == []
    shop.stock("A", held("1", 2, missing=1), state="partial")
    assert (shop.asks("stock.release"), shop.line()) == ([], {"ordered": 3, "cancelled": 1, "reserved": 2})
