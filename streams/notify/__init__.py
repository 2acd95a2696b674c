"""Decides which view hears of what happened, and in which words."""

from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.notify.decide import decide

app = create_app("notify")


@agent(
    app,
    reads=("orders.events", "shipments.events", "inventory.availability", "channel.receipts"),
    references=("reference.subscriptions",),
)
def notify(batch: Batch) -> None:
    batch.decide(decide)
