"""Keeps what a SKU has, holds and offers."""

from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.inventory.decide import decide
from tables.inventory import INVENTORY

app = create_app("inventory")


@agent(app, reads=("inventory.commands",), table=INVENTORY)
def inventory(batch: Batch) -> None:
    """Decides what is asked and reported of a SKU."""
    batch.decide(decide)
