"""Drifts by the log: the same as readers of Redis are told, with the commands that settle each."""

from __future__ import annotations

from typing import Any

import pytest

from ops.stock.drift import because, drifting, summary, told
from ops.stock.rebuild import Shadows, fold
from schemas.generated import inventory_v1 as inventory
from tables.redis.drift_view import Wanted
from tests.ops.stock.log import Stock

HOUR = 3_600_000


def reported(stock: Stock, source: str, units: int, sku: str = "WIDGET-A", **more: Any) -> None:
    record = inventory.report_stock(
        sku=sku,
        source=source,
        as_of=stock.topology.now,
        quantity=units,
        **{"kind": "counted", "location": "DC1", **more},
    )
    stock.send("stock.report", sku, record)


@pytest.fixture
def stock() -> Stock:
    """The ERP has not heard of a shipment of 40 for more than an hour; the 3PL is off by one."""
    stock = Stock()
    stock.rules("WIDGET-A", authorities={"DC1": "wms1"})
    stock.count("WIDGET-A", 100)
    reported(stock, "erp", 100)
    reported(stock, "wms1", -40, kind="adjusted", event_id="SH-1")
    reported(stock, "erp", 100)
    stock.topology.advance(HOUR)
    reported(stock, "3pl", 61)
    stock.count("WIDGET-C", 5)
    return stock


def found(stock: Stock, **wanted: Any) -> list[dict[str, Any]]:
    shadows: Shadows = {}
    fold(shadows, stock.records())
    return told(drifting(shadows, "acme", Wanted(**wanted)), stock.topology.now)


def test_exceptions_come_first_with_their_age_and_their_cause(stock: Stock) -> None:
    erp, other = found(stock)
    assert (erp["source"], erp["exception"], erp["age_seconds"] >= 3600) == ("erp", True, True)
    assert because(erp["figures"][0]).startswith("movement wms1/SH-1 of -40 at 2026-")
    assert because(erp["figures"][0]).endswith("not heard there")
    assert (other["source"], other["figures"][0]["difference"]) == ("3pl", "1")


def test_what_nobody_can_explain_says_so(stock: Stock) -> None:
    [_, other] = found(stock)
    assert because(other["figures"][0]) == "nobody can say; 1 events since they agreed"
    assert because({**other["figures"][0], "events": [], "events_known": 0}) == "nobody can say"


@pytest.mark.parametrize(
    ("wanted", "sources"),
    [
        ({"source": "3pl"}, ["3pl"]),
        ({"exceptions": True}, ["erp"]),
        ({"location": "YARD"}, []),
        ({"sku": "WIDGET-C"}, []),
    ],
)
def test_some_are_asked_for(stock: Stock, wanted: dict[str, Any], sources: list[str]) -> None:
    assert [view["source"] for view in found(stock, **wanted)] == sources


def test_another_tenants_drifts_are_not_told(stock: Stock) -> None:
    shadows: Shadows = {}
    fold(shadows, stock.records())
    assert list(drifting(shadows, "other", Wanted())) == []


def test_each_says_the_commands_between_which_a_person_chooses(stock: Stock) -> None:
    erp = found(stock)[0]
    observed, derived = erp["settle"]
    assert observed.startswith("wharf inventory correct WIDGET-A --location DC1 --source erp --as-of 2026-")
    assert ("--accept observed --by NAME" in observed, "--accept derived --by NAME" in derived) == (True, True)


def test_what_was_compared_at_two_times_has_nothing_to_choose(stock: Stock) -> None:
    record = inventory.report_stock(sku="WIDGET-A", kind="counted", source="early", as_of=1, location="DC1", quantity=7)
    stock.send("stock.report", "WIDGET-A", record)
    [early] = found(stock, source="early")
    assert (early["exact"], early["settle"], early["age_seconds"]) == (False, [], None)


def test_how_many_there_are_is_told(stock: Stock) -> None:
    assert (summary(found(stock)), summary([])) == (
        "2 drifts, 1 of them beyond their tolerance",
        "0 drifts, 0 of them beyond their tolerance",
    )
