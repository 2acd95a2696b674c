"""Portal orders: the JSON of `POST /v1/orders` (reference/http.md)."""

from __future__ import annotations

from decimal import Decimal

from adapters.channels.readers.document import Accepted, Document, Problem, Reading, Rejected
from adapters.channels.readers.fields import MAX_NAME, Fields
from adapters.channels.readers.order import RawDate, RawLine, RawOrder, RawParty
from adapters.channels.readers.strict_json import parse

KIND = "order"
PROBLEM_LIMIT = 100
SCHEMES = {"sku": "sku", "gtin": "gtin", "customer_part": "buyer_part", "vendor_part": "vendor_part"}


def read(document: Document) -> Reading[RawOrder]:
    """One order; refused with the pointer of everything that is wrong with it."""
    value = parse(document.body)
    if isinstance(value, Rejected):
        return Reading(KIND, (value,))
    problems: list[Problem] = []
    order = _order(Fields(value, problems))
    if problems:
        return Reading(KIND, (Rejected(tuple(problems[:PROBLEM_LIMIT]), order.number),))
    return Reading(KIND, (Accepted(order, order.number),))


def _order(fields: Fields) -> RawOrder:
    number = fields.text("number", required=True, limit=64)
    address = fields.child("ship_to")
    order = RawOrder(
        number=number,
        release=fields.text("release", limit=32),
        channel=fields.text("channel", limit=64),
        customer=fields.text("customer", limit=64),
        currency=_currency(fields),
        reservation=fields.text("reservation", limit=64),
        ship_complete=fields.flag("ship_complete"),
        test=bool(fields.flag("test")),
        dates=_dates(fields),
        parties=() if address is None else (_ship_to(address),),
        references=_references(fields),
        lines=_lines(fields),
        extensions=fields.extensions(),
    )
    fields.done()
    return order


def _currency(fields: Fields) -> str:
    text = fields.text("currency")
    if text and not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        fields.note("WH1106", "currency", f"expected an ISO 4217 code such as USD, came {text!r}")
    return text


def _dates(fields: Fields) -> tuple[RawDate, ...]:
    text, instant = str(fields.values.get("ordered_at", "")), fields.instant("ordered_at")
    ordered = () if instant is None else (RawDate("ordered", text=text, instant=instant),)
    day = fields.day("requested_delivery")
    return (*ordered, RawDate("requested_delivery", day=day, text=day)) if day else ordered


def _references(fields: Fields) -> tuple[tuple[str, str], ...]:
    members = fields.child("references")
    if members is None:
        return ()
    return tuple((name, members.text(name)) for name in sorted(members.values))


def _ship_to(address: Fields) -> RawParty:
    party = RawParty(
        role="ship_to",
        name=address.text("name"),
        street=address.texts("street", limit=10),
        city=address.text("city"),
        region=address.text("region"),
        postal_code=address.text("postal_code"),
        country=address.text("country"),
    )
    address.done()
    return party


def _lines(fields: Fields) -> tuple[RawLine, ...]:
    members = fields.children("lines", required=True)
    lines = tuple(_line(member) for member in members)
    seen: set[str] = set()
    for member, line in zip(members, lines, strict=True):
        if line.line in seen and line.line:
            member.note("WH1107", "line", f"line {line.line!r} stands twice; number the lines differently")
        seen.add(line.line)
    return lines


def _line(fields: Fields) -> RawLine:
    name = fields.text("line", required=True, limit=32)
    product = fields.child("product", required=True)
    quantity = fields.decimal("quantity", required=True, above=Decimal(0))
    line = RawLine(
        line=name,
        channel_line=name,
        product_ids=() if product is None else _product(product),
        quantity=Decimal(0) if quantity is None else quantity,
        unit=fields.text("unit", limit=16),
        price=fields.decimal("price", minimum=Decimal(0)),
        description=fields.text("description"),
    )
    fields.done()
    return line


def _product(fields: Fields) -> tuple[tuple[str, str], ...]:
    ids = tuple((scheme, fields.text(name, limit=MAX_NAME)) for name, scheme in SCHEMES.items() if fields.given(name))
    for name in SCHEMES:
        fields.raw(name)
    if not any(value for _, value in ids):
        fields.note("WH1105", "", f"expected one of {', '.join(SCHEMES)}; none is given")
    fields.done()
    return ids
