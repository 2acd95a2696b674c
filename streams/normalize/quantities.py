"""A sender's quantity in steps of the product's base unit: exact, or a reason for a person. Never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from adapters.channels.readers.order import RawPack, number_text
from schemas.generated import reference_v1 as reference
from streams.normalize import unit_codes
from tables.rows import Rows

AMBIGUOUS, UNSAFE, PACK_MISMATCH = "unit_ambiguous", "unit_unsafe", "pack_mismatch"
MAX_STEPS = 2**53 - 1
MAX_PRICE = 10**11
SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a quantity cannot be expressed: a class of the closed list of exceptions, and the detail for a person."""

    problem: str
    detail: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit in which a product was ordered: its canonical code and how many base units it holds."""

    unit: str
    factor: Fraction


def unit_of(code: str, code_list: str, product: reference.Product, partner: reference.Partner, rows: Rows) -> str:
    """The code of a unit as sent; "" = ambiguous.

    In this order: the partner's alias, the unit's own record, the product's units, the code list (x12 or rec20).
    """
    alias = partner["unit_aliases"].get(code)
    if alias:
        return alias
    for party in (partner["partner"], ""):
        known: reference.Unit | None = rows.get(f"units|{party}|{code}")
        if known is not None:
            return known["canonical"]
    if code == product["base_unit"] or any(code == own["unit"] for own in product["units"]):
        return code
    return unit_codes.canonical(code_list, code)


def measure(unit: str, product: reference.Product, pack: RawPack | None, pack_unit: str = "") -> Measure | Trouble:
    """The factor of a unit: the product's own, else a standard's, else the document's pack size for packages.

    pack, pack_unit  PO4 of the document and its unit as Rec 20; where product and document differ, a person decides
    """
    own = _own_factor(unit, product)
    fixed = unit_codes.standard_factor(unit, product["base_unit"])
    stated = _pack_size(pack, pack_unit, product["base_unit"]) if unit_codes.is_package(unit) else None
    if own is not None and stated is not None and own != stated:
        return Trouble(PACK_MISMATCH, f"one {unit} holds {own} {product['base_unit']} here, the document says {stated}")
    factor = next((found for found in (own, fixed, stated) if found is not None), None)
    if factor is None:
        return Trouble(AMBIGUOUS, f"how many {product['base_unit']} one {unit} of {product['sku']} holds is not known")
    return Measure(unit, factor)


def steps(quantity: Decimal, found: Measure, product: reference.Product) -> int | Trouble:
    """A quantity as whole steps of 10^-scale base units."""
    exact: Fraction = Fraction(quantity) * found.factor * Fraction(10) ** product["scale"]
    if exact.denominator == 1 and abs(exact.numerator) <= MAX_STEPS:
        return int(exact.numerator)
    base = f"{product['base_unit']} with {product['scale']} places"
    return Trouble(UNSAFE, f"{number_text(quantity)} {found.unit} is no whole number of {base}")


def price_per_base(price: Decimal, basis: str, found: Measure, base_unit: str) -> Decimal | None:
    """A price per ordered unit (or as X12 element 639 says) as a price per base unit, six places, half-even.

    None where it is too large for the contract's decimal(18, 6)
    """
    per_each = basis in _PER_EACH and unit_codes.is_package(found.unit) and unit_codes.is_single(base_unit)
    per = Fraction(1) if per_each else found.factor
    exact = Fraction(price) / (per * _PER_MANY.get(basis, 1))
    if abs(exact) >= MAX_PRICE:
        return None
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(SIX_PLACES, ROUND_HALF_EVEN)


_PER_EACH = frozenset(("PE", "TE", "WE", "RE", "QE"))  # price, contract, wholesale, retail, quoted: per each
_PER_MANY = {"HP": 100, "TP": 1000}


def _own_factor(unit: str, product: reference.Product) -> Fraction | None:
    if unit == product["base_unit"]:
        return Fraction(1)
    for known in product["units"]:
        if known["unit"] == unit and known["denominator"] > 0 and known["numerator"] > 0:
            return Fraction(known["numerator"], known["denominator"])
    return None


def _pack_size(pack: RawPack | None, pack_unit: str, base_unit: str) -> Fraction | None:
    """Single items per package, where PO4 says it in one way only: PO401 alone, or PO402 in base units alone."""
    if pack is None or not unit_codes.is_single(base_unit) or (pack_unit and not unit_codes.is_single(pack_unit)):
        return None
    told = [number for number in (pack.packs, pack.size) if number is not None and number > 0]
    if not told or (len(told) == 2 and Decimal(1) not in told):
        return None  # "4 packs of 4" may mean 4 or 16
    return Fraction(max(told))
