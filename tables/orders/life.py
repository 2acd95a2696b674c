"""The header through the order's life, with its exceptions and what waits for it."""

from __future__ import annotations

from typing import Any

from schemas.generated import state_orders_v1
from tables.orders.headline import facets_of
from tables.orders.rows import ORDER, Header, event_name, exception_id, exception_name, pending_name
from tables.rows import Rows

OF_CONTENT = ("number", "channel", "partner", "customer", "currency", "party", "reservation", "policy", "fingerprint")


def created(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.created: who ordered, under which terms; the lines come with order.lines.changed."""
    content = record["content"]
    taken = {name: content[name] for name in OF_CONTENT}
    placed: Any = {
        **order,
        **taken,
        "generation": record["generation"],
        "revision": 1,
        "placed_at": record["received_at"],
    }
    return {ORDER: {**placed, "facets": facets_of(placed)}, **_read(content, record["received_at"])}


def unchanged(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """A fact that is remembered by its number alone."""
    return {ORDER: dict(order)}


def revised(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.changed: a newer revision of the content."""
    content = record["content"]
    taken = {"revision": record["revision"], "fingerprint": content["fingerprint"]}
    return {ORDER: {**order, **taken}, **_read(content, order["placed_at"])}


def _read(content: Any, at: int) -> dict[str, Any]:
    """Every content that was ever taken is remembered: its late duplicate must not undo a newer one."""
    return {event_name("content", content["fingerprint"]): state_orders_v1.seen(kind="content", at=at)}


def step_moved(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.step.moved: where the saga stands; each step has its own trace."""
    step, detail = record["step"], record["detail"]
    later: dict[str, Any] = dict(order)
    changes: dict[str, Any] = {}
    match step:
        case "again":
            later["tries"] += 1
        case "go":
            later["go"] = True
        case "post":
            later.update(post_revision=record["attempt"], erp="posted" if order["confirmed"] else "queued")
        case "post_answered":
            later["post_answered"] = record["attempt"]
        case "erp":
            later.update(erp=detail, post_answered=order["post_revision"])
        case "erp_number":
            later["erp_number"] = detail
        case "chain":
            later.update(wake_id=detail, attempt=record["attempt"])
            changes = _chained(record["skus"], rows)
        case "settled":
            later.update(step=step, wake_id="")
        case _:
            later["step"] = step
    return {ORDER: later, **changes}


def _chained(skus: list[str], rows: Rows) -> dict[str, Any]:
    """Each SKU names the one to ask after it, so that going on costs one read however many there are."""
    following = [*skus, ""][1:]
    return {f"sku|{sku}": {**rows.get(f"sku|{sku}"), "next": after} for sku, after in zip(skus, following, strict=True)}


def accepted(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.accepted: stock has answered."""
    return {ORDER: {**order, "accepted": True}}


def rejected(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.rejected: nothing of it is taken."""
    return {ORDER: {**order, "outcome": "rejected", "step": "ended"}}


def confirmed(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.confirmed: the ERP has it."""
    return {ORDER: {**order, "confirmed": True, "erp": "posted", "erp_number": record["erp_number"],
                    "post_answered": record["revision"]}}  # fmt: skip


def cancelled(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.cancelled: the end of the order where the whole of it is meant."""
    ended = record["whole"] and not order["outcome"]
    seen = {event_name("cancel", record["cancel_id"]): state_orders_v1.seen(kind="cancel", at=order["placed_at"])}
    return {ORDER: {**order, **({"outcome": "cancelled", "step": "ended"} if ended else {})}, **seen}


def completed(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.completed: delivered and billed."""
    return {ORDER: {**order, "outcome": "completed"}}


def parked(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.parked: a cancel waits for its order."""
    row = state_orders_v1.parked_cancel(reason=record["reason"], lines=record["lines"], deadline=record["deadline"])
    return {ORDER: dict(order), pending_name(record["parked_id"]): row}


def unparked(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.unparked: it waits no longer."""
    return {ORDER: dict(order), pending_name(record["parked_id"]): None}


def status_changed(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.status.changed: the headline that was told last."""
    told = {"headline": record["new"], "status_seq": record["status_seq"], "facets": record["facets"]}
    return {ORDER: {**order, **told}}


def facet_changed(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """order.facet.changed: the facets that were told last."""
    return {ORDER: {**order, "facet_seq": record["facet_seq"], "facets": record["facets"]}}


def exception_raised(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """exception.raised: open from now on; a newer one of the same class and line replaces the older."""
    name, found = exception_name(record["exception_id"]), record["exception_class"]
    more = 0 if rows.get(name) else 1
    row = state_orders_v1.open_exception(exception_class=found, cause=record["cause"], detail=record["detail"],
                                         line=record["line"], seq=record["seq"])  # fmt: skip
    return {ORDER: _exceptions(order, found, more), name: row}


def exception_resolved(order: Header, record: Any, rows: Rows) -> dict[str, Any]:
    """exception.resolved: open no longer."""
    name = exception_name(exception_id(record["exception_class"], record["line"]))
    return {ORDER: _exceptions(order, record["exception_class"], -1), name: None}


def _exceptions(order: Header, found: str, more: int) -> dict[str, Any]:
    counts = {**order["exceptions"], found: order["exceptions"].get(found, 0) + more}
    return {**order, "exceptions": {name: count for name, count in counts.items() if count > 0}}
