"""The real doors before models of an ERP and of subscribers' endpoints: they fail, die, freeze and wake up again."""

from __future__ import annotations

import base64
import json
import random
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from functools import cache
from typing import Any, Protocol

from pydantic import SecretStr

from adapters.erp.door import Door
from adapters.erp.port import Ambiguous, Throttled, Unavailable
from adapters.subscribers.deliver import Deliverer
from adapters.subscribers.outcome import Outcome
from adapters.subscribers.target import Target
from ops.demo.erp.faults import Faults
from ops.demo.erp.memory import MemoryErp
from ops.simulate.world import BLOCKED, World
from schemas.settings import Settings
from streams.engine.effects import Message
from streams.engine.hatch import DoorDied

DEATH, FROST = (
    0.04,
    0.04,
)  # shares of attempts in whose middle the door dies, and of those that a frozen door wakes up with
WAKES_MS = 14_000  # before an attempt's deadline at the earliest: from then on the door may not begin it any more


class Stage(Protocol):
    """What doors need of the play."""

    world: World

    @property
    def now(self) -> int:
        """Virtual time, ms since the epoch."""

    def send(self, type: str, key: str, record: Mapping[str, Any], **envelope: Any) -> str:
        """Put a record on the log."""

    def later(self, at: int, do: Callable[[], None]) -> None:
        """Do something at a time."""


class Waited(AssertionError):
    """A model waits for something: nothing would ever wake it."""


def carried_out(work: Coroutine[Any, Any, None]) -> None:
    """Run what never has to wait; raises Waited, and what the work does."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise Waited(str(work))


@cache
def _weather(forgetful: bool) -> tuple[Faults, ...]:
    bad = ("down", "throttled", "drop_after_commit", "fail_after_commit", "wrong_echo")
    always = {"forgetful": forgetful, "refuse_customers": (BLOCKED,)}
    return tuple(Faults.model_validate({**always, **one}) for one in ({}, *({name: True} for name in bad)))


class StormyErp(MemoryErp):
    """An ERP in memory whose weather changes with each request, and in whose middle a door may die."""

    def __init__(self, world: World, chance: random.Random) -> None:
        super().__init__(_weather(world.forgetful)[0])
        self._forgetful, self._chance, self.storm, self.deadly = world.forgetful, chance, world.storm, DEATH

    def _hindered(self, request: str) -> Unavailable | Throttled | None:
        calm, *bad = _weather(self._forgetful)
        self.faults = self._chance.choice(bad) if self._chance.random() < self.storm else calm
        return super()._hindered(request)

    def _lost(self) -> Ambiguous | None:
        if self._chance.random() < self.deadly:
            raise DoorDied
        return super()._lost()


class ErpDoor:
    """The ERP door's process; the one before it may wake up and go on where it was frozen."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage, self._chance = stage, chance
        self.erp = StormyErp(stage.world, chance)
        self.frozen = 0  # how often
        self.restart()

    def handle(self, message: Message) -> None:
        """Carry out an attempt; raises DoorDied."""
        if self.erp.deadly and self._chance.random() < FROST:
            self._freeze(message)
            raise DoorDied
        carried_out(self._door.handle(message))

    def restart(self) -> None:
        """A new process, which remembers nothing; to start takes longer than the log's clock needs for a tick."""
        self._door = Door(self.erp, self._answer, lambda: self._stage.now + 1)

    def heal(self) -> None:
        """From now on the ERP is well."""
        self.erp.storm = self.erp.deadly = 0.0

    def _freeze(self, message: Message) -> None:
        self.frozen += 1
        zombie, wakes = self._door, message.record["deadline"] + self._chance.randint(-WAKES_MS, 300_000)

        def wake() -> None:
            try:
                carried_out(zombie.handle(message))
            except DoorDied:
                return

        self._stage.later(wakes, wake)

    async def _answer(self, type: str, key: str, record: Mapping[str, Any], **envelope: Any) -> str:
        return self._stage.send(type, key, record, source="erp", **envelope)


class Endpoints:
    """The webhook door's process, and what its subscribers' endpoints took."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage, self._chance = stage, chance
        self._settings = Settings(master_key=SecretStr(base64.b64encode(bytes(32)).decode()))
        self.failing = dict(stage.world.endpoints)
        self.taken: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)  # view → bodies as they came
        self.restart()

    def handle(self, message: Message) -> None:
        """Carry out an attempt; raises DoorDied."""
        carried_out(self._door.handle(message))

    def restart(self) -> None:
        """A new process."""
        self._door = Deliverer(self._settings, self._post, self._answer, lambda: self._stage.now)

    def heal(self) -> None:
        """From now on every endpoint is well."""
        self.failing = dict.fromkeys(self.failing, 0.0)

    async def _post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
        channel = target.host.partition(".")[0]
        if self._chance.random() < self.failing[channel]:
            return self._chance.choice(
                (Outcome("failed", 500), Outcome("throttled", 429, 2), Outcome("failed", reason="cut"))
            )
        told = json.loads(body)
        self.taken[f"{channel}/default"].append({**told, "webhook_id": headers["webhook-id"]})
        if self._chance.random() < DEATH:
            raise DoorDied
        return Outcome("delivered", 204)

    async def _answer(self, type: str, key: str, record: Mapping[str, Any], **envelope: Any) -> str:
        return self._stage.send(type, key, record, source="deliver", **envelope)
