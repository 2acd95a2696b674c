"""Drifts over HTTP: which of them, in which order, to whom."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.gateway.models.drift import DriftsAnswer
from tests.streams.inventory.observing import Observed, tolerated
from tests.streams.project.test_drift import told
from tests.streams.project.test_stock_and_feeds import availability
from tests.support.gateway import Desk
from tests.support.gateway import desk as opened
from tests.support.redis import server

PATH = "/v1/inventory/drift"


@pytest.fixture
def drifting(desk: Desk) -> Desk:
    """The ERP has missed a shipment, and that is an exception; the 3PL is off by a little."""
    shelf = Observed(100, tolerated(source="erp", units=5, percent_bp=0, for_ms=0))
    facts = told(shelf.erp(1, 100), shelf.moved(2, -8, "SH-1"), shelf.erp(3, 91, source="3pl"), shelf.erp(4, 100))
    desk.project(*facts, availability())  # a tenant is known by its availability
    desk.caught_up()
    return desk


def asked(desk: Desk, query: str = "", **scopes: Any) -> list[dict[str, Any]]:
    answer = desk.send("GET", f"{PATH}{query}", **scopes)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    DriftsAnswer.model_validate(body)
    items: list[dict[str, Any]] = body["items"]
    return items


def test_a_drift_says_how_much_since_when_and_why(drifting: Desk) -> None:
    first, second = asked(drifting)
    [figure] = first["figures"]
    assert (first["source"], first["exception"], first["location"]) == ("erp", True, "DC1")
    assert (figure["difference"], figure["attributed"], figure["events"][0]["id"]) == ("8", "8", "wms/SH-1")
    assert (second["source"], second["exception"], second["figures"][0]["unexplained"]) == ("3pl", False, "-1")


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("?exceptions=true", ["erp"]), ("?source=3pl", ["3pl"]), ("?location=YARD", []), ("?limit=1", ["erp"]),
        ("?sku=DRILL-18V", ["erp", "3pl"]),
    ],
)  # fmt: skip
def test_some_are_asked_for(drifting: Desk, query: str, sources: list[str]) -> None:
    assert [each["source"] for each in asked(drifting, query)] == sources


@pytest.mark.parametrize("query", ["?limit=0", "?limit=1001", "?exceptions=perhaps", f"?sku={'x' * 200}"])
def test_a_question_that_cannot_be_meant_is_refused(drifting: Desk, query: str) -> None:
    assert drifting.send("GET", f"{PATH}{query}").status_code == 422


def test_a_source_is_told_of_itself_only(drifting: Desk) -> None:
    headers = drifting.key("inventory:write@erp")
    statuses = [
        drifting.send("GET", f"{PATH}{query}", headers).status_code for query in ("?source=erp", "?source=3pl", "")
    ]
    assert statuses == [200, 403, 403]


def test_another_tenant_has_none_of_them(drifting: Desk) -> None:
    assert drifting.send("GET", PATH, drifting.key("ops:read", tenant="other")).json() == {"items": [], "known": 0}


def test_a_redis_that_is_still_filled_says_nothing_of_what_it_lacks(desk: Desk) -> None:
    answer = desk.send("GET", PATH)
    assert (answer.status_code, answer.json()["code"]) == (503, "dependency-unavailable")


def measured(desk: Desk) -> dict[str, str]:
    """The metrics of drift."""
    lines = desk.client.get("/metrics").text.splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if line.startswith("wharf_inventory_drift"))


def test_drifts_are_measured_with_what_nobody_can_explain(drifting: Desk) -> None:
    assert measured(drifting) == {
        'wharf_inventory_drifts{beyond_tolerance="true"}': "1.0",
        'wharf_inventory_drifts{beyond_tolerance="false"}': "1.0",
        "wharf_inventory_drift_units": "1.0",
    }


def test_drifts_are_counted_again_only_after_a_while(drifting: Desk) -> None:
    before = measured(drifting)
    drifting.sink.client.flushall()
    assert measured(drifting) == before
    drifting.hub.clock = lambda: 10**15
    assert measured(drifting)["wharf_inventory_drift_units"] == "0.0"


def test_with_redis_away_nobody_says_that_all_agree() -> None:
    with server() as running, opened(running) as desk:
        running.stop()
        assert set(measured(desk).values()) == {"NaN"}
