"""The undisturbed run: the same orders, warehouse and doors around the topology driver, in one process."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from ops.catalog import AGENTS, agent_of
from ops.chaos import warehouse
from ops.chaos.evidence import Evidence, by_topic, entry_of
from ops.chaos.market import BLOCKED, CHANNELS, HOOK, TENANT, WAREHOUSES, Market, Order, locations, partners, product
from schemas.envelope import derived_id
from schemas.generated import channel_v1, erp_v1, feeds_v1, reference_v1
from schemas.generated.reference_v1 import Subscription
from schemas.identity import receipt_id
from streams.engine.driver import Topology
from streams.engine.effects import Message
from tables.write import Write

PACE_MS = 40  # between two orders: an ERP takes fifty a second
EVENTS = {"/v1/shipments/events": "shipment-events", "/v1/invoices/events": "invoice-events"}
Json = dict[str, Any]


class Calm:
    """A world in which nothing ever fails.

    hooks  channels whose subscribers are delivered to; the feeds are the same without, and cost half
    """

    def __init__(self, market: Market, hooks: Collection[str]) -> None:
        self.market, self.hooks = market, hooks
        self.topology = Topology([agent_of(name) for name in AGENTS], sinks={"project": self}, most=1 << 40)
        self.topology.door("erp.attempts", self._erp)
        self.topology.door("feeds.attempts", self._deliver)
        self.topology.door("channels.feed", self._released)
        self._warehouse = warehouse.Warehouse()
        self._releases: list[Json] = []
        self._journal: list[Json] = []
        self._books: dict[str, list[str]] = {}  # documents by idempotency key
        self._gone: set[str] = set()  # cancelled documents
        self._heard: defaultdict[str, list[Json]] = defaultdict(list)
        self._cache: dict[str, Json] = {}

    def write(self, writes: Sequence[Write]) -> None:
        """Keep availability, as Redis would."""
        for write in writes:
            kind, _, rest = write.key.partition(":")
            if kind == "av":
                self._cache[rest.partition(":")[2]] = json.loads(write.value or b"null")

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """It forgets nothing."""

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Nobody asks how old it is."""

    def play(self) -> Evidence:
        """Everything that happens; returns what a judge finds afterwards."""
        self._open()
        regrets: defaultdict[int, list[Order]] = defaultdict(list)
        for index, order in enumerate(self.market.orders):
            if index == self.market.count // 2 and self.market.receipts():
                self._say("inventory-events", "later-stock", self.market.receipts())
            self._say("orders", order.number, order.body, key=order.id, channel=order.channel)
            regrets[index + order.cancelled_after or -1].append(order)
            for regretted in regrets.pop(index, ()):
                self._regret(regretted)
            self._ship()
            self.topology.advance(PACE_MS)
        for left in regrets.values():
            for order in left:
                self._regret(order)
        self._rest()
        return self._evidence()

    def _open(self) -> None:
        for code, body in locations().items():
            self.topology.send("reference.location", code, reference_v1.location(code=code, **body))
        for name, body in partners().items():
            self.topology.send("reference.partner", name, reference_v1.partner(partner=name, **body))
        for one in subscriptions(self.hooks):
            key = f"{one['channel']}|{one['name']}"
            self.topology.send("reference.subscription", key, one)
            self._say("reference/subscriptions", key, {}, channel=one["channel"], target=key)
        for sku in self.market.products:
            self.topology.send("reference.product", sku, reference_v1.product(sku=sku, **_record(product(sku))))
            self._say("reference/products", sku, product(sku), target=sku)
        for code in WAREHOUSES:
            events = [event for event in self.market.counts() if event["location"] == code]
            self._say("inventory-events", f"first-count-{code}", events)

    def _regret(self, order: Order) -> None:
        if order.cancelled_after:
            self._say(
                "order-cancel", f"cancel-{order.number}", {}, key=order.id, channel=order.channel, target=order.id
            )

    def _ship(self) -> None:
        while self._releases:
            played, self._releases = self._releases, []
            for report in self._warehouse.play(played):
                self._say(EVENTS[report.path], report.key, report.events)

    def _rest(self) -> None:
        """Nothing is on its way any more; deadlines of days are not waited for."""
        self.topology.advance(60_000)
        while self._releases:
            self._ship()
            self.topology.advance(60_000)

    def _say(
        self, resource: str, request: str, body: Any, *, key: str = "calm", channel: str = "", target: str = ""
    ) -> None:
        """A document, as the gateway puts it into the log."""
        raw = orjson.dumps(body)
        receipt = receipt_id(TENANT, resource, request, raw)
        record = channel_v1.document(
            receipt=receipt, channel=channel, sender="calm", resource=resource, target=target, body=raw,
            media_type="application/json", sha256=hashlib.sha256(raw).hexdigest(), received_at=self.topology.now,
        )  # fmt: skip
        own = derived_id(receipt, "gateway", "channel.document", 0)
        self.topology.send("channel.document", key, record, id=own, source="gateway", channel=channel, receipt=receipt)
        self.topology.run()

    def _released(self, message: Message) -> None:
        if f"{message.record['channel']}/{message.record['view']}" == f"{warehouse.CHANNEL}/{warehouse.VIEW}":
            self._releases.append(json.loads(message.record["data"]))

    def _erp(self, message: Message) -> None:
        attempt = message.record
        answer = erp_v1.attempt_answer(attempt_id=attempt["attempt_id"], order_id=attempt["order_id"], outcome="")
        if attempt["action"] == "create" and attempt["customer"] == BLOCKED:
            answer["outcome"], answer["reason"] = "refused", f"customer {BLOCKED} is blocked"
        else:
            answer["outcome"], answer["erp_number"] = self._commit(attempt)
        own = derived_id(message.envelope.id, "erp", "post.attempt-answer", 0)
        self.topology.send(
            "post.attempt-answer", attempt["erp"], answer, id=own, source="erp", causation=message.envelope.id
        )

    def _commit(self, attempt: Any) -> tuple[str, str]:
        """What the ERP's books say afterwards, as its door tells it: one document per key."""
        books = self._books.setdefault(attempt["idempotency_key"], [])
        if attempt["action"] == "create" and not books:
            books.append(self._note("create", attempt, f"SO-{len(self._journal) + 1:06d}"))
        standing = [document for document in books if document not in self._gone]
        if attempt["action"] == "create":
            return "posted", books[0]
        if attempt["action"] == "cancel" and standing:
            self._gone.add(self._note("cancel", attempt, standing[0]))
            return "cancelled", ""
        return ("found", standing[0]) if standing else ("absent", "")

    def _note(self, action: str, attempt: Any, document: str) -> str:
        told = {"document": document, "order_id": attempt["order_id"], "key": attempt["idempotency_key"]}
        self._journal.append({"action": action, **told})
        return document

    def _deliver(self, message: Message) -> None:
        attempt = message.record
        view = f"{attempt['channel']}/{attempt['view']}"
        self._heard[view].append(json.loads(attempt["body"]))
        answer = feeds_v1.delivery_answer(
            attempt_id=attempt["attempt_id"], seq=attempt["seq"], outcome="delivered", status=204
        )
        own = derived_id(message.envelope.id, "deliver", "feed.delivery-answer", 0)
        self.topology.send(
            "feed.delivery-answer", view, answer, id=own, source="deliver", causation=message.envelope.id
        )

    def _evidence(self) -> Evidence:
        return Evidence(
            asked={order.id: order for order in self.market.orders},
            supply={sku: self.market.supply(sku) for sku in self.market.products},
            log=by_topic(entry_of(record) for records in self.topology.memory.order.values() for record in records),
            erp=self._journal,
            heard=self._heard,
            cache=self._cache,
            shipped=self._warehouse.shipped,
        )


def subscriptions(delivered: Collection[str]) -> list[Subscription]:
    """What is subscribed to, as the gateway would record it, with an endpoint where it is to be delivered."""
    hooks = [
        reference_v1.subscription(
            channel=name, name=HOOK, url=f"https://{name}.example/hook" if name in delivered else "", types=["order.*"]
        )
        for name in CHANNELS
    ]
    releases = {name: value for name, value in warehouse.SUBSCRIPTION.items() if name != "mode"}
    return [*hooks, reference_v1.subscription(channel=warehouse.CHANNEL, name=warehouse.VIEW, **releases)]  # type: ignore[arg-type]


def _record(body: Json) -> Json:
    return {**body, "safety": [reference_v1.location_stock(**rule) for rule in body["safety"]]}


def calm(market: Market, hooks: Collection[str] = CHANNELS) -> Evidence:
    """The evidence of an undisturbed run."""
    return Calm(market, hooks).play()
