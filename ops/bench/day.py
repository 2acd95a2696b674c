"""A day of the demo's orders, played through the topology driver: what each agent would find in its topics.

The driver writes the same records that the engine writes on Kafka, so each agent can be measured alone on true input.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from ops.catalog import AGENTS, agent_of
from ops.demo import documents, hands, world
from ops.demo.orders import Order, orders
from ops.demo.traffic import batches
from schemas.envelope import derived_id, rfc3339
from schemas.generated import channel_v1, erp_v1, feeds_v1, reference_v1
from schemas.identity import order_id, receipt_id
from streams.engine.driver import START, Topology
from streams.engine.effects import Message
from tables.write import Write

TENANT = "acme"
HOOK = reference_v1.subscription(channel="portal", name="shop", url="https://shop.example/hook", types=["order.*"])
MOST = 1 << 40  # as many records as the orders make


class NoViews:
    """A sink that forgets: the day is played for its records only."""

    def write(self, writes: Sequence[Write]) -> None:
        """Take nothing."""

    def moved(self, spans: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """It forgets nothing."""

    def caught_up(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Nobody reads it."""


class Day:
    """The topology with the demo's world in it, and doors that always say yes."""

    def __init__(self, partitions: int = 1, now: int = START) -> None:
        agents = [agent_of(name) for name in AGENTS]
        self.topology = Topology(agents, partitions=partitions, now=now, sinks={"project": NoViews()}, most=MOST)
        self.topology.door("erp.attempts", self._erp)
        self.topology.door("feeds.attempts", self._deliver)
        self._numbers = 0
        self._documents = 0

    def open(self) -> None:
        """Reference data and the first counts."""
        for kind, key, record in references():
            self.topology.send(f"reference.{kind}", key, record)
        for item in world.items():
            self.say("reference/products", "", item.sku, world.product(item), target=item.sku)
        target = f"{HOOK['channel']}|{HOOK['name']}"
        self.say("reference/subscriptions", HOOK["channel"], "", {}, target=target)
        counted = world.counts(rfc3339(self.topology.now))
        for start in range(0, len(counted), 200):
            self.say("inventory-events", "", "wms", counted[start : start + 200])
        self.topology.advance(1_000)

    def play(self, count: int) -> None:
        """So many orders, each shipped, delivered and billed once it is released."""
        for batch in batches(orders(count)):
            self._place(batch)
            self.topology.advance(10)
        self.topology.advance(600_000)  # the ERP is asked at its own pace
        for release in [message for message in self.topology.log("orders.events") if message.type == "order.released"]:
            self._ship(release)
            self.topology.advance(1)
        self.topology.advance(1_000)

    def say(self, resource: str, channel: str, key: str, body: Any, **more: Any) -> None:
        """A document as the gateway would put it on the log."""
        self._documents += 1
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        receipt = receipt_id(TENANT, resource, str(self._documents), raw)
        record = channel_v1.document(
            receipt=receipt, channel=channel, sender=more.pop("sender", "demo"), resource=resource, body=raw,
            media_type=more.pop("media_type", "application/json"), sha256=hashlib.sha256(raw).hexdigest(),
            received_at=self.topology.now, **more,
        )  # fmt: skip
        own = derived_id(receipt, "gateway", "channel.document", 0)
        self.topology.send("channel.document", key, record, id=own, source="gateway", channel=channel, receipt=receipt)
        self.topology.run()

    def _place(self, batch: list[Order]) -> None:
        at = datetime.fromtimestamp(self.topology.now / 1000, UTC)
        if batch[0].channel == "edi":
            self._numbers += 1
            body = documents.interchange(batch, 100 + self._numbers, at)
            self.say("documents", "edi", world.RETAILER, body, media_type="application/edi-x12", sender=world.RETAILER)
            return
        order = batch[0]
        self.say(
            "orders", order.channel, order_id(TENANT, order.channel, order.number), documents.http_order(order, at)
        )

    def _ship(self, release: Message) -> None:
        at = rfc3339(self.topology.now)
        lines = [{**line, "quantity": str(line["quantity"])} for line in release.record["lines"]]
        for parcel in hands.parcels(release.key, release.record["seq"], lines):
            self.say("shipment-events", "", "wms", hands.dispatch(parcel, at))
            self.say("shipment-events", "", "tms", hands.milestone(parcel, "delivered", at))
            self.say("invoice-events", "", "finance", hands.invoice(parcel, at))

    def _erp(self, message: Message) -> None:
        attempt = message.record
        answer = erp_v1.attempt_answer(
            attempt_id=attempt["attempt_id"], order_id=attempt["order_id"],
            outcome={"create": "posted", "lookup": "absent", "cancel": "cancelled"}[attempt["action"]],
            erp_number=f"SO-{attempt['order_id'][:8]}",
        )  # fmt: skip
        own = derived_id(message.envelope.id, "erp", "post.attempt-answer", 0)
        self.topology.send(
            "post.attempt-answer", attempt["erp"], answer, id=own, source="erp", causation=message.envelope.id
        )

    def _deliver(self, message: Message) -> None:
        attempt = message.record
        answer = feeds_v1.delivery_answer(
            attempt_id=attempt["attempt_id"], seq=attempt["seq"], outcome="delivered", status=204
        )
        own = derived_id(message.envelope.id, "deliver", "feed.delivery-answer", 0)
        view, cause = f"{attempt['channel']}/{attempt['view']}", message.envelope.id
        self.topology.send("feed.delivery-answer", view, answer, id=own, source="deliver", causation=cause)


def references() -> Iterator[tuple[str, str, Any]]:
    """Kind, key and record of the demo's reference data."""
    yield "subscription", f"{HOOK['channel']}|{HOOK['name']}", HOOK
    for code, body in world.locations().items():
        yield "location", code, reference_v1.location(code=code, **body)
    for name, body in world.partners().items():
        yield "partner", name, reference_v1.partner(partner=name, **body)
    for account, body in world.customers().items():
        yield "customer", account, reference_v1.customer(account=account, **body)
    for body in world.cross_references():
        yield (
            "cross-reference",
            f"{body['scheme']}|{body['party']}|{body['value']}",
            reference_v1.cross_reference(**body),
        )
    for item in world.items():
        body = {key: value for key, value in world.product(item).items() if key != "price"}
        yield "product", item.sku, reference_v1.product(sku=item.sku, **body)
