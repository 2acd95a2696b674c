"""A receipt tells what became of a document: received, accepted, rejected or dead."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.errors import remedy
from schemas.generated import channel_v1, dead_v1, feeds_v1, inventory_v1, orders_v1
from streams.engine.effects import Message
from tables.redis.receipt_view import ReceiptView, receipt_of
from tests.streams.project.facts import AT, created, message, projected


def document(**rest: Any) -> Message:
    given: dict[str, Any] = {
        "receipt": "R",
        "channel": "portal",
        "sender": "shop",
        "resource": "orders",
        "body": b'{"a":1}',
        "sha256": "",
        "received_at": AT,
    }
    return message("channel.document", channel_v1.document(**{**given, **rest}), key="o-1", offset=40)


def part(index: int, kind: str = "order.place", order: str = "o-1") -> channel_v1.ReceiptPart:
    return channel_v1.receipt_part(
        index=index, command_id=f"c-{index}", type=kind, topic="orders.commands", key=order, order_id=order
    )


def normalized(*parts: channel_v1.ReceiptPart, state: str = "accepted", offset: int = 7, **rest: Any) -> Message:
    record = channel_v1.document_normalized(
        receipt="R", channel="portal", state=state, kind="order", parts=list(parts), **rest
    )
    return message("document.normalized", record, key="R", offset=offset)


def died(receipt: str) -> Message:
    record = dead_v1.command_died(
        command_id="c-1", command_type="order.place", receipt=receipt, agent="orders", topic="orders.commands", partition=0,
        offset=3, error="KeyError", message="boom", fingerprint="f00",
    )  # fmt: skip
    return message("command.died", record, key="R", receipt=receipt)


def receipt(*messages: Message) -> ReceiptView:
    found = receipt_of("R", projected(*messages).hashes["receipt:acme:R"])
    assert found is not None
    return found


def test_a_document_is_received_before_anybody_read_it() -> None:
    assert receipt(document())["state"] == "received"


def test_a_document_whose_parts_wait_is_still_received() -> None:
    assert receipt(document(), normalized(part(0)))["state"] == "received"


def test_a_receipt_is_accepted_when_every_part_is_decided() -> None:
    assert receipt(document(), normalized(part(0)), created())["state"] == "accepted"


def test_one_part_that_waits_keeps_the_receipt_open() -> None:
    assert receipt(document(), normalized(part(0), part(1, order="o-2")), created())["state"] == "received"


def test_a_part_may_be_decided_before_its_normalization_is_projected() -> None:
    assert receipt(created(), normalized(part(0)), document())["state"] == "accepted"


def test_a_refused_document_is_rejected_with_its_reasons() -> None:
    problem = channel_v1.problem(code="WH1101", message="expected one JSON value", pointer="/")
    found = receipt(document(), normalized(state="rejected", problems=[problem]))
    assert (found["state"], found["problems"]) == ("rejected", [{**problem, "remedy": remedy("WH1101")}])


def test_reference_data_has_no_parts_and_is_accepted_at_once() -> None:
    assert receipt(document(), normalized())["state"] == "accepted"


def changed(kind: str = "subscription.changed") -> Message:
    records = {
        "subscription.changed": feeds_v1.subscription_changed(channel="portal", view="all", version=1),
        "feed.ignored": feeds_v1.command_ignored(subject="1", reason="version 2 stands"),
    }
    return message(kind, records[kind], key="portal/all", receipt="R/0")


@pytest.mark.parametrize("kind", ["subscription.changed", "feed.ignored"])
def test_a_subscription_is_accepted_when_its_view_has_decided(kind: str) -> None:
    waiting = normalized(part(0, "feed.set-subscription"))
    assert receipt(document(), waiting)["state"] == "received"
    assert receipt(document(), waiting, changed(kind))["state"] == "accepted"


def test_a_part_that_died_makes_the_receipt_dead_and_says_why() -> None:
    found = receipt(document(), normalized(part(0)), died("R/0"))
    assert (found["state"], found["problems"][0]["message"]) == ("dead", "order.place could not be decided: KeyError")


def test_a_document_that_died_whole_is_dead() -> None:
    assert receipt(document(), died("R"))["state"] == "dead"


def test_the_receipt_names_its_orders_once() -> None:
    assert receipt(document(), normalized(part(0), part(1)), created())["orders"] == ["o-1"]


def test_a_duplicate_order_says_which_order_it_is() -> None:
    repeated = orders_v1.order_repeated(order_id="o-1", seq=4, kind="identical", fingerprint="f")
    found = receipt(document(), normalized(part(0)), message("order.repeated", repeated, receipt="R/0"))
    assert found["parts"][0]["event"] == "order.repeated"


def test_a_document_read_again_shows_the_later_reading() -> None:
    assert receipt(document(), normalized(offset=9), normalized(state="rejected", offset=8))["state"] == "accepted"


def test_a_decided_count_bears_its_receipt_too() -> None:
    fact = inventory_v1.availability_changed(sku="W", version=1, default_quantity=1)
    counted = part(0, "stock.report", order="")
    assert (
        receipt(document(), normalized(counted), message("availability.changed", fact, key="W", receipt="R/0"))["state"]
        == "accepted"
    )


def test_where_the_document_stands_is_kept_so_that_it_can_be_read_again() -> None:
    shelf = projected(document())
    assert b'"offset":40,"partition":3' in shelf.hashes["receipt:acme:R"][b"head"]


def test_a_request_key_is_taken_again_from_the_log() -> None:
    shelf = projected(document(request_key="p-1001-a", route="POST /v1/orders", media_type="application/json"))
    assert [key[:10] for key in shelf.texts] == ["idem:acme:"]


def test_a_document_without_a_request_key_takes_none() -> None:
    assert projected(document()).texts == {}


def test_later_parts_of_a_file_change_nothing() -> None:
    assert projected(document(part=1, parts=2)).hashes == {}


def test_a_part_that_changed_nothing_says_why() -> None:
    ignored = inventory_v1.command_ignored(sku="A", seq=1, at=AT, command="stock.report", reason="stale_sequence")
    told = receipt(
        normalized(part(0), part(1, "stock.report")),
        created(),
        message("inventory.ignored", ignored, key="A", receipt="R/1"),
    )
    assert [one["reason"] for one in told["parts"]] == ["", "stale_sequence"]
