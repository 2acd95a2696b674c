"""Orders, receipts and timelines are read as they stand; a writer reads its own write."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.gateway.models import answers
from schemas.errors import remedy
from schemas.generated import channel_v1
from schemas.identity import order_id
from tests.adapters.gateway.bodies import ORDER
from tests.adapters.gateway.test_orders import created_as
from tests.streams.project.facts import created, message
from tests.streams.project.test_orders import story
from tests.streams.project.test_receipts import document, normalized, part
from tests.support.gateway import Desk
from tests.support.gateway import desk as opened
from tests.support.redis import Server, server

OWN = order_id("acme", "portal", "P-1001")
RECEIPT = "11111111-1111-5111-8111-111111111111"


def as_own(messages: list[Any]) -> list[Any]:
    """The story of the order o-1 told of this order."""
    for one in messages:
        one.record.update(order_id=OWN)
    return messages


def received() -> list[Any]:
    """A document with a part that waits to be decided."""
    said = channel_v1.document_normalized(
        receipt=RECEIPT, channel="portal", state="accepted", kind="order", parts=[part(0, order=OWN)]
    )
    return [document(receipt=RECEIPT), message("document.normalized", said, key=RECEIPT)]


def decided() -> Any:
    """The fact that decides the document's part."""
    fact = created()
    fact.record.update(order_id=OWN)
    return message("order.created", fact.record, receipt=f"{RECEIPT}/0")


def test_an_order_has_the_published_shape(desk: Desk) -> None:
    desk.project(*as_own(story()))
    body = desk.send("GET", f"/v1/orders/{OWN}").json()
    answers.OrderAnswer.model_validate(body)
    assert (body["status"], body["version"], body["erp"]) == (
        "partially_shipped",
        10,
        {"system": "erp", "number": "SO-77"},
    )


def test_the_lines_add_up(desk: Desk) -> None:
    desk.project(*as_own(story()))
    line = desk.send("GET", f"/v1/orders/{OWN}").json()["lines"][0]
    places = ("rejected", "cancelled", "substituted", "pending", "backordered", "reserved", "released", "shipped")
    assert int(line["ordered"]) == sum(int(line[place]) for place in places)


def test_an_order_is_found_by_channel_and_number(desk: Desk) -> None:
    desk.project(created_as(OWN))
    body = desk.send("GET", "/v1/orders?channel=portal&number=P-1001").json()
    answers.OrdersAnswer.model_validate(body)
    assert [one["order_id"] for one in body["orders"]] == [OWN]


def test_a_number_nobody_sent_has_no_orders(desk: Desk) -> None:
    assert desk.send("GET", "/v1/orders?channel=portal&number=NONE").json() == {"orders": []}


def test_the_timeline_tells_what_happened(desk: Desk) -> None:
    desk.project(*as_own(story()))
    body = desk.send("GET", f"/v1/orders/{OWN}/timeline").json()
    answers.TimelineAnswer.model_validate(body)
    assert [entry["event"] for entry in body["entries"]][:3] == [
        "order.created",
        "exception.raised",
        "exception.resolved",
    ]


def test_a_receipt_tells_what_became_of_its_document(desk: Desk) -> None:
    desk.project(*received(), decided())
    body = desk.send("GET", f"/v1/receipts/{RECEIPT}").json()
    answers.ReceiptAnswer.model_validate(body)
    assert (body["state"], body["orders"], body["problems"]) == ("accepted", [OWN], [])


def test_a_refused_document_says_why(desk: Desk) -> None:
    problem = channel_v1.problem(code="WH1203", message="expected 12 segments, came 11", pointer="SE[1]/01")
    desk.project(document(receipt=RECEIPT))
    said = normalized(state="rejected", problems=[problem])
    said.record.update(receipt=RECEIPT)
    desk.project(said)
    body = desk.send("GET", f"/v1/receipts/{RECEIPT}").json()
    assert (body["state"], body["problems"]) == ("rejected", [{**problem, "remedy": remedy("WH1203")}])


def test_a_receipt_just_given_is_waited_for(redis_server: Server) -> None:
    with opened(redis_server, appear_s=5.0) as desk:
        there, looks = desk.hub.models.receipt, [None, None]

        async def late(tenant: str, receipt: str) -> Any:
            return looks.pop() if looks else await there(tenant, receipt)

        desk.hub.models.receipt = late  # type: ignore[method-assign]
        desk.project(*received())
        assert desk.send("GET", f"/v1/receipts/{RECEIPT}").json()["state"] == "received"


def test_at_least_answers_once_the_receipt_is_decided(desk: Desk) -> None:
    desk.project(*received(), decided())
    assert desk.send("GET", f"/v1/orders/{OWN}?at_least={RECEIPT}").json()["number"] == "P-1001"


@pytest.mark.parametrize("known", [True, False])
def test_what_is_not_yet_decided_is_told_and_not_guessed(desk: Desk, known: bool) -> None:
    desk.project(created_as(OWN), *(received() if known else []))
    answer = desk.send("GET", f"/v1/orders/{OWN}?at_least={RECEIPT}&wait=0.01")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (409, "not-yet-decided", "1")


def test_a_wait_beyond_thirty_seconds_is_refused(desk: Desk) -> None:
    assert desk.send("GET", f"/v1/orders/{OWN}?wait=31").status_code == 422


def test_redis_away_is_said_so_on_every_read() -> None:
    with server() as running, opened(running) as desk:
        running.stop()
        reads = (
            f"/v1/orders/{OWN}", f"/v1/orders/{OWN}/timeline", f"/v1/receipts/{RECEIPT}", "/v1/orders?channel=a&number=b",
            "/v1/availability/W", "/v1/channels/portal/feed",
        )  # fmt: skip
        answered = [desk.send("GET", path) for path in reads]
        assert {(one.status_code, one.json()["code"], one.headers["Retry-After"]) for one in answered} == {
            (503, "dependency-unavailable", "1")
        }


def test_a_placed_order_can_be_followed_from_its_answer(desk: Desk) -> None:
    answer = desk.order(ORDER)
    desk.project(desk.log.sent[0], created_as(OWN))
    assert desk.send("GET", answer.headers["Location"]).json()["order_id"] == answer.json()["order_id"]
