"""Documents of orders: placed, cancelled, resolved, each under the right id, each with its part of the receipt."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import identity, wire
from schemas.envelope import derived_id
from schemas.generated import channel_v1 as channel
from streams.engine.effects import Ask, Effects
from tests.adapters.channels.x12_text import interchange, order_850, po1
from tests.streams.normalize.desk import (
    PORTAL,
    codes,
    commands,
    document,
    handed_in,
    portal_order,
    receipt,
    rows,
)

CANCELLATION = ("BEG", "01", "SA", "4500017", "", "20260302")


def portal(*lines: dict[str, Any], **fields: Any) -> channel.Document:
    return document(portal_order(*lines, **fields))


def edi(*sets: Any, sender: str = "RETX", **fields: Any) -> channel.Document:
    text = interchange(*(sets or (order_850("4500017", po1()),))).replace("RETX           ", f"{sender:<15}")
    return document(text.encode(), "documents", "edi", **fields)


def only(effects: Effects) -> Ask:
    (ask,) = commands(effects)
    return ask


def test_a_portal_order_is_placed_in_the_channels_own_series() -> None:
    ask = only(handed_in(portal()))
    order_id = identity.order_id("acme", "portal", "P-1001")
    assert (ask.type, ask.key, ask.record["order_id"]) == ("order.place", order_id, order_id)
    assert ask.record["content"]["party"] == "portal"


def test_an_edi_order_is_placed_in_the_series_of_the_partner_who_sent_it() -> None:
    ask = only(handed_in(edi()))
    assert ask.key == identity.order_id("acme", "retx", "4500017") and ask.record["content"]["partner"] == "retx"


def test_the_release_is_part_of_the_series() -> None:
    released = order_850("4500017", po1(), beg=("BEG", "00", "RL", "4500017", "3", "20260302"))
    assert only(handed_in(edi(released))).key == identity.order_id("acme", "retx", "4500017", "3")


def test_an_order_from_an_unknown_sender_is_taken_under_the_channels_profile_with_a_warning() -> None:
    effects = handed_in(edi(sender="NOBODY"))
    assert only(effects).record["content"]["partner"] == "edi" and codes(receipt(effects)["warnings"]) == ["WH1302"]


def test_an_unknown_channel_is_refused() -> None:
    effects = handed_in(document(portal_order(), channel_name="fax"))
    assert commands(effects) == [] and codes(receipt(effects)["problems"]) == ["WH1301"]


def test_a_portal_document_by_the_general_door_means_the_same_order() -> None:
    assert only(handed_in(document(portal_order(), "documents"))).key == only(handed_in(portal())).key


def test_a_channel_that_does_not_number_its_own_orders_leaves_the_series_to_its_partner() -> None:
    book = rows(**{"partners|portal": {**PORTAL, "numbers_own_orders": False, "partner": "shop-7"}})
    assert only(handed_in(document(portal_order(), "documents"), book)).key == identity.order_id(
        "acme", "shop-7", "P-1001"
    )


def test_every_order_of_a_file_becomes_its_own_command() -> None:
    effects = handed_in(edi(order_850("1", po1()), order_850("2", po1(), control="0002")))
    assert [ask.record["content"]["number"] for ask in commands(effects)] == ["1", "2"]


def test_a_bad_order_of_a_file_is_refused_alone() -> None:
    effects = handed_in(edi(order_850("1", po1()), order_850("2", po1("1", "-1"), control="0002")))
    told = receipt(effects)
    assert len(commands(effects)) == 1 and told["state"] == "accepted"
    assert [(p["code"], p["document"], p["pointer"]) for p in told["problems"]] == [("WH1209", "2", "PO1[3]/02")]


def test_the_receipt_names_each_command_as_the_engine_will() -> None:
    effects = handed_in(edi(order_850("1", po1()), order_850("2", po1(), control="0002")))
    parts = receipt(effects)["parts"]
    assert [part["command_id"] for part in parts] == [
        derived_id("c-1", "normalize", "order.place", index) for index in (0, 1)
    ]
    assert [(part["index"], part["topic"], part["order_id"]) for part in parts] == [
        (index, "orders.commands", ask.key) for index, ask in enumerate(commands(effects))
    ]


def test_each_command_bears_its_part_of_the_receipt_and_the_receipt_itself_none() -> None:
    effects = handed_in(edi(order_850("1", po1()), order_850("2", po1(), control="0002")))
    assert [ask.receipt for ask in effects.asks] == ["R/0", "R/1", ""]


def test_later_parts_of_a_file_have_receipt_parts_of_their_own() -> None:
    assert [ask.receipt for ask in commands(handed_in(edi(part=2, parts=3)))] == ["R/20000"]


def test_the_receipt_comes_last_under_its_own_key() -> None:
    ask = handed_in(portal()).asks[-1]
    assert (ask.type, ask.key, ask.record["kind"], ask.record["sha256"]) == (
        "document.normalized",
        "R",
        "order",
        "5ca1e",
    )


def test_a_test_document_makes_test_commands() -> None:
    text = interchange(order_850("1", po1())).replace("*0*P*", "*0*T*")
    ask = only(handed_in(document(text.encode(), "documents", "edi")))
    assert ask.disposition == "test" and ask.record["content"]["test"]


def test_a_live_document_leaves_the_disposition_to_its_cause() -> None:
    assert only(handed_in(portal())).disposition is None


def test_an_unknown_product_parks_its_line_and_the_rest_goes_on() -> None:
    nope = {"line": "2", "product": {"sku": "NOPE"}, "quantity": "1"}
    effects = handed_in(portal(portal_order()["lines"][0], nope))
    lines = only(effects).record["content"]["lines"]
    assert [(one["line"], one["problem"]) for one in lines] == [("1", ""), ("2", "item_unmapped")]
    assert receipt(effects)["state"] == "accepted" and codes(receipt(effects)["warnings"]) == ["WH1308"]


def test_a_blanket_estimate_orders_nothing_and_says_so() -> None:
    blanket = order_850("7", po1(), beg=("BEG", "00", "BE", "7", "", "20260302"))
    effects = handed_in(edi(blanket))
    assert commands(effects) == [] and receipt(effects)["state"] == "accepted"
    assert codes(receipt(effects)["warnings"]) == ["WH1212"]


def test_a_cancellation_by_document_cancels_the_partners_order() -> None:
    ask = only(handed_in(edi(order_850("4500017", beg=CANCELLATION))))
    assert (ask.type, ask.key, ask.record["lines"]) == (
        "order.cancel",
        identity.order_id("acme", "retx", "4500017"),
        [],
    )


def test_a_cancel_by_http_goes_to_the_order_it_was_addressed_to() -> None:
    body = {"reason": "too late", "lines": [{"line": "1", "quantity": "4"}]}
    ask = only(handed_in(document(body, "order-cancel", target="o-1")))
    assert (ask.type, ask.key) == ("order.cancel", "o-1")
    assert ask.record == {"order_id": "o-1", "reason": "too late", "lines": [{"line": "1", "quantity": 4}]}


def test_an_older_generation_is_cancelled_under_the_key_of_its_series() -> None:
    ask = only(handed_in(document({}, "order-cancel", target="o-1.2")))
    assert (ask.key, ask.record["order_id"]) == ("o-1", "o-1.2")


def test_an_older_generation_is_resolved_under_the_key_of_its_series() -> None:
    order_id = identity.order_id("acme", "portal", "P-1001")
    ask = only(handed_in(document(portal_order(), "order-resolve", target=f"{order_id}.1")))
    assert (ask.key, ask.record["order_id"]) == (order_id, f"{order_id}.1")


def test_a_change_and_a_replacement_are_told_by_their_purpose() -> None:
    replaced = order_850("4500017", po1(), beg=("BEG", "05", "SA", "4500017", "", "20260302"))
    assert only(handed_in(edi(replaced))).record["content"]["purpose"] == "replace"


def test_a_portal_order_is_resolved_from_its_document_with_what_is_known_now() -> None:
    body = portal_order({"line": "1", "product": {"sku": "NEW"}, "quantity": "24"})
    order_id = only(handed_in(document(body))).key
    book = rows(**{"products|NEW": {**rows().get("products|WIDGET-A"), "sku": "NEW"}})
    ask = only(handed_in(document(body, "order-resolve", target=order_id), book))
    assert (ask.type, ask.key, ask.record["actor"]) == ("order.resolve", order_id, "key-1")
    assert [(one["sku"], one["problem"]) for one in ask.record["content"]["lines"]] == [("NEW", "")]


def test_only_the_resolved_order_of_a_file_is_taken() -> None:
    file = edi(order_850("1", po1()), order_850("2", po1(), control="0002"))
    order_id = identity.order_id("acme", "retx", "2")
    ask = only(handed_in({**file, "resource": "order-resolve", "target": order_id}))
    assert ask.record["content"]["number"] == "2" and ask.receipt == "R/0"


def test_a_resolve_with_the_wrong_document_is_refused() -> None:
    effects = handed_in(document(portal_order(), "order-resolve", target="another"))
    assert commands(effects) == [] and codes(receipt(effects)["problems"]) == ["WH1305"]


def test_a_resent_order_has_the_same_fingerprint_though_the_references_changed() -> None:
    before = only(handed_in(portal())).record["content"]
    after = only(handed_in(portal(), rows(**{"products|WIDGET-A": None}))).record["content"]
    assert before["fingerprint"] == after["fingerprint"] and before["lines"] != after["lines"]


@pytest.mark.parametrize("record", [portal(), edi(), document({}, "order-cancel", target="o-1")])
def test_all_that_is_decided_can_be_written(record: channel.Document) -> None:
    names = {"order.place": "PlaceOrder", "order.cancel": "CancelOrder", "document.normalized": "DocumentNormalized"}
    for ask in handed_in(record).asks:
        space = "channel" if ask.type == "document.normalized" else "orders"
        assert wire.encode(f"wharf.{space}.v1.{names[ask.type]}", dict(ask.record))


def test_the_same_document_is_decided_the_same() -> None:
    assert handed_in(edi()) == handed_in(edi())
