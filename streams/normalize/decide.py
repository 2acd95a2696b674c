"""What a document says, in canonical terms: read, understood, turned into commands, and its receipt written."""

from __future__ import annotations

from typing import cast

from adapters.channels.readers import recognise
from adapters.channels.readers.document import Document, Reading, Rejected
from adapters.channels.readers.invoice_events import RawInvoice
from adapters.channels.readers.order import RawCancel, RawOrder
from adapters.channels.readers.reservations import Wish
from adapters.channels.readers.shipment_events import RawShipmentEvent
from adapters.channels.readers.stock_events import RawStock
from schemas.generated import channel_v1 as channel
from streams.engine.effects import Effects, Message
from streams.normalize import facts, orders, reference, reservations
from streams.normalize.receipt import Outcome, effects_of, refused
from tables.rows import Rows

MAX_ORDERS = 1000  # in one document: the effects of one decision are bounded
RESOLVE = "order-resolve"


def decide(message: Message, rows: Rows) -> Effects:
    """The commands of a document and its receipt; a document that cannot be read gives a receipt that says why."""
    return effects_of(message, _outcome(message, rows))


def _outcome(message: Message, rows: Rows) -> Outcome:
    record: channel.Document = message.record
    if record["resource"].startswith("reference/"):
        return reference.expanded(message, rows)
    reading = recognise.read(_document(record))
    if len(reading.results) > MAX_ORDERS:
        text = f"expected at most {MAX_ORDERS} documents in one, came {len(reading.results)}; split the file"
        return refused(reading.kind, "WH1004", text)
    return _of_kind(message, reading, rows)


def _of_kind(message: Message, reading: Reading[object], rows: Rows) -> Outcome:
    match reading.kind:
        case "order" | "x12-850":
            told = cast(Reading[RawOrder], reading)
            again = message.record["resource"] == RESOLVE
            return orders.resolved(message, told, rows) if again else orders.placed(message, told, rows)
        case "cancel":
            return orders.cancelled(message, cast(Reading[RawCancel], reading))
        case "reservation":
            return reservations.asked(message, cast(Reading[Wish], reading), rows)
        case "stock":
            return facts.stock(cast(Reading[RawStock], reading), rows)
        case "shipment":
            return facts.shipment(cast(Reading[RawShipmentEvent], reading), rows)
        case "invoice":
            return facts.invoice(cast(Reading[RawInvoice], reading), rows)
    refusals = tuple(result for result in reading.results if isinstance(result, Rejected))
    return Outcome(reading.kind, refused=refusals)


def _document(record: channel.Document) -> Document:
    return Document(
        body=record["body"],
        resource=record["resource"],
        channel=record["channel"],
        media_type=record["media_type"],
        file_name=record["file_name"],
        target=record["target"],
    )
