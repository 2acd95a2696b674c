"""What a bundle is made of, and whether it can be: of products that are known and are no bundles themselves (ADR 0086)."""

from __future__ import annotations

from schemas.generated import reference_v1 as reference
from schemas.generated.bundles_v1 import Component
from tables.rows import Rows


def recipe_of(product: reference.Product) -> list[Component]:
    """The components, by SKU; none: the product is no bundle."""
    return sorted(product["components"], key=lambda each: each["sku"])


def trouble_of(product: reference.Product, rows: Rows) -> str:
    """Why nothing can be made of these components; "" where all is well, and for a product that is no bundle."""
    for each in product["components"]:
        if each["sku"] == product["sku"]:
            return f"{product['sku']} is a component of itself"
        part: reference.Product | None = rows.get(f"products|{each['sku']}")
        if part is None:
            return f"component {each['sku']} is not known"
        if part["components"]:
            return f"component {each['sku']} is a bundle itself; name what it is made of instead"
        if each["quantity"] < 1:
            return f"expected at least 1 of component {each['sku']}, came {each['quantity']}"
    return ""
