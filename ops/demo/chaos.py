"""What the demo breaks on purpose, and how long it takes to mend."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any

import httpx

from ops.demo.scene import Scene
from ops.supervisor import Running

OUTAGE_S = 8.0  # the ERP is away for at least so long
MEND_S = 90.0  # a process that is not back by then is a failure
POLL_S = 0.1
Note = Callable[[str], None]
Sign = Callable[[], Callable[[], bool]]
NO_SIGNS: Mapping[str, Sign] = {}


class NotMended(Exception):
    """Something that was broken on purpose did not come back."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that was broken."""

    what: str
    away_s: float

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Step:
    """What happens when so much of the day has been sent."""

    at: float  # share of the day
    act: Callable[[], Coroutine[Any, Any, None]]


class Chaos:
    """Breaks things while orders come in.

    progress  the share of the day that has been sent
    signs     by process: from when it is killed on, whether it does its work again; of others it is enough to be ready
    """

    def __init__(
        self, scene: Scene, progress: Callable[[], float], note: Note, seed: int, signs: Mapping[str, Sign] = NO_SIGNS
    ) -> None:
        self.scene, self.progress, self.note, self.signs = scene, progress, note, signs
        self.incidents: list[Incident] = []
        self.broken: set[str] = set()
        self._chance = random.Random(seed)
        self._erp_back = asyncio.Event()

    async def run(self) -> None:
        """All of it; returns when everything is whole again. raises NotMended"""
        async with asyncio.TaskGroup() as tasks:
            for step in self._steps():
                await self._reached(step.at)
                tasks.create_task(step.act())

    def _steps(self) -> Sequence[Step]:
        gone = [Step(0.2, self._erp_goes), Step(0.3, lambda: self._kill(self.scene.process("deliver")))]
        gone += [Step(0.5, self._erp_returns), Step(0.6, lambda: self._kill(self.scene.process("gateway")))]
        if not self.scene.up.embedded:  # the embedded broker promises nothing when a worker is killed
            gone.append(Step(0.7, lambda: self._kill(self._chance.choice(self.scene.workers()))))
        return gone

    async def _reached(self, share: float) -> None:
        while self.progress() < share:
            await asyncio.sleep(POLL_S)

    async def _erp_goes(self) -> None:
        begun = monotonic()
        await self._faults({"down": True})
        self.broken.add("ERP")
        self.note("the ERP is down: orders are accepted, and wait")
        await self._erp_back.wait()
        await asyncio.sleep(max(0.0, begun + OUTAGE_S - monotonic()))
        await self._faults({})
        self.broken.discard("ERP")
        self._mended("ERP down", monotonic() - begun)

    async def _erp_returns(self) -> None:
        self._erp_back.set()

    async def _faults(self, faults: dict[str, Any]) -> None:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            (await client.post(f"{self.scene.up.erp_url}/faults", json=faults)).raise_for_status()

    async def _kill(self, one: Running) -> None:
        begun, pid, name = monotonic(), one.child.pid, one.program.name
        works = self.signs.get(name, lambda: lambda: True)()
        one.child.signal_group(signal.SIGKILL)
        self.note(f"{name} (pid {pid}) is killed with SIGKILL")
        while one.child.pid == pid or not await asyncio.to_thread(one.program.ready) or not works():
            if monotonic() - begun > MEND_S:
                raise NotMended(f"{name} was killed and is not back after {MEND_S:.0f} s\n{one.child.tail()}")
            await asyncio.sleep(POLL_S)
        self._mended(f"{name} killed", monotonic() - begun)

    def _mended(self, what: str, seconds: float) -> None:
        self.incidents.append(Incident(what, round(seconds, 1)))
        self.note(f"{what}: back after {seconds:.1f} s")
