"""The headline table, with the vectors of status-delivery.md §2 as they stand there."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.generated.orders_v1 import line_state
from tables.orders.headline import facets_of, headline
from tables.orders.quantities import added, balanced
from tables.orders.rows import Line, blank

NOTHING = line_state(line="", sku="", ordered=0)


def sums(*lines: dict[str, int]) -> Line:
    """The sums of lines that are given by their quantities."""
    total = NOTHING
    for number, line in enumerate(lines):
        state: Any = line_state(line=str(number), sku="A", billed=line.get("invoiced", 0), **line)  # type: ignore[arg-type]
        assert balanced(state)
        total = added(total, None, state)
    return total


VECTORS: list[tuple[str, list[dict[str, int]], dict[str, bool], str]] = [
    ("T1", [{"ordered": 24, "reserved": 24}], {"posted": True}, "confirmed"),
    ("T2", [{"ordered": 36, "reserved": 35, "backordered": 1}], {}, "partially_backordered"),
    ("T3", [{"ordered": 80, "shipped": 70, "released": 10}], {"posted": True}, "partially_shipped"),
    (
        "T4",
        [{"ordered": 10, "substituted": 4, "shipped": 6}, {"ordered": 4, "shipped": 4}],
        {"posted": True},
        "shipped",
    ),
    ("T5", [{"ordered": 10, "cancelled": 4, "shipped": 6, "delivered": 6}], {"posted": True}, "delivered"),
    (
        "T5 billed",
        [{"ordered": 10, "cancelled": 4, "shipped": 6, "delivered": 6, "invoiced": 6}],
        {"posted": True},
        "completed",
    ),
    ("T6", [{"ordered": 10, "rejected": 10}], {}, "rejected"),
    ("T7", [{"ordered": 10, "rejected": 4, "cancelled": 6}], {}, "cancelled"),
    ("T8", [{"ordered": 10, "shipped": 10, "delivered": 4}], {"posted": True}, "partially_delivered"),
    (
        "T9",
        [{"ordered": 10, "shipped": 10, "delivered": 10, "invoiced": 10, "returned": 2}],
        {"posted": True},
        "completed",
    ),
    ("T10", [{"ordered": 10, "reserved": 10}], {"held": True}, "on_hold"),
    ("T11", [{"ordered": 10, "shipped": 3, "reserved": 7}], {"held": True}, "partially_shipped"),
]


@pytest.mark.parametrize(("name", "lines", "marks", "expected"), VECTORS, ids=[vector[0] for vector in VECTORS])
def test_vector(name: str, lines: list[dict[str, int]], marks: dict[str, bool], expected: str) -> None:
    assert headline(sums(*lines), validated=True, **marks) == expected


@pytest.mark.parametrize(("line", "expected"), [
    ({"ordered": 10, "pending": 10}, "accepted"),
    ({"ordered": 10, "backordered": 10}, "backordered"),
    ({"ordered": 10, "released": 10}, "released"),
    ({"ordered": 10, "shipped": 10}, "shipped"),
    ({"ordered": 10, "shipped": 10, "delivered": 10, "returned": 10}, "returned"),
])  # fmt: skip
def test_the_rows_that_no_vector_touches(line: dict[str, int], expected: str) -> None:
    assert headline(sums(line), validated=True) == expected


def test_before_validation_the_order_is_received() -> None:
    assert headline(sums({"ordered": 10, "pending": 10}), validated=False) == "received"


def facets(line: dict[str, int], **header: Any) -> dict[str, str]:
    """Facets of an order of one line."""
    return facets_of({**blank("o"), **header, "sums": sums(line)})  # type: ignore[typeddict-item]


def test_t9_has_a_partial_return_as_a_facet() -> None:
    found = facets({"ordered": 10, "shipped": 10, "delivered": 10, "invoiced": 10, "returned": 2})
    assert (found["return"], found["billing"], found["delivery"], found["fulfilment"]) == (
        "partial",
        "full",
        "full",
        "full",
    )


def test_t11_has_its_hold_as_a_facet() -> None:
    assert facets({"ordered": 10, "shipped": 3, "reserved": 7}, exceptions={"credit_hold": 1})["holds"] == "credit_hold"


def test_a_refused_delivery_is_a_facet_until_something_arrives() -> None:
    assert facets({"ordered": 10, "shipped": 10}, delivery_failed=True)["delivery"] == "failed"
    assert facets({"ordered": 10, "shipped": 10, "delivered": 4}, delivery_failed=True)["delivery"] == "partial"
