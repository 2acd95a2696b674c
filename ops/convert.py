"""`wharf convert`: channel documents as canonical JSON lines, offline and without reference data.

Products, quantities and units stay as sent; everything else is what `normalize` would read. Shapes: reference/http.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from adapters.channels.readers import recognise
from adapters.channels.readers.document import Accepted, Document, Problem, Reading, Rejected, rejected
from adapters.channels.readers.invoice_events import RawInvoice
from adapters.channels.readers.order import RawCancel, RawOrder
from adapters.channels.readers.shipment_events import RawDispatch, RawGoods
from adapters.channels.readers.stock_events import ANNOUNCED, RawStock
from ops import convert_stock
from ops.convert_orders import Json, order_json, place_json
from schemas import identity
from schemas.envelope import rfc3339
from schemas.errors import remedy
from schemas.generated import reference_v1 as reference

OK, BAD_DATA = 0, 65
NO_PROFILE = reference.partner(partner="", channel="")
NO_DOCUMENTS: Reading[object] = Reading(convert_stock.KIND, ())
BLANKET_ESTIMATE = "blanket_estimate"


def convert(
    paths: Iterable[Path],
    out: TextIO,
    err: TextIO,
    *,
    kind: str = "",
    partner: reference.Partner = NO_PROFILE,
    tenant: str = "",
) -> int:
    """Write one line per canonical record to `out`, one per refused document to `err`; returns the exit code.

    kind     one of `recognise.KINDS`, or `stock-snapshot`; empty = by content
    partner  profile whose channel, currency and line limit hold for the documents
    tenant   whose order ids are shown as keys
    """
    refused = False
    for path in paths:
        stock = convert_stock.results(path, kind)
        reading: Reading[object] = read(path, kind, partner) if stock is None else NO_DOCUMENTS
        for position, result in enumerate(reading.results if stock is None else stock, 1):
            if isinstance(result, Rejected):
                refused = True
                _write(err, _error(path, result))
            else:
                _write(out, _record(path, reading, position, result, partner, tenant))
    return BAD_DATA if refused else OK


def profile(text: str) -> reference.Partner:
    """A partner profile from JSON: the body of PUT /v1/reference/partners, all but `partner` and `channel` optional.

    raises ValueError where it is no JSON object or has a field that a profile does not have
    """
    given = json.loads(text)
    if not isinstance(given, dict):
        raise ValueError("a profile is a JSON object")
    unknown = sorted(set(given) - set(NO_PROFILE))
    if unknown:
        raise ValueError(f"a profile has no field {', '.join(unknown)}")
    return reference.partner(**{"partner": "", "channel": "", **given})


def read(path: Path, kind: str = "", partner: reference.Partner = NO_PROFILE) -> Reading[object]:
    """All that a file says, each document accepted within the profile or refused."""
    if (stock := convert_stock.results(path, kind)) is not None:
        return Reading(convert_stock.KIND, tuple(stock))
    try:
        body = path.read_bytes()
    except OSError as exc:
        return Reading("", (rejected("WH1008", f"the file cannot be read: {exc.strerror}"),))
    named = kind or "documents"
    found = recognise.read(Document(body, resource=named, channel=partner["channel"], file_name=path.name))
    return replace(found, results=tuple(_within_profile(result, partner) for result in found.results))


def _within_profile(result: Accepted[object] | Rejected, partner: reference.Partner) -> Accepted[object] | Rejected:
    if isinstance(result, Rejected) or not isinstance(result.value, RawOrder):
        return result
    order = result.value
    if len(order.lines) > partner["max_lines"]:
        message = f"expected at most {partner['max_lines']} lines, came {len(order.lines)}; split the order"
        return rejected("WH1006", message, document=result.document)
    if order.order_type == BLANKET_ESTIMATE:
        return rejected("WH1212", "a blanket estimate orders nothing; send its releases", document=result.document)
    if partner["strict_envelope"] and order.transport.doubts:
        found = next(problem for problem in result.warnings if problem.code in order.transport.doubts)
        return Rejected((found,), result.document)
    return result


def _record(
    path: Path,
    reading: Reading[object],
    position: int,
    result: Accepted[object],
    partner: reference.Partner,
    tenant: str,
) -> Json:
    kind, key, data, interchange = _canonical(result, partner, tenant)
    source = {"file": path.name, "interchange": interchange or reading.position, "position": position}
    return {"type": kind, "key": key, "source": source, "data": data}


def _canonical(result: Accepted[object], partner: reference.Partner, tenant: str) -> tuple[str, str, Json, str]:
    """Type, key, data and interchange of a value."""
    match result.value:
        case RawOrder() as order:
            return _order(order, result.warnings, partner, tenant)
        case RawCancel() as wish:
            lines = [{"line": line.line, "quantity": line.quantity} for line in wish.lines]
            return "order.cancel", wish.order_id, {"reason": wish.reason, "lines": lines}, ""
        case RawStock() as stock:
            kind = "stock.announce-supply" if stock.kind == ANNOUNCED else "stock.report"
            return kind, stock.sku, _times({name: getattr(stock, name) for name in RawStock.__slots__}), ""
        case RawDispatch() as dispatch:
            return "shipment.report-dispatch", "", _with_goods(dispatch.report, dispatch.goods), ""
        case RawInvoice() as invoice:
            return "shipment.report-invoice", "", _with_goods(invoice.report, invoice.goods), ""
        case dict() as milestone:
            return "shipment.report-milestone", "", _times(milestone), ""
    raise TypeError(f"no canonical form for {type(result.value).__name__}")


def _order(
    order: RawOrder, warnings: Iterable[Problem], partner: reference.Partner, tenant: str
) -> tuple[str, str, Json, str]:
    data = order_json(order, warnings)
    data["channel"] = partner["channel"] or order.channel
    data["currency"] = order.currency or partner["currency"]
    # an interchange belongs to its sender's series, an order by HTTP to its channel's
    party = partner["partner"] or order.transport.sender if order.transport.sender else data["channel"]
    key = identity.order_id(tenant, party, order.number, order.release)
    return "order.cancel" if order.purpose == "cancel" else "order.place", key, data, order.transport.interchange


def _with_goods(report: Mapping[str, Any], goods: Iterable[RawGoods]) -> Json:
    lines = [{name: getattr(line, name) for name in RawGoods.__slots__} for line in goods]
    return _times({**report, "lines": lines})


def _times(record: Json) -> Json:
    """Times of a record as RFC 3339."""
    named = ("at", "as_of", "eta", "due")
    return {name: rfc3339(value) if name in named and value is not None else value for name, value in record.items()}


def _error(path: Path, refusal: Rejected) -> Json:
    first, *others = refusal.problems
    return {
        "error": first.code,
        "file": path.name,
        "document": refusal.document,
        "at": place_json(first.place),
        "message": first.message,
        "remedy": remedy(first.code),
        "others": [
            {"message": problem.message, "at": place_json(problem.place), "error": problem.code} for problem in others
        ],
    }


def _write(stream: TextIO, value: Json) -> None:
    stream.write(json.dumps(value, ensure_ascii=False, default=_text) + "\n")


def _text(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
