"""A toy agent that uses all the engine has: it numbers entries per key, reminds, passes on, and fails when told to."""

from __future__ import annotations

from typing import Any

from schemas.generated.feeds_v1 import AppendEntry, append_entry, delivery_due, feed_entry
from schemas.generated.inventory_v1 import availability_changed
from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.engine.effects import Ask, Effects, Fact, Message, Timer
from tables.rows import Changes, Rows
from tables.table import Table

LEVELS = "inventory.availability"  # the topic declared `latest` that the toy publishes on


def append(kind: str = "count", data: bytes = b"") -> AppendEntry:
    """A command for the toy: count, remind, forget, pass-on or boom."""
    return append_entry(channel="portal", view="v", type=kind, order_key="", source_id="", at=0, data=data)


def decide(message: Message, rows: Rows) -> Effects:
    """Each command is a numbered entry and a level; some lead to more."""
    record, last = message.record, rows.get("entry|last")
    kind = record["type"] if message.type == "feed.append" else "reminded"
    if kind == "boom":
        raise ValueError(f"cannot decide {message.key}")
    number = (last["seq"] if last else 0) + 1
    entry = feed_entry(
        channel="portal", view="v", seq=number, id=message.envelope.id, type=kind, at=message.now, hash="", data=b""
    )
    level = availability_changed(sku=message.key, version=number, default_quantity=number)
    facts = (Fact("feed.entry", entry), Fact("availability.changed", level))
    return Effects(facts, _asks(kind, record), _timers(kind, message, record))


def _asks(kind: str, record: Any) -> tuple[Ask, ...]:
    if kind != "pass-on":
        return ()
    return (Ask("feed.append", record["data"].decode(), append("boom"), wants_answer=True),)


def _timers(kind: str, message: Message, record: Any) -> tuple[Timer, ...]:
    if kind == "remind":
        return (Timer("reminder", message.now + int(record["data"]), "feed.due", delivery_due(reason="toy")),)
    return (Timer("reminder", None),) if kind == "forget" else ()


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The last entry, and one row per entry among the last three."""
    if kind != "feed.entry":
        return {}
    number = record["seq"]
    return {"entry|last": record, f"entry|{number:05}": record, f"entry|{number - 3:05}": None}


TOY = Table("toy", {"entry": "wharf.feeds.v1.FeedEntry"}, apply)
app = create_app("toy")


@agent(app, reads=("feeds.commands",), table=TOY)
def toy(batch: Batch) -> None:
    batch.decide(decide)
