"""Those on the other side: buyers and warehouses, on a loop and a thread of their own."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from ops.chaos.buyers import Buyers, open_market
from ops.chaos.market import Market
from ops.chaos.system import System
from ops.chaos.warehouse import Warehouse
from ops.demo.client import Channel

QUIET = 20  # orders that are sent when nothing is broken any more


class Outside(threading.Thread):
    """Opens the market, sells, and ships until told to stop."""

    def __init__(self, system: System, market: Market, rate: float, folder: Path) -> None:
        super().__init__(name="outside", daemon=True)
        self.market, self.rate = market, rate
        self.ledgers = {name: folder / f"{name}.jsonl" for name in ("buyers", "docks")}
        self._system = system
        self.warehouse = Warehouse()
        self.buyers: Buyers | None = None
        self.opened, self.sold, self.sold_out = threading.Event(), threading.Event(), threading.Event()
        self.go_on, self.stop = threading.Event(), threading.Event()
        self.failed: BaseException | None = None

    @property
    def progress(self) -> float:
        """The share of the orders that has been answered."""
        return self.buyers.progress if self.buyers else 0.0

    def run(self) -> None:
        """All of it; what goes wrong is kept in `failed`."""
        try:
            asyncio.run(self._play())
        except BaseException as exc:  # noqa: BLE001  told by the campaign
            self.failed = exc

    async def _play(self) -> None:
        buyers, docks = (Channel(self._system.gateway, self._system.key, path) for path in self.ledgers.values())
        for name, secret in (await open_market(docks, self.market, f"{self._system.hooks}/hooks")).items():
            self._system.tell_secret(name, secret)
        self.opened.set()
        closing = asyncio.Event()
        working = asyncio.create_task(self.warehouse.work(docks, closing))
        self.buyers = Buyers(buyers, self.market, self.rate, QUIET)
        await self.buyers.work()
        self.sold.set()
        await self._until(self.go_on, working)
        await self.buyers.go_on()
        self.sold_out.set()
        await self._until(self.stop, working)
        closing.set()
        await working
        for each in (buyers, docks):
            await each.close()

    async def _until(self, told: threading.Event, working: asyncio.Task[None]) -> None:
        while not told.is_set() and not working.done():
            await asyncio.sleep(0.1)
