"""What a view is told: the canonical words of each kind of news, ready for canonical JSON.

Quantities are texts in base units with their unit beside them, times RFC 3339, money decimal text. Names and addresses
of persons are in none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from schemas.envelope import rfc3339

Words = dict[str, Any]
PROBLEMS = 50  # of a refused document: the rest is counted, and stands in its receipt


def _plain(value: Any) -> Any:
    """A value as JSON says it here: numbers that count something are texts."""
    match value:
        case bool():
            return value
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")
    return value


def lines_of(lines: list[Mapping[str, Any]]) -> list[Words]:
    """Lines with their quantities as texts; what is empty is left out."""
    named = [{("unit" if name == "base_unit" else name): value for name, value in line.items()} for line in lines]
    return [{name: _plain(value) for name, value in line.items() if value not in ("", None)} for line in named]


def _picked(record: Mapping[str, Any], names: tuple[str, ...]) -> Words:
    return {name: record[name] for name in names if record.get(name) not in ("", None, [])}


def _order(record: Mapping[str, Any]) -> Words:
    """What every fact of an order says."""
    lines = {"lines": lines_of(record["lines"])} if "lines" in record else {}
    version = record["version"] if "version" in record else record["seq"]
    return {**_picked(record, ("order_id", "number", "channel")), "version": version, **lines}


def _status(record: Mapping[str, Any]) -> Words:
    more = _picked(record, ("status_seq", "facets", "erp_number", "reason"))
    return {**_order(record), "status": record["new"], "previous_status": record["old"], **more}


def _cancelled(record: Mapping[str, Any]) -> Words:
    more = _picked(record, ("reason", "whole", "refused_reason"))
    return {**_order(record), "refused": lines_of(record["refused"]), **more}


def _with(*names: str) -> Callable[[Mapping[str, Any]], Words]:
    """The words of an order's fact that says these things beside what all say."""
    return lambda record: {**_order(record), **_picked(record, names)}


def _milestone(record: Mapping[str, Any]) -> Words:
    said = _picked(
        record, ("order_id", "channel", "shipment", "code", "reason", "carrier", "tracking", "city", "country")
    )
    eta = {"eta": rfc3339(record["eta"])} if record.get("eta") else {}
    return {**said, "at": rfc3339(record["at"]), **eta}


def _dispatched(record: Mapping[str, Any]) -> Words:
    said = _picked(record, ("order_id", "channel", "shipment", "carrier", "tracking", "packages", "location"))
    return {**said, "at": rfc3339(record["at"]), "lines": lines_of(record["lines"])}


def _invoice(record: Mapping[str, Any]) -> Words:
    said = _picked(record, ("order_id", "channel", "kind", "currency"))
    money = {name: _plain(record[name]) for name in ("total", "tax") if record[name] is not None}
    named = {"invoice": record["number"], "at": rfc3339(record["at"]), "lines": lines_of(record["lines"])}
    return {**said, **named, **money}


def _rejected(record: Mapping[str, Any]) -> Words:
    problems = [{name: text for name, text in problem.items() if text} for problem in record["problems"]]
    said = _picked(record, ("receipt", "channel", "kind"))
    return {**said, "problems": problems[:PROBLEMS], "problem_count": len(problems)}


def availability(record: Mapping[str, Any], channel: str) -> Words:
    """A SKU's availability in the words of one channel."""
    found = [each for each in record["channels"] if each["channel"] == channel]
    quantity = found[0]["quantity"] if found else record["default_quantity"]
    status = {"status": found[0]["status"]} if found else {}
    as_of = {"as_of": rfc3339(record["as_of"])} if record["as_of"] else {}
    said = {"sku": record["sku"], "channel": channel, "version": record["version"], "unit": record["base_unit"]}
    return {**said, "quantity": _plain(quantity), **status, **as_of}


_WORDS: dict[str, Callable[[Mapping[str, Any]], Words]] = {
    "order.status.changed": _status,
    "order.facet.changed": _with("facet_seq", "facets"),
    "order.changed": _with("revision"),
    "order.cancelled": _cancelled,
    "order.rejected": _with("reason"),
    "order.confirmed": _with("erp", "erp_number"),
    "exception.raised": _with("exception_id", "exception_class", "cause", "detail", "line"),
    "exception.resolved": _with("exception_id", "exception_class", "resolution", "line"),
    "shipment.milestone.recorded": _milestone,
    "shipment.dispatched": _dispatched,
    "invoice.posted": _invoice,
    "document.rejected": _rejected,
}


def words(kind: str, record: Mapping[str, Any]) -> Words:
    """What is said of it; of a kind without words of its own, the order, its version and its lines."""
    say = _WORDS.get(kind)
    if say:
        return say(record)
    return _order(record) if "order_id" in record and "seq" in record else _picked(record, ("order_id", "channel"))
