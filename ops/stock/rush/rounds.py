"""One round: a fresh SKU is stocked, everybody wants it at once, its owner may be killed, all is judged and given back."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ops.bench.arithmetic import Spread, spread
from ops.exits import Exit, Failed
from ops.stock.rush.crowd import CHANNEL, PATIENCE_S, Answer, Crowd
from ops.stock.rush.outside import Ledger, Outside
from ops.stock.rush.verdict import Seen, after_return, after_rush
from ops.supervisor import Running

LOOK_S = 0.1
FIRST_GUESS_S = 5.0  # how long a calm round takes, before one was seen
LATEST = 0.8  # share of a calm round after which no worker is killed


@dataclass(slots=True)
class Round:
    """What became of one round."""

    number: int
    sku: str
    sold: int = 0
    refused: int = 0
    undecided: int = 0
    seconds: float = 0.0  # from the first question to the last decision
    took: Spread | None = None  # each buyer's way to a decision
    asked: int = 0  # requests
    killed_after_s: float | None = None
    decided_before: int = 0  # questions that the owner's killed process had received
    most_promised: int = 0
    free_again: int = 0  # units on offer when all was given back
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Rush:
    """Rounds on one running system.

    owner  the process that decides about stock, tended by a supervisor
    """

    crowd: Crowd
    outside: Outside
    owner: Running
    buyers: int
    units: int
    seed: int
    calm_s: float = FIRST_GUESS_S

    async def run(self, number: int, *, kill: bool) -> Round:
        """One round, judged. raises Failed where its stock cannot be put there"""
        found = Round(number, f"RUSH-{number:03}")
        await self._stock(found.sku)
        going = asyncio.create_task(self.crowd.rush(found.sku, range(self.buyers)))
        begun, killed_at = time.time(), 0.0
        if kill:
            await asyncio.sleep(random.Random(f"{self.seed}-{number}").uniform(0, LATEST) * self.calm_s)
            killed_at = time.time()
            self.owner.child.signal_group(signal.SIGKILL)
            found.killed_after_s = killed_at - begun
        answers = await going
        found.seconds = max(one.seconds for one in answers)
        if not kill:
            self.calm_s = found.seconds
        await self._judge(found, answers)
        if kill:
            decided = self.outside.ledger(found.sku).decided_at
            found.decided_before = sum(at <= killed_at * 1000 for at in decided)
        return found

    async def _stock(self, sku: str) -> None:
        """A product, and all its units at one location."""
        http = self.crowd.clients[0]
        counted = {"kind": "counted", "source": "wms1", "sequence": 1, "as_of": "2026-03-02T08:00:00Z",
                   "sku": sku, "location": "DC1", "quantity": str(self.units)}  # fmt: skip
        for told in (
            await http.put(f"/v1/reference/partners/{CHANNEL}", json={"channel": CHANNEL, "currency": "USD"}),
            await http.put(f"/v1/reference/products/{sku}", json={"name": "The last ones"}),
            await http.post("/v1/inventory/events", json=counted),
        ):
            if told.status_code != 202:
                raise Failed(Exit.UNAVAILABLE, f"{sku} could not be stocked: {told.status_code} {told.text}")
        await self._until(lambda: self.outside.offered(sku) == self.units)
        if self.outside.offered(sku) != self.units:
            raise Failed(Exit.UNAVAILABLE, f"{sku} was counted and is not on offer after {PATIENCE_S:.0f} s")

    async def _judge(self, found: Round, answers: list[Answer]) -> None:
        won = [one for one in answers if one.won]
        found.sold, found.refused = len(won), sum(one.refused for one in answers)
        found.undecided = len(answers) - found.sold - found.refused
        found.took, found.asked = spread([one.seconds for one in answers]), sum(one.asked for one in answers)
        late = await self.crowd.buy(found.sku, self.buyers)
        await self._until(lambda: self.outside.offered(found.sku) == self.units - len(won))
        found.problems += after_rush(self.units, answers, late, self._seen(found.sku))
        kept = await self.crowd.give_back([*won, *([late] if late.won else [])])
        await self._until(lambda: self.outside.offered(found.sku) == self.units)
        seen = self._seen(found.sku)
        found.problems += after_return(self.units, kept, seen)
        found.most_promised, found.free_again = seen.most_promised, seen.offered or 0

    def _seen(self, sku: str) -> Seen:
        return Seen.of(self.outside.ledger(sku), self.outside.offered(sku))

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Until it holds, or patience ends: who judges says which."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds() and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_S)


def left_over(rounds: list[Round], units: int, ledger: Callable[[str], Ledger]) -> list[str]:
    """What changed of earlier rounds' SKUs after they were judged."""
    stands = {one.sku: ledger(one.sku) for one in rounds}
    return [
        f"{sku}: {found.held} held and {found.on_hand} there at the end of all rounds"
        for sku, found in stands.items()
        if (found.held, found.on_hand) != (0, units)
    ]
