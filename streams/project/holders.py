"""Who holds a SKU now, for readers who ask why a number is what it is: a row per holder, line and location.

A reservation costs one write for each row that it changes. What holds nothing any more leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.envelope import rfc3339
from schemas.generated.inventory_v1 import LedgerEntry, Standing
from streams.engine.effects import Message
from tables.redis import keys, values
from tables.write import Write


def holder_writes(message: Message) -> Iterator[Write]:
    """The ledger rows that a fact changes, as they are after it."""
    record = message.record
    entries: list[LedgerEntry] = record.get("entries", [])
    if not entries:
        return
    standings = {standing["holder"]: standing for standing in record.get("standings", ())}
    key = keys.held(message.envelope.tenant, record["sku"])
    for entry in entries:
        name = keys.held_field(entry["holder"], entry["line"], entry["location"])
        held = entry["reserved"] or entry["allocated"]
        body = _body(message, entry, standings.get(entry["holder"])) if held else None
        yield values.row(key, name, record["seq"], body)


def _body(message: Message, entry: LedgerEntry, standing: Standing | None) -> dict[str, object]:
    at = message.record["at"]
    return {
        "holder": entry["holder"],
        "kind": standing["holder_kind"] if standing else "",
        "channel": standing["channel"] if standing else "",
        "line": entry["line"],
        "location": entry["location"],
        "reserved": entry["reserved"],
        "allocated": entry["allocated"],
        "since": rfc3339(at if entry["since"] is None else entry["since"]),
        "event": {
            "id": message.envelope.id, "type": message.type, "source": message.envelope.source, "at": rfc3339(at),
        },
    }  # fmt: skip
