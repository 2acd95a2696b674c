"""A round: stock, rush, kill, verdict, all given back."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import pytest

from ops.exits import Failed
from ops.stock.rush import rounds
from ops.stock.rush.outside import Ledger
from ops.stock.rush.rounds import Round, Rush, left_over
from tests.ops.stock.rush.support import Site, counted, held


@dataclass
class Log:
    """What stands outside, as the site's own books say."""

    site: Site
    stranded: int = 0  # units of the offer that never come back

    def offered(self, sku: str) -> int:
        return self.site.units - len(self.site.sold) - self.stranded

    def ledger(self, sku: str) -> Ledger:
        found = Ledger()
        found.tell(counted(self.site.units))
        for holder in self.site.sold:
            found.tell(held(holder))
        return found


@dataclass
class Owner:
    """A process that notes how it is struck."""

    struck: list[int] = field(default_factory=list)

    @property
    def child(self) -> Owner:
        return self

    def signal_group(self, number: signal.Signals) -> None:
        self.struck.append(number)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "PATIENCE_S", 0.05)
    monkeypatch.setattr(rounds, "LOOK_S", 0.001)


def rush(site: Site, owner: Owner | None = None, outside: Any = None) -> Rush:
    return Rush(site.crowd(), outside or Log(site), cast(Any, owner or Owner()), buyers=5, units=2, seed=1, calm_s=0.01)


def test_a_calm_round_is_counted_and_breaks_nothing() -> None:
    found = asyncio.run(rush(Site()).run(1, kill=False))
    assert (found.sold, found.refused, found.undecided, found.free_again, found.problems) == (2, 3, 0, 2, [])
    assert found.killed_after_s is None


def test_in_a_round_with_a_kill_the_owner_is_struck_once() -> None:
    owner = Owner()
    found = asyncio.run(rush(Site(), owner).run(2, kill=True))
    assert owner.struck == [signal.SIGKILL]
    assert found.killed_after_s is not None


def test_a_calm_round_says_how_long_rounds_take() -> None:
    one = rush(Site())
    asyncio.run(one.run(1, kill=False))
    assert 0 < one.calm_s < 1


def test_each_round_has_a_product_of_its_own() -> None:
    site = Site()
    one = rush(site)
    asyncio.run(one.run(1, kill=False))
    asyncio.run(one.run(2, kill=False))
    assert {"PUT /v1/reference/products/RUSH-001", "PUT /v1/reference/products/RUSH-002"} <= set(site.asked)


def test_units_that_stay_away_are_told() -> None:
    site = Site()
    log = Log(site)

    def strand(request: httpx.Request) -> httpx.Response | None:
        log.stranded = int(request.method == "DELETE" or log.stranded)
        return None

    site.before = strand
    found = asyncio.run(rush(site, outside=log).run(1, kill=False))
    assert found.problems == ["given back: Redis offers 1 of 2"]


def test_a_product_that_cannot_be_stocked_ends_the_run() -> None:
    with pytest.raises(Failed, match="could not be stocked: 503"):
        asyncio.run(rush(Site(before=lambda request: httpx.Response(503, text="busy"))).run(1, kill=False))


def test_a_product_that_never_comes_on_offer_ends_the_run() -> None:
    site = Site()
    with pytest.raises(Failed, match="is not on offer"):
        asyncio.run(rush(site, outside=Log(site, stranded=1)).run(1, kill=False))


def test_what_changes_after_its_round_is_told_at_the_end() -> None:
    site = Site()
    assert left_over([Round(1, "RUSH-001")], 2, Log(site).ledger) == []
    site.sold["r-9"] = True
    (told,) = left_over([Round(1, "RUSH-001")], 2, Log(site).ledger)
    assert told.startswith("RUSH-001: 1 held")
