"""Bundles over HTTP: what is made of what is said once, and the number, the hold and the order follow it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.adapters.gateway.bodies import COUNT, ORDER
from tests.support.harbour import Harbour, harbour
from tests.support.redis import Server

KIT = {"name": "Starter kit", "components": [{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 1}]}


@pytest.fixture
def port(redis_server: Server) -> Iterator[Harbour]:
    """Seven A, four B, and a KIT of two A and one B."""
    with harbour(redis_server, prompt=True) as opened:
        opened.ask("PUT", "/v1/reference/partners/portal", json={"channel": "portal", "numbers_own_orders": True})
        opened.ask("PUT", "/v1/reference/customers/7001", json={"name": "Customer"})
        for sequence, (sku, units) in enumerate((("A", "7"), ("B", "4")), 1):
            opened.ask("PUT", f"/v1/reference/products/{sku}", json={"name": sku})
            count = {name: value for name, value in COUNT.items() if name not in ("unsellable", "event_id")}
            told = {**count, "sku": sku, "quantity": units, "sequence": sequence}
            opened.ask("POST", "/v1/inventory/events", json=told)
        opened.ask("PUT", "/v1/reference/products/KIT", json=KIT)
        opened.desk.caught_up(partition=0)
        yield opened


def shown(port: Harbour, sku: str) -> str:
    """What a site reads."""
    found: str = port.ask("GET", f"/v1/availability/{sku}?channel=portal")["quantity"]
    return found


def bundles(quantity: str) -> Any:
    """The lines of an order of KIT."""
    return [{"line": "1", "product": {"sku": "KIT"}, "quantity": quantity}]


def test_a_bundle_is_read_held_ordered_and_cancelled_like_any_product(port: Harbour) -> None:
    assert [shown(port, sku) for sku in ("A", "B", "KIT")] == ["7", "4", "3"]
    order = {**ORDER, "lines": bundles("2")}
    placed = port.place(order, "k-1")
    found = port.ask("GET", placed["status_url"])["lines"][0]
    assert (found["sku"], found["ordered"], found["released"]) == ("KIT", "2", "2")
    assert [shown(port, sku) for sku in ("A", "B", "KIT")] == ["3", "2", "1"]
    port.ask("POST", f"/v1/orders/{placed['order_id']}/cancel", json={"reason": "changed our mind"})
    assert [shown(port, sku) for sku in ("A", "B", "KIT")] == ["7", "4", "3"]


def test_the_explanation_names_the_component_that_limits(port: Harbour) -> None:
    terms = port.ask("GET", "/v1/availability/KIT/explanation?channel=portal")["terms"]
    assert sum(int(term["amount"]) for term in terms) == 3
    port.ask("POST", "/v1/inventory/events", json={
        "kind": "transferred", "source": "wms1", "event_id": "t-1", "as_of": "2026-03-02T08:00:30Z", "sku": "B",
        "location": COUNT["location"], "to_location": "YARD", "quantity": "4",
    })  # fmt: skip
    terms = port.ask("GET", "/v1/availability/KIT/explanation?channel=portal")["terms"]
    (term,) = [term for term in terms if term["code"] == "bundle_component"]
    assert (term["amount"], "least of A" in term["detail"]) == ("3", True)


def test_a_bundle_of_bundles_is_refused_on_its_receipt(port: Harbour) -> None:
    answer = port.ask("PUT", "/v1/reference/products/BOX", json={"components": [{"sku": "KIT", "quantity": 1}]})
    found = port.ask("GET", f"/v1/receipts/{answer['receipt']}")
    assert (found["state"], [problem["code"] for problem in found["problems"]]) == ("rejected", ["WH1314"])


def test_a_reservation_of_more_bundles_than_can_be_made_says_how_many_there_are(port: Harbour) -> None:
    body = {"channel": "portal", "cart": "c-1", "lines": [{"line": "1", "sku": "KIT", "quantity": "4"}]}
    answer = port.desk.send("POST", "/v1/reservations", headers={"Idempotency-Key": "r-1"}, json=body)
    assert (answer.status_code, answer.json()["lines"][0]["available"]) == (409, "3")
    assert [shown(port, sku) for sku in ("A", "B", "KIT")] == ["7", "4", "3"]


def test_a_reservation_of_bundles_is_granted_in_bundles(port: Harbour) -> None:
    body = {"channel": "portal", "cart": "c-1", "lines": [{"line": "1", "sku": "KIT", "quantity": "2"}]}
    answer = port.desk.send("POST", "/v1/reservations", headers={"Idempotency-Key": "r-1"}, json=body)
    (line,) = answer.json()["lines"]
    assert (answer.status_code, line["reserved"], line["missing"]) == (201, "2", "0")
    assert shown(port, "KIT") == "1"
