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


def find(ids: tuple[tuple[str, str], ...], parties: tuple[str, ...], rows: Rows) -> Found:
    """The product that the identifiers of a line name.

    parties  whose names may be meant, most special first: customer, partner; "" = everybody's is added
    """
    hits = [(scheme, value, sku) for scheme, value in ids if (sku := _sku_of(scheme, value, (*parties, ""), rows))]
    skus = sorted({sku for _, _, sku in hits})
    if len(skus) > 1:
        named = ", ".join(f"{scheme} {value} is {sku}" for scheme, value, sku in hits)
        return Found(None, CONFLICT, f"the identifiers name different products: {named}")
    product: reference.Product | None = rows.get(f"products|{skus[0]}") if skus else None
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


def _sku_of(scheme: str, value: str, parties: tuple[str, ...], rows: Rows) -> str:
    if scheme == "gtin":
        return _by_gtin(value, parties, rows)
    if scheme not in ("sku", "buyer_part", "vendor_part"):
        return ""
    # our own number names itself; a vendor part in a buyer's order is the vendor's, that is ours, unless it is listed
    own = rows.get(f"products|{value}") is not None
    if scheme == "sku" and own:
        return value
    listed = _listed(scheme, value, parties, rows)
    return listed or (value if scheme == "vendor_part" and own else "")


def _listed(scheme: str, value: str, parties: tuple[str, ...], rows: Rows) -> str:
    for party in parties:
        known: reference.CrossReference | None = rows.get(f"cross-references|{scheme}|{party}|{value}")
        if known is not None:
            return known["sku"]
    return ""


def _by_gtin(value: str, parties: tuple[str, ...], rows: Rows) -> str:
    """By cross reference, else by the products' own GTINs; a UPC that lost its zeros counts where it leads to a product."""
    for candidate in _candidates(value):
        listed = _listed("gtin", candidate, parties, rows)
        if listed:
            return listed
        for name, product in rows.scan("products|"):
            if product["gtin"] == candidate:
                return name.partition("|")[2]
    return ""


def _candidates(value: str) -> list[str]:
    exact = gtin14(value)
    if exact:
        return [exact]
    short = value.isascii() and value.isdigit() and 6 <= len(value) < 12
    repaired = gtin14(value.zfill(12)) if short else ""
    return [repaired] if repaired else []
