"""The gateway as a snapshot's sender asks it: back-pressure is obeyed, outages are waited for, refusals have their rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ops.exits import Exit, Failed
from ops.gateway_client import Gateway, Refused
from ops.snapshots.decide import Standing, body, request_key
from ops.snapshots.hub import EVENTS, POSITIONS, Delivered, GatewayHub, deliver
from tests.ops.snapshots.rows import AT, FakeHub, some
from tests.support.fake_gateway import FakeGateway, fake_gateway

DECIDED = (200, {"state": "accepted", "parts": [{"state": "decided"}] * 3, "problems": []})
RECEIVED = (200, {"state": "received", "parts": [], "problems": []})


@pytest.fixture
def fake() -> Iterator[FakeGateway]:
    with fake_gateway() as running:
        yield running


def hub(fake: FakeGateway, **rest: Any) -> GatewayHub:
    return GatewayHub(Gateway(fake.url, "k"), "wms1", **rest)


def test_rows_are_agreed_when_their_receipt_is_decided(fake: FakeGateway) -> None:
    fake.tell("GET /v1/receipts/R-1", (404, {"title": "not found"}), RECEIVED, DECIDED)
    assert deliver(hub(fake), some(3)) == Delivered(tuple(some(3)), ())
    told, *_ = fake.asked
    assert (told.path, told.headers["Idempotency-Key"]) == (EVENTS, f'"{request_key(body(some(3), "wms1"))}"')


@pytest.mark.parametrize("status", [429, 503])
def test_a_gateway_that_is_busy_is_asked_later_under_the_same_key(fake: FakeGateway, status: int) -> None:
    fake.tell(f"POST {EVENTS}", (status, {"title": "later"}), (202, {"receipt": "R-1"}))
    fake.tell("GET /v1/receipts/R-1", DECIDED)
    deliver(hub(fake), some(3))
    first, second, _ = fake.asked
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_a_request_that_the_gateway_finds_bad_goes_again_without_its_bad_rows(fake: FakeGateway) -> None:
    problem = {"code": "validation-failed", "errors": [{"pointer": "/1/unit", "code": "bad", "message": "no unit"}]}
    fake.tell(f"POST {EVENTS}", (422, problem), (202, {"receipt": "R-1"}))
    fake.tell("GET /v1/receipts/R-1", DECIDED)
    found = deliver(hub(fake), some(3))
    assert [row.line for row in found.agreed] == [2, 4]
    assert [(row.line, row.field, row.code) for row in found.refused] == [(3, "unit", "bad")]


def test_a_problem_without_places_is_that_of_all_its_rows(fake: FakeGateway) -> None:
    fake.tell(f"POST {EVENTS}", (422, {"code": "idempotency-key-reused", "detail": "used"}))
    found = deliver(hub(fake), some(2))
    assert [(row.line, row.code) for row in found.refused] == [(2, "idempotency-key-reused"), (3, "idempotency-key-reused")]  # fmt: skip


def test_a_key_that_may_not_report_ends_the_command(fake: FakeGateway) -> None:
    fake.tell(f"POST {EVENTS}", (403, {"detail": "needs the scope inventory:write@wms1"}))
    with pytest.raises(Refused, match="inventory:write@wms1"):
        deliver(hub(fake), some(2))


def test_a_receipt_that_nobody_decides_is_not_waited_for_for_ever(fake: FakeGateway) -> None:
    fake.tell("GET /v1/receipts/R-1", RECEIVED)
    with pytest.raises(Failed, match="wharf doctor") as failed:
        deliver(hub(fake, decide_s=0.01), some(1))
    assert failed.value.code is Exit.TRY_AGAIN


def test_an_outage_is_waited_for_and_has_its_end() -> None:
    gone = GatewayHub(Gateway("http://127.0.0.1:9", "k"), "wms1", outage_s=0)
    with pytest.raises(httpx.TransportError):
        deliver(gone, some(1))


def test_what_is_held_is_asked_by_sku(fake: FakeGateway) -> None:
    place = {"location": "DC1", "on_hand": "5", "unsellable": "0", "as_of": "2026-11-20T08:00:00Z"}
    items = [{"sku": "A", "unit": "EA", "stale": False, "locations": [place]}]
    fake.tell(f"POST {POSITIONS}", (200, {"items": items, "missing": []}))
    assert hub(fake).standing("wms1", ["A"]) == {("A", "DC1"): Standing("5", "0", "EA", AT)}


@pytest.mark.parametrize("status", [403, 404])
def test_a_gateway_that_does_not_tell_what_it_holds_is_told_everything(fake: FakeGateway, status: int) -> None:
    fake.tell(f"POST {POSITIONS}", (status, {"title": "no"}))
    assert hub(fake).standing("wms1", ["A"]) == {}


def test_rows_of_a_document_that_died_are_refused() -> None:
    class Dead(FakeHub):
        def take(self, rows: Any) -> Any:
            return {"state": "dead", "parts": [], "problems": [{"code": "dead", "message": "boom"}]}

    assert [row.code for row in deliver(Dead(), some(2)).refused] == ["dead", "dead"]
