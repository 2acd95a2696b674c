"""Names of a bundle's rows, and typed reading of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from schemas.generated import state_bundles_v1 as state
from schemas.generated.state_bundles_v1 import Bundle, ComponentOffer, Hold, Waiting
from tables.row_names import part
from tables.rows import Rows

BUNDLE = "bundle"
COMPONENTS = "component|"
WAITING = "waiting|"


def component_name(sku: str) -> str:
    """Row of what a component offers."""
    return f"{COMPONENTS}{part(sku)}"


def hold_name(holder: str) -> str:
    """Row of what an order or cart has."""
    return f"hold|{part(holder)}"


def done_names(holder: str) -> str:
    """Prefix of a holder's commands that are decided once."""
    return f"done|{part(holder)}|"


def done_name(holder: str, command: str) -> str:
    """Row of one of them."""
    return f"{done_names(holder)}{part(command)}"


def ticket(rank: int, since: int, holder: str) -> str:
    """A place in the queue: rank, then age, then the holder's name; its text sorts as its numbers do."""
    return f"{min(max(rank, 0), 99_999):05d}|{since:015d}|{part(holder)}"


def bundle_of(rows: Rows, sku: str) -> Bundle:
    """The recipe and what was said of it last; blank before it was told."""
    return cast("Bundle | None", rows.get(BUNDLE)) or state.bundle(sku=sku)


def component_of(rows: Rows, sku: str) -> ComponentOffer | None:
    """What a component offers; None before it told."""
    return cast("ComponentOffer | None", rows.get(component_name(sku)))


def hold_of(rows: Rows, holder: str) -> Hold | None:
    """What an order or cart has of the bundle."""
    return cast("Hold | None", rows.get(hold_name(holder)))


def waiting_of(rows: Rows) -> Iterator[Hold]:
    """Those who wait, by rank, then by age."""
    for _, row in rows.scan(WAITING):
        hold = hold_of(rows, cast(Waiting, row)["holder"])
        if hold is not None:
            yield hold
