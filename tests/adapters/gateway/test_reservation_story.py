"""A cart's story through the gateway, the agents and the read models: held, held longer, taken over, or given back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from adapters.gateway.models.answers import ProblemAnswer
from adapters.gateway.models.reservations import HeldAnswer, ReservationAnswer, ShortAnswer
from tests.adapters.gateway.bodies import CART, COUNT, ORDER
from tests.support.harbour import Harbour, harbour
from tests.support.redis import Server

WEB = {"channel": "web", "numbers_own_orders": True, "currency": "USD", "default_unit": "EA"}
MINUTE = 60_000


@pytest.fixture
def port(redis_server: Server) -> Iterator[Harbour]:
    """A site, and two products of which 116 and 3 may be sold."""
    with harbour(redis_server, prompt=True) as opened:
        opened.ask("PUT", "/v1/reference/locations/DC1", json={"name": "Warehouse"})
        opened.ask("PUT", "/v1/reference/partners/web", json=WEB)
        opened.ask("PUT", "/v1/reference/customers/7001", json={"name": "Customer"})
        opened.ask("PUT", "/v1/reference/products/WIDGET-A", json={"name": "Widget"})
        opened.ask("PUT", "/v1/reference/products/WIDGET-B", json={"name": "Gadget"})
        opened.ask("PUT", "/v1/reference/products/OLD", json={"name": "Old", "status": "discontinued"})
        opened.ask("POST", "/v1/inventory/events", json=COUNT)
        few = {**COUNT, "sku": "WIDGET-B", "quantity": "3", "unsellable": "0", "event_id": "e-2"}
        opened.ask("POST", "/v1/inventory/events", json=few)
        opened.desk.caught_up(partition=0)
        yield opened


def cart(**units: int) -> dict[str, Any]:
    """A cart with so many of each, a for WIDGET-A."""
    lines = [
        {"line": str(n), "sku": f"WIDGET-{name.upper()}", "quantity": str(count)}
        for n, (name, count) in enumerate(units.items(), 1)
    ]
    return {**CART, "lines": lines}


def hold(port: Harbour, body: Any, key: str = "k-1") -> httpx.Response:
    """POST /v1/reservations."""
    return port.desk.send("POST", "/v1/reservations", {"Idempotency-Key": key}, json=body)


def held(port: Harbour, **units: int) -> str:
    """A granted hold's address."""
    answer = hold(port, cart(**units))
    assert answer.status_code == 201, answer.text
    return f"/v1/reservations/{answer.json()['reservation']}"


def shown(port: Harbour, address: str) -> ReservationAnswer:
    return ReservationAnswer.model_validate(port.ask("GET", address))


def on_offer(port: Harbour, sku: str) -> str:
    found: str = port.ask("GET", f"/v1/availability/WIDGET-{sku}?channel=web")["quantity"]
    return found


def test_a_cart_is_held_line_by_line_where_it_lies(port: Harbour) -> None:
    answer = hold(port, cart(a=2, b=3))
    told = HeldAnswer.model_validate(answer.json())
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/v1/reservations/{told.reservation}")
    assert [(line.reserved, line.missing, line.locations[0].quantity) for line in told.lines] == [("2", "0", "2"), ("3", "0", "3")]  # fmt: skip
    assert (on_offer(port, "A"), on_offer(port, "B")) == ("114", "0")
    assert shown(port, answer.headers["Location"]).state == "held"


def test_where_a_line_is_short_nothing_is_held_and_the_shortage_is_said(port: Harbour) -> None:
    answer = hold(port, cart(a=2, b=4))
    told = ShortAnswer.model_validate(answer.json())
    assert (answer.status_code, told.code) == (409, "insufficient-availability")
    assert [(line.reserved, line.missing, line.available) for line in told.lines] == [
        ("0", "0", "116"),
        ("0", "4", "3"),
    ]
    assert (on_offer(port, "A"), on_offer(port, "B")) == ("116", "3")


def test_who_takes_a_part_is_told_what_is_missing(port: Harbour) -> None:
    answer = hold(port, {**cart(a=2, b=4), "allow_partial": True})
    told = HeldAnswer.model_validate(answer.json())
    assert [(line.reserved, line.missing) for line in told.lines] == [("2", "0"), ("3", "1")]
    assert on_offer(port, "B") == "0"


@pytest.mark.parametrize("units", [{"a": 2}, {"b": 4}])
def test_a_repeat_is_answered_the_same_and_holds_nothing_more(port: Harbour, units: dict[str, int]) -> None:
    first, again = hold(port, cart(**units)), hold(port, cart(**units))
    one, other = first.json(), again.json()
    assert first.status_code == again.status_code
    assert {**one, "correlation_id": ""} == {**other, "correlation_id": ""}
    assert on_offer(port, "A") == ("114" if "a" in units else "116")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({**CART, "lines": [{"line": "1", "sku": "NO-SUCH", "quantity": "1"}]}, "/lines/0/sku", "WH1311"),
        ({**CART, "lines": [{"line": "1", "sku": "OLD", "quantity": "1"}]}, "/lines/0/sku", "WH1312"),
        ({**CART, "lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "1.5"}]}, "/lines/0/quantity", "WH1304"),
        ({**CART, "lines": [{"line": "1", "sku": "WIDGET-A", "quantity": "1", "unit": "KGM"}]}, "/lines/0/quantity", "WH1304"),
        ({**CART, "channel": "nowhere"}, "/channel", "WH1301"),
    ],
)  # fmt: skip
def test_a_cart_that_cannot_be_meant_is_refused_with_its_place(
    port: Harbour, body: Any, pointer: str, code: str
) -> None:
    answer = hold(port, body)
    told = ProblemAnswer.model_validate(answer.json())
    assert (answer.status_code, told.code) == (422, "validation-failed")
    assert [(error.pointer, error.code) for error in told.errors] == [(pointer, code)]
    assert on_offer(port, "A") == "116"


def test_a_hold_ends_with_its_time(port: Harbour) -> None:
    address = held(port, a=2)
    port.topology.advance(15 * MINUTE - 1_000)
    assert (shown(port, address).state, on_offer(port, "A")) == ("held", "114")
    port.topology.advance(1_000)
    assert (shown(port, address).state, on_offer(port, "A")) == ("expired", "116")


def test_a_hold_is_held_longer(port: Harbour) -> None:
    address = held(port, a=2)
    port.topology.advance(10 * MINUTE)
    before = shown(port, address).expires_at
    told = ReservationAnswer.model_validate(port.ask("PATCH", address, json={"expires_in": 1_800}))
    assert told.state == "held" and str(told.expires_at) > str(before)
    port.topology.advance(29 * MINUTE)
    assert on_offer(port, "A") == "114"
    port.topology.advance(2 * MINUTE)
    assert (shown(port, address).state, on_offer(port, "A")) == ("expired", "116")


def test_an_expired_hold_is_not_held_longer(port: Harbour) -> None:
    address = held(port, a=2)
    port.topology.advance(16 * MINUTE)
    answer = port.desk.send("PATCH", address, json={"expires_in": 900})
    assert (answer.status_code, answer.json()["code"], on_offer(port, "A")) == (409, "reservation-over", "116")


def test_a_hold_is_given_back_and_giving_it_back_again_changes_nothing(port: Harbour) -> None:
    address = held(port, a=2, b=1)
    for _ in range(2):
        answer = port.desk.send("DELETE", address)
        assert (answer.status_code, answer.content) == (204, b"")
    assert (shown(port, address).state, on_offer(port, "A"), on_offer(port, "B")) == ("released", "116", "3")
    again = port.desk.send("PATCH", address, json={"expires_in": 900})
    assert again.json()["code"] == "reservation-over"


def ordered(port: Harbour, address: str, quantity: int = 3) -> Any:
    """An order that takes the reservation over."""
    line = {"line": "1", "product": {"sku": "WIDGET-B"}, "quantity": str(quantity), "price": "9.50"}
    body = {**ORDER, "channel": "web", "lines": [line], "reservation": address.rpartition("/")[2]}
    placed = port.place(body, "o-1")
    return port.ask("GET", f"/v1/orders/{placed['order_id']}")


def test_an_order_takes_its_cart_over_and_ships_it(port: Harbour) -> None:
    address = held(port, b=3)
    order = ordered(port, address)
    assert (order["status"], order["lines"][0]["released"], on_offer(port, "B")) == ("released", "3", "0")
    told = shown(port, address)
    assert (told.state, told.order_id, told.expires_at) == ("taken", order["order_id"], None)
    parcel = {
        "kind": "dispatched", "source": "wms1", "event_id": "d-1", "at": "2026-03-02T08:01:00Z", "shipment": "S-1", "carrier": "UPSN",
        "tracking": ["1Z1"], "location": "DC1", "order": {"order_id": order["order_id"]},
        "lines": [{"line": "1", "sku": "WIDGET-B", "quantity": "3"}],
    }  # fmt: skip
    port.ask("POST", "/v1/shipments/events", json=parcel)
    shipped = port.ask("GET", f"/v1/orders/{order['order_id']}")
    assert (shipped["status"], on_offer(port, "B")) == ("shipped", "0")
    assert [port.topology.dead(topic) for topic in ("orders.commands", "inventory.commands")] == [[], []]


def test_what_an_order_took_over_is_neither_given_back_late_nor_by_time(port: Harbour) -> None:
    address = held(port, b=3)
    order = ordered(port, address)
    late = port.desk.send("DELETE", address)
    assert (late.status_code, late.json()["code"], late.json()["order_id"]) == (409, "reservation-taken", order["order_id"])  # fmt: skip
    longer = port.desk.send("PATCH", address, json={"expires_in": 900})
    assert longer.json()["code"] == "reservation-taken"
    port.topology.advance(16 * MINUTE)
    assert (shown(port, address).state, on_offer(port, "B")) == ("taken", "0")
    assert port.ask("GET", f"/v1/orders/{order['order_id']}")["lines"][0]["released"] == "3"


def test_what_the_order_does_not_want_is_held_until_its_time(port: Harbour) -> None:
    address = held(port, b=3)
    ordered(port, address, quantity=2)
    assert on_offer(port, "B") == "0"
    port.topology.advance(16 * MINUTE)
    assert (on_offer(port, "B"), shown(port, address).state) == ("1", "taken")


def test_of_two_buyers_at_once_one_has_the_last_units_each_time(port: Harbour) -> None:
    with ThreadPoolExecutor(2) as crowd:
        for number in range(10):
            buyers = [{**cart(b=3), "cart": who} for who in ("ada", "bob")]
            asked = [crowd.submit(hold, port, body, f"{body['cart']}-{number}") for body in buyers]
            answers = [one.result() for one in asked]
            assert sorted(answer.status_code for answer in answers) == [201, 409]
            (won,) = [answer.headers["Location"] for answer in answers if answer.status_code == 201]
            assert on_offer(port, "B") == "0"
            port.desk.send("DELETE", won)
            assert on_offer(port, "B") == "3"


def test_no_feed_is_told_of_carts(port: Harbour) -> None:
    url = "/v1/channels/web/subscriptions/all"
    port.ask("PUT", url, json={"url": "", "types": ["*", "cart.held", "cart.opened"], "sources": ["*"]})
    address = held(port, a=2)
    port.desk.send("DELETE", address)
    hold(port, {**CART, "lines": [{"line": "1", "sku": "NO-SUCH", "quantity": "1"}]}, key="k-2")
    assert port.topology.log("channels.feed") == []


def test_redis_emptied_and_projected_again_says_the_same_of_a_cart(port: Harbour) -> None:
    address = held(port, a=2)
    port.ask("PATCH", address, json={"expires_in": 1_800})
    before = shown(port, address)
    port.desk.sink.client.flushall()
    port.desk.project(*port.topology.log("orders.events"))
    assert shown(port, address) == before
    assert hold(port, cart(a=2)).status_code == 201
