"""One seed played: documents come in while everything fails, then all is healed and left alone until nothing moves."""

from __future__ import annotations

import hashlib
import heapq
import random
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import orjson

from ops.catalog import AGENTS, agent_of
from ops.simulate import hands
from ops.simulate.doors import Endpoints, ErpDoor
from ops.simulate.world import PLACES, SKUS, TENANT, Said, drawn
from schemas.envelope import derived_id, rfc3339
from schemas.generated import channel_v1
from schemas.identity import receipt_id
from streams.engine.driver import START, Topology
from streams.engine.effects import Message
from streams.engine.schedule import ROUGH, Faults
from tables.sink_memory import Shelf

AGAIN = 0.12  # share of documents that the gateway puts on the log twice, as its first answer was lost
WINDOW = 5  # documents under way at once: which of them comes first is drawn
STEPS = (0, 0, 1, 2, 4, 8, 30)
PAUSES_MS = (50, 2_000, 40_000)
SET_UP_MS = 1_000
HEALED_MS, REST_MS = 600_000, 5 * 86_400_000  # the webhook schedule ends after 75 hours
CHECKED_EVERY = 7  # one fact in so many is folded twice, as decided and as read
MOST = 60_000  # records decided before the agents are taken to be in a loop


class Play:
    """The world of a seed, its topology, and the ledgers of those outside."""

    def __init__(self, seed: int, faults: Faults = ROUGH) -> None:
        self.seed, self.world = seed, drawn(seed)
        self.chance = random.Random(f"play {seed}")
        self.shelf = Shelf()
        self.topology = Topology(
            [agent_of(name) for name in AGENTS], partitions=self.chance.randint(1, 3), seed=seed, faults=faults,
            sinks={"project": self.shelf}, most=MOST, every=CHECKED_EVERY,
        )  # fmt: skip
        self.erp, self.endpoints = ErpDoor(self, self.chance), Endpoints(self, self.chance)
        self.topology.door("erp.attempts", self.erp.handle, self.erp.restart)
        self.topology.door("feeds.attempts", self.endpoints.handle, self.endpoints.restart)
        self.topology.door("orders.events", self._hear)
        self.receipts: list[str] = []
        self.to_say: list[Said] = []
        self._later: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = count()
        self._logs: dict[str, list[Message]] = {}

    @property
    def now(self) -> int:
        """Virtual time, ms since the epoch."""
        return self.topology.now

    def log(self, topic: str) -> list[Message]:
        """A topic, decoded once the play is over."""
        if topic not in self._logs:
            self._logs[topic] = self.topology.log(topic)
        return self._logs[topic]

    def data(self, entry: Any) -> Any:
        """What a feed's entry says."""
        return orjson.loads(entry["data"])

    def send(self, type: str, key: str, record: Mapping[str, Any], **envelope: Any) -> str:
        """Put a record on the log, as doors do."""
        return self.topology.send(type, key, record, **envelope)

    def later(self, at: int, do: Callable[[], None]) -> None:
        """Do something at a time."""
        heapq.heappush(self._later, (at, next(self._numbers), do))

    def run(self) -> None:
        """From the first reference record to rest."""
        self._open()
        self.to_say += self.world.script
        self.to_say += [
            _movement("received", index, *supply) for index, supply in enumerate(self.world.supply, start=1)
        ]
        self._say_all()
        self.topology.schedule.heal()
        self.erp.heal()
        self.endpoints.heal()
        self._advance(HEALED_MS)
        while self.to_say or self._later:
            self._say_all()
            self._advance(HEALED_MS)
        self._advance(REST_MS)
        assert not self.to_say, "something was released after days of rest"

    def _open(self) -> None:
        """Reference data, then the first count of every shelf; views tell their subscribers what comes after them."""
        for kind, key, record in self.world.references():
            self.topology.send(f"reference.{kind}", key, record)
            if kind in ("product", "subscription"):
                self.say(Said(f"reference/{kind}s", "admin", {}, target=key))
        self._advance(SET_UP_MS)
        counts = [_movement("counted", 0, sku, place, self.world.stock[sku, place]) for sku in SKUS for place in PLACES]
        self.say(Said("inventory-events", "wms", [event for said in counts for event in said.body]))

    def _say_all(self) -> None:
        while self.to_say:
            self.say(self.to_say.pop(self.chance.randrange(min(WINDOW, len(self.to_say)))))
            for _ in range(self.chance.choice(STEPS)):
                self.topology.step()
            if self.chance.random() < 0.2:
                self._advance(self.chance.choice(PAUSES_MS))

    def _advance(self, ms: int) -> None:
        until = self.now + ms
        while self._later and self._later[0][0] <= until:
            at, _, do = heapq.heappop(self._later)
            self.topology.advance(max(0, at - self.now))
            do()
        self.topology.advance(max(0, until - self.now))

    def say(self, said: Said) -> None:
        """A document as the gateway puts it on the log, now and then twice."""
        raw = orjson.dumps(said.body)
        receipt = receipt_id(TENANT, said.resource, str(len(self.receipts)), raw)
        self.receipts.append(receipt)
        record = channel_v1.document(
            receipt=receipt, channel=said.channel, sender=said.sender, resource=said.resource, body=raw, target=said.target,
            media_type="application/json", sha256=hashlib.sha256(raw).hexdigest(), received_at=self.now,
        )  # fmt: skip
        own = derived_id(receipt, "gateway", "channel.document", 0)
        for _ in range(2 if self.chance.random() < AGAIN else 1):
            self.topology.send(
                "channel.document",
                said.key or said.sender,
                record,
                id=own,
                source="gateway",
                channel=said.channel,
                receipt=receipt,
            )

    def _hear(self, message: Message) -> None:
        if message.type == "order.released":
            self.to_say += hands.follows(message, self.now)


def _movement(kind: str, index: int, sku: str, place: str, units: int) -> Said:
    event = {
        "kind": kind, "source": f"wms-{place}", "sequence": index + 1, "as_of": rfc3339(START), "sku": sku, "location": place,
        "quantity": str(units), "event_id": f"{kind}-{index}-{sku}-{place}",
    }  # fmt: skip
    return Said("inventory-events", "wms", [event])
