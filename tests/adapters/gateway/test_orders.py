"""An order is stored before its sender hears 202, and the answer is a pure function of the request."""

from __future__ import annotations

import re
from typing import Any

import pytest

from schemas.identity import order_id
from tests.adapters.gateway.bodies import LINE, ORDER
from tests.streams.project.facts import created
from tests.support.gateway import Desk

OWN = order_id("acme", "portal", "P-1001")


def refused(answer: Any) -> dict[str, str]:
    """Pointer and code of each error of a validation problem."""
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


def test_an_order_is_stored_as_received_under_its_series(desk: Desk) -> None:
    answer = desk.order(ORDER)
    stored = desk.log.one("channel.document")
    assert (answer.status_code, answer.headers["Location"]) == (202, f"/v1/orders/{OWN}")
    assert (stored["resource"], stored["channel"], stored["request_key"], stored["receipt"]) == (
        "orders",
        "portal",
        "k-1",
        answer.json()["receipt"],
    )
    assert (desk.log.sent[0].key, desk.log.sent[0].envelope.receipt) == (OWN, answer.json()["receipt"])


def test_the_answer_names_order_receipt_and_where_to_look(desk: Desk) -> None:
    body = desk.order(ORDER).json()
    assert body["order_id"] == OWN and body["status_url"] == f"/v1/orders/{OWN}" and len(body["receipt"]) == 36


def test_the_document_holds_the_very_bytes(desk: Desk) -> None:
    raw = b'{ "channel":"portal", "number":"P-1001", "lines":[{"line":"1","product":{"gtin":"4006381333931"},"quantity":"1.50"}] }'
    headers = {**desk.key(), "Idempotency-Key": "k", "Content-Type": "application/json; charset=UTF-8"}
    assert desk.send("POST", "/v1/orders", headers, content=raw).status_code == 202
    assert desk.log.one("channel.document")["body"] == raw


def test_the_correlation_and_the_trace_go_with_the_document(desk: Desk) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    answer = desk.order(ORDER, **{"X-Correlation-Id": "c-77", "traceparent": trace})
    sent = desk.log.sent[0].envelope
    assert (answer.headers["X-Correlation-Id"], sent.correlation, sent.traceparent) == ("c-77", "c-77", trace)


def test_an_unusable_correlation_or_trace_is_replaced(desk: Desk) -> None:
    desk.order(ORDER, **{"X-Correlation-Id": "a b", "traceparent": f"00-{'0' * 32}-{'b' * 16}-01"})
    sent = desk.log.sent[0].envelope
    assert re.fullmatch(r"[0-9a-f-]{36}", sent.correlation) and sent.traceparent == ""


def test_while_the_log_is_away_nothing_is_promised(desk: Desk) -> None:
    desk.log.away = True
    answer = desk.order(ORDER)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "log-unavailable", "2")


@pytest.mark.parametrize(
    ("bend", "pointer"),
    [
        ({"lines": [{**LINE, "quantity": "0"}]}, "/lines/0/quantity"),
        ({"lines": [{**LINE, "quantity": "-1"}]}, "/lines/0/quantity"),
        ({"lines": [{**LINE, "quantity": 24}]}, "/lines/0/quantity"),
        ({"lines": [{**LINE, "quantity": 1.5}]}, "/lines/0/quantity"),
        ({"lines": [{**LINE, "quantity": "1e3"}]}, "/lines/0/quantity"),
        ({"lines": [{**LINE, "quantity": "٣"}]}, "/lines/0/quantity"),
        ({"lines": [{**LINE, "price": "-9.50"}]}, "/lines/0/price"),
        ({"lines": [{**LINE, "product": {}}]}, "/lines/0/product"),
        ({"lines": [{**LINE, "product": {"sku": "A", "gtin": "4006381333931"}}]}, "/lines/0/product"),
        ({"lines": [{**LINE, "product": {"upc": "4006381333931"}}]}, "/lines/0/product/upc"),
        ({"lines": [LINE, LINE]}, ""),
        ({"lines": []}, "/lines"),
        ({"lines": [{**LINE, "line": str(n)} for n in range(10_000)]}, "/lines"),
        ({"number": ""}, "/number"),
        ({"number": "a\u0000b"}, "/number"),
        ({"channel": "a:b"}, "/channel"),
        ({"currency": "usd"}, "/currency"),
        ({"ordered_at": "2026-03-02T08:01:00"}, "/ordered_at"),
        ({"requested_delivery": "2026-02-30"}, "/requested_delivery"),
        ({"ship_to": {"country": "USA"}}, "/ship_to/country"),
        ({"colour/~": 1}, "/colour~1~0"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(desk: Desk, bend: dict[str, Any], pointer: str) -> None:
    assert pointer in refused(desk.order({**ORDER, **bend}))
    assert desk.log.sent == []


def test_a_missing_field_is_told_with_its_place(desk: Desk) -> None:
    assert refused(desk.order({"channel": "portal"})) == {"/number": "missing", "/lines": "missing"}


def test_an_error_never_repeats_the_value(desk: Desk) -> None:
    assert "hunter2" not in desk.order({**ORDER, "currency": "hunter2"}).text


def test_a_cancel_goes_to_the_orders_own_series(desk: Desk) -> None:
    desk.project(created_as(OWN))
    answer = desk.send(
        "POST", f"/v1/orders/{OWN}/cancel", json={"reason": "too late", "lines": [{"line": "1", "quantity": "4"}]}
    )
    stored = desk.log.one("channel.document")
    assert (answer.status_code, stored["resource"], stored["target"], stored["channel"]) == (
        202,
        "order-cancel",
        OWN,
        "portal",
    )
    assert desk.log.sent[0].key == OWN


def test_a_cancel_of_an_older_generation_goes_to_the_same_series(desk: Desk) -> None:
    desk.project(created_as(f"{OWN}.2"))
    assert desk.send("POST", f"/v1/orders/{OWN}.2/cancel", json={}).status_code == 202
    assert (desk.log.sent[0].key, desk.log.one("channel.document")["target"]) == (OWN, f"{OWN}.2")


@pytest.mark.parametrize("media", ["application/json", ""])
def test_a_cancel_without_a_body_cancels_the_whole_order(desk: Desk, media: str) -> None:
    desk.project(created_as(OWN))
    assert desk.send("POST", f"/v1/orders/{OWN}/cancel", {"Content-Type": media}, content=b"").status_code == 202
    assert desk.log.one("channel.document")["body"] == b""


def test_an_order_that_does_not_exist_cannot_be_cancelled(desk: Desk) -> None:
    assert desk.send("POST", f"/v1/orders/{OWN}/cancel", json={}).status_code == 404


@pytest.mark.parametrize(
    "body", [{"reason": 1}, {"lines": [{"line": "1", "quantity": "0"}]}, {"lines": [{"line": "1"}] * 2}, {"why": ""}]
)
def test_a_cancel_that_makes_no_sense_is_refused(desk: Desk, body: Any) -> None:
    desk.project(created_as(OWN))
    assert desk.send("POST", f"/v1/orders/{OWN}/cancel", json=body).status_code == 422


def test_resolving_reads_the_original_document_again(desk: Desk) -> None:
    desk.order(ORDER)
    (stored,) = desk.log.documents()
    desk.project(desk.log.sent[0], created_as(OWN, document=stored["receipt"]))
    desk.pages.stored[0] = stored
    answer = desk.send("POST", f"/v1/orders/{OWN}/resolve")
    again = desk.log.documents()[1]
    assert (answer.status_code, again["resource"], again["target"], again["body"]) == (
        202,
        "order-resolve",
        OWN,
        stored["body"],
    )


def test_an_order_whose_document_is_no_longer_kept_cannot_be_resolved(desk: Desk) -> None:
    desk.project(created_as(OWN))
    answer = desk.send("POST", f"/v1/orders/{OWN}/resolve", json={"reason": "mapped now"})
    assert (answer.status_code, answer.json()["code"]) == (409, "order-not-resolvable")


def created_as(own: str, **record: Any) -> Any:
    """An order under this id."""
    message = created()
    message.record.update(order_id=own, **record)
    return message
