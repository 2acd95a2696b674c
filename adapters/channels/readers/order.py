"""The raw order: what an order document says, in one shape for every channel, identifiers as sent.

Nothing here was looked up: product, unit and party names are the sender's. `normalize` gives them their meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RawParty:
    """Who plays a role, with the identifiers and the address as given."""

    role: str  # buyer, ship_to, bill_to, seller, ship_from ..., else the sender's own code in lower case
    scheme: str = ""
    id: str = ""
    name: str = ""
    street: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class RawDate:
    """A date with what is known of its time and zone; `instant` only where the document itself decides it."""

    kind: str  # ordered, requested_delivery, requested_ship, cancel_after ..., else the sender's own code
    day: str = ""  # ISO date
    time: str = ""  # ISO time of day
    zone: str = ""  # the sender's zone code
    text: str = ""  # as sent
    instant: int | None = None  # ms since the epoch, UTC


@dataclass(frozen=True, slots=True)
class RawPack:
    """How the sender says the goods are packed (X12 PO4)."""

    packs: Decimal | None = None  # inner containers, or single items, per outer one
    size: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RawLine:
    """One ordered line as sent."""

    line: str  # ours: unique in the order
    channel_line: str  # as sent, may be empty or repeated
    product_ids: tuple[tuple[str, str], ...]  # (scheme, value), in the document's order
    quantity: Decimal
    unit: str = ""
    price: Decimal | None = None
    price_basis: str = ""  # X12 element 639 as sent; empty = per ordered unit
    currency: str = ""
    description: str = ""
    dates: tuple[RawDate, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    parties: tuple[RawParty, ...] = ()
    pack: RawPack | None = None
    destinations: tuple[tuple[str, Decimal], ...] = ()  # X12 SDQ: (store, quantity)


@dataclass(frozen=True, slots=True)
class Transport:
    """How the order came; never part of what it means."""

    sender: str = ""  # "ZZ:RETX": qualifier and id of the interchange's sender
    receiver: str = ""
    application_sender: str = ""  # GS02
    interchange: str = ""  # control numbers, "ISA13/GS06/ST02"
    position: int = 0  # of the transaction set in its file, from 1: control numbers do repeat
    doubts: tuple[str, ...] = ()  # codes of what is wrong with the envelope


@dataclass(frozen=True, slots=True)
class RawOrder:
    """An order document, read but not yet understood."""

    number: str
    release: str = ""
    channel: str = ""  # as the document names it; who may speak for which channel is not the document's to say
    purpose: str = "original"
    order_type: str = ""
    customer: str = ""
    currency: str = ""
    reservation: str = ""
    test: bool = False
    ship_complete: bool | None = None  # None = the partner's profile decides
    backorder: bool | None = None
    units: str = "rec20"  # code list of the unit codes: rec20 or x12
    dates: tuple[RawDate, ...] = ()
    parties: tuple[RawParty, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    lines: tuple[RawLine, ...] = ()
    totals: tuple[tuple[str, Decimal], ...] = ()  # amount, lines, hash as the document states them
    extensions: str = ""  # JSON text, kept as sent
    transport: Transport = Transport()

    @property
    def goods_value(self) -> Decimal | None:
        """Sum over the lines, where every line has its price."""
        amounts = [line.quantity * line.price for line in self.lines if line.price is not None]
        return sum(amounts, Decimal(0)) if self.lines and len(amounts) == len(self.lines) else None


@dataclass(frozen=True, slots=True)
class RawCancelLine:
    """A line to cancel; no quantity = all that is left."""

    line: str
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class RawCancel:
    """A wish to cancel an order, or some of its lines."""

    order_id: str
    reason: str = ""
    lines: tuple[RawCancelLine, ...] = ()


def number_text(value: Decimal) -> str:
    """A decimal without exponent and without idle zeros after the point: 24.50 → 24.5, 1E+2 → 100."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
