"""Which view hears of what happened, and in which words. Nothing is remembered: the views notice what they know."""

from __future__ import annotations

from schemas.canonical import canonical
from schemas.envelope import LIVE
from schemas.generated import feeds_v1
from streams.engine.effects import Ask, Effects, Message
from streams.notify.audience import News, View, audience
from streams.notify.words import Words, availability, words
from tables.rows import Rows

CARTS, RESERVATION = "cart.", "reservation"


def decide(message: Message, rows: Rows) -> Effects:
    """An entry for each view that hears of it; often none."""
    news = _news(message)
    views = audience(news, rows) if news else []
    return Effects(asks=tuple(_entry(message, news.kind, view) for view in views if news))


def _news(message: Message) -> News | None:
    record = message.record
    channel = record.get("channel") or message.envelope.channel
    match message.type:
        case "document.normalized":
            told = record["problems"] and record["kind"] != RESERVATION
            return News("document.rejected", channel) if told else None
        case "availability.changed":
            return News(message.type, "", open=True)
        case "shipment.milestone.recorded":
            return News(message.type, channel, quiet=record["late"])
        case "command.died":
            return None  # for operators: its receipt says so to the sender
        case kind if kind.startswith(CARTS):
            return None  # who holds a cart hears it as the answer; a view is about orders, and carts come and go in numbers
    return News(message.type, channel)


def _entry(message: Message, kind: str, view: View) -> Ask:
    record = message.record
    entry = feeds_v1.append_entry(
        channel=view.channel,
        view=view.name,
        type=kind,
        order_key=_order_key(message),
        source_id=message.envelope.id,
        at=message.envelope.time or message.now,
        data=canonical(_marked(message, _said(message, kind, view))),
        epoch=view.epoch,
        version=record["version"] if message.type == "availability.changed" else record.get("seq", 0),
    )
    return Ask("feed.append", view.key, entry)


def _order_key(message: Message) -> str:
    """What entries are kept in order by: the order, the SKU, or the document."""
    match message.type:
        case "availability.changed":
            return f"sku/{message.record['sku']}"
        case "document.normalized":
            return f"receipt/{message.record['receipt']}"
    return str(message.record.get("order_id") or message.key)


def _said(message: Message, kind: str, view: View) -> Words:
    if message.type == "availability.changed":
        return availability(message.record, view.channel)
    return words(kind, message.record)


def _marked(message: Message, said: Words) -> Words:
    """A test document's statuses say that they are."""
    disposition = message.envelope.disposition
    return said if disposition == LIVE else {**said, "disposition": disposition}
