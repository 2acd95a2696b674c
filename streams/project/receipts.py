"""Receipts: received, then what normalize made of the document, then what became of each part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.envelope import rfc3339
from streams.engine.effects import Message
from tables.redis import keys, values
from tables.redis.fingerprint import fingerprint
from tables.write import Write

IGNORED = "inventory.ignored"


def document_writes(message: Message) -> Iterator[Write]:
    """A document is received; its request key is taken, in a Redis that lost it too."""
    record, tenant = message.record, message.envelope.tenant
    if record["part"] > 0:
        return
    _, partition, offset = message.position
    head = {
        "channel": record["channel"],
        "sender": record["sender"],
        "resource": record["resource"],
        "received_at": rfc3339(record["received_at"]),
        "partition": partition,
        "offset": offset,
    }
    # the first arrival's place stands: a repeat brings the same bytes
    yield values.field(keys.receipt(tenant, record["receipt"]), "head", 1, head, keys.RECEIPT_S)
    if record["request_key"]:
        name = keys.idempotency(tenant, record["route"], record["request_key"])
        taken = {"fingerprint": fingerprint(record["media_type"], record["body"])}
        yield values.text(name, 1, taken, keys.IDEMPOTENCY_S)


def normalized_writes(message: Message) -> Iterator[Write]:
    """What the document said. Read again, the later reading stands: both are in one partition, so offsets tell."""
    record = message.record
    body = {name: record[name] for name in ("channel", "state", "kind", "parts", "problems", "warnings")}
    key = keys.receipt(message.envelope.tenant, record["receipt"])
    yield values.field(key, "normalized", _arrival(message), body, keys.RECEIPT_S)


def died_writes(message: Message) -> Iterator[Write]:
    """A command, or the whole document, could not be decided and lies in a dead-letter topic."""
    record = message.record
    receipt, _, part = record["receipt"].partition("/")
    if not receipt:
        return
    body = {
        "code": "dead",
        "message": f"{record['command_type']} could not be decided: {record['error']}",
        "fingerprint": record["fingerprint"],
    }
    key = keys.receipt(message.envelope.tenant, receipt)
    yield values.field(key, f"dead:{part}" if part else "dead", _arrival(message), body, keys.RECEIPT_S)


def decided_writes(message: Message) -> Iterator[Write]:
    """A fact that bears a receipt says that this part is decided. Several facts may: the first is as good as any."""
    receipt, _, part = message.envelope.receipt.partition("/")
    if not receipt or not part:
        return
    record: Mapping[str, Any] = message.record
    body = {"event": message.type, "order_id": record.get("order_id", ""), **_why(message)}
    yield values.field(keys.receipt(message.envelope.tenant, receipt), f"part:{part}", 1, body, keys.RECEIPT_S)


def _why(message: Message) -> dict[str, str]:
    """Why a report of stock changed nothing: its sender asked for more than that it was decided."""
    return {"reason": message.record["reason"]} if message.type == IGNORED else {}


def _arrival(message: Message) -> int:
    return message.position[2] + 1
