"""Buyers: each comes to a decision, by the same request again and again."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from ops.stock.rush import crowd
from ops.stock.rush.crowd import Answer
from tests.ops.stock.rush.support import SKU, Site, bought, short


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "PAUSE_S", 0.001)
    monkeypatch.setattr(crowd, "PATIENCE_S", 0.2)


def told(site: Site, buyers: int = 3) -> list[Answer]:
    return asyncio.run(site.crowd().rush(SKU, range(buyers)))


def first(*answers: httpx.Response | None) -> Site:
    """A site whose first answers are these."""
    left = list(answers)
    return Site(before=lambda request: left.pop(0) if left else None)


def test_as_many_have_a_unit_as_there_are_and_the_others_are_refused() -> None:
    found = told(Site(units=2), 5)
    assert (sum(one.won for one in found), sum(one.refused for one in found)) == (2, 3)


@pytest.mark.parametrize(
    "busy",
    [
        httpx.Response(202, json={"reservation": "r-0"}),
        httpx.Response(409, json={"code": "request-in-progress"}),
        httpx.Response(503, text="Service Unavailable"),
        httpx.Response(429, json={"code": "rate-limited"}),
    ],
    ids=lambda one: str(one.status_code),
)
def test_who_is_not_decided_asks_again_under_the_same_key(busy: httpx.Response) -> None:
    (found,) = told(first(busy), 1)
    assert (found.won, found.asked) == (True, 2)


def test_who_loses_the_connection_asks_again() -> None:
    def broken(request: httpx.Request) -> httpx.Response | None:
        if len(site.asked) == 1:
            raise httpx.ReadError("gone")
        return None

    site = Site(before=broken)
    assert told(site, 1)[0].won


def test_who_never_hears_anything_is_undecided_in_the_end() -> None:
    (found,) = told(Site(before=lambda request: httpx.Response(503)), 1)
    assert (found.status, found.won, found.refused) == (0, False, False)


def test_another_refusal_is_neither_yes_nor_no() -> None:
    (found,) = told(first(httpx.Response(410, json={"code": "reservation-over"})), 1)
    assert (found.won, found.refused) == (False, False)


def test_a_hold_of_nothing_is_not_won() -> None:
    empty = {"reservation": "r-0", "lines": [{"reserved": "0"}]}
    assert not Answer(0, 201, empty).won


def test_every_hold_is_given_back() -> None:
    site = Site(units=2)
    won = [one for one in told(site) if one.won]
    assert asyncio.run(site.crowd().give_back(won)) == []
    assert site.sold == {}


def test_a_hold_that_is_not_given_back_is_named_with_the_answer() -> None:
    site = Site(before=lambda request: httpx.Response(409, text="taken"))
    assert asyncio.run(site.crowd().give_back([bought(7)])) == ["r-7: 409 taken"]


def test_connections_are_spread_over_clients_and_never_more() -> None:
    async def counts() -> list[int | None]:
        async with crowd.crowd("http://site", "k", 120) as buyers:
            return [one._transport._pool._max_connections for one in buyers.clients]  # type: ignore[attr-defined]

    assert asyncio.run(counts()) == [40, 40, 40]


def test_a_refusal_says_what_is_missing() -> None:
    assert short(1).refused
    assert not Answer(1, 409, {"code": "insufficient-availability", "lines": [{"missing": "0"}]}).refused
