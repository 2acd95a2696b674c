"""Laws of drift: observers change nothing that is sold, figures are what the rows make, crossings alternate."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import inventory_v1 as inventory
from tables.inventory.availability import availability, visible
from tables.inventory.comparison import compare
from tables.inventory.history import MOST_SOURCES
from tables.inventory.tolerance import tolerance_of
from tables.rows import DictRows
from tests.streams.inventory.shelf import SKU, Shelf
from tests.streams.inventory.world import (
    START,
    Command,
    command,
    corrections,
    counts,
    days,
    locations,
    movements,
    releases,
    reserves,
    ships,
    units,
)

observations = command(
    "stock.report", inventory.report_stock, kind=st.just("counted"), source=st.sampled_from(["erp", "3pl"]),
    sequence=st.integers(1, 12), as_of=st.integers(START - 20, START + 60), location=locations, quantity=units,
    classes=st.dictionaries(st.sampled_from(["damaged", "display"]), st.integers(0, 2), max_size=1),
    unsellable=st.one_of(st.none(), st.integers(0, 3)),
)  # fmt: skip
watched = st.lists(
    st.one_of(observations, observations, counts, counts, movements, reserves, releases, ships), max_size=16
)
TOLERANCES = [inventory.drift_tolerance(location=each, units=1, percent_bp=0, for_ms=0) for each in ("DC1", "YARD")]


def ruled(shelf: Shelf, **tolerance: Any) -> Shelf:
    """Both locations are the WMS's."""
    shelf.rules(
        authorities=dict.fromkeys(("DC1", "YARD"), "wms"), tolerances=[{**each, **tolerance} for each in TOLERANCES]
    )
    return shelf


def play(shelf: Shelf, day: list[Command], *, heard: frozenset[str]) -> Shelf:
    """The day, as far as it comes from these sources or from no source; every command at its own time."""
    for number, (kind, record) in enumerate(day):
        if record.get("source", "wms") in heard:
            shelf.send(kind, record, now=START + 100 + number, id=f"c-{number}")
    return shelf


def stock(shelf: Shelf) -> tuple[Any, ...]:
    """What is there, what is held, and what readers are shown."""
    rows = {name: row for name, row in shelf.rows.items() if name.startswith(("hold|", "attempt|"))}
    sku = shelf.rows["sku"]
    held = {name: {key: each for key, each in row.items() if key != "ticket"} for name, row in rows.items()}
    return sku["positions"], held, visible(availability(SKU, sku))


@given(watched)
def test_drift_never_changes_what_can_be_sold(day: list[Command]) -> None:
    alone = play(ruled(Shelf()), day, heard=frozenset({"wms"}))
    beside = play(ruled(Shelf()), day, heard=frozenset({"wms", "erp", "3pl"}))
    assert stock(beside) == stock(alone)


@given(watched)
def test_a_position_that_policy_accepts_is_never_changed_by_an_observer(day: list[Command]) -> None:
    alone = play(ruled(Shelf()), day, heard=frozenset({"wms"}))
    beside = play(ruled(Shelf(), accept="derived"), day, heard=frozenset({"wms", "erp", "3pl"}))
    assert stock(beside) == stock(alone)


@given(days, st.lists(st.one_of(observations, movements, counts, corrections), max_size=8))
def test_figures_are_at_all_times_what_the_rows_make_of_the_observation(
    day: list[Command], more: list[Command]
) -> None:
    shelf = ruled(Shelf())
    for kind, record in [*day, *more]:
        shelf.send(kind, record)
        for told, made in recomputed(shelf):
            assert told == made
    assert all(len(sources) <= MOST_SOURCES for sources in observers(shelf).values())


def recomputed(shelf: Shelf) -> list[tuple[Any, Any]]:
    """Observed and expected of each comparison that can be judged, as they stand and as they would be made now."""
    sku, rows = shelf.rows["sku"], DictRows(shelf.rows)
    pairs = []
    for name, row in shelf.rows.items():
        if name.startswith("compared|") and row["exact"]:
            tolerance = tolerance_of(sku["rules"], row["location"], row["source"])
            made = compare(row, row, sku["positions"].get(row["location"]), sku, rows, tolerance, 0)
            pairs.append((numbers(row), numbers(made)) if made["exact"] else ((), ()))
    return pairs


def numbers(comparison: Any) -> dict[str, tuple[int, int]]:
    return {figure["stock_class"]: (figure["observed"], figure["expected"]) for figure in comparison["figures"]}


def observers(shelf: Shelf) -> dict[str, list[str]]:
    """Observed sources by location."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, row in shelf.rows.items():
        if name.startswith("compared|"):
            found[row["location"]].append(row["source"])
    return found


@given(watched)
def test_crossings_of_a_figure_alternate_and_end_as_the_row_says(day: list[Command]) -> None:
    shelf, told = ruled(Shelf()), defaultdict[tuple[str, str, str], list[bool]](list)
    for kind, record in day:
        for fact in shelf.send(kind, record).facts:
            if fact.type == "inventory.drift.crossed":
                crossed = fact.record
                told[crossed["location"], crossed["source"], crossed["stock_class"]].append(crossed["in_force"])
    assert all(each == [place % 2 == 0 for place in range(len(each))] for each in told.values())
    raised = {key for key, each in told.items() if each[-1]}
    assert raised == {
        (row["location"], row["source"], figure["stock_class"])
        for name, row in shelf.rows.items() if name.startswith("compared|")
        for figure in row["figures"] if figure["raised_at"] is not None
    }  # fmt: skip


@given(watched, corrections)
def test_a_correction_twice_is_one_correction(day: list[Command], decided: Command) -> None:
    shelf = play(ruled(Shelf()), day, heard=frozenset({"wms", "erp", "3pl"}))
    times = [row["as_of"] for name, row in shelf.rows.items() if name.startswith("compared|")]
    record = {**decided[1], "source": "erp", "as_of": times[0] if times else decided[1]["as_of"]}
    shelf.send("stock.correct-drift", record, id="once", now=shelf.stage.now)
    before = stock(shelf)
    shelf.send("stock.correct-drift", record, id="once", now=shelf.stage.now)
    assert stock(shelf) == before
