"""The whole product in memory, and one story on it: good orders before, beside and after a bad thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from schemas.generated.erp_v1 import attempt_answer
from schemas.generated.feeds_v1 import FeedEntry
from schemas.topics import TOPICS
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.engine.reading import message_of
from streams.engine.records import Record
from tables.redis.view_index import Place
from tests.support.gateway import desk
from tests.support.harbour import AGENTS, DeskSink, Harbour, TopologyLog, TopologyPages
from tests.support.redis import Server

Json = dict[str, Any]
BAD = "the-bad-one"  # correlation of whatever is sent beside the good orders
GOOD = ("G-1", "G-2", "G-3", "G-4")
REFERENCES: Mapping[str, Json] = {
    "locations/DC1": {"name": "Warehouse", "sequenced": ["wms2"]},
    "partners/portal": {"channel": "portal", "numbers_own_orders": True, "currency": "USD"},
    "partners/market": {"channel": "market", "numbers_own_orders": True, "currency": "USD"},
    "partners/strict": {"channel": "strict", "strict_envelope": True},
    "partners/big": {"channel": "big", "max_lines": 10_000, "default_unit": "EA"},
    "customers/7001": {"name": "Customer"},
    "customers/blocked": {"name": "Debtor", "status": "blocked"},
    "products/A": {"name": "Anchor", "gtin": "4006381333931"},
    "products/B": {"name": "Bollard"},
    "products/M": {"name": "Mast"},  # of the market alone
}


def order(number: str, channel: str = "portal", **bent: Any) -> Json:
    """A good order of one line each of A and B; the market's of M."""
    skus = ("A", "B") if channel == "portal" else ("M",)
    lines = [line(str(index), sku) for index, sku in enumerate(skus, 1)]
    return {"channel": channel, "number": number, "customer": "7001", "currency": "USD", "lines": lines, **bent}


def line(number: str, sku: str, **bent: Any) -> Json:
    """Two pieces of a product."""
    return {"line": number, "product": {"sku": sku}, "quantity": "2", "unit": "EA", "price": "9.50", **bent}


class QuayPages(TopologyPages):
    """Reads past poison, as the real pages do."""

    async def entries(self, tenant: str, view: str, start: Place, after: int, limit: int) -> Sequence[FeedEntry]:
        told = [found for found in readable(self.topology, "channels.feed") if found.type == "feed.entry"]
        own = [found.record for found in told if (found.envelope.tenant, found.key) == (tenant, view)]
        return [entry for entry in own if after < entry["seq"] <= after + limit]


class Quay(Harbour):
    """A harbour whose ERP numbers its documents by order, so that one order more changes no other's number."""

    def ready(self) -> None:
        """Reference data and stock, the same under the same keys every time."""
        for path, body in REFERENCES.items():
            self.say("PUT", f"/v1/reference/{path}", path, json=body)
        for sku in ("A", "B", "M"):
            count = {"kind": "counted", "source": "wms1", "event_id": f"c-{sku}", "as_of": "2026-03-02T08:00:00Z"}
            body = {**count, "sku": sku, "location": "DC1", "quantity": "100"}
            self.say("POST", "/v1/inventory/events", f"c-{sku}", json=body)
        self.topology.run()

    def say(self, method: str, path: str, key: str, **rest: Any) -> httpx.Response:
        """One request under a key that is its correlation too; nothing is decided yet."""
        headers = {"Idempotency-Key": key.replace("/", "-"), "X-Correlation-Id": key.replace("/", "-")}
        return self.desk.send(method, path, {**self.desk.key(), **headers, **rest.pop("headers", {})}, **rest)

    def good(self, number: str) -> str:
        """A good order; returns its id."""
        answer = self.say("POST", "/v1/orders", number, json=order(number))
        assert answer.status_code == 202, answer.text
        return str(answer.json()["order_id"])

    def get(self, path: str) -> Any:
        """What can be read."""
        answer = self.desk.send("GET", path)
        assert answer.is_success, answer.text
        return answer.json()

    def _post(self, attempt: Message) -> None:
        record = attempt.record
        self.posted.append(record["order_id"])
        number = f"SO-{record['order_id'][:8]}"
        told = {"attempt_id": record["attempt_id"], "order_id": record["order_id"], "outcome": "posted"}
        answer = attempt_answer(**told, erp_number=number)
        envelope = {"correlation": attempt.envelope.correlation, "id": f"answer-{record['attempt_id']}"}
        self.topology.send("post.attempt-answer", record["erp"], answer, source="erp", **envelope)


@contextmanager
def quay(server: Server) -> Iterator[Quay]:
    """An open quay, with reference data and stock."""
    log, pages = TopologyLog(), QuayPages()
    with desk(server, log=log, pages=pages) as at:
        log.topology = pages.topology = Topology(AGENTS, sinks={"project": DeskSink(at)})
        opened = Quay(at, log.topology)
        opened.ready()
        yield opened


Bad = Callable[[Quay], Any]


def holds(story: Story, calm: Story, *, buried: tuple[str, ...] = ()) -> None:
    """The good orders came through as if nothing had happened, and nothing of theirs is different in any topic.

    buried  the topics that have dead letters
    """
    assert story.orders == calm.orders
    assert {one["status"] for one in story.orders.values()} == {"released"}
    assert (story.feed, story.availability, story.others) == (calm.feed, calm.availability, calm.others)
    assert set(story.dead) == set(buried)
    assert [one for one in story.posted if one in calm.posted] == calm.posted


@dataclass
class Story:
    """What came of it."""

    orders: dict[str, Json] = field(default_factory=dict)  # the good ones by number, as their buyer sees them
    feed: list[Json] = field(default_factory=list)  # of the portal
    availability: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[Any]] = field(default_factory=dict)  # what the log holds by topic, without the bad one's
    dead: dict[str, list[Record]] = field(default_factory=dict)  # letters by the topic that the record stood on
    told: Any = None  # what the bad one's sender was told at the door
    receipt: Json = field(default_factory=dict)  # and what became of it
    order: Json = field(default_factory=dict)  # the order that came of it all the same
    posted: list[str] = field(default_factory=list)


def played(server: Server, bad: Bad | None = None) -> Story:
    """Good orders before, in one batch with, and after a bad thing; and what was told to whom."""
    with quay(server) as at:
        at.good("G-1")
        at.topology.run()
        at.good("G-2")
        told = bad(at) if bad else None
        at.good("G-3")
        at.topology.run()
        at.good("G-4")
        at.topology.run()
        return _story(at, told)


def _story(at: Quay, told: Any) -> Story:
    story = Story(told=told, posted=list(at.posted), dead=_dead(at.topology))
    for number in GOOD:
        (story.orders[number],) = at.get(f"/v1/orders?channel=portal&number={number}")["orders"]
    story.feed = at.get("/v1/channels/portal/feed?limit=1000")["entries"]
    story.availability = {sku: at.get(f"/v1/availability/{sku}?channel=portal")["quantity"] for sku in ("A", "B")}
    story.others = {topic: _others(at.topology, topic) for topic in TOPICS}
    if isinstance(told, httpx.Response) and told.status_code == 202:
        story.receipt = at.get(f"/v1/receipts/{told.json()['receipt']}")
        ids = [told.json().get("order_id"), *story.receipt["orders"]]
        answers = [at.desk.send("GET", f"/v1/orders/{one}") for one in ids if one]
        story.order = next((answer.json() for answer in answers if answer.is_success), {})
    return story


def _others(topology: Topology, topic: str) -> list[Any]:
    others = [found for found in readable(topology, topic) if found.envelope.correlation != BAD]
    return [(found.envelope.id, found.envelope.type, found.key, found.record) for found in others]


def readable(topology: Topology, topic: str) -> Iterator[Message]:
    """What stands on a topic, without the poison."""
    for record in topology.memory.order[topic]:
        with suppress(ValueError):
            yield message_of(record, record.timestamp)


def _dead(topology: Topology) -> dict[str, list[Record]]:
    return {topic: found for topic in TOPICS if (found := topology.dead(topic))}
