"""What an observed source says, beside wharf's own position as of that source's time: figure by figure, and since when.

Per figure: on hand, each class of stock that the source tells apart, or all unsellable stock together. A figure drifts
where the two differ by anything but a difference that a person accepted. An observation that is older than the history
of movements is told and not judged: at two times any two figures differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Comparison, DriftFigure, DriftTolerance, Position, StockMove
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.attribution import ON_HAND, UNSELLABLE, attribute_drift, candidates, still_of_use
from tables.inventory.classes import changed
from tables.inventory.history import complete_from, split
from tables.inventory.movements import Later
from tables.inventory.tolerance import limit
from tables.rows import Rows


class Cut(NamedTuple):
    """What two figures are judged by: when, whether all since the source's time is known, and how far they may differ."""

    now: int
    exact: bool
    tolerance: DriftTolerance


def drift(figure: DriftFigure) -> int:
    """By how much the two drift; 0 where they agree, or differ by what is known."""
    return figure["difference"] - figure["known"] if figure["difference"] else 0


def drifts(comparison: Comparison) -> bool:
    """Whether any figure does."""
    return any(drift(figure) for figure in comparison["figures"])


def figure_of(comparison: Comparison, stock_class: str) -> DriftFigure:
    """One figure. raises StopIteration where the source does not tell it"""
    return next(each for each in comparison["figures"] if each["stock_class"] == stock_class)


def compare(
    seen: Comparison, was: Comparison | None, position: Position | None, sku: Sku, rows: Rows,
    tolerance: DriftTolerance, now: int,
) -> Comparison:  # fmt: skip
    """The comparison with its figures as they are now. Cost: O(movements that are kept of the location)."""
    before, after = split(rows, seen)
    exact = position is not None and seen["as_of"] >= complete_from(sku, seen["location"])
    place = position or inventory.position(location=seen["location"])
    old = {figure["stock_class"]: figure for figure in _remembered(was, seen)}
    cut = Cut(now, exact, tolerance)
    told = {
        name: _figure(name, observed, expected, old.get(name), cut)
        for name, observed, expected in _told(seen, place, after, old)
    }
    agreed = min(-1 if figure["agreed_as_of"] is None else figure["agreed_as_of"] for figure in told.values())
    seen = still_of_use(seen, agreed)
    figures = [_attributed(figure, seen, before) for figure in {**old, **told}.values()]
    return {**seen, "exact": exact, "drifted": was is not None and drifts(was), "figures": figures}


def known_off(comparison: Comparison) -> Comparison:
    """The comparison where a person accepted our figures: the source is known to be off by what it is off now."""
    figures: list[DriftFigure] = [
        {
            **figure, "known": figure["difference"], "agreed_as_of": comparison["as_of"], "since": None,
            "beyond_since": None, "attributed": 0, "unexplained": 0, "events": [], "events_known": 0,
        }
        if drift(figure) else figure
        for figure in comparison["figures"]
    ]  # fmt: skip
    return {**comparison, "drifted": drifts(comparison), "figures": figures}


def crossing(figure: DriftFigure, tolerance: DriftTolerance, now: int) -> str:
    """What somebody has to hear of the figure now: exceeded, agreed, or nothing."""
    if figure["raised_at"] is not None:
        return "agreed" if figure["since"] is None else ""
    since = figure["beyond_since"]
    return "exceeded" if since is not None and now - since >= tolerance["for_ms"] else ""


def crossed(comparison: Comparison, stock_class: str, raised_at: int | None) -> Comparison:
    """The comparison after a crossing of one figure."""
    figures: list[DriftFigure] = [
        {**each, "raised_at": raised_at} if each["stock_class"] == stock_class else each
        for each in comparison["figures"]
    ]
    return {**comparison, "figures": figures}


def due(comparison: Comparison | None, tolerance: DriftTolerance) -> int | None:
    """When the first of its drifts will have lasted too long; None where none may."""
    if comparison is None:
        return None
    begun = [each["beyond_since"] for each in comparison["figures"] if each["raised_at"] is None]
    return min((since + tolerance["for_ms"] for since in begun if since is not None), default=None)


def _remembered(was: Comparison | None, seen: Comparison) -> Iterator[DriftFigure]:
    """The figures so far. Those of an earlier observation that agreed are the last agreement from here on.

    Not those of the same: what is heard late may show that it never agreed.
    """
    for figure in was["figures"] if was else ():
        if was and was["exact"] and was["as_of"] != seen["as_of"] and not drift(figure):
            agreed: DriftFigure = {**figure, "agreed_as_of": was["as_of"]}
            yield agreed
        else:
            yield figure


def _told(
    seen: Comparison, position: Position, after: Later, old: Mapping[str, DriftFigure]
) -> Iterator[tuple[str, int, int]]:
    """Each figure that the source told: its name, observed and expected."""
    yield ON_HAND, seen["quantity"], position["on_hand"] - after.on_hand
    ours = changed(position["classes"], {name: -units for name, units in after.classes.items()})
    if seen["classes"]:
        for name in sorted({*seen["classes"], *ours, *old} - {ON_HAND, UNSELLABLE}):
            yield name, seen["classes"].get(name, 0), ours.get(name, 0)
    elif seen["unsellable"] is not None:
        yield UNSELLABLE, seen["unsellable"], sum(ours.values())


def _figure(name: str, observed: int, expected: int, old: DriftFigure | None, cut: Cut) -> DriftFigure:
    """The figure, with what is remembered of it; where the two are told of two times, nothing new is."""
    figure = old or inventory.drift_figure(stock_class=name, observed=0, expected=0, difference=0)
    figure = {**figure, "observed": observed, "expected": expected, "difference": observed - expected}
    if not cut.exact:
        return figure
    if not drift(figure):
        known = figure["difference"]
        return {**figure, "known": known, "since": None, "beyond_since": None}
    beyond = abs(drift(figure)) > limit(cut.tolerance, expected)
    since, beyond_since = figure["since"], figure["beyond_since"]
    return {
        **figure,
        "since": cut.now if since is None else since,
        "beyond_since": (cut.now if beyond_since is None else beyond_since) if beyond else None,
    }


def _attributed(figure: DriftFigure, seen: Comparison, before: list[StockMove]) -> DriftFigure:
    if not drift(figure):
        agreed: DriftFigure = {**figure, "attributed": 0, "unexplained": 0, "events": [], "events_known": 0}
        return agreed
    events = candidates(before, seen, figure["stock_class"], figure["agreed_as_of"])
    found = attribute_drift(drift(figure), events)
    return {
        **figure, "attributed": found.attributed, "unexplained": found.unexplained, "events": found.events,
        "events_known": found.known,
    }  # fmt: skip
