"""The whole product behind the real gateway, without a broker: HTTP in, the topology in between, a real Redis, HTTP out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from schemas.generated.channel_v1 import Document
from schemas.generated.erp_v1 import attempt_answer
from schemas.generated.feeds_v1 import FeedEntry
from streams.bundles import bundles
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.feeds import feeds
from streams.inventory import inventory
from streams.normalize import normalize
from streams.notify import notify
from streams.orders import orders
from streams.post import post
from streams.project import project
from streams.shipments import shipments
from tables.redis.view_index import Place
from tables.write import Write
from tests.support.gateway import Desk, FakeLog, FakePages, desk
from tests.support.redis import Server

AGENTS = (normalize, orders, inventory, bundles, shipments, post, notify, feeds, project)


class TopologyLog(FakeLog):
    """A log that the agents read: what the gateway says is decided and projected before the next request."""

    topology: Topology
    prompt = False  # whether all that follows has happened when the log answers, for requests that wait for it

    async def send(self, type: str, key: str, record: Mapping[str, Any], *, tenant: str, **envelope: Any) -> str:
        await super().send(type, key, record, tenant=tenant, **envelope)
        found = self.topology.send(type, key, record, tenant=tenant, source="gateway", **envelope)
        if self.prompt:
            self.topology.run()
        return found


class TopologyPages(FakePages):
    """Reads the topology's log by place."""

    topology: Topology

    async def entries(self, tenant: str, view: str, start: Place, after: int, limit: int) -> Sequence[FeedEntry]:
        told = [
            message.record
            for message in self.topology.log("channels.feed")
            if (message.envelope.tenant, message.key) == (tenant, view)
        ]
        return [entry for entry in told if after < entry["seq"] <= after + limit]

    async def document(self, partition: int, offset: int) -> Document | None:
        places = {message.position[1:]: message.record for message in self.topology.log("channel.documents")}
        return places.get((partition, offset))


class DeskSink:
    """The desk as the projection's sink; marks are the tests' own business."""

    def __init__(self, at: Desk) -> None:
        self.desk = at

    def write(self, writes: Sequence[Write]) -> None:
        self.desk.write(writes)

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """It forgets nothing."""

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Nobody asks."""


class Harbour:
    """A desk whose requests have consequences."""

    def __init__(self, at: Desk, topology: Topology) -> None:
        self.desk, self.topology = at, topology
        self.posted: list[str] = []  # orders that the ERP holds
        topology.door("erp.attempts", self._post)

    def ask(self, method: str, path: str, **rest: Any) -> Any:
        """A request that is granted, and all that follows from it; returns the answer's body."""
        answer = self.desk.send(method, path, **rest)
        assert answer.is_success, answer.text
        self.topology.run()
        return answer.json()

    def place(self, body: Any, key: str) -> Any:
        """POST /v1/orders."""
        return self.ask("POST", "/v1/orders", headers={"Idempotency-Key": key}, json=body)

    def _post(self, attempt: Message) -> None:
        record = attempt.record
        self.posted.append(record["order_id"])
        answer = attempt_answer(
            attempt_id=record["attempt_id"],
            order_id=record["order_id"],
            outcome="posted",
            erp_number=f"SO-{len(self.posted)}",
        )
        self.topology.send("post.attempt-answer", record["erp"], answer, source="erp")


@contextmanager
def harbour(server: Server, *, prompt: bool = False) -> Iterator[Harbour]:
    """All agents over one log, a gateway before it, and this Redis behind it."""
    log, pages = TopologyLog(), TopologyPages()
    log.prompt = prompt
    with desk(server, log=log, pages=pages) as at:
        log.topology = pages.topology = Topology(AGENTS, sinks={"project": DeskSink(at)})
        yield Harbour(at, log.topology)
