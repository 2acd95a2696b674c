"""The running system as a snapshot's sender sees it: rows are agreed when their receipt says what became of each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import httpx
import orjson

from adapters.channels.readers.stock_rows import RefusedRow, StockRow
from ops.exits import Exit, Failed
from ops.gateway_client import Gateway, Refused
from ops.snapshots.decide import Place, Standing, at_fault, body, passed_over, request_key, standings

T = TypeVar("T")
EVENTS, POSITIONS = "/v1/inventory/events", "/v1/inventory/positions/query"
OUTAGE_S = 60.0  # a gateway that is being restarted is waited for
DECIDE_S = 300.0  # nothing is decided for so long: the agents are down
FIRST_LOOK_S, LOOK_S = 0.05, 1.0


class Hub(Protocol):
    """What is asked of the running system."""

    def take(self, rows: Sequence[StockRow]) -> Mapping[str, Any]:
        """Say these rows and wait for their receipt to be decided; raises Refused."""

    def standing(self, source: str, skus: Sequence[str]) -> Mapping[Place, Standing]:
        """What is held of these SKUs, as far as it is known for sure."""


class Stopped(Exception):
    """The command ends; nobody waits any more."""


@dataclass(frozen=True, slots=True)
class GatewayHub:
    """The running system behind its gateway. Used by several threads."""

    gateway: Gateway
    source: str
    stop: threading.Event = field(default_factory=threading.Event)
    outage_s: float = OUTAGE_S
    decide_s: float = DECIDE_S

    def take(self, rows: Sequence[StockRow]) -> Mapping[str, Any]:
        """Say these rows under a key of their own content; a repeat has the same receipt."""
        request = body(rows, self.source)
        key = request_key(request)
        said = self._patiently(lambda: self.gateway.post(EVENTS, request, "application/json", key))
        return self._decided(str(said["receipt"]))

    def standing(self, source: str, skus: Sequence[str]) -> Mapping[Place, Standing]:
        """What is held of these SKUs; nothing is known for sure where the gateway cannot or may not tell."""
        asked = orjson.dumps({"source": source, "skus": list(skus)})
        try:
            return standings(self._patiently(lambda: self.gateway.post(POSITIONS, asked, "application/json")))
        except Refused:
            return {}

    def _decided(self, receipt: str) -> Mapping[str, Any]:
        begun, pause = time.monotonic(), FIRST_LOOK_S
        while time.monotonic() - begun < self.decide_s:
            if self.stop.wait(pause):
                raise Stopped
            pause = min(LOOK_S, pause * 1.5)
            if (told := self._patiently(lambda: self._receipt(receipt))) is not None:
                return told
        raise Failed(Exit.TRY_AGAIN, f"receipt {receipt} is not decided after {self.decide_s:.0f} s; see wharf doctor")

    def _receipt(self, receipt: str) -> Mapping[str, Any] | None:
        try:
            told: Mapping[str, Any] = self.gateway.get(f"/v1/receipts/{receipt}")
        except Refused as refusal:
            if refusal.status == 404:  # not projected yet
                return None
            raise
        return None if told["state"] == "received" else told

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask through an outage of the gateway: every request of ours may be repeated."""
        deadline = time.monotonic() + self.outage_s
        while True:
            try:
                return ask()
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                if self.stop.wait(0.5):
                    raise Stopped from None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the hub has made of rows."""

    agreed: tuple[StockRow, ...]
    refused: tuple[RefusedRow, ...]


def deliver(hub: Hub, rows: Sequence[StockRow]) -> Delivered:
    """Say rows until the hub has agreed to all that it will: an array is taken whole, so the bad are taken out of it.

    raises Refused where the request is not wanted at all, such as for a scope that is missing
    """
    left, refused = list(rows), list[RefusedRow]()
    while left:
        bad, done = _asked(hub, left)
        refused += bad.values()
        left = [row for index, row in enumerate(left) if index not in bad]
        if done:
            break
    return Delivered(tuple(left), tuple(refused))


def _asked(hub: Hub, rows: Sequence[StockRow]) -> tuple[dict[int, RefusedRow], bool]:
    """The rows that were refused, and whether the others are agreed."""
    try:
        told = hub.take(rows)
    except Refused as refusal:
        if refusal.status not in (400, 422) or not isinstance(refusal.problem, dict):
            raise
        return at_fault(rows, refusal.problem.get("errors") or [_whole(refusal.problem)]), False
    if told["state"] == "rejected" or not told["parts"]:
        return at_fault(rows, told["problems"]), False
    return passed_over(rows, told["parts"]), True


def _whole(problem: Mapping[str, Any]) -> dict[str, str]:
    return {"code": str(problem.get("code", "")), "message": str(problem.get("detail") or problem.get("title", ""))}
