"""Notify, feeds and the door's side of the log together: from a fact to a delivered, numbered entry."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest

from ops.demo.follower import Follower
from schemas.envelope import rfc3339
from schemas.generated import feeds_v1, reference_v1
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.feeds import app as feeds_app
from streams.notify import app as notify_app
from tests.streams.notify.news import status


class Channels:
    """A topology with two subscribers: the portal's own webhook, and a CRM that hears of all channels."""

    def __init__(self, seed: int | None = None) -> None:
        agents = [app.declared for app in (notify_app, feeds_app) if app.declared]
        self.topology = Topology(agents, partitions=2, seed=seed)
        self.topology.door("feeds.attempts", self.carry_out)
        self.refusals: defaultdict[str, int] = defaultdict(int)
        self.received: list[Any] = []
        self.subscribe("portal", "default", ())
        self.subscribe("crm", "all", ("order.status.changed",), sources=["*"])

    def subscribe(self, channel: str, name: str, types: tuple[str, ...], **more: Any) -> None:
        """What the gateway and normalize say for a PUT."""
        url = f"https://{channel}.example/"
        row = reference_v1.subscription(channel=channel, name=name, url=url, types=list(types), **more)
        wanted = feeds_v1.set_subscription(channel=channel, view=name, url=url)
        self.topology.send("reference.subscription", f"{channel}|{name}", row)
        self.topology.send("feed.set-subscription", f"{channel}/{name}", wanted)
        self.topology.run()

    def carry_out(self, message: Message) -> None:
        """The door: an endpoint that refuses as often as it was told to."""
        attempt = message.record
        self.refusals[attempt["channel"]] -= 1
        outcome = "failed" if self.refusals[attempt["channel"]] >= 0 else "delivered"
        if outcome == "delivered":
            self.received.append((attempt["channel"], json.loads(attempt["body"])))
        answer = feeds_v1.delivery_answer(attempt_id=attempt["attempt_id"], seq=attempt["seq"], outcome=outcome)
        self.topology.send("feed.delivery-answer", f"{attempt['channel']}/{attempt['view']}", answer)

    def happens(self, *changes: tuple[str, int, str]) -> None:
        """Statuses of orders: order, version, headline."""
        for order, version, new in changes:
            changed = status(new, order_id=order, seq=version, version=version)
            self.topology.send("order.status.changed", order, changed, channel="portal")
        self.topology.run()

    def heard(self, channel: str) -> list[tuple[str, str]]:
        """Order and status of what a subscriber received, in the order of arrival."""
        return [(body["data"]["order_id"], body["data"]["status"]) for to, body in self.received if to == channel]

    def feed(self, view: str) -> list[dict[str, Any]]:
        """The entries of a view as its pull shows them."""
        entries = [message.record for message in self.topology.log("channels.feed") if message.key == view]
        shown = ("hash", "id", "seq", "type")
        return [
            {**{name: each[name] for name in shown}, "at": rfc3339(each["at"]), "data": json.loads(each["data"])}
            for each in entries
        ]


STORY = (("A", 1, "accepted"), ("B", 1, "accepted"), ("A", 2, "confirmed"), ("A", 3, "shipped"), ("B", 2, "confirmed"))


def test_every_subscriber_hears_every_status_in_order() -> None:
    channels = Channels()
    channels.happens(*STORY)
    for order in "AB":
        told = [new for key, _, new in STORY if key == order]
        assert [new for key, new in channels.heard("portal") if key == order] == told
        assert [new for key, new in channels.heard("crm") if key == order] == told


def test_an_endpoint_that_was_away_hears_all_of_it_later() -> None:
    channels = Channels()
    channels.refusals["crm"] = 4
    channels.happens(*STORY)
    channels.topology.advance(3_600_000)
    assert sorted(channels.heard("crm")) == sorted((order, new) for order, _, new in STORY)


@pytest.mark.parametrize("seed", range(20))
def test_a_subscriber_ends_with_the_feed_however_the_batches_were_cut(seed: int) -> None:
    channels = Channels(seed)
    channels.refusals["crm"] = seed
    channels.happens(*STORY)
    channels.topology.advance(200_000_000)
    feed = channels.feed("crm/all")
    held = Follower(lambda after: feed[after:])
    for to, body in channels.received:
        if to == "crm":
            held.take(body)
    held.catch_up()
    assert held.entries == feed and len(feed) == len(STORY)


def test_a_fact_that_is_told_twice_is_one_entry() -> None:
    channels = Channels()
    for _ in range(2):
        channels.topology.send("order.status.changed", "A", status(order_id="A"), id="same", channel="portal")
    channels.topology.run()
    assert len(channels.feed("portal/default")) == 1


def test_the_rows_of_a_quiet_view_hold_no_delivery() -> None:
    channels = Channels()
    channels.happens(*STORY)
    kinds = {name.partition("|")[0] for name in channels.topology.rows("feeds", "acme", "crm/all")}
    assert kinds == {"view", "known", "told", "reach"}


def test_what_operators_hear_stands_beside_the_feed() -> None:
    channels = Channels()
    channels.refusals["crm"] = 10
    channels.happens(("A", 1, "accepted"))
    channels.topology.advance(500_000_000)
    told = [message.type for message in channels.topology.log("feeds.events") if message.key == "crm/all"]
    assert told == ["subscription.changed", "delivery.exhausted", "subscription.paused"]
