"""Names of the read models' keys, without the environment prefix. `av` and `mark` are public: sites may read them.

A name's parts are joined by ":"; only the last part may hold one, so that two things never share a key.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable

EPOCH = "epoch"
TENANTS = "tenants"
PROJECTED = "projected"
REACHED = "reached"
RECENT_S = 90 * 86_400  # orders, numbers and timelines; older ones are read from the log
RECEIPT_S = 30 * 86_400
RESERVATION_S = 8 * 86_400  # as long as its request may be repeated
IDEMPOTENCY_S = 8 * 86_400  # the published window is seven days
DRIFT_HASHES = 16  # per tenant; on a cluster they lie on several nodes
INDEX_EVERY = 100  # every hundredth entry of a view has its offset noted


def availability(tenant: str, sku: str) -> str:
    """One JSON string: what may be promised of a SKU."""
    return f"av:{tenant}:{sku}"


def why(tenant: str, sku: str) -> str:
    """Hash: the newest events behind a SKU's stock (by location) and its rules."""
    return f"why:{tenant}:{sku}"


def held(tenant: str, sku: str) -> str:
    """Hash: who holds a SKU now, a row per holder, line and location."""
    return f"held:{tenant}:{sku}"


def held_field(holder: str, line: str, location: str) -> str:
    """The field of one ledger row."""
    return "\x1f".join((holder, line, location))


def drift(tenant: str, sku: str) -> str:
    """Hash: what observed sources say otherwise, of this SKU and a share of all others."""
    return drifts(tenant, zlib.crc32(sku.encode()) % DRIFT_HASHES)


def drifts(tenant: str, share: int) -> str:
    """Hash: one share of a tenant's drifts."""
    return f"drift:{tenant}:{share}"


def all_drifts(tenants: Iterable[str]) -> list[str]:
    """All shares of these tenants' drifts."""
    return [drifts(tenant, share) for tenant in sorted(tenants) for share in range(DRIFT_HASHES)]


def drift_field(sku: str, location: str, source: str) -> str:
    """The field of one observed source at one location of a SKU."""
    return "\x1f".join((sku, location, source))


def mark(tenant: str, partition: int) -> str:
    """Up to which broker time (ms) this partition's availability is projected."""
    return f"mark:{tenant}:{partition}"


def order(tenant: str, order_id: str) -> str:
    """Hash: head, status, facet:…, line:…, shipment:…, exception:…"""
    return f"order:{tenant}:{order_id}"


def number(tenant: str, channel: str, order_number: str) -> str:
    """Hash: ids of the orders that bear this number."""
    return f"number:{tenant}:{channel}:{order_number}"


def timeline(tenant: str, order_id: str) -> str:
    """Sorted set: what happened to an order, by sequence."""
    return f"timeline:{tenant}:{order_id}"


def receipt(tenant: str, receipt_id: str) -> str:
    """Hash: head, normalized, part:…, dead"""
    return f"receipt:{tenant}:{receipt_id}"


def reservation(tenant: str, reservation_id: str) -> str:
    """Hash: head, state, decision, extension"""
    return f"reservation:{tenant}:{reservation_id}"


def view(tenant: str, key: str) -> str:
    """Hash: head of a view `channel/name` and its sparse offset index."""
    return f"view:{tenant}:{key}"


def idempotency(tenant: str, route: str, request_key: str) -> str:
    """One JSON string: the fingerprint of the request that used this key first."""
    digest = hashlib.sha256(f"{route}\x1f{request_key}".encode()).hexdigest()
    return f"idem:{tenant}:{digest}"
