"""`wharf up` as a stranger starts it: from any folder, on busy ports, after a crash; and it leaves nothing behind."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import pytest

from ops import running
from tests.support.up import Up, up

T = TypeVar("T")
pytestmark = [pytest.mark.broker, pytest.mark.alone, pytest.mark.slow]


REFERENCES = {
    "partners/portal": {"channel": "portal", "numbers_own_orders": True},
    "products/A": {"name": "A thing", "base_unit": "EA"},
}
COUNT = {
    "kind": "counted", "source": "wms1", "sequence": 1, "as_of": "2026-03-02T08:00:00Z",
    "sku": "A", "location": "DC1", "quantity": "10",
}  # fmt: skip
ORDER = {
    "channel": "portal", "number": "P-1", "customer": "7001", "currency": "USD", "ordered_at": "2026-03-02T08:01:00Z",
    "ship_to": {"name": "A. Buyer", "street": ["1 Pier"], "city": "Oakland", "postal_code": "94607", "country": "US"},
    "lines": [{"line": "1", "product": {"sku": "A"}, "quantity": "2", "unit": "EA"}],
}  # fmt: skip


def until(ask: Callable[[], T], holds: Callable[[T], bool]) -> T:
    """What is answered once it holds."""
    deadline = time.monotonic() + 60
    while not holds(answer := ask()):
        assert time.monotonic() < deadline, answer
        threading.Event().wait(0.05)
    return answer


def test_it_is_ready_tells_where_and_leaves_nothing(tmp_path: Path) -> None:
    with up(tmp_path) as system:
        children = system.children()
        assert httpx.get(f"{system.gateway}/readyz").status_code == 200
        assert system.ready.keys() >= {"ready", "gateway", "kafka", "redis", "keys"}
        noted = running.find(tmp_path / ".wharf")
        assert noted is not None
        assert noted.gateway == system.gateway
        assert system.end() == 0
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert running.find(tmp_path / ".wharf") is None


def ordered(client: httpx.Client) -> dict[str, Any]:
    """A product with stock, and an order of it that has gone as far as it goes by itself."""
    for path, record in REFERENCES.items():
        assert client.put(f"/v1/reference/{path}", json=record).status_code == 202
    assert client.post("/v1/inventory/events", json=COUNT).status_code == 202
    placed = client.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": '"k-1"'}).json()
    return until(lambda: client.get(placed["status_url"]).json(), lambda seen: seen.get("status") == "released")


@pytest.mark.kafka
def test_on_real_kafka_everything_is_still_there_after_a_crash(tmp_path: Path) -> None:
    with up(tmp_path, "--kafka", "local") as first, first.client() as client:
        before = ordered(client)
        first.end(signal.SIGKILL)
    with up(tmp_path, "--kafka", "local") as second, second.client() as client:
        after = client.get(f"/v1/orders/{before['order_id']}").json()
        again = client.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": '"k-1"'}).json()
        assert client.get("/v1/availability/A?channel=portal").json()["quantity"] == "8"
    assert after == before
    assert again["order_id"] == before["order_id"]


def test_an_order_goes_from_the_gateway_to_the_erp_and_the_feed(tmp_path: Path) -> None:
    with up(tmp_path) as system, system.client() as client:
        order = ordered(client)
        assert order["erp"] == {"system": "erp", "number": "SO-000001"}
        feed = "/v1/channels/portal/feed"
        entries = until(lambda: client.get(feed).json()["entries"], lambda seen: len(seen) >= 3)
        assert [entry["data"]["status"] for entry in entries] == ["accepted", "confirmed", "released"]
        assert client.get("/v1/availability/A?channel=portal").json()["quantity"] == "8"
        _explains_itself(system, client)
        assert "supervisor.ended" not in (tmp_path / "up.err").read_text()


def _explains_itself(system: Up, client: httpx.Client) -> None:
    """From Redis and from the log, the terms make the number; what readers are told is what the log makes."""
    shown = client.get("/v1/availability/A/explanation?channel=portal").json()
    [told] = system.ask("availability", "explain", "A", "--channel", "portal")
    for answer in (shown, told):
        assert (answer["quantity"], sum(int(term["amount"]) for term in answer["terms"])) == ("8", 8)
    assert shown["terms"][0]["events"] == [event["id"] for event in told["terms"][0]["events"]]
    [verdict] = system.ask("tables", "verify", "inventory")
    assert (verdict["skus"], verdict["different"], verdict["still_moving"]) == (1, 0, 0)
    assert system.ask("inventory", "leaks") == []


def test_a_crash_leaves_nothing_running_and_does_not_keep_the_next_from_starting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = f"127.0.0.1:{taken.getsockname()[1]}"
        with up(tmp_path, gateway=busy) as first:
            children, key = first.children(), first.ready["keys"]["admin"]
            assert first.gateway != f"http://{busy}"
            assert first.end(signal.SIGKILL) == -signal.SIGKILL
        assert psutil.wait_procs(children, timeout=10)[1] == []
        with up(tmp_path, gateway=busy) as second:
            assert second.ready["keys"]["admin"] == key
            with second.client() as client:
                assert client.get("/v1/orders/nobody").status_code == 404


def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    with up(tmp_path) as system:
        gateway = next(child for child in system.children() if "gateway" in child.cmdline())
        gateway.kill()
        gateway.wait(10)
        with httpx.Client(transport=httpx.HTTPTransport(retries=12)) as client:
            assert client.get(f"{system.gateway}/healthz", timeout=30).status_code == 200
