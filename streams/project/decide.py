"""What each event means for the read models in Redis. Stateless: every write bears the version of what it tells."""

from __future__ import annotations

from collections.abc import Iterator

from streams.engine.effects import Effects, Message
from streams.project.drift import drift_writes
from streams.project.feeds import feed_writes
from streams.project.holders import holder_writes
from streams.project.orders import order_writes
from streams.project.reasons import reason_writes
from streams.project.receipts import decided_writes, died_writes, document_writes, normalized_writes
from streams.project.reservations import FAMILY, reservation_writes
from streams.project.stock import availability_writes
from streams.project.timeline import timeline_write
from tables.rows import Rows
from tables.write import Write

ORDERS, STOCK = "orders.events", "inventory.events"


def decide(message: Message, rows: Rows) -> Effects:
    """The writes of one event; the engine hands them to the sink, batch by batch."""
    return Effects(writes=tuple(_writes(message)))


def _writes(message: Message) -> Iterator[Write]:
    match message.type:
        case "channel.document":
            yield from document_writes(message)
        case "document.normalized":
            yield from normalized_writes(message)
        case "command.died":
            yield from died_writes(message)
        case "availability.changed":
            yield from availability_writes(message)
        case "feed.entry":
            yield from feed_writes(message)
        case _ if message.position[0] == STOCK:
            yield from reason_writes(message)
            yield from drift_writes(message)
            yield from holder_writes(message)
        case kind if kind.startswith(FAMILY):
            yield from reservation_writes(message)
        case _ if message.position[0] == ORDERS:
            yield from order_writes(message)
            yield timeline_write(message)
    if message.type not in ("channel.document", "command.died"):
        yield from decided_writes(message)  # last: who waits for the receipt then reads what was decided
