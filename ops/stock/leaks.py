"""Holds that live beyond their right to: their order has ended, their time is over, or they are older than any should be.

Who holds stands in the log; how its order stands, in the orders' read model. The log is read on after the read model
was asked, so that what an order gave back in between is no leak.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import join
from typing import Any

from ops.stock.rebuild import Shadows
from schemas.envelope import rfc3339
from schemas.generated.inventory_v1 import Standing
from schemas.identity import holder_and_bundle
from schemas.topics import split_key
from tables.inventory import ledger
from tables.inventory.shadow import Shadow
from tables.quantity import decimal_text

CART = "cart"
UNKNOWN = "unknown"
ENDED = frozenset({"rejected", "cancelled", "shipped", "delivered", "completed", "returned"})
LATE_MS = 60_000  # expiry takes effect within a second while the owner lives; a minute says that it does not


@dataclass(frozen=True, slots=True)
class Holding:
    """What one order or cart has of a SKU: held units, queued units, and since when."""

    tenant: str
    sku: str
    standing: Standing
    reserved: int
    allocated: int
    since: int | None
    scale: int

    @property
    def holder(self) -> str:
        """The order or cart, also where it holds the SKU as a component of a bundle."""
        return holder_and_bundle(self.standing["holder"])[0]

    @property
    def waiting(self) -> int:
        return ledger.waiting(self.standing)


def holdings(shadows: Shadows) -> Iterator[Holding]:
    """Everybody who holds something or waits for it. Cost: O(ledger rows)."""
    for key, shadow in sorted(shadows.items()):
        tenant, sku = split_key(key.decode(errors="replace"))
        for standing in shadow.standings():
            if standing["held"] or standing["ticket"]:
                yield _holding(tenant, sku, shadow, standing)


def _holding(tenant: str, sku: str, shadow: Shadow, standing: Standing) -> Holding:
    rows = shadow.holds_of(standing["holder"])
    rules = shadow.sku["rules"]
    return Holding(
        tenant, sku, standing, sum(row["reserved"] for row in rows), sum(row["allocated"] for row in rows),
        min((row["since"] for row in rows), default=None), rules["scale"] if rules else 0,
    )  # fmt: skip


def reason(holding: Holding, state: str, now: int, oldest_ms: int | None) -> str:
    """Why a holding is a leak; "" where it is none.

    state      headline of its order, or "unknown"
    oldest_ms  age from which any is told; None: no age is too old
    """
    expires = holding.standing["expires_at"]
    if holding.standing["holder_kind"] != CART and state in ENDED:
        return f"its order is {state}"
    if expires is not None and expires + LATE_MS < now:
        return f"its time was over at {rfc3339(expires)}"
    if oldest_ms is not None and holding.since is not None and now - holding.since > oldest_ms:
        return "older than it should be"
    return ""


def told(holding: Holding, state: str, why: str, now: int) -> dict[str, Any]:
    """A leak as JSON, with the command that gives it back."""
    units = {name: decimal_text(getattr(holding, name), holding.scale) for name in ("reserved", "allocated", "waiting")}
    since, expires = holding.since, holding.standing["expires_at"]
    return {
        "tenant": holding.tenant,
        "sku": holding.sku,
        "holder": holding.holder,
        "kind": holding.standing["holder_kind"],
        "channel": holding.standing["channel"],
        "order": state,
        "why": why,
        **units,
        "since": None if since is None else rfc3339(since),
        "age_seconds": None if since is None else max(0, now - since) / 1000,
        "expires_at": None if expires is None else rfc3339(expires),
        "give_back": remedy(holding, state),
    }


def remedy(holding: Holding, state: str) -> str:
    """The command that gives it back: an order that lives is asked to cancel, so that it knows; what has ended is released."""
    if holding.standing["holder_kind"] == CART or state in ENDED:
        attempt = str(holding.standing["attempt"])
        return join(["wharf", "inventory", "release", holding.sku, holding.standing["holder"], "--attempt", attempt])
    return (
        f'curl -X POST "$WHARF_URL/v1/orders/{holding.holder}/cancel" -H "Authorization: Bearer $WHARF_API_KEY" '
        '-H "Content-Type: application/json" -d \'{"reason":"leaked hold"}\''
    )


States = Mapping[tuple[str, str], str]  # tenant and holder → headline


def leaks(found: Sequence[Holding], states: States, now: int, oldest_ms: int | None) -> Iterator[dict[str, Any]]:
    """The leaks among these, oldest first."""
    for holding in sorted(found, key=lambda each: (each.since or now, each.sku, each.holder)):
        state = states.get((holding.tenant, holding.holder), UNKNOWN)
        if why := reason(holding, state, now, oldest_ms):
            yield told(holding, state, why, now)
