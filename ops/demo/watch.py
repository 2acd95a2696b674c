"""Looks at everything once a second and writes it on the board."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from time import monotonic

import httpx

from ops.demo.board import Board
from ops.demo.cast import Cast
from ops.supervisor import Running

EVERY_S = 1.0
RATE_OVER = 10  # looks
LAG = re.compile(r'^wharf_lag_records\{agent="([^"]+)".*\} ([0-9.e+]+)$', re.MULTILINE)


class Watch:
    """Fills the board."""

    def __init__(self, cast: Cast, board: Board) -> None:
        self.cast, self.board = cast, board
        self._begun = deque[tuple[float, int]](maxlen=RATE_OVER)
        self._http = httpx.AsyncClient(timeout=1, trust_env=False)

    async def look_on(self) -> None:
        """Look for ever."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """One look."""
        self._traffic()
        self._feeds()
        await self._cache()
        await self._processes()

    def _traffic(self) -> None:
        board, cast = self.board, self.cast
        heard = len(cast.statuses.first_at)
        self._begun.append((monotonic(), heard))
        (since, before), (now, _) = self._begun[0], self._begun[-1]
        board.rate = (heard - before) / (now - since) if now > since else 0.0
        board.planned, board.sent = cast.day.planned, len(cast.day.sent.taken)
        board.eta = eta(board.sent, board.planned, monotonic() - min(cast.day.sent.begun.values(), default=monotonic()))
        board.statuses = Counter(status["status"] for status in cast.statuses.last.values())
        board.settled = sum(board.statuses[headline] for headline in ("completed", "rejected", "cancelled"))

    def _feeds(self) -> None:
        cast, board = self.cast, self.board
        cast.pushed.turn()
        board.feeds[f"{cast.own.key} (webhook)"] = (max(cast.own.head, len(cast.pushed.ids)), len(cast.pushed.ids))
        board.feeds[f"{cast.crm.key} (pulled)"] = (cast.crm.head, len(cast.crm.entries))
        board.feeds["wms/releases (pulled)"] = (cast.hands.head, cast.hands.after)

    async def _cache(self) -> None:
        found = await asyncio.to_thread(self.cast.cache.availability, self.cast.day.hot[:10])
        self.board.hot = {sku: str(view["default"]["quantity"]) for sku, view in found.items()}

    async def _processes(self) -> None:
        scene = self.cast.scene
        asked = await asyncio.gather(*map(self._lag, scene.workers()))
        self.board.lag = {agent: lag for lags in asked for agent, lag in lags.items()}
        self.board.alive = {one.program.name: one.child.running for one in (*scene.workers(), *scene.doors())}
        self.board.erp = len(await asyncio.to_thread(self.cast.erp.turn))
        self.board.alive["ERP"] = "ERP" not in self.cast.chaos.broken

    async def _lag(self, worker: Running) -> dict[str, int]:
        try:
            told = await self._http.get(f"http://127.0.0.1:{worker.program.env['WHARF_METRICS_PORT']}/metrics")
        except httpx.HTTPError:
            return {}
        lags: Counter[str] = Counter()
        for agent, lag in LAG.findall(told.text):
            lags[agent] += int(float(lag))
        return dict(lags)


def eta(sent: int, planned: int, seconds: float) -> str:
    """When all will be sent, if it goes on as it went so far."""
    if not 0 < sent < planned or seconds < EVERY_S:
        return ""
    left = int((planned - sent) * seconds / sent)
    return f"{left // 3600}:{left % 3600 // 60:02d}:{left % 60:02d} to go"
