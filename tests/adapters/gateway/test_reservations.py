"""Requests about reservations as far as the gateway itself decides: their form, their rights, and how long it waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.gateway.models.answers import ProblemAnswer
from adapters.gateway.models.reservations import CAP_S, ReservationReceived
from schemas import identity
from schemas.generated import orders_v1
from tests.adapters.gateway.bodies import CART
from tests.streams.project.facts import message
from tests.support.gateway import NOW, Desk, desk
from tests.support.redis import Server

ID = identity.reservation_id("acme", "web", "c-1", "k-1")


@pytest.fixture
def shop(redis_server: Server) -> Iterator[Desk]:
    """A gateway whose requests nobody decides; it waits for next to nothing."""
    with desk(redis_server) as opened:
        yield opened


def held(at: Desk, body: Any = CART, key: str = "k-1", **headers: str) -> Any:
    """POST /v1/reservations under this idempotency key."""
    return at.send("POST", "/v1/reservations", {**at.key(), "Idempotency-Key": key, **headers}, json=body)


def opened(at: Desk, channel: str = "web") -> None:
    """The reservation is asked for, and projected."""
    record = orders_v1.cart_opened(reservation=ID, seq=1, channel=channel, cart="c-1", at=NOW, expires_at=NOW + 1_000)
    at.project(message("cart.opened", record, key=ID))


def test_what_is_not_decided_in_time_has_a_receipt_and_an_address(shop: Desk) -> None:
    answer = held(shop)
    told = ReservationReceived.model_validate(answer.json())
    assert (answer.status_code, told.reservation, told.status_url) == (202, ID, f"/v1/reservations/{ID}")
    assert answer.headers["Location"] == told.status_url
    [stored] = shop.log.documents()
    assert (stored["resource"], stored["target"], stored["channel"], stored["receipt"]) == (
        "reservations",
        ID,
        "web",
        told.receipt,
    )
    assert shop.log.sent[0].key == ID


def test_a_repeat_is_the_same_hold_and_is_stored_once(shop: Desk) -> None:
    first = held(shop)
    shop.project(*shop.log.sent)
    again = held(shop)
    assert (first.content, len(shop.log.documents())) == (again.content, 1)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_another_key_is_another_hold_of_the_cart(shop: Desk) -> None:
    assert held(shop).json()["reservation"] != held(shop, key="k-2").json()["reservation"]


def test_the_same_key_with_other_content_is_refused(shop: Desk) -> None:
    held(shop)
    assert held(shop, {**CART, "expires_in": 60}).json()["code"] == "idempotency-key-reused"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"expires_in": 0}, "/expires_in", "greater_than_equal"),
        ({"expires_in": -60}, "/expires_in", "greater_than_equal"),
        ({"expires_in": CAP_S + 1}, "/expires_in", "less_than_equal"),
        ({"expires_in": "900"}, "/expires_in", "int_type"),
        ({"cart": None}, "/cart", "string_type"),
        ({"channel": "no channel"}, "/channel", "string_pattern_mismatch"),
        ({"lines": []}, "/lines", "too_short"),
        ({"lines": CART["lines"] * 2}, "", "value_error"),
        ({"colour": "red"}, "/colour", "extra_forbidden"),
        (
            {"lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "-2"}]},
            "/lines/0/quantity",
            "string_pattern_mismatch",
        ),
        ({"lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "0"}]}, "/lines/0/quantity", "value_error"),
        ({"lines": [{"line": "1", "quantity": "2"}]}, "/lines/0/sku", "missing"),
    ],
)
def test_what_is_wrong_with_a_cart_is_said_with_its_place(shop: Desk, change: Any, pointer: str, code: str) -> None:
    answer = held(shop, {**CART, **change})
    told = ProblemAnswer.model_validate(answer.json())
    assert (answer.status_code, told.code, shop.log.sent) == (422, "validation-failed", [])
    assert [(error.pointer, error.code) for error in told.errors] == [(pointer, code)]


def test_a_hold_needs_a_key_of_its_sender(shop: Desk) -> None:
    answer = shop.send("POST", "/v1/reservations", json=CART)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-required")


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("reservations:write@web", 202),
        ("orders:write@web", 202),
        ("orders:write", 202),
        ("orders:write@portal", 403),
        ("reservations:read@web", 403),
        ("availability:read", 403),
    ],
)
def test_a_hold_needs_the_right_for_its_channel(shop: Desk, scope: str, status: int) -> None:
    answer = held(shop, **shop.key(scope))
    assert (answer.status_code, len(shop.log.sent)) == (status, 1 if status == 202 else 0)


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"expires_in": 900}), ("DELETE", None)])
def test_what_is_not_there_or_of_another_channel_is_not_found(shop: Desk, method: str, body: Any) -> None:
    missing = shop.send(method, f"/v1/reservations/{ID}", json=body)
    opened(shop)
    foreign = shop.send(method, f"/v1/reservations/{ID}", shop.key("orders:write@portal"), json=body)
    tenant = shop.send(method, f"/v1/reservations/{ID}", shop.key(tenant="other"), json=body)
    assert [answer.status_code for answer in (missing, foreign, tenant)] == [404] * 3
    assert shop.log.sent == []


def test_a_reader_may_look_and_not_touch(shop: Desk) -> None:
    opened(shop)
    headers = shop.key("reservations:read@web")
    assert shop.send("GET", f"/v1/reservations/{ID}", headers).json()["state"] == "asking"
    assert shop.send("DELETE", f"/v1/reservations/{ID}", headers).status_code == 404


@pytest.mark.parametrize(
    ("method", "body", "resource"),
    [("PATCH", {"expires_in": 900}, "reservation-extend"), ("DELETE", None, "reservation-release")],
)
def test_a_change_is_stored_behind_its_reservation(shop: Desk, method: str, body: Any, resource: str) -> None:
    opened(shop)
    answer = shop.send(method, f"/v1/reservations/{ID}", json=body)
    [stored] = shop.log.documents()
    assert (answer.status_code, stored["resource"], stored["target"], shop.log.sent[0].key) == (202, resource, ID, ID)


@pytest.mark.parametrize("body", [{}, {"expires_in": 0}, {"expires_in": CAP_S + 1}, {"expires_in": 9, "x": 1}])
def test_an_extension_that_cannot_be_meant_is_refused(shop: Desk, body: Any) -> None:
    opened(shop)
    answer = shop.send("PATCH", f"/v1/reservations/{ID}", json=body)
    assert (answer.json()["code"], shop.log.sent) == ("validation-failed", [])


def test_with_the_log_away_nothing_is_promised(shop: Desk) -> None:
    shop.log.away = True
    answer = held(shop)
    assert (answer.status_code, answer.json()["code"]) == (503, "log-unavailable")


def test_the_routes_are_described(shop: Desk) -> None:
    paths = shop.send("GET", "/v1/openapi.json").json()["paths"]
    assert set(paths["/v1/reservations"]["post"]["responses"]) >= {"201", "202", "409", "422"}
    assert set(paths["/v1/reservations/{reservation}"]) == {"get", "patch", "delete"}
