"""Order events as fields of the order's hash: each field bears the order's version, so their order does not matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from schemas.envelope import rfc3339
from streams.engine.effects import Message
from tables.redis import keys, values
from tables.write import Write


def order_writes(message: Message) -> Iterator[Write]:
    """What an order's fact changes for its readers."""
    record = message.record
    version = record["seq"]
    key = keys.order(message.envelope.tenant, record["order_id"])
    for name, body in _fields(message):
        yield values.field(key, name, version, body, keys.RECENT_S)
    if message.type == "order.created":
        name = keys.number(message.envelope.tenant, record["content"]["channel"], record["content"]["number"])
        yield values.field(name, record["order_id"], version, {}, keys.RECENT_S)


def _fields(message: Message) -> Iterator[tuple[str, dict[str, Any]]]:
    record = message.record
    match message.type:
        case "order.created":
            yield "head", _head(message)
            yield "status", {"status": "received"}
        case "order.status.changed":
            yield "status", {"status": record["new"], "reason": record["reason"]}
        case "order.confirmed":
            yield "erp", {"system": record["erp"], "number": record["erp_number"]}
        case "order.shipment.counted":
            yield f"shipment:{record['shipment']}:{record['event_id']}", _shipment(record)
        case "order.milestone.counted":
            yield f"milestone:{record['shipment']}:{record['event_id']}", _milestone(record)
        case "order.invoice.counted":
            yield f"invoice:{record['invoice']}:{record['kind']}", _invoice(record)
        case "exception.raised" | "exception.resolved":
            yield f"exception:{record['exception_id']}", _exception(message)
    yield from _facets(record.get("facets", {}))
    if message.type in ("order.accepted", "order.changed", "order.lines.changed", "order.status.changed"):
        yield from ((f"line:{line['line']}", _line(line)) for line in record["lines"])


def _facets(facets: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A field per facet: a fact may tell of some of them only."""
    for facet, value in sorted(facets.items()):
        yield f"facet:{facet}", {"facet": facet, "value": value}


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in line.items()}


def _head(message: Message) -> dict[str, Any]:
    record = message.record
    content = record["content"]
    ordered = content["ordered_at"]
    return {
        "order_id": record["order_id"],
        "channel": content["channel"],
        "number": content["number"],
        "generation": record["generation"],
        "customer": content["customer"],
        "currency": content["currency"],
        "ordered_at": None if ordered is None else rfc3339(ordered),
        "received_at": rfc3339(record["received_at"]),
        "receipt": record["document"],
    }


def _shipment(record: Any) -> dict[str, Any]:
    return {
        "shipment": record["shipment"],
        "at": rfc3339(record["at"]),
        "carrier": record["carrier"],
        "tracking": record["tracking"],
        "location": record["location"],
        "lines": _quantities(record["lines"]),
    }


def _milestone(record: Any) -> dict[str, Any]:
    times = {"at": rfc3339(record["at"]), "known_at": rfc3339(record["known_at"])}
    return {**times, **{name: record[name] for name in ("shipment", "code", "late", "tracking")}}


def _invoice(record: Any) -> dict[str, Any]:
    return {
        "number": record["invoice"],
        "kind": record["kind"],
        "at": rfc3339(record["at"]),
        "currency": record["currency"],
        "total": None if record["total"] is None else format(record["total"], "f"),
    }


def _exception(message: Message) -> dict[str, Any]:
    record = message.record
    raised = message.type == "exception.raised"
    known = {"cause": record["cause"], "detail": record["detail"]} if raised else {"resolution": record["resolution"]}
    return {
        "exception": record["exception_id"],
        "class": record["exception_class"],
        "state": "open" if raised else "resolved",
        "line": record["line"],
        "since": rfc3339(message.envelope.time),
        **known,
    }


def _quantities(lines: Any) -> list[dict[str, str]]:
    return [{"line": line["line"], "sku": line["sku"], "quantity": str(line["quantity"])} for line in lines]
