"""The ERP, Redis and the log are read as any stranger would read them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from confluent_kafka import Producer

from ops.demo.outside import Cache, Journal, Registry, Witness
from ops.embedded.broker import Broker
from ops.embedded.redis import Redis
from schemas import registry_view, wire
from schemas.generated.inventory_v1 import availability_changed
from tests.support.erp_server import ErpServer

NAME = "wharf.inventory.v1.AvailabilityChanged"


def availability(sku: str, version: int) -> bytes:
    """A record of the topic."""
    return wire.encode(NAME, availability_changed(sku=sku, version=version, default_quantity=5))


@pytest.fixture
def registry() -> Iterator[Registry]:
    """The gateway's registry, as far as it is asked here."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = registry_view.schema_by_id(int(self.path.rpartition("/")[2]))
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(json.dumps({"schema": found}).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield Registry(f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()


def until(holds: Callable[[], bool]) -> None:
    """Return when it holds."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_a_record_is_decoded_by_the_registrys_schema_alone(registry: Registry) -> None:
    found = registry.decode(availability("A", 7))
    assert (found["sku"], found["version"]) == ("A", 7)


def test_an_unknown_schema_and_a_foreign_format_are_errors(registry: Registry) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        registry.decode(b"\x00\x00\x00\x00\x01rest")
    with pytest.raises(ValueError, match="no magic byte"):
        registry.decode(b"{}")


def test_the_cache_has_what_sites_read_and_nothing_of_other_tenants(redis_server: Redis, environment: str) -> None:
    cache = Cache(redis_server.url, environment, "acme")
    for key in (f"{environment}:av:acme:A", f"{environment}:av:globex:B"):
        cache._client.set(key, '{"version":3}')
    assert cache.availability(["A", "X"]) == cache.everything() == {"A": {"version": 3}}
    assert cache.availability([]) == {}
    cache.close()


def test_the_erps_journal_is_read_as_it_grows_each_entry_once_whoever_asks(tmp_path: Path) -> None:
    line = {"line": "1", "sku": "A", "quantity": 1, "unit": "EA"}
    with ErpServer(tmp_path) as erp:
        journal = Journal(erp.url)
        for number in range(5):
            order = {
                "order_id": f"o-{number}",
                "revision": 1,
                "channel": "portal",
                "number": f"P-{number}",
                "lines": [line],
            }
            made = httpx.post(f"{erp.url}/orders", json=order, headers={"Idempotency-Key": f"k-{number}"})
            assert made.status_code == 201
            with ThreadPoolExecutor(4) as threads:
                list(threads.map(lambda _: journal.turn(), range(4)))
        assert [entry["number"] for entry in journal.entries] == [f"P-{number}" for number in range(5)]
        assert httpx.get(f"{erp.url}/ledger?after=x").status_code == 422


@pytest.mark.broker
def test_a_witness_keeps_the_last_value_of_each_key_and_knows_the_end(
    broker: Broker, environment: str, registry: Registry
) -> None:
    topic = f"{environment}.inventory.availability"
    producer = Producer({"bootstrap.servers": broker.bootstrap, "log_level": 0})
    for version in (1, 2, 3):
        for sku in ("A", "B"):
            producer.produce(topic, availability(sku, version), f"acme|{sku}".encode())
        producer.flush(10)
    witness = Witness(broker.bootstrap, topic, registry)
    try:
        until(witness.is_at_the_end)
        assert {sku: record["version"] for sku, record in witness.records().items()} == {"A": 3, "B": 3}
        producer.produce(topic, availability("A", 4), b"acme|A")
        producer.flush(10)
        until(lambda: witness.read == 7 and witness.is_at_the_end())
        assert witness.records()["A"]["version"] == 4
    finally:
        witness.close()
