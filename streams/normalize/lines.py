"""A raw line → the canonical line: product, base quantity and price per base unit, or the problem that parks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from adapters.channels.readers.order import RawLine, number_text
from schemas.generated import orders_v1 as orders
from schemas.generated import reference_v1 as reference
from streams.normalize import bundles, products, quantities
from streams.normalize.quantities import Measure, Trouble
from tables.rows import Rows

DISCONTINUED, PRICE_MISMATCH = "discontinued_item", "price_mismatch"


@dataclass(slots=True)
class Context:
    """What holds for all lines of an order, and what was looked up for them."""

    rows: Rows
    partner: reference.Partner
    customer: str
    code_list: str  # of the unit codes: rec20 or x12
    currency: str
    versions: dict[str, int] = field(default_factory=dict)
    books: products.Books = field(init=False)

    def __post_init__(self) -> None:
        parties = (self.customer, self.partner["partner"], self.partner["channel"])
        self.books = products.Books(self.rows, tuple(dict.fromkeys(name for name in parties if name)))


def line_of(raw: RawLine, context: Context) -> orders.OrderLine:
    """The canonical line; a line with a problem keeps what was sent and waits for a person."""
    found = products.find(raw.product_ids, context.books)
    if found.product is None:
        return _parked(raw, found.problem, found.detail)
    product = found.product
    context.versions[f"products|{product['sku']}"] = product["version"]
    if product["status"] == "discontinued":
        return _parked(raw, DISCONTINUED, f"{product['sku']} is not sold any more", product)
    if broken := bundles.trouble_of(product, context.rows):
        return _parked(raw, products.CONFLICT, broken, product)
    if raw.currency and context.currency and raw.currency != context.currency:
        return _parked(raw, PRICE_MISMATCH, f"the line is in {raw.currency}, the order in {context.currency}", product)
    measure = _measure(raw, product, context)
    if isinstance(measure, Trouble):
        return _parked(raw, measure.problem, measure.detail, product)
    quantity = quantities.steps(raw.quantity, measure, product)
    if isinstance(quantity, Trouble):
        return _parked(raw, quantity.problem, quantity.detail, product, measure.unit)
    return _line(raw, product, measure, quantity)


def _measure(raw: RawLine, product: reference.Product, context: Context) -> Measure | Trouble:
    """The unit of the line; a missing one is the profile's default, for portals the product's base unit."""
    code = raw.unit or context.partner["default_unit"]
    if not code and context.code_list == "rec20":
        code = product["base_unit"]
    if not code:
        return Trouble(quantities.AMBIGUOUS, "the line has no unit, and the profile no default_unit")
    unit = quantities.unit_of(code, context.code_list, product, context.partner, context.rows)
    if not unit:
        return Trouble(
            quantities.AMBIGUOUS, f"unit {code!r} may mean several things; name it in the profile's unit_aliases"
        )
    pack_unit = ""
    if raw.pack is not None and raw.pack.unit:
        pack_unit = quantities.unit_of(raw.pack.unit, context.code_list, product, context.partner, context.rows) or "?"
    return quantities.measure(unit, product, raw.pack, pack_unit)


def _line(raw: RawLine, product: reference.Product, measure: Measure, quantity: int) -> orders.OrderLine:
    price = raw.price
    if price is not None:
        price = quantities.price_per_base(price, raw.price_basis, measure, product["base_unit"])
    line = _made(
        raw, sku=product["sku"], base_unit=product["base_unit"], unit=measure.unit, quantity=quantity, price=price
    )
    return {**line, "components": bundles.recipe_of(product)}


def _parked(
    raw: RawLine, problem: str, detail: str, product: reference.Product | None = None, unit: str = ""
) -> orders.OrderLine:
    """The quantity of a parked line is the sender's where it is whole; it counts for nothing until the line is resolved."""
    whole = int(raw.quantity) if raw.quantity == raw.quantity.to_integral_value() else 0
    return _made(
        raw,
        sku="" if product is None else product["sku"],
        base_unit="" if product is None else product["base_unit"],
        unit=unit or raw.unit,
        quantity=whole,
        price=None,
        problem=problem,
        detail=detail[:400],
    )


def _made(
    raw: RawLine,
    *,
    sku: str,
    base_unit: str,
    unit: str,
    quantity: int,
    price: Decimal | None,
    problem: str = "",
    detail: str = "",
) -> orders.OrderLine:
    return orders.order_line(
        line=raw.line,
        channel_line=raw.channel_line,
        sku=sku,
        product_ids=[orders.product_id(scheme=scheme, value=value) for scheme, value in raw.product_ids],
        quantity=quantity,
        base_unit=base_unit,
        ordered_quantity=number_text(raw.quantity),
        unit=unit,
        price=price,
        problem=problem,
        detail=detail,
    )
