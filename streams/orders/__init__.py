"""Leads each order from its placing to its completion."""

from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.orders.decide import decide
from tables.orders import ORDERS

app = create_app("orders")


@agent(app, reads=("orders.commands",), table=ORDERS)
def orders(batch: Batch) -> None:
    """Decide each command on its order."""
    batch.decide(decide)
