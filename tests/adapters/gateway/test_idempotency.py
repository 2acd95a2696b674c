"""The table of reference/domain/status-delivery.md §8: a key's second use is answered as its first, or refused."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from schemas.envelope import derived_id
from tables.redis import keys
from tests.adapters.gateway.bodies import COUNT, ORDER
from tests.support.gateway import Desk
from tests.support.gateway import desk as opened
from tests.support.redis import server


def test_an_order_without_a_key_is_refused(desk: Desk) -> None:
    answer = desk.send("POST", "/v1/orders", json=ORDER)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-required")


@pytest.mark.parametrize("key", ["", '""', "a b", '"half', "é", "a" * 256, '"a"b"'])
def test_a_malformed_or_long_key_is_refused(desk: Desk, key: str) -> None:
    headers: Any = {**desk.key(), "Idempotency-Key": key.encode()}
    answer = desk.send("POST", "/v1/orders", headers, json=ORDER)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-invalid")


def test_two_keys_are_refused(desk: Desk) -> None:
    headers: Any = [*desk.key().items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = desk.client.post("/v1/orders", headers=headers, json=ORDER)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-invalid")


def test_the_longest_key_and_both_forms_are_taken_as_one(desk: Desk) -> None:
    bare, quoted = desk.order(ORDER, key="k" * 255), desk.order(ORDER, key=f'"{"k" * 255}"')
    assert (bare.content, quoted.headers["Idempotent-Replayed"]) == (quoted.content, "true")


def test_a_repeat_gets_the_same_bytes_and_says_so(desk: Desk) -> None:
    first, again = desk.order(ORDER), desk.order(ORDER)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")


def test_the_same_content_in_another_layout_is_a_repeat(desk: Desk) -> None:
    first = desk.order(ORDER)
    turned = orjson.dumps(dict(reversed(ORDER.items())), option=orjson.OPT_INDENT_2)
    headers = {**desk.key(), "Idempotency-Key": "k-1", "Content-Type": "application/json"}
    assert desk.send("POST", "/v1/orders", headers, content=turned).content == first.content


def test_the_same_key_with_other_content_is_refused(desk: Desk) -> None:
    desk.order(ORDER)
    answer = desk.order({**ORDER, "number": "P-1002"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert len(desk.log.sent) == 1


def test_a_body_that_failed_validation_leaves_the_key_free(desk: Desk) -> None:
    desk.order({**ORDER, "lines": []})
    assert desk.order(ORDER).status_code == 202


def test_a_repeat_whose_document_stands_in_the_log_is_not_stored_again(desk: Desk) -> None:
    desk.order(ORDER)
    desk.project(desk.log.sent[0])
    assert desk.order(ORDER).status_code == 202
    assert len(desk.log.sent) == 1


def test_a_repeat_after_a_crash_between_key_and_log_stores_the_document(desk: Desk) -> None:
    desk.log.away = True
    assert desk.order(ORDER).status_code == 503
    desk.log.away = False
    assert desk.order(ORDER).status_code == 202
    assert len(desk.log.sent) == 1


def test_a_key_lost_with_redis_comes_back_from_the_log(desk: Desk) -> None:
    desk.order(ORDER)
    desk.sink.client.flushall()
    desk.project(desk.log.sent[0])
    assert desk.order({**ORDER, "number": "P-1002"}).json()["code"] == "idempotency-key-reused"
    assert desk.order(ORDER).headers["Idempotent-Replayed"] == "true"


def test_a_key_belongs_to_its_tenant_and_route(desk: Desk) -> None:
    assert desk.order(ORDER).status_code == 202
    foreign = {**desk.key(tenant="globex"), "Idempotency-Key": "k-1"}
    assert desk.send("POST", "/v1/orders", foreign, json={**ORDER, "number": "X"}).status_code == 202
    assert desk.send("POST", "/v1/inventory/events", {"Idempotency-Key": "k-1"}, json=COUNT).status_code == 202


def test_the_same_number_of_another_tenant_is_another_order(desk: Desk) -> None:
    foreign = {**desk.key(tenant="globex"), "Idempotency-Key": "k-1"}
    assert (
        desk.send("POST", "/v1/orders", foreign, json=ORDER).json()["order_id"] != desk.order(ORDER).json()["order_id"]
    )


def test_a_business_repeat_under_another_key_is_the_same_order_with_a_receipt_of_its_own(desk: Desk) -> None:
    first, again = desk.order(ORDER, key="a").json(), desk.order(ORDER, key="b").json()
    assert first["order_id"] == again["order_id"] and first["receipt"] != again["receipt"]


def test_while_the_first_is_still_running_the_second_is_told_to_come_back(desk: Desk) -> None:
    desk.hub.in_flight.add(("acme", "POST /v1/orders", "k-1"))
    answer = desk.order(ORDER)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (
        409,
        "request-in-progress",
        "1",
    )


def test_a_failed_request_does_not_stay_in_progress(desk: Desk) -> None:
    desk.log.away = True
    desk.order(ORDER)
    assert desk.hub.in_flight == set()


def test_facts_without_a_key_are_arrivals_of_their_own(desk: Desk) -> None:
    first, again = (desk.send("POST", "/v1/inventory/events", json=COUNT).json() for _ in range(2))
    assert first["receipt"] != again["receipt"]


def test_the_key_is_kept_longer_than_the_published_seven_days(desk: Desk) -> None:
    desk.order(ORDER)
    name = keys.idempotency("acme", "POST /v1/orders", "k-1")
    assert int(desk.sink.client.ttl(f"dev:{name}")) > 7 * 86_400


def test_while_redis_is_away_orders_are_taken_and_the_business_key_decides() -> None:
    with server() as running, opened(running) as desk:
        running.stop()
        first, again = desk.order(ORDER), desk.order(ORDER)
        assert (first.status_code, first.content) == (202, again.content)
        assert len(desk.log.sent) == 2


def test_what_was_sent_twice_has_one_id_on_the_log(desk: Desk) -> None:
    """The gateway may die between the log and the answer: the sender's repeat is then the same event."""
    desk.order(ORDER)
    desk.order(ORDER)
    desk.order({**ORDER, "number": "P-1002"}, key="k-2")
    first, again, other = [message.envelope.id for message in desk.log.sent]
    assert first == again != other
    assert first == derived_id(desk.log.documents()[0]["receipt"], "gateway", "channel.document", 0)
