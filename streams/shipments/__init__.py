"""Finds the order of each dispatch, milestone and invoice, and keeps those that came too early."""

from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.shipments.decide import decide
from tables.shipments import SHIPMENTS

app = create_app("shipments")


@agent(app, reads=("shipments.commands",), table=SHIPMENTS)
def shipments(batch: Batch) -> None:
    """Decide on what is claimed and reported."""
    batch.decide(decide)
