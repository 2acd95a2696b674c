"""Which product a line means: every identifier on it is looked up, and all that are known must agree."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.generated import reference_v1 as reference
from tables.rows import Rows

UNMAPPED, CONFLICT = "item_unmapped", "item_conflict"
GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Found:
    """The product of a line, or the problem that parks it."""

    product: reference.Product | None
    problem: str = ""
    detail: str = ""


class Books:
    """The product names of one decision."""

    def __init__(self, rows: Rows, parties: tuple[str, ...]) -> None:
        self.rows = rows
        self.parties = (*parties, "")  # whose names may be meant, most special first; "" = everybody's

    def product(self, sku: str) -> reference.Product | None:
        """The product of our own number."""
        found: reference.Product | None = self.rows.get(f"products|{sku}")
        return found

    def listed(self, scheme: str, value: str) -> list[str]:
        """Our number for another name of a product, from the most special list that has it."""
        for party in self.parties:
            known: reference.CrossReference | None = self.rows.get(f"cross-references|{scheme}|{party}|{value}")
            if known is not None:
                return [known["sku"]]
        return []

    def of_gtin(self, gtin: str) -> list[str]:
        """All products that carry this GTIN themselves."""
        return [product["sku"] for _, product in self.rows.scan(f"products.gtin|{gtin}|")]


def find(ids: tuple[tuple[str, str], ...], books: Books) -> Found:
    """The product that the identifiers of a line name."""
    hits = [(scheme, value, sku) for scheme, value in ids for sku in _skus_of(scheme, value, books)]
    skus = sorted({sku for _, _, sku in hits})
    if len(skus) > 1:
        named = ", ".join(f"{scheme} {value} is {sku}" for scheme, value, sku in hits)
        return Found(None, CONFLICT, f"the identifiers name different products: {named}")
    product = books.product(skus[0]) if skus else None
    if product is None:
        named = ", ".join(f"{scheme} {value}" for scheme, value in ids) or "nothing"
        return Found(None, UNMAPPED, f"no product is known for {named}")
    return Found(product)


def gtin14(text: str) -> str:
    """A GTIN-8, 12, 13 or 14 as 14 digits, zero padded; "" where the length or the check digit is wrong."""
    if len(text) not in GTIN_LENGTHS or not (text.isascii() and text.isdigit()):
        return ""
    padded = text.zfill(14)
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(padded[:13]))
    return padded if (10 - weighted % 10) % 10 == int(padded[13]) else ""


def _skus_of(scheme: str, value: str, books: Books) -> list[str]:
    if scheme == "gtin":
        return _by_gtin(value, books)
    if scheme not in ("sku", "buyer_part", "vendor_part"):
        return []
    # our own number names itself; a vendor part in a buyer's order is the vendor's, that is ours, unless it is listed
    own = [value] if scheme != "buyer_part" and books.product(value) is not None else []
    return own if scheme == "sku" and own else books.listed(scheme, value) or own


def _by_gtin(value: str, books: Books) -> list[str]:
    """By cross reference, else by the products' own GTINs."""
    gtin = gtin14(value) or _repaired(value)
    return (books.listed("gtin", gtin) or books.of_gtin(gtin)) if gtin else []


def _repaired(value: str) -> str:
    """A UPC that lost its leading zeros on the way; it counts only where it leads to a product."""
    short = value.isascii() and value.isdigit() and 6 <= len(value) < 12
    return gtin14(value.zfill(12)) if short else ""
