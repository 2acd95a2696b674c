"""Which rows are said, and as which event; which are left out, and on what grounds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.readers.document import Document
from adapters.channels.readers.stock_events import read
from adapters.channels.readers.stock_rows import RefusedRow, StockRow
from adapters.gateway.models.events import InventoryEvent
from ops.snapshots.decide import (
    CHUNK,
    RENEW_MS,
    Said,
    Standing,
    at_fault,
    body,
    chunks,
    content,
    event_id,
    passed_over,
    plan,
    repeats,
    request_key,
    standings,
    unchanged,
)
from tests.ops.snapshots.rows import AT, HOUR, row, some

HELD = Standing("5", "0", "EA", AT)
SAID = Said("5|||", AT, None)
LATER = row(2, as_of=AT + HOUR)


def test_a_row_that_says_what_was_agreed_and_still_stands_is_not_said() -> None:
    assert unchanged(LATER, SAID, HELD)


@pytest.mark.parametrize(
    ("later", "said", "held"),
    [
        (replace(LATER, quantity="6"), SAID, HELD),
        (LATER, None, HELD),
        (LATER, SAID, None),
        (LATER, SAID, HELD._replace(on_hand="4")),
        (LATER, SAID, HELD._replace(as_of=AT + 1)),
        (replace(LATER, unsellable="0"), SAID, HELD),
        (replace(LATER, unsellable="1"), Said("5||1|", AT, None), HELD),
        (replace(LATER, unit="CS"), Said("5|CS||", AT, None), HELD),
        (replace(LATER, as_of=AT - 1), SAID, HELD),
        (replace(LATER, sequence=7), SAID._replace(sequence=8), HELD),
        (replace(LATER, as_of=AT + RENEW_MS), SAID, HELD),
    ],
    ids=[
        "another number",
        "never agreed",
        "not known to the hub",
        "sold since",
        "came and went since",
        "says more than before",
        "the hub sees the unsellable otherwise",
        "in another unit than the hub's",
        "an older time",
        "an older sequence",
        "its age would grow",
    ],
)
def test_what_would_change_something_is_said(later: StockRow, said: Said | None, held: Standing | None) -> None:
    assert not unchanged(later, said, held)


def test_stock_that_came_and_was_lost_is_said_again_although_the_number_is_the_same() -> None:
    """5 counted, 3 received, 3 shipped, 5 counted: 3 are missing, and the hub has to hear it."""
    received_and_shipped = HELD._replace(as_of=AT + HOUR // 2)
    assert repeats(LATER, SAID) and not unchanged(LATER, SAID, received_and_shipped)


@given(st.sampled_from(["0", "5", "12.5"]), st.sampled_from([None, "0", "2"]), st.integers(0, RENEW_MS - 1))
def test_what_is_left_out_would_have_been_the_same_number(quantity: str, unsellable: str | None, later: int) -> None:
    now = row(2, quantity, AT + later, unsellable=unsellable)
    if unchanged(now, SAID, HELD):
        assert (now.quantity, now.unsellable in (None, "0")) == (HELD.on_hand, True)


def test_the_same_row_is_the_same_event_wherever_it_stands() -> None:
    assert event_id(row(2), "wms1") == event_id(replace(row(2), line=99), "wms1")


@pytest.mark.parametrize(
    "other", [{"quantity": "6"}, {"as_of": AT + 1}, {"sequence": 1}, {"location": "DC2"}, {"unit": "EA"}]
)
def test_another_row_is_another_event(other: dict[str, Any]) -> None:
    assert event_id(row(2), "wms1") != event_id(replace(row(2), **other), "wms1")
    assert event_id(row(2), "wms1") != event_id(row(2), "wms2")


def test_the_same_rows_have_the_same_key() -> None:
    assert request_key(body(some(3), "wms1")) == request_key(body(some(3), "wms1"))
    assert request_key(body(some(3), "wms1")) != request_key(body(some(2), "wms1"))


@pytest.mark.parametrize(
    "told",
    [
        row(2),
        row(2, unit="EA", sequence=7, unsellable="1"),
        row(2, classes=(("damaged", "1"),), unsellable="1"),
        row(2, classes=(), unsellable="0"),
    ],
)
def test_gateway_and_reader_take_the_event(told: StockRow) -> None:
    (event,) = json.loads(body([told], "wms1"))
    InventoryEvent.model_validate(event)
    (accepted,) = read(Document(body([told], "wms1"))).accepted
    assert (accepted.value.sku, str(accepted.value.quantity), accepted.value.as_of) == (told.sku, "5", AT)
    assert dict(accepted.value.classes) == {name: int(units) for name, units in told.classes}


def test_a_request_of_the_longest_rows_is_taken_by_the_gateway() -> None:
    longest = StockRow(2, "\U0001f4e6" * 128, "\U0001f4e6" * 128, "9" * 12, AT, "ABCDEFGH", 10**12 - 1, "9" * 12)
    assert len(body([longest] * CHUNK, "w" * 32)) < 900_000


def test_a_file_is_cut_at_the_same_places_whenever_it_is_read() -> None:
    assert [[one.line for one in chunk] for chunk in chunks(some(5), 2)] == [[2, 3], [4, 5], [6]]


def test_a_position_that_stands_twice_is_refused_the_second_time() -> None:
    again = replace(row(2), line=9, quantity="6")
    planned = plan(1, [row(2), again], {}, {}, {})
    assert [one.line for one in planned.send] == [2]
    assert [(one.line, one.code) for one in planned.refused] == [(9, "WH1404")]
    assert "line 2" in planned.refused[0].message


def test_a_position_of_an_earlier_chunk_is_refused_too() -> None:
    assert plan(2, [row(2)], {}, {}, {("SKU-0002", "DC1"): 7}).refused[0].code == "WH1404"


def test_every_row_of_a_chunk_is_sent_unchanged_or_refused() -> None:
    bad = RefusedRow(4, "sku", "WH1105", "")
    planned = plan(1, [row(2, as_of=AT + 1), row(3), bad], {("SKU-0002", "DC1"): SAID}, {("SKU-0002", "DC1"): HELD}, {})
    assert ([one.line for one in planned.send], planned.unchanged, planned.refused) == ([3], 1, (bad,))


def test_a_refusal_finds_its_rows_by_pointer() -> None:
    problems = [{"pointer": f"/{index}/quantity", "code": "WH1304", "message": "half"} for index in (2, 0, 0)]
    found = at_fault(some(3), problems)
    assert {index: (one.line, one.field, one.code) for index, one in found.items()} == {
        2: (4, "quantity", "WH1304"),
        0: (2, "quantity", "WH1304"),
    }


@pytest.mark.parametrize("pointer", ["/quantity", "", "/0/quantity"])
def test_a_refusal_of_one_row_needs_no_index(pointer: str) -> None:
    assert list(at_fault(some(1), [{"pointer": pointer, "code": "WH1304", "message": "half"}])) == [0]


@pytest.mark.parametrize("problems", [[], [{"pointer": "", "code": "WH1109", "message": "too many"}], [{"code": "x", "message": "", "pointer": "/7"}]])  # fmt: skip
def test_a_refusal_that_points_nowhere_is_of_all(problems: list[dict[str, str]]) -> None:
    assert len(at_fault(some(3), problems)) == 3


def test_rows_that_were_set_aside_are_told_with_why() -> None:
    parts = [{"state": "decided", "reason": reason} for reason in ("", "stale_sequence", "duplicate", "conflict")] + [
        {"state": "dead"}
    ]
    found = passed_over(some(5), parts)
    assert {index: one.code for index, one in found.items()} == {1: "WH1407", 3: "WH1408", 4: "dead"}


def test_a_stale_answer_says_nothing() -> None:
    place = {"location": "DC1", "on_hand": "5", "unsellable": "0", "as_of": "2026-11-20T08:00:00Z"}
    never = {**place, "location": "DC2", "as_of": None}
    items = [{"sku": sku, "unit": "EA", "stale": stale, "locations": [place, never]} for sku, stale in (("A", False), ("B", True))]  # fmt: skip
    assert standings({"items": items}) == {("A", "DC1"): HELD}


def test_a_content_is_what_a_row_says_not_when() -> None:
    assert content(row(2, as_of=AT)) == content(row(3, as_of=AT + 1, sequence=9))
    assert content(row(2)) != content(row(2, unsellable="0"))
