"""The bad things, as data: what is sent, and what its sender is told. Played in memory and end to end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.gateway.keys import issue
from tests.adapters.channels.x12_text import interchange, order_850, po1
from tests.bad_input.quay import line, order

X12 = "application/edi-x12"
ORDERS, DOCUMENTS, STOCK = "/v1/orders", "/v1/channels/{}/documents", "/v1/inventory/events"
CARTS, QUERY = "/v1/reservations", "/v1/availability/query"
COUNT = {"kind": "counted", "source": "wms1", "event_id": "bad", "as_of": "2026-03-02T08:00:00Z", "sku": "M",
         "location": "DC1", "quantity": "7"}  # fmt: skip
MANY = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One request."""

    path: str
    content: bytes
    media: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Told at once: a problem with this status and code, and of its errors one with this pointer and code."""

    sent: Sent
    status: int
    code: str
    pointer: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Taken, then told by the receipt: rejected, with a problem of this code at this place."""

    sent: Sent
    code: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Parked:
    """Taken as an order of which a line, or all of it, waits for a person: an open exception of this class."""

    sent: Sent
    kind: str
    status: str  # of the order
    posted: bool = False  # whether the rest went on to the ERP


def portal(**bent: Any) -> Sent:
    """An order of the market, bent."""
    return Sent(ORDERS, json.dumps({**order("M-1", "market"), **bent}).encode())


def lines(*bent: Mapping[str, Any]) -> Sent:
    """An order of the market with these lines."""
    return portal(lines=[line(str(number), **{"sku": "M", **one}) for number, one in enumerate(bent, 1)])


def raw(content: bytes, path: str = ORDERS, media: str = "application/json", **headers: str) -> Sent:
    """Bytes as they are."""
    return Sent(path, content, media, headers)


def document(body: Any, channel: str = "market") -> Sent:
    """A JSON document to a channel."""
    return Sent(DOCUMENTS.format(channel), body if isinstance(body, bytes) else json.dumps(body).encode())


def x12(text: str, channel: str = "market") -> Sent:
    """An X12 document to a channel."""
    return Sent(DOCUMENTS.format(channel), text.encode(), X12)


def stock(**bent: Any) -> Sent:
    """A count, bent."""
    return Sent(STOCK, json.dumps({**COUNT, **bent}).encode())


def cart(**bent: Any) -> Sent:
    """A cart of the market, bent."""
    body = {"channel": "market", "cart": "c-1", "lines": [{"line": "1", "sku": "M", "quantity": "1"}]}
    return Sent(CARTS, json.dumps({**body, **bent}).encode())


def bearer(token: str) -> Sent:
    """A good order under a bad key."""
    return Sent(ORDERS, portal().content, headers={"Authorization": f"Bearer {token}" if token else ""})


def thousands(sku: str = "M", count: int = MANY) -> list[dict[str, Any]]:
    """Very many lines, in as few bytes as they need."""
    return [{"line": str(number), "product": {"sku": sku}, "quantity": "1"} for number in range(1, count + 1)]


def edi(*segments: Any, number: str = "4500017") -> str:
    """An interchange with one 850 of these segments."""
    return interchange(order_850(number, *(segments or (po1("1", "2", "EA", "9.50", "VN", "M"),))))


COMPACT = json.dumps(order("M-1", "market", lines=thousands()), separators=(",", ":")).encode()
GOOD_EDI = edi()
AVRO = b"\x00\x7f\x00\x00\x01\x02\x04abcd"
MISTYPED = issue(["admin"]).token
MISTYPED = MISTYPED[:-1] + ("0" if MISTYPED[-1] != "0" else "1")

REFUSED: dict[str, Refused] = {
    "malformed JSON": Refused(raw(b'{"channel":"market",'), 400, "malformed-body", "", "WH1101"),
    "malformed JSON of a count": Refused(raw(b"[{]", STOCK), 400, "malformed-body", "", "WH1101"),
    "JSON that is nested too deeply": Refused(raw(b"[" * 5_000), 400, "malformed-body", "", "WH1102"),
    "a field twice": Refused(raw(b'{"number":"1","number":"2"}'), 400, "malformed-body", "", "WH1103"),
    "bytes that are not UTF-8": Refused(raw(b'{"number":"\xff"}'), 400, "malformed-body", "", "WH1007"),
    "an absurd number": Refused(raw(b'{"number":1e999999}'), 400, "malformed-body", "", "WH1108"),
    "a schema with another field": Refused(portal(colour="red"), 422, "validation-failed", "/colour", "extra_forbidden"),
    "a schema with a number for text": Refused(portal(number=7), 422, "validation-failed", "/number", "string_type"),
    "a schema with a float for a quantity": Refused(lines({"quantity": 2.5}), 422, "validation-failed", "/lines/0/quantity", "string_type"),
    "a schema without lines": Refused(raw(b'{"channel":"market","number":"M-1"}'), 422, "validation-failed", "/lines", "missing"),
    "a schema of another kind": Refused(raw(json.dumps(COUNT).encode()), 422, "validation-failed", "/channel", "missing"),
    "two names for one product": Refused(lines({"product": {"sku": "M", "gtin": "4006381333931"}}), 422, "validation-failed", "/lines/0/product", "value_error"),
    "a unit that is no code": Refused(lines({"unit": "§§"}), 422, "validation-failed", "/lines/0/unit", "string_pattern_mismatch"),
    "a negative quantity": Refused(lines({"quantity": "-2"}), 422, "validation-failed", "/lines/0/quantity", "string_pattern_mismatch"),
    "a quantity of nothing": Refused(lines({"quantity": "0"}), 422, "validation-failed", "/lines/0/quantity", "value_error"),
    "a negative count": Refused(stock(quantity="-7"), 422, "validation-failed", "", "value_error"),
    "a count beyond the limit": Refused(stock(quantity="1" + "0" * 12), 422, "validation-failed", "/quantity", "string_pattern_mismatch"),
    "a count of another kind of number": Refused(stock(quantity=7), 422, "validation-failed", "/quantity", "string_type"),
    "a cart that is over already": Refused(cart(expires_in=-60), 422, "validation-failed", "/expires_in", "greater_than_equal"),
    "a cart that is held for a week": Refused(cart(expires_in=604_800), 422, "validation-failed", "/expires_in", "less_than_equal"),
    "501 SKUs": Refused(raw(json.dumps({"skus": [f"S-{n}" for n in range(501)]}).encode(), QUERY), 422, "validation-failed", "/skus", "too_long"),
    "10,000 lines": Refused(raw(COMPACT), 422, "validation-failed", "/lines", "too_long"),
    "a channel that can be none": Refused(portal(channel="no such channel!"), 422, "validation-failed", "/channel", "string_pattern_mismatch"),
    "no API key": Refused(bearer(""), 401, "unauthenticated"),
    "an API key that is cut": Refused(bearer("okp_abcdefgh"), 401, "unauthenticated"),
    "an API key that is mistyped": Refused(bearer(MISTYPED), 401, "unauthenticated"),
    "an API key that nobody issued": Refused(bearer(issue(["admin"]).token), 401, "unauthenticated"),
    "an Idempotency-Key that is too long": Refused(raw(b"{}", **{"Idempotency-Key": "k" * 256}), 400, "idempotency-key-invalid"),
    "no Idempotency-Key": Refused(raw(b"{}", **{"Idempotency-Key": ""}), 400, "idempotency-key-invalid"),
    "an order over the limit": Refused(raw(b'"' + b"x" * 900_001 + b'"'), 413, "payload-too-large"),
    "a document over the limit": Refused(x12("ISA" + "x" * 900_001), 413, "payload-too-large"),
    "a body of many MiB": Refused(raw(b" " * (3 << 20)), 413, "payload-too-large"),
    "another media type": Refused(raw(b"<order/>", media="text/xml"), 415, "unsupported-media-type"),
    "an empty document": Refused(x12(" \n"), 400, "malformed-body"),
}  # fmt: skip

REJECTED: dict[str, Rejected] = {
    "malformed JSON": Rejected(document(b'{"number":'), "WH1101"),
    "a document of no known kind": Rejected(raw(b"%PDF-1.7", DOCUMENTS.format("market"), "application/pdf"), "WH1001"),
    "Avro that was cut": Rejected(raw(AVRO, DOCUMENTS.format("market"), "application/avro"), "WH1001"),
    "a schema with another field": Rejected(document({**order("M-1", "market"), "colour": "red"}), "WH1104", "/colour"),
    "a negative quantity": Rejected(document(order("M-1", "market", lines=[line("1", "M", quantity="-2")])), "WH1107", "/lines/0/quantity"),
    "a negative quantity in X12": Rejected(x12(edi(po1("1", "-2"))), "WH1209", "PO1[3]/02"),
    "a unit of a count that is not known": Rejected(stock(unit="STK"), "WH1304", "/quantity"),
    "a count in kilograms of what is counted in pieces": Rejected(stock(unit="KGM"), "WH1304", "/quantity"),
    "half a piece of a count": Rejected(stock(quantity="0.5"), "WH1304", "/quantity"),
    "a cart of an unknown product": Rejected(cart(lines=[{"line": "1", "sku": "NONE", "quantity": "1"}]), "WH1311", "/lines/0/sku"),
    "a cart of an unknown channel": Rejected(cart(channel="nowhere"), "WH1301", "/channel"),
    "10,000 lines in JSON": Rejected(document(COMPACT), "WH1006"),
    "10,000 lines in X12": Rejected(x12(edi(*(po1(str(n), "1", "EA", "", "VN", "M") for n in range(MANY)))), "WH1006"),
    "an unknown channel": Rejected(portal(channel="nowhere"), "WH1301"),
    "an unknown channel of a document": Rejected(x12(GOOD_EDI, "nowhere"), "WH1301"),
    "X12 with wrong counts, to a strict partner": Rejected(x12(GOOD_EDI.replace("SE*5*", "SE*50*"), "strict"), "WH1204"),
    "X12 that was cut before SE": Rejected(x12(GOOD_EDI[: GOOD_EDI.index("CTT")]), "WH1205"),
    "X12 without an order in it": Rejected(x12(interchange()), "WH1210"),
    "X12 whose delimiters cannot be told": Rejected(x12("ISA*00*00~"), "WH1202"),
}  # fmt: skip

PARKED: dict[str, Parked] = {
    "an unknown product": Parked(lines({"sku": "NONE"}), "item_unmapped", "received"),
    "an unknown product beside a known one": Parked(
        lines({"sku": "NONE"}, {}), "item_unmapped", "released", posted=True
    ),
    "an unknown unit": Parked(lines({"unit": "QQ"}), "unit_ambiguous", "received"),
    "a unit that means several things": Parked(lines({"unit": "CS"}), "unit_ambiguous", "received"),
    "half a piece": Parked(lines({"quantity": "0.5"}), "unit_unsafe", "received"),
    "an unknown unit in X12": Parked(x12(edi(po1("1", "2", "QQ", "9.50", "VN", "M"))), "unit_ambiguous", "received"),
}
