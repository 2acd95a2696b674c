"""Who holds a SKU, by its hash: the rows behind reserved and allocated units, as far as they are those of the figure."""

from __future__ import annotations

from typing import Any

import pytest

from tables.redis.holders_view import MOST_EVENTS, Holders, holders, told_holders
from tables.redis.values import versioned

AT = 1_772_438_400_000


def row(holder: str, reserved: int = 0, allocated: int = 0, *, kind: str = "order", **more: Any) -> bytes:
    event = {
        "id": f"e-{holder}",
        "type": "inventory.reserved",
        "source": "wharf/inventory",
        "at": f"2026-03-02T08:00:{len(holder):02}Z",
    }
    body = {
        "holder": holder, "kind": kind, "channel": "portal", "line": "1", "location": "DC1", "reserved": reserved,
        "allocated": allocated, "since": "2026-03-02T08:00:00Z", "event": event, **more,
    }  # fmt: skip
    return versioned(7, body)


def held(*rows: bytes, known: int | None = None) -> Holders:
    fields = {str(number).encode(): value for number, value in enumerate(rows)}
    return holders({b"": b"7", **fields}, 1 + (len(rows) if known is None else known))


def ids(of: Holders, code: str, *, told_apart: bool = True) -> list[str]:
    return [event["id"] for event in of.behind(code, "DC1", told_apart=told_apart)]


def test_a_sku_that_nobody_holds_has_no_rows() -> None:
    assert holders({}, 0) == held() == Holders((), 0)


def test_carts_are_told_apart_where_the_rows_make_the_figure() -> None:
    both = held(row("O", 3), row("C", 2, kind="cart"))
    assert both.carts("DC1", 5) == 2 and both.carts("DC1", 6) is None and both.carts("YARD", 0) == 0


def test_a_part_of_the_rows_tells_nothing_apart() -> None:
    assert held(row("O", 5), known=9).carts("DC1", 5) is None


@pytest.mark.parametrize(
    ("code", "told_apart", "expected"),
    [
        ("reserved_order", True, ["e-O"]), ("reserved_cart", True, ["e-CC"]), ("allocated", True, ["e-FFF"]),
        ("reserved_order", False, ["e-O", "e-CC"]),
    ],
)  # fmt: skip
def test_each_term_has_the_events_of_its_rows_the_newest_last(code: str, told_apart: bool, expected: list[str]) -> None:
    rows = held(row("CC", 2, kind="cart"), row("O", 3), row("FFF", 0, 4))
    assert ids(rows, code, told_apart=told_apart) == expected


def test_of_very_many_events_the_newest_are_told() -> None:
    rows = held(*(row("O" * length, 1) for length in range(1, 41)))
    assert ids(rows, "reserved_order")[-1] == "e-" + "O" * 40 and len(ids(rows, "reserved_order")) == MOST_EVENTS


def test_rows_are_told_with_their_age_the_oldest_first() -> None:
    rows = held(row("A", 1, since="2026-03-02T08:00:00Z"), row("B", 25, since="2026-03-02T07:59:00Z"))
    told = told_holders(rows, 1, AT)
    assert [(each["holder"], each["age_seconds"], each["reserved"]) for each in told] == [
        ("B", 60.0, "2.5"),
        ("A", 0.0, "0.1"),
    ]
