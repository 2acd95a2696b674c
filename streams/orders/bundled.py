"""Whom a request for stock goes to: the SKU itself, or, of a bundle, the one who holds its components.

A bundle is asked, and answers, in the words of stock and in bundles. So an order counts bundles as it counts anything
else; the recipe is the one that its line was read with, and a later one does not change it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from schemas.generated.bundles_v1 import Component

OF_BUNDLES: Mapping[str, str] = MappingProxyType(
    {
        "stock.reserve": "bundle.reserve",
        "stock.release": "bundle.release",
        "stock.allocate": "bundle.allocate",
        "stock.extend": "bundle.extend",
        "stock.wake-answer": "bundle.wake-answer",
    }
)


def addressed(kind: str, record: Mapping[str, Any], recipe: Sequence[Component]) -> tuple[str, Mapping[str, Any]]:
    """The command that this request is for a SKU with this recipe; without one, the request itself."""
    if not recipe or kind not in OF_BUNDLES:
        return kind, record
    told = {"ask": record, "components": list(recipe)} if kind == "stock.reserve" else {"ask": record}
    return OF_BUNDLES[kind], told
