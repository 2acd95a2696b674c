"""What was asked of each SKU, what it answered, what was given back."""

from __future__ import annotations

from typing import Any

from schemas.generated import state_orders_v1
from tables.orders.rows import ORDER, Header, Sku, counted, quantities, sku_name, sku_of
from tables.rows import Rows


def asked(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.stock.asked: these SKUs owe an answer to this attempt."""
    wanted: dict[str, list[Any]] = {}
    for line in record["lines"]:
        wanted.setdefault(line["sku"], []).append(line)
    changes: dict[str, Any] = {}
    terms = {name: record[name] for name in ("attempt", "mode", "wait", "wake_id")}
    awaiting = order["awaiting"]
    for sku, lines in wanted.items():
        row = _sku(rows, sku)
        awaiting += row["state"] != "asked"
        changes[sku_name(sku)] = {**row, **terms, "state": "asked", "asked": lines}
    again = record["attempt"] > order["attempt"]
    queued = record["step"] == "queued"
    queued_at = record["lines"][0]["sku"] if queued else order["queued_at"]
    changes[ORDER] = {**order, "step": record["step"], "attempt": max(order["attempt"], record["attempt"]), "awaiting": awaiting,
                      "tries": 0 if again else order["tries"], "queued_at": queued_at,
                      "wake_id": "" if queued else order["wake_id"]}  # fmt: skip
    return changes


def noted(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.stock.noted: a SKU's answer."""
    row = _sku(rows, record["sku"])
    answered = answers(row, record["attempt"])
    state = record["state"] if answered or row["state"] != "asked" else "asked"
    later = {**row, "version": record["version"], "state": state, "stocks": record["lines"]}
    if answered:
        later["more"] = {}
    return {ORDER: {**order, "awaiting": order["awaiting"] - answered}, sku_name(row["sku"]): later}


def given_back(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.stock.given_back: a part, or all of it with its attempts closed."""
    row = _sku(rows, record["sku"])
    if not record["closed"]:
        return {ORDER: dict(order)}
    empty = {"asked": [], "stocks": [], "more": {}, "next": ""}
    closed = {**row, **empty, "closed": record["attempt"], "state": "closed"}
    return {ORDER: {**order, "awaiting": order["awaiting"] - (row["state"] == "asked")}, sku_name(row["sku"]): closed}


def deferred(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.stock.deferred: more or less is wanted, once the SKU has answered."""
    row = _sku(rows, record["sku"])
    return {
        ORDER: dict(order),
        sku_name(row["sku"]): {**row, "more": counted(row["more"], quantities(record["lines"]))},
    }


def answers(row: Sku, attempt: int) -> bool:
    """Whether this is the answer that the SKU owes."""
    return row["state"] == "asked" and attempt >= row["attempt"]


def _sku(rows: Rows, sku: str) -> Sku:
    return sku_of(rows, sku) or state_orders_v1.sku(sku=sku)
