"""The bare table agent on wharf's engine: the ledger and nothing else, wired as every agent is.

    python -m ops.bench.engines.bare

runs it as a worker, as settings say.
"""

from __future__ import annotations

from typing import Any

from ops.bench.engines.ledger import ROW, booked
from schemas.settings import settings
from streams.engine import run
from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.engine.effects import Effects, Fact, Message
from tables.rows import Changes, Rows
from tables.table import Table

NAME = "bare"
SKU = "sku"


def decide(message: Message, rows: Rows) -> Effects:
    """Book a movement."""
    return Effects(facts=(Fact("availability.changed", booked(rows.get(SKU), message.record)),))


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The fact is the row."""
    return {SKU: record}


LEDGER = Table(name=NAME, kinds={SKU: ROW}, apply=apply)
app = create_app(NAME)


@agent(app, reads=("inventory.commands",), table=LEDGER)
def bare(batch: Batch) -> None:
    """Decides movements of stock."""
    batch.decide(decide)


if __name__ == "__main__":
    run.run([app], loglevel=settings().log_level)
