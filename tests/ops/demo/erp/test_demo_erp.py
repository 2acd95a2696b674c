"""The demo's ERP as a process: its books survive, its faults are what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.erp_server import ErpServer

ORDER = {
    "order_id": "O-1",
    "revision": 1,
    "channel": "portal",
    "number": "P-1",
    "customer": "7001",
    "currency": "USD",
    "lines": [{"line": "1", "sku": "WIDGET", "quantity": 24, "unit": "EA", "price": "9.50"}],
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ErpServer]:
    with ErpServer(tmp_path) as running:
        yield running


def create(server: ErpServer, key: str = "k", **more: Any) -> httpx.Response:
    return httpx.post(f"{server.url}/orders", json={**ORDER, **more}, headers={"Idempotency-Key": key})


def test_one_line_says_where_it_is(server: ErpServer) -> None:
    assert server.ready == {"ready": True, "url": server.url, "pid": server._process.pid}
    assert httpx.get(f"{server.url}/health").json() == {"up": True}


def test_the_journal_tells_every_commit_by_the_orders_number(server: ErpServer) -> None:
    assert create(server).status_code == 201
    assert create(server).status_code == 200
    assert httpx.post(f"{server.url}/orders/SO-000001/cancel").json()["state"] == "cancelled"
    told = [
        (entry["seq"], entry["action"], entry["document"], entry["number"], entry["channel"])
        for entry in server.journal()
    ]
    assert told == [(1, "create", "SO-000001", "P-1", "portal"), (2, "cancel", "SO-000001", "P-1", "portal")]


def test_what_was_committed_survives_a_power_cut(tmp_path: Path) -> None:
    with ErpServer(tmp_path) as first:
        create(first)
        first.kill()
    with ErpServer(tmp_path) as second:
        assert [entry["document"] for entry in second.journal()] == ["SO-000001"]
        assert create(second).status_code == 200


def test_sigterm_stops_it(tmp_path: Path) -> None:
    with ErpServer(tmp_path) as running:
        assert running._process.poll() is None
    assert running.code in (0, -15)


@pytest.mark.parametrize(
    ("fault", "status", "committed"),
    [
        ({"down": True}, 503, 0),
        ({"throttled": True}, 429, 0),
        ({"refuse_customers": ["7001"]}, 422, 0),
        ({"fail_after_commit": True}, 500, 1),
        ({"wrong_echo": True}, 201, 1),
    ],
)
def test_a_fault_is_what_it_says(server: ErpServer, fault: dict[str, Any], status: int, committed: int) -> None:
    server.faults(**fault)
    assert create(server).status_code == status
    assert len(server.journal()) == committed
    server.faults()
    assert create(server).status_code in (200, 201)


def test_a_dropped_connection_comes_after_the_commit(server: ErpServer) -> None:
    server.faults(drop_after_commit=True)
    with pytest.raises(httpx.RemoteProtocolError):
        create(server)
    assert [entry["action"] for entry in server.journal()] == ["create"]


def test_a_forgetful_erp_honours_no_key(server: ErpServer) -> None:
    server.faults(forgetful=True)
    create(server)
    create(server)
    found = httpx.get(f"{server.url}/orders", params={"key": "k"}).json()["orders"]
    assert [one["document"] for one in found] == ["SO-000001", "SO-000002"]


def test_a_slow_erp_keeps_its_callers_waiting(server: ErpServer) -> None:
    server.faults(slow_s=30)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.url}/orders", json=ORDER, headers={"Idempotency-Key": "k"}, timeout=0.2)
    assert server.journal() == []


@pytest.mark.parametrize(
    ("body", "headers", "status", "reason"),
    [
        ({**ORDER, "lines": []}, {"Idempotency-Key": "k"}, 422, "lines"),
        ({**ORDER, "colour": "red"}, {"Idempotency-Key": "k"}, 422, "colour"),
        (["order"], {"Idempotency-Key": "k"}, 422, "body"),
        (ORDER, {}, 400, "Idempotency-Key"),
    ],
)
def test_a_wrong_request_is_refused_with_its_place(
    server: ErpServer, body: Any, headers: dict[str, str], status: int, reason: str
) -> None:
    answer = httpx.post(f"{server.url}/orders", json=body, headers=headers)
    assert (answer.status_code, reason in answer.json()["reason"]) == (status, True)


def test_an_unknown_fault_is_refused(server: ErpServer) -> None:
    assert httpx.post(f"{server.url}/faults", json={"explode": True}).status_code == 422
    assert httpx.get(f"{server.url}/health").status_code == 200
