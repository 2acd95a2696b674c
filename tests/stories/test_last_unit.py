"""Two buyers want the last one, over HTTP and the embedded broker: each time one has it, and nothing of it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx
import pytest

from tests.support.up import Up, up

T = TypeVar("T")
pytestmark = [pytest.mark.broker, pytest.mark.alone, pytest.mark.slow]
BUYERS, ROUNDS, PATIENCE_S = ("ada", "bob"), 10, 60.0
COUNT = {
    "kind": "counted", "source": "wms1", "sequence": 1, "as_of": "2026-03-02T08:00:00Z",
    "sku": "LAST", "location": "DC1", "quantity": "1",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A site with one of a product on its shelf."""
    with up(tmp_path_factory.mktemp("site")) as system, system.client() as client:
        for path, record in {"partners/web": {"channel": "web", "numbers_own_orders": True, "currency": "USD"},
                             "products/LAST": {"name": "The last one"}}.items():  # fmt: skip
            assert client.put(f"/v1/reference/{path}", json=record).status_code == 202
        assert client.post("/v1/inventory/events", json=COUNT).status_code == 202
        until(lambda: on_offer(client), lambda quantity: quantity == "1")
        yield system


def until(ask: Callable[[], T], holds: Callable[[T], bool]) -> T:
    """What is answered once it holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds(answer := ask()):
        assert time.monotonic() < deadline, answer
        threading.Event().wait(0.05)
    return answer


def on_offer(client: httpx.Client) -> Any:
    return client.get("/v1/availability/LAST?channel=web").json().get("quantity")


def cart(who: str) -> dict[str, Any]:
    return {"channel": "web", "cart": who, "expires_in": 600, "lines": [{"line": "1", "sku": "LAST", "quantity": "1"}]}


def hold(client: httpx.Client, body: dict[str, Any], key: str) -> httpx.Response:
    """The decision, also where it takes longer than the gateway waits: a repeat is the same hold."""
    return until(
        lambda: client.post("/v1/reservations", json=body, headers={"Idempotency-Key": key}),
        lambda answer: answer.status_code != 202 and answer.json().get("code") != "request-in-progress",
    )


def test_of_two_buyers_at_once_one_has_the_last_unit_each_time(site: Up) -> None:
    with site.client() as client, ThreadPoolExecutor(len(BUYERS)) as crowd:
        for number in range(ROUNDS):
            asked = [crowd.submit(hold, client, cart(who), f"{who}-{number}") for who in BUYERS]
            answers = [one.result() for one in asked]
            assert sorted(answer.status_code for answer in answers) == [201, 409], [answer.text for answer in answers]
            (won,) = [answer.json() for answer in answers if answer.status_code == 201]
            (lost,) = [answer.json() for answer in answers if answer.status_code == 409]
            assert (won["lines"][0]["reserved"], lost["code"]) == ("1", "insufficient-availability")
            assert lost["lines"][0]["missing"] == "1"
            assert client.delete(f"/v1/reservations/{won['reservation']}").status_code in (202, 204)
            until(lambda: on_offer(client), lambda quantity: quantity == "1")


def test_a_hold_whose_buyer_went_away_is_free_again_for_the_other(site: Up) -> None:
    with site.client() as client:
        left = hold(client, {**cart("ada"), "expires_in": 1}, "ada-left")
        assert left.status_code == 201
        until(
            lambda: client.get(f"/v1/reservations/{left.json()['reservation']}").json(),
            lambda told: told["state"] == "expired",
        )
        other = hold(client, cart("bob"), "bob-next")
        assert other.status_code == 201, other.text
        assert client.delete(f"/v1/reservations/{other.json()['reservation']}").status_code in (202, 204)
        until(lambda: on_offer(client), lambda quantity: quantity == "1")


def test_who_holds_the_last_unit_orders_it_and_nobody_else_gets_it(site: Up) -> None:
    with site.client() as client:
        held = hold(client, cart("ada"), "ada-orders").json()
        order = {"channel": "web", "number": "W-1", "reservation": held["reservation"],
                 "lines": [{"line": "1", "product": {"sku": "LAST"}, "quantity": "1"}]}  # fmt: skip
        placed = client.post("/v1/orders", json=order, headers={"Idempotency-Key": "w-1"}).json()
        address = f"/v1/reservations/{held['reservation']}"
        told = until(lambda: client.get(address).json(), lambda one: one["state"] == "taken")
        assert told["order_id"] == placed["order_id"]
        assert client.delete(address).json()["code"] == "reservation-taken"
        assert hold(client, cart("bob"), "bob-late").status_code == 409
        until(lambda: client.get(placed["status_url"]).json().get("status"), lambda status: status == "released")
