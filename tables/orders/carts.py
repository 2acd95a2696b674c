"""What is remembered of a reservation: its header and a row per SKU. Both are a fold of the cart's facts.

A reservation has a key of its own, its id, so its rows never meet an order's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from schemas.generated import state_orders_v1
from schemas.generated.orders_v1 import CartStockNoted
from schemas.generated.state_orders_v1 import Cart, CartSku
from tables.rows import Changes, Rows

CART, SKUS = "cart", "cart-sku|"
Fold = Callable[[Cart, Any, Rows], dict[str, Any]]


def sku_name(sku: str) -> str:
    """Row of a SKU that a cart wants."""
    return f"{SKUS}{sku}"


def cart_of(rows: Rows, reservation: str) -> Cart:
    """The reservation's header; a blank one, without a step, before its first fact."""
    return cast("Cart | None", rows.get(CART)) or state_orders_v1.cart(reservation=reservation)


def sku_of(rows: Rows, sku: str) -> CartSku | None:
    """What a cart wants of one SKU."""
    return cast("CartSku | None", rows.get(sku_name(sku)))


def skus_of(rows: Rows) -> Iterator[CartSku]:
    """All SKUs of the cart, by name."""
    return (cast(CartSku, row) for _, row in rows.scan(SKUS))


def held(row: CartSku) -> int:
    """Units that a SKU holds for the cart, by its last answer."""
    return sum(stock["reserved"] + stock["allocated"] for stock in row["stocks"])


def owes_time(row: CartSku, until: int | None) -> bool:
    """Whether a SKU that holds stock does not hold it until this time."""
    return until is not None and held(row) > 0 and row["expires_at"] != until


def _opened(cart: Cart, record: Any, rows: Rows) -> dict[str, Any]:
    by_sku: dict[str, list[Any]] = {}
    for line in record["lines"]:
        by_sku.setdefault(line["sku"], []).append(line)
    taken = {name: record[name] for name in ("channel", "cart", "document", "allow_partial", "expires_at")}
    skus = {sku_name(sku): state_orders_v1.cart_sku(sku=sku, lines=lines) for sku, lines in by_sku.items()}
    return {CART: {**cart, **taken, "opened_at": record["at"], "step": "asking", "awaiting": len(skus)}, **skus}


def _noted(cart: Cart, record: CartStockNoted, rows: Rows) -> dict[str, Any]:
    row = sku_of(rows, record["sku"]) or state_orders_v1.cart_sku(sku=record["sku"])
    later: CartSku = {
        **row,
        "version": record["version"],
        "state": record["state"],
        "stocks": record["lines"],
        "expires_at": record["expires_at"],
        "available": record["available"],
        "taken_by": record["taken_by"] or row["taken_by"],
    }
    counts = {
        "awaiting": cart["awaiting"] - (row["state"] == "asked"),
        "extending": cart["extending"] - owes_time(row, cart["wanted"]) + owes_time(later, cart["wanted"]),
    }
    return {CART: {**cart, **counts}, sku_name(row["sku"]): later}


def _held(cart: Cart, record: Any, rows: Rows) -> dict[str, Any]:
    return {CART: {**cart, "step": "held", "expires_at": record["expires_at"]}}


def _extension_asked(cart: Cart, record: Any, rows: Rows) -> dict[str, Any]:
    wanted = record["expires_at"]
    owing = sum(owes_time(row, wanted) for row in skus_of(rows))
    return {CART: {**cart, "wanted": wanted, "extending": owing}}


def _extended(cart: Cart, record: Any, rows: Rows) -> dict[str, Any]:
    return {CART: {**cart, **_NO_EXTENSION, "expires_at": record["expires_at"]}}


def _ended(step: str) -> Fold:
    return lambda cart, record, rows: {CART: {**cart, **_NO_EXTENSION, "step": step}}


def _taken(cart: Cart, record: Any, rows: Rows) -> dict[str, Any]:
    return {CART: {**cart, **_NO_EXTENSION, "step": "taken", "order_id": record["order_id"]}}


def _unchanged(cart: Cart, record: Any, rows: Rows) -> dict[str, Any]:
    return {CART: dict(cart)} if cart["step"] else {}


def _forgotten(cart: Cart, record: Any, rows: Rows) -> dict[str, Any]:
    return {CART: None, **dict.fromkeys(sku_name(row["sku"]) for row in skus_of(rows))}


_NO_EXTENSION = {"wanted": None, "extending": 0}
FOLDS: Mapping[str, Fold] = MappingProxyType(
    {
        "cart.opened": _opened,
        "cart.stock.noted": _noted,
        "cart.held": _held,
        "cart.refused": _ended("refused"),
        "cart.extension.asked": _extension_asked,
        "cart.extended": _extended,
        "cart.released": _ended("released"),
        "cart.expired": _ended("expired"),
        "cart.taken": _taken,
        "cart.unchanged": _unchanged,
        "cart.forgotten": _forgotten,
    }
)


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The rows that a cart's fact changes; a fact of another type changes none."""
    fold = FOLDS.get(kind)
    if fold is None:
        return {}
    changes = fold(cart_of(rows, record["reservation"]), record, rows)
    if changes.get(CART):
        changes[CART]["seq"] = record["seq"]
    return changes
