"""A story in one process: the real gateway before the topology driver, the real doors behind it, time that is virtual.

The ERP is the process that it is elsewhere, reached over HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from adapters.erp.door import Door
from adapters.erp.http_erp import HttpErp
from adapters.gateway.keys import issue
from adapters.subscribers.deliver import Deliverer
from ops.sending import media_type
from ops.tail import decoded
from ops.up.keys import ADMIN
from schemas.topics import TOPICS
from streams.engine.driver import START, Topology
from streams.engine.effects import Message
from streams.engine.records import Record
from streams.engine.schedule import CALM, Faults
from tests.stories.places.endpoint import Endpoint
from tests.stories.places.noise import Echo
from tests.stories.places.place import Json
from tests.support.erp_server import ErpServer
from tests.support.gateway import Desk, desk
from tests.support.harbour import AGENTS, DeskSink, TopologyLog, TopologyPages
from tests.support.redis import server

T = TypeVar("T")
MINUTE_MS = 60_000
STEP_MS, PATIENCE_MS = 1_000, 5 * MINUTE_MS  # of virtual time, while the story waits for something
KEY_NAME = "development"  # what `wharf up` calls its key: it is the sender of documents


class Driven:
    """A place whose log is a list."""

    def __init__(self, at: Desk, topology: Topology, erp: ErpServer, subscriber: Endpoint, echo: Echo) -> None:
        self._desk, self.topology, self.erp, self.subscriber, self.echo = at, topology, erp, subscriber, echo
        issued = issue([ADMIN], name=KEY_NAME)
        at.hub.keys.put(at.hub.settings.tenant, issued.record)
        at.hub.clock = lambda: topology.now
        at.hub.settings = at.hub.settings.model_copy(update={"allow_local_webhooks": True})
        self._key = {"Authorization": f"Bearer {issued.token}"}

    def ask(self, method: str, path: str, *, key: str = "", **rest: Any) -> httpx.Response:
        """One HTTP request, and all that follows from it."""
        headers = {**self._key, **({"Idempotency-Key": key} if key else {}), **rest.pop("headers", {})}
        answer = self._desk.send(method, path, headers=headers, **rest)
        if key and self.echo.sounds():
            self._desk.send(method, path, headers=headers, **rest)
        self.topology.run()
        return answer

    def send(self, name: str, body: bytes, channel: str) -> Json:
        """What `wharf send` asks of the gateway."""
        headers = {"Content-Type": media_type(Path(name))}
        answer = self.ask(
            "POST", f"/v1/channels/{channel}/documents", key=f"send-{name}", headers=headers, content=body
        )
        return {"file": name, **answer.json()}

    def order(self, order_id: str) -> Json:
        """How an order stands."""
        return dict(self.ask("GET", f"/v1/orders/{order_id}").json())

    def timeline(self, order_id: str) -> list[Json]:
        """What happened to it."""
        return list(self.ask("GET", f"/v1/orders/{order_id}/timeline").json()["entries"])

    def availability(self, sku: str, channel: str) -> Json:
        """What may be promised."""
        return dict(self.ask("GET", f"/v1/availability/{sku}", params={"channel": channel}).json())

    def tail(self, topic: str, key: str = "") -> list[Json]:
        """What stands on a topic, in the words of `wharf tail`."""
        told = (decoded(record) for record in self.topology.memory.order[topic])
        return [one for one in told if key in ("", one["key"])]

    def now(self) -> int:
        """The story's time, ms since the epoch."""
        return self.topology.now

    def records(self) -> list[Record]:
        """The whole log, as a plain client would read it."""
        order = self.topology.memory.order
        return [record for topic in TOPICS.values() for name in (topic.name, topic.dead) for record in order[name]]

    def settle(self) -> None:
        """What follows from all requests has followed: each of them saw to that."""
        self.topology.run()

    def at(self, minute: float) -> None:
        """Let time pass up to this minute of the story."""
        self.topology.advance(max(0, START + round(minute * MINUTE_MS) - self.topology.now))

    def until(self, ask: Callable[[], T], holds: Callable[[T], bool]) -> T:
        """Let time pass until it holds."""
        deadline = self.topology.now + PATIENCE_MS
        while not holds(answer := ask()) and self.topology.now < deadline:
            self.topology.advance(STEP_MS)
        return answer


@contextmanager
def driven(
    folder: Path, *, partitions: int = 1, seed: int | None = None, faults: Faults = CALM, noise: int | None = None
) -> Iterator[Driven]:
    """All agents and doors over one log in memory.

    seed   draws batches, turns and these faults
    noise  draws requests that come twice
    """
    log, pages = TopologyLog(), TopologyPages()
    with ExitStack() as held:
        redis = held.enter_context(server())
        at = held.enter_context(desk(redis, log=log, pages=pages))
        erp = held.enter_context(ErpServer(folder / "erp"))
        topology = Topology(AGENTS, partitions=partitions, seed=seed, faults=faults, sinks={"project": DeskSink(at)})
        log.topology = pages.topology = topology
        place = Driven(at, topology, erp, Endpoint(lambda: topology.now), Echo(noise))
        _open_doors(place, at, held.enter_context(asyncio.Runner()), held)
        yield place


def _open_doors(place: Driven, at: Desk, runner: asyncio.Runner, held: ExitStack) -> None:
    """The doors of production, on the topology's log and clock."""
    topology, erp = place.topology, HttpErp(place.erp.url)
    held.callback(lambda: runner.run(erp.close()))

    def carried_out(handle: Callable[[Any], Coroutine[Any, Any, None]]) -> Callable[[Message], None]:
        return lambda message: runner.run(handle(message))

    door = Door(erp, _said_by(topology, "erp"), place.now)
    deliverer = Deliverer(at.hub.settings, place.subscriber.post, _said_by(topology, "deliver"), place.now)
    topology.door("erp.attempts", carried_out(door.handle))
    topology.door("feeds.attempts", carried_out(deliverer.handle))


def _said_by(topology: Topology, door: str) -> Callable[..., Coroutine[Any, Any, str]]:
    async def send(type: str, key: str, record: Mapping[str, Any], **envelope: Any) -> str:
        return topology.send(type, key, record, source=door, **envelope)

    return send
