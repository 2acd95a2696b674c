"""A desk with reference data, at which documents are handed in and their commands and receipts come back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from adapters.channels.readers.order import RawDate, RawLine, RawOrder, RawPack, RawParty
from schemas.envelope import Envelope
from schemas.generated import channel_v1 as channel
from schemas.generated import reference_v1 as reference
from schemas.loader import indexed_on
from streams.engine.effects import Ask, Effects, Message
from streams.engine.references import TenantReferences
from streams.normalize.decide import decide
from streams.normalize.quantities import Measure
from tables.rows import Rows

NOW = 1_772_438_400_000  # 2026-03-02T08:00:00Z
CASE = [reference.unit_factor(unit="XCS", numerator=12)]


def product(sku: str, **fields: Any) -> reference.Product:
    """A product sold in single items and cases of twelve."""
    return reference.product(**{"sku": sku, "units": CASE, "version": 3, **fields})


PORTAL = reference.partner(partner="portal", channel="portal", numbers_own_orders=True, currency="USD", version=5)
EDI = reference.partner(partner="edi", channel="edi", currency="USD", version=6)
RETX = reference.partner(
    partner="retx",
    channel="edi",
    identifiers=["ZZ:RETX"],
    currency="USD",
    unit_aliases={"CS": "XCS"},
    changed_resend="change",
    priority=10,
    timezone="America/New_York",
    version=7,
)
BOOKS: dict[str, Any] = {
    "products|WIDGET-A": product("WIDGET-A", gtin="00614141000012"),
    "products|WIDGET-B": product("WIDGET-B"),
    "products|OLD": product("OLD", status="discontinued"),
    "products|ROPE": product("ROPE", base_unit="MTR", scale=2, units=[]),
    "cross-references|gtin||05412345000013": reference.cross_reference(
        scheme="gtin", value="05412345000013", sku="WIDGET-B"
    ),
    "cross-references|buyer_part|retx|65322": reference.cross_reference(
        scheme="buyer_part", party="retx", value="65322", sku="WIDGET-A"
    ),
    "cross-references|buyer_part|7001|65322": reference.cross_reference(
        scheme="buyer_part", party="7001", value="65322", sku="WIDGET-B"
    ),
    "cross-references|vendor_part||A-OLD-NAME": reference.cross_reference(
        scheme="vendor_part", value="A-OLD-NAME", sku="WIDGET-A"
    ),
    "cross-references|sku||GONE": reference.cross_reference(scheme="sku", value="GONE", sku="NO-SUCH-SKU"),
    "partners|portal": PORTAL,
    "partners|edi": EDI,
    "partners|retx": RETX,
    "customers|7001": reference.customer(account="7001", version=2),
    "customers|9999": reference.customer(account="9999", status="blocked", version=2),
}


def rows(**others: Any) -> TenantReferences:
    """The usual books, with these rows (names with _ for |) added or, where None, taken out."""
    changed = {name.replace("__", "|"): row for name, row in others.items()}
    books = TenantReferences()
    for name, row in {**BOOKS, **changed}.items():
        kind, _, key = name.partition("|")
        books.put(kind, key, row, indexed_on(f"reference.{kind}"))
    return books


def line(line: str = "1", quantity: str = "24", unit: str = "EA", sku: str = "WIDGET-A", **fields: Any) -> RawLine:
    """A raw line."""
    given = {"product_ids": (("sku", sku),), "price": Decimal("9.50"), **fields}
    return RawLine(line=line, channel_line=line, quantity=Decimal(quantity), unit=unit, **given)


def order(*lines: RawLine, **fields: Any) -> RawOrder:
    """A raw order."""
    return RawOrder(**{"number": "P-1001", "currency": "USD", "lines": lines or (line(),), **fields})


def document(
    body: bytes | dict[str, Any] | list[Any], resource: str = "orders", channel_name: str = "portal", **fields: Any
) -> channel.Document:
    """A document as a door would hand it in."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"receipt": "R", "sender": "key-1", "sha256": "5ca1e", "received_at": NOW, **fields}
    return channel.document(channel=channel_name, resource=resource, body=raw, **given)


def handed_in(record: channel.Document, books: Rows | None = None) -> Effects:
    """What is decided of a document."""
    envelope = Envelope("c-1", "channel.document", "test", "acme", channel=record["channel"])
    return decide(
        Message(envelope, record["target"] or record["sender"], record, NOW), rows() if books is None else books
    )


def commands(effects: Effects) -> list[Ask]:
    """All commands but the receipt."""
    return [ask for ask in effects.asks if ask.type != "document.normalized"]


def receipt(effects: Effects) -> channel.DocumentNormalized:
    """The one receipt."""
    (found,) = [ask.record for ask in effects.asks if ask.type == "document.normalized"]
    return found  # type: ignore[return-value]


def codes(problems: Iterable[Any]) -> list[str]:
    """Codes of problems of a receipt."""
    return [problem["code"] for problem in problems]


def portal_order(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The JSON of a portal order."""
    one = {"line": "1", "product": {"sku": "WIDGET-A"}, "quantity": "24", "unit": "EA", "price": "9.50"}
    return {"number": "P-1001", "customer": "7001", "currency": "USD", "lines": list(lines or (one,)), **fields}


__all__ = ["Measure", "RawDate", "RawLine", "RawOrder", "RawPack", "RawParty"]
