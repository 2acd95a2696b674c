"""What is held of positions, told to those who report them."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.gateway.models import answers
from adapters.gateway.models.events import InventoryEvent
from adapters.gateway.routes.availability import MAX_SKUS
from tests.adapters.gateway.bodies import COUNT
from tests.streams.project.test_stock_and_feeds import availability
from tests.support.gateway import NOW, Desk

PATH = "/v1/inventory/positions/query"
ASKED = {"source": "wms1", "skus": ["WIDGET-A"]}


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A position of WIDGET-A, projected just now."""
    desk.project(availability())
    desk.caught_up()
    return desk


def test_a_source_is_told_what_is_held_where_and_since_when(stocked: Desk) -> None:
    body = stocked.send("POST", PATH, stocked.key("inventory:write@wms1"), json=ASKED).json()
    answers.PositionsAnswer.model_validate(body)
    (item,) = body["items"]
    assert (item["sku"], item["unit"], item["version"], item["stale"]) == ("WIDGET-A", "EA", 841, False)
    assert {"location", "on_hand", "unsellable", "as_of"} == set(item["locations"][0])


def test_a_projection_that_stands_still_makes_it_stale(stocked: Desk) -> None:
    stocked.hub.clock = lambda: NOW + 60_000
    assert stocked.send("POST", PATH, json=ASKED).json()["items"][0]["stale"] is True


def test_unknown_skus_are_named_once(stocked: Desk) -> None:
    asked = {**ASKED, "skus": ["NOBODY", "WIDGET-A", "NOBODY"]}
    body = stocked.send("POST", PATH, json=asked).json()
    assert (len(body["items"]), body["missing"]) == (1, ["NOBODY"])


@pytest.mark.parametrize("scope", ["inventory:write@wms2", "availability:read", "orders:write"])
def test_others_are_told_nothing(stocked: Desk, scope: str) -> None:
    assert stocked.send("POST", PATH, stocked.key(scope), json=ASKED).status_code == 403


@pytest.mark.parametrize(
    "bad", [{"skus": []}, {"skus": ["W"] * (MAX_SKUS + 1)}, {"source": "w ms"}, {"source": None}, {"channel": "portal"}]
)
def test_a_question_that_is_none_is_refused(stocked: Desk, bad: dict[str, Any]) -> None:
    assert stocked.send("POST", PATH, json={**ASKED, **bad}).status_code == 422


@pytest.mark.parametrize(
    "bad",
    [
        {"classes": {"lost": "1"}},
        {"classes": {"damaged": "-1"}},
        {"classes": {"damaged": "1"}, "unsellable": "1"},
        {"classes": {"damaged": "1"}, "kind": "adjusted"},
    ],
)
def test_classes_belong_to_a_count_that_says_no_unsellable(bad: dict[str, Any]) -> None:
    plain = {name: value for name, value in COUNT.items() if name != "unsellable"}
    InventoryEvent.model_validate({**plain, "classes": {"damaged": "1"}})
    with pytest.raises(ValueError, match="class"):
        InventoryEvent.model_validate({**plain, **bad})
