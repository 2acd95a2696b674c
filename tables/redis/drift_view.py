"""How an observed source and wharf differ at a location, for a person: what each says, since when, and what explains it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypedDict

from schemas.envelope import millis, rfc3339
from schemas.generated.inventory_v1 import Comparison, DriftEvent, DriftFigure
from tables.inventory.comparison import drift
from tables.quantity import decimal_text


class EventView(TypedDict):
    """An event that one side has counted and the other may not."""

    id: str
    kind: str
    side: str
    source: str
    time: str
    quantity: str
    explains: bool


class FigureView(TypedDict):
    """One figure that differs."""

    stock_class: str
    observed: str
    expected: str
    difference: str
    known: str
    attributed: str
    unexplained: str
    since: str | None
    exception_since: str | None
    agreed_as_of: str | None
    events: list[EventView]
    events_known: int


class DriftView(TypedDict):
    """One entry of GET /v1/inventory/drift, without its age."""

    sku: str
    location: str
    source: str
    as_of: str
    sequence: int | None
    heard_at: str
    exact: bool
    exception: bool
    since: str | None
    figures: list[FigureView]


class Wanted(NamedTuple):
    """Which drifts somebody asks for; "" means any."""

    sku: str = ""
    location: str = ""
    source: str = ""
    exceptions: bool = False

    def has(self, view: Mapping[str, Any]) -> bool:
        """Whether this is one of them."""
        same = all(not want or view[name] == want for name, want in zip(self._fields[:3], self[:3], strict=True))
        return same and (view["exception"] or not self.exceptions)


def drift_view(sku: str, of: Comparison) -> DriftView:
    """What a person sees of a comparison: the figures that drift."""
    figures = [figure for figure in of["figures"] if drift(figure)]
    since = [figure["since"] for figure in figures if figure["since"] is not None]
    return {
        "sku": sku,
        "location": of["location"],
        "source": of["source"],
        "as_of": rfc3339(of["as_of"]),
        "sequence": of["sequence"],
        "heard_at": rfc3339(of["heard_at"]),
        "exact": of["exact"],
        "exception": any(figure["raised_at"] is not None for figure in figures),
        "since": _time(min(since, default=None)),
        "figures": [_figure(figure, of["scale"]) for figure in figures],
    }


def aged(views: Iterable[Mapping[str, Any]], now: int) -> list[dict[str, Any]]:
    """The drifts with their age: exceptions first, then the oldest."""
    told = [
        {**view, "age_seconds": None if view["since"] is None else max(0, now - millis(view["since"])) / 1000}
        for view in views
    ]
    return sorted(told, key=lambda view: (not view["exception"], -(view["age_seconds"] or 0), _place(view)))


def _place(view: Mapping[str, Any]) -> tuple[str, str, str]:
    return view["sku"], view["location"], view["source"]


def _figure(figure: DriftFigure, scale: int) -> FigureView:
    return {
        "stock_class": figure["stock_class"],
        "observed": decimal_text(figure["observed"], scale),
        "expected": decimal_text(figure["expected"], scale),
        "difference": decimal_text(figure["difference"], scale),
        "known": decimal_text(figure["known"], scale),
        "attributed": decimal_text(figure["attributed"], scale),
        "unexplained": decimal_text(figure["unexplained"], scale),
        "since": _time(figure["since"]),
        "exception_since": _time(figure["raised_at"]),
        "agreed_as_of": _time(figure["agreed_as_of"]),
        "events": [_event(event, scale) for event in figure["events"]],
        "events_known": figure["events_known"],
    }


def _event(event: DriftEvent, scale: int) -> EventView:
    return {
        "id": event["event_id"],
        "kind": event["kind"],
        "side": event["side"],
        "source": event["source"],
        "time": rfc3339(event["at"]),
        "quantity": decimal_text(event["quantity"], scale),
        "explains": event["explains"],
    }


def _time(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)
