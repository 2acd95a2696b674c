"""The reconciliation waits until all is at rest, looks again while something moves, and gives up when nothing does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ops.demo import judge
from ops.demo.cast import Cast
from ops.demo.judge import at_rest, percentile, reconciled
from ops.demo.verdict import Finding
from tests.ops.demo.support import FakeChannel

GOOD, BAD = Finding("a", "1", ()), Finding("a", "1", ("P-1: twice",))


def cast_of(**parts: Any) -> Cast:
    """A cast whose two orders have gone as far as they go: one is completed, one waits for stock."""
    line = {"pending": "0", "reserved": "0", "released": "0", "backordered": "5"}
    last = {
        "P-1": {"status": "completed", "order_id": "o-1"},
        "P-2": {"status": "backordered", "order_id": "o-2"},
    }
    told: dict[str, Any] = {
        "day": SimpleNamespace(sent=SimpleNamespace(taken={"P-1", "P-2"})),
        "statuses": SimpleNamespace(first_at={"P-1": 1.0, "P-2": 1.5}, last=last),
        "hands": SimpleNamespace(after=3, head=3),
        "own": SimpleNamespace(entries=[1, 2]),
        "pushed": SimpleNamespace(ids={"a", "b"}, turn=lambda: 0),
        "buyers": FakeChannel(lambda request: {"lines": [line]}),
        "erp": SimpleNamespace(turn=list),
        "changed": lambda: (1,),
    }
    return cast(Cast, SimpleNamespace(**{**told, **parts}))


def test_all_is_at_rest_when_everybody_has_heard_of_everything() -> None:
    found = cast_of()
    assert asyncio.run(at_rest(found))
    assert cast(FakeChannel, found.buyers).paths("GET") == ["/v1/orders/o-2"]


@pytest.mark.parametrize(
    "parts",
    [
        {"day": SimpleNamespace(sent=SimpleNamespace(taken={"P-1", "P-2", "P-3"}))},
        {"hands": SimpleNamespace(after=2, head=3)},
        {"pushed": SimpleNamespace(ids={"a"})},
        {"buyers": FakeChannel(lambda request: {"lines": [{"pending": "0", "reserved": "1", "released": "0"}]})},
    ],
    ids=["an order nobody heard of", "a release not shipped", "an entry not delivered", "an order under way"],
)
def test_something_under_way_is_no_rest(parts: dict[str, Any]) -> None:
    assert not asyncio.run(at_rest(cast_of(**parts)))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Finding]]:
    """Reconciles at once, each look finding the next thing."""

    def look(*found: Finding, still_s: float = 1e9, **parts: Any) -> list[Finding]:
        following = iter(found)
        monkeypatch.setattr(judge, "QUIET_S", -1.0)
        monkeypatch.setattr(judge, "POLL_S", 0.0)
        monkeypatch.setattr(judge, "STILL_S", still_s)
        monkeypatch.setattr(judge, "findings_of", lambda cast: [next(following)])
        return asyncio.run(reconciled(cast_of(**parts)))

    return look


def test_what_holds_is_found_at_the_first_look(looks: Callable[..., list[Finding]]) -> None:
    assert looks(GOOD) == [GOOD]


def test_it_looks_again_while_there_is_hope(looks: Callable[..., list[Finding]]) -> None:
    assert looks(BAD, BAD, GOOD) == [GOOD]


def test_when_nothing_moves_any_more_what_is_broken_is_said(looks: Callable[..., list[Finding]]) -> None:
    assert looks(BAD, still_s=-1.0) == [BAD]


def test_without_rest_nothing_is_judged_until_nothing_moves(looks: Callable[..., list[Finding]]) -> None:
    changes = iter(range(5))
    moving = {"hands": SimpleNamespace(after=2, head=3), "changed": lambda: (next(changes, 5),)}
    assert looks(BAD, still_s=0.01, **moving) == [BAD]


@pytest.mark.parametrize(("per_cent", "ms"), [(50, 51.0), (99, 100.0), (0, 1.0)])
def test_a_percentile_is_one_of_the_measured_values(per_cent: int, ms: float) -> None:
    assert percentile([number / 1000 for number in range(1, 101)], per_cent) == ms
    assert percentile([], per_cent) == 0.0


def test_figures_are_of_what_was_sent_and_heard() -> None:
    sent = SimpleNamespace(taken={"P-1", "P-2"}, begun={"P-1": 0.5, "P-2": 1.0, "P-3": 9.0})
    found = cast_of(
        day=SimpleNamespace(sent=sent, report=lambda: {"interchanges": 1}),
        statuses=SimpleNamespace(first_at={"P-1": 1.0, "P-2": 1.25}, cancels={}),
        crm=SimpleNamespace(entries=[1, 2, 3]),
        hands=SimpleNamespace(after=4, shipments=2),
        chaos=SimpleNamespace(incidents=[]),
    )
    figures = judge.figures(found, 10.0, 14.0)
    assert figures["orders_per_s"] == 0.5
    assert figures["post_to_feed_ms"] == {"p50": 500.0, "p99": 500.0}
    assert (figures["feed_entries"], figures["interchanges"]) == (9, 1)
