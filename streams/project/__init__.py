"""Writes the read models in Redis that the gateway and the sites read."""

from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.project.decide import decide
from tables.redis.sink import redis_sink

app = create_app("project")

READS = (
    "orders.events",
    "inventory.events",
    "shipments.events",
    "inventory.availability",
    "channel.receipts",
    "channels.feed",
    "feeds.events",
    "channel.documents",
)


@agent(app, reads=READS, sink=redis_sink)
def project(batch: Batch) -> None:
    """Reads what is decided and received, and projects it."""
    batch.decide(decide)
