"""Facts fold into rows; the header keeps the order's number and sums."""

from __future__ import annotations

from typing import Any

from schemas.generated import orders_v1 as v1
from schemas.loader import by_type, records
from tables.orders import ORDERS, apply, carts
from tables.orders.apply import FOLDS
from tables.orders.rows import header_of, sku_of
from tables.rows import DictRows


def folded(*facts: tuple[str, Any]) -> DictRows:
    """The rows after these facts."""
    rows = DictRows()
    for kind, record in facts:
        rows.put(apply(kind, record, rows))
    return rows


def changed(seq: int, *lines: v1.LineState) -> tuple[str, Any]:
    return "order.lines.changed", v1.order_lines_changed(order_id="o", seq=seq, cause="test", lines=list(lines))


def test_every_fact_that_orders_publish_has_its_fold() -> None:
    published = {kind for kind, record in by_type().items() if record.topic == "orders.events"}
    assert published == {*FOLDS, *carts.FOLDS}


def test_every_row_has_an_avro_record() -> None:
    assert set(ORDERS.kinds.values()) <= set(records())


def test_lines_keep_the_sums_of_the_order() -> None:
    rows = folded(changed(1, v1.line_state(line="1", sku="A", ordered=5, pending=5), v1.line_state(line="2", sku="A", ordered=3, pending=3)),
                  changed(2, v1.line_state(line="1", sku="A", ordered=5, reserved=5)))  # fmt: skip
    sums = header_of(rows, "o")["sums"]
    assert (sums["ordered"], sums["pending"], sums["reserved"]) == (8, 3, 5)


def test_a_sku_knows_its_lines_and_each_once() -> None:
    first = [v1.line_state(line=name, sku="A", ordered=1, pending=1) for name in ("1", "2")]
    rows = folded(changed(1, *first), changed(2, *first))
    row = sku_of(rows, "A")
    assert row is not None
    assert row["lines"] == ["1", "2"]


def test_a_parked_line_is_indexed_when_its_product_is_known() -> None:
    rows = folded(changed(1, v1.line_state(line="1", sku="", ordered=1, pending=1, problem="item_unmapped")),
                  changed(2, v1.line_state(line="1", sku="A", ordered=1, pending=1)))  # fmt: skip
    assert (header_of(rows, "o")["parked"], sku_of(rows, "") is None, sku_of(rows, "A") is not None) == (0, True, True)


def test_a_sku_owes_one_answer_however_often_it_is_asked() -> None:
    lines = [v1.line_quantity(line="1", sku="A", quantity=1)]
    asked = [
        (
            "order.stock.asked",
            v1.stock_asked(order_id="o", seq=seq, attempt=seq, step="reserve", mode="partial", lines=lines),
        )
        for seq in (1, 2)
    ]
    rows = folded(*asked)
    assert (header_of(rows, "o")["awaiting"], header_of(rows, "o")["attempt"]) == (1, 2)


def test_giving_all_back_ends_what_a_sku_owes() -> None:
    lines = [v1.line_quantity(line="1", sku="A", quantity=1)]
    rows = folded(("order.stock.asked", v1.stock_asked(order_id="o", seq=1, attempt=1, step="reserve", mode="partial", lines=lines)),
                  ("order.stock.given_back", v1.stock_given_back(order_id="o", seq=2, sku="A", attempt=1, closed=True)))  # fmt: skip
    row = sku_of(rows, "A")
    assert row is not None
    assert (row["state"], row["closed"], header_of(rows, "o")["awaiting"]) == ("closed", 1, 0)


def test_an_exception_raised_twice_is_open_once() -> None:
    raised = [
        ("exception.raised", v1.exception_raised(order_id="o", seq=seq, exception_id="lost", exception_class="lost"))
        for seq in (1, 2)
    ]
    resolved = (
        "exception.resolved",
        v1.exception_resolved(order_id="o", seq=3, exception_id="lost", exception_class="lost"),
    )
    assert header_of(folded(*raised), "o")["exceptions"] == {"lost": 1}
    assert header_of(folded(*raised, resolved), "o")["exceptions"] == {}


def test_the_number_of_the_last_fact_is_the_version_of_the_order() -> None:
    assert header_of(folded(changed(7)), "o")["seq"] == 7


def test_a_fact_that_is_not_the_orders_changes_nothing() -> None:
    ignored = v1.command_ignored(order_id="o", command="order.deadline", reason="late")
    assert folded(("order.ignored", ignored)).rows == {}
