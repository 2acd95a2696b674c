"""The registry's view of our ids, and a real registry's ids in their place."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from schemas import ids, registry, registry_view, wire
from schemas.generated import inventory_v1
from schemas.guard import UnknownSchema
from schemas.loader import records

SUBJECT = "dev.inventory.commands-wharf.inventory.v1.Reserve"
RESERVE = "wharf.inventory.v1.Reserve"


def test_a_schema_is_found_by_its_id() -> None:
    text = registry_view.schema_by_id(ids.current_ids()[RESERVE])
    assert text is not None
    assert json.loads(text)["name"] == "Reserve"


def test_an_unknown_id_is_no_schema() -> None:
    assert registry_view.schema_by_id(1) is None


def test_subjects_follow_topic_record_name() -> None:
    assert SUBJECT in registry_view.subjects("dev")
    assert len(registry_view.subjects("dev")) == sum(1 for record in records().values() if record.topic)


def test_a_subject_has_its_versions_in_order_and_the_last_is_ours() -> None:
    found = registry_view.versions("dev", SUBJECT)
    assert [version["version"] for version in found] == list(range(1, len(found) + 1))
    assert found[-1]["id"] == ids.current_ids()[RESERVE]


def test_a_subject_of_another_environment_does_not_exist() -> None:
    assert registry_view.versions("prod", SUBJECT) == []


class Handler(BaseHTTPRequestHandler):
    """A registry in a page: subjects with the schema registered last, ids counted from 1."""

    known: dict[str, int]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        subject = self.path.split("/")[2]
        if self.path.endswith("/versions"):
            self.known.setdefault(subject, len(self.known) + 1)
        found = self.known.get(subject)
        self.send_response(200 if found and body["schemaType"] == "AVRO" else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"id": found} if found else {"error_code": 40401}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    handler = type("Own", (Handler,), {"known": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def own_ids() -> Iterator[None]:
    """Puts the content addresses back afterwards."""
    yield
    wire._written_ids.cache_clear()
    wire._writing.cache_clear()
    wire._readings.cache_clear()


def test_a_schema_that_is_not_registered_stops_the_start_with_a_remedy(server: str) -> None:
    with pytest.raises(registry.RegistryTrouble, match="wharf schemas register"):
        registry.adopt(server, "dev")


def test_a_registry_out_of_reach_is_named() -> None:
    with pytest.raises(registry.RegistryTrouble, match="cannot be reached"):
        registry.adopt("http://127.0.0.1:9", "dev")


def test_after_adoption_both_kinds_of_ids_are_read(server: str, own_ids: None) -> None:
    record = inventory_v1.reserve(sku="A", holder="o", attempt=1, channel="c")
    before = wire.encode(RESERVE, record)
    registered = registry.register(server, "dev")
    assert registry.adopt(server, "dev") == registered
    after = wire.encode(RESERVE, record)
    assert int.from_bytes(after[1:5], "big") < ids.BASE <= int.from_bytes(before[1:5], "big")
    assert wire.decode(after) == wire.decode(before) == (RESERVE, record)


def test_a_registrys_id_means_nothing_without_it() -> None:
    with pytest.raises(UnknownSchema):
        wire.decode(b"\x00\x00\x00\x00\x07" + b"\x00" * 8)
