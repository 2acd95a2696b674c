"""Ids that are pure functions of what they name, so that a repeat names the same thing."""

from __future__ import annotations

import hashlib
import uuid

_ORDERS = uuid.uuid5(uuid.NAMESPACE_DNS, "wharf.orders")
_RECEIPTS = uuid.uuid5(uuid.NAMESPACE_DNS, "wharf.receipts")
_RESERVATIONS = uuid.uuid5(uuid.NAMESPACE_DNS, "wharf.reservations")
_BUNDLE = "~"


def order_id(tenant: str, party: str, number: str, release: str = "") -> str:
    """The id of an order series; the party is the channel where it numbers its orders itself, else the partner."""
    return str(uuid.uuid5(_ORDERS, "\x1f".join((tenant, party, number, release))))


def reservation_id(tenant: str, channel: str, cart: str, request_key: str) -> str:
    """The id of a cart's hold: the same request names the same hold, another request of the cart another one."""
    return str(uuid.uuid5(_RESERVATIONS, "\x1f".join((tenant, channel, cart, request_key))))


def receipt_id(tenant: str, route: str, request_key: str, body: bytes) -> str:
    """The receipt of a request: the same route, key and body have the same one.

    route        method and path template, such as "POST /v1/orders"
    request_key  Idempotency-Key, or what makes this arrival unique where none is given
    """
    digest = hashlib.sha256(body).hexdigest()
    return str(uuid.uuid5(_RECEIPTS, "\x1f".join((tenant, route, request_key, digest))))


def of_bundle(holder: str, bundle: str) -> str:
    """Under which name an order or cart holds the components of a bundle; orders and carts have no "~" in theirs."""
    return f"{holder}{_BUNDLE}{bundle}"


def holder_and_bundle(name: str) -> tuple[str, str]:
    """The order or cart behind a holder's name, and the bundle that it holds a component for; "" = it holds it itself."""
    holder, _, bundle = name.partition(_BUNDLE)
    return holder, bundle
