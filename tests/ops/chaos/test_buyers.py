"""The outside generator: everything is sent, repeated until it is taken, and noted."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from ops.chaos.buyers import Buyers, open_market, outcomes
from ops.chaos.market import HOOK, Market, Stock
from ops.chaos.warehouse import Warehouse
from ops.demo.client import Channel, Refused

FAST = 10_000.0


class Gateway(Channel):
    """Takes everything, and notes it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.unknown = 2  # so many times an order is not to be seen yet
        self.pages: list[list[dict[str, Any]]] = []

    async def post(self, path: str, body: Any, key: str = "") -> Any:
        if path.endswith("/cancel") and self.unknown:
            self.unknown -= 1
            raise Refused(404, {})
        self.taken.append((path, key))
        return {"receipt": f"r-{key}"}

    async def put(self, path: str, body: Any) -> Any:
        self.taken.append((path, ""))
        return {"receipt": "r", **({"secret": "whsec_x"} if body.get("url") else {})}

    async def get(self, path: str, **params: str) -> Any:
        self.taken.append((path, params.get("after", "")))
        if "receipts" in path:
            return {"state": "accepted"}
        return {"entries": self.pages.pop(0) if self.pages else []}


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    monkeypatch.setattr("ops.chaos.buyers.LOOK_S", 0.001)
    monkeypatch.setattr("ops.chaos.warehouse.LOOK_S", 0.001)
    return Gateway()


def test_every_order_is_posted_under_its_number(gateway: Gateway) -> None:
    market = Market(Stock.AMPLE, 40)
    buyers = Buyers(gateway, market, FAST)
    asyncio.run(buyers.work())
    assert sorted(key for path, key in gateway.taken if path == "/v1/orders") == sorted(o.number for o in market.orders)
    assert buyers.progress == 1.0


def test_with_scarce_stock_more_comes_in_and_what_was_regretted_is_cancelled_once_it_is_seen(gateway: Gateway) -> None:
    market = Market(Stock.SCARCE, 40)
    asyncio.run(Buyers(gateway, market, FAST).work())
    paths = [path for path, _ in gateway.taken]
    assert paths.count("/v1/inventory/events") == 1
    regretted = {f"/v1/orders/{order.id}/cancel" for order in market.orders if order.cancelled_after}
    assert {path for path in paths if path.endswith("/cancel")} == regretted
    assert gateway.unknown == 0


def test_a_refused_order_ends_the_campaign(gateway: Gateway) -> None:
    async def refuse(*_: Any, **__: Any) -> Any:
        raise Refused(422, {})

    gateway.post = refuse  # type: ignore[method-assign]
    with pytest.raises(ExceptionGroup) as told:
        asyncio.run(Buyers(gateway, Market(Stock.AMPLE, 2), FAST).work())
    assert told.group_contains(Refused)


def test_the_market_opens_with_reference_data_hooks_and_counts(gateway: Gateway) -> None:
    secrets = asyncio.run(open_market(gateway, Market(Stock.AMPLE, 5), "http://hooks"))
    paths = [path for path, _ in gateway.taken]
    assert set(secrets) == {"portal", "market", "field"}
    assert f"/v1/channels/portal/subscriptions/{HOOK}" in paths
    assert paths.index("/v1/reference/locations/DC1") < paths.index("/v1/reference/products/SKU-00")
    assert sum(path.startswith("/v1/receipts/") for path in paths) == 6


def test_the_warehouse_reads_its_feed_by_numbers_and_reports_each_entry(gateway: Gateway) -> None:
    line = {"line": "1", "sku": "SKU-01", "quantity": "2", "location": "DC1"}
    gateway.pages = [[{"seq": 7, "data": {"order_id": "o", "version": 1, "lines": [line]}}]]
    warehouse = Warehouse()

    async def work() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(warehouse.work(gateway, stop))
        while ("/v1/channels/wms/feed", "7") not in gateway.taken:
            await asyncio.sleep(0)
        stop.set()
        await working

    asyncio.run(work())
    assert [path for path, _ in gateway.taken if path.endswith("/events")] == [
        "/v1/shipments/events", "/v1/shipments/events", "/v1/invoices/events",
    ]  # fmt: skip


def test_the_ledger_tells_ok_fail_and_info_of_each_key(tmp_path: Path) -> None:
    said = [("a", "sent"), ("a", "info"), ("a", "ok"), ("b", "sent"), ("b", "fail"), ("", "sent")]
    ledger = tmp_path / "buyers.jsonl"
    ledger.write_text("".join(json.dumps({"key": key, "outcome": outcome}) + "\n" for key, outcome in said))
    assert outcomes(ledger) == {"a": {"sent": 1, "info": 1, "ok": 1}, "b": {"sent": 1, "fail": 1}}
