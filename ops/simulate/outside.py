"""What those outside hold against a play: the ERP, the subscribers, and whoever waits for a receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ops.simulate.play import Play
from ops.simulate.world import TENANT
from tables.redis import keys
from tables.redis.receipt_view import receipt_of

GONE = ("rejected", "cancelled")
Check = Callable[[Play], Iterator[str]]


def statuses(play: Play) -> dict[str, str]:
    """Each order's last headline, by id."""
    return {
        message.key: message.record["new"]
        for message in play.log("orders.events")
        if message.type == "order.status.changed"
    }


def every_document_is_decided(play: Play) -> Iterator[str]:
    """Whoever asks for a receipt hears what became of the document."""
    for receipt in play.receipts:
        view = receipt_of(receipt, play.shelf.hashes[keys.receipt(TENANT, receipt)])
        if view is None or view["state"] != "accepted":
            yield f"receipt {receipt} is {view and (view['state'], view['parts'], view['problems'])}"


def every_order_has_its_place(play: Play) -> Iterator[str]:
    """What was sent is an order; it ended, waits for stock, or is with the warehouse. None waits for the ERP."""
    told = statuses(play)
    for order in play.world.orders:
        if told.get(order.id, "") in ("", "received", "accepted", "confirmed"):
            yield f"{order.number} {order.id} is {told.get(order.id)!r} in the end"


def the_erp_has_each_once(play: Play) -> Iterator[str]:
    """One document stands of an order that stands, with its lines; none of another. A key that is honoured makes one.

    Where goods left that were cancelled a person was told of it, who sees to the ERP, too.
    """
    told, documents = statuses(play), play.erp.erp.documents
    numbers = {
        message.key: message.record["erp_number"]
        for message in play.log("orders.events")
        if message.type == "order.confirmed"
    }
    known = {
        message.key
        for message in play.log("orders.events")
        if message.type == "exception.raised" and "shipped" in message.record["detail"]
    }
    for order in (order for order in play.world.orders if order.id not in known):
        standing = [one for one in documents if one.order_id == order.id and not one.cancelled]
        if len(standing) != (told.get(order.id) not in GONE):
            yield f"{order.id} is {told.get(order.id)}, and {[one.number for one in standing]} stand in the ERP"
        elif standing and standing[0].number != numbers.get(order.id):
            yield f"{order.id} is said to be {numbers.get(order.id)} in the ERP, and is {standing[0].number}"
        elif standing and (wanted := _wanted(play, order.id)) != dict(standing[0].lines):
            yield f"{order.id} wants {wanted}, and {standing[0].number} has {dict(standing[0].lines)}"
    made = [one.key for one in documents]
    if not play.world.forgetful and len(set(made)) != len(made):
        yield f"made twice under one key: {sorted({key for key in made if made.count(key) > 1})}"


def _wanted(play: Play, order_id: str) -> dict[str, int]:
    rows = play.topology.rows("orders", TENANT, order_id)
    lines = [row for name, row in rows.items() if name.startswith("line|")]
    left = {
        line["line"]: line["ordered"] - line["rejected"] - line["cancelled"] - line["substituted"] for line in lines
    }
    return {line: units for line, units in left.items() if units}


def every_entry_is_heard(play: Play) -> Iterator[str]:
    """A subscriber got each entry of his view, under its own id; of each order first deliveries came in order."""
    feeds = _feeds(play)
    for view, taken in play.endpoints.taken.items():
        known = {entry["id"]: entry for entry in feeds.get(view, [])}
        last: dict[str, int] = {}
        seen: set[str] = set()
        for body in taken:
            entry = known.get(body["id"])
            if entry is None or (body["webhook_id"], body["seq"], body["hash"]) != (
                entry["id"],
                entry["seq"],
                entry["hash"],
            ):
                yield f"{view}: {body['id']} was delivered, and is not in the feed like that"
            elif body["id"] not in seen and entry["seq"] < last.get(entry["order_key"], 0):
                yield f"{view}: entry {entry['seq']} came after {last[entry['order_key']]} of the same order"
            elif body["id"] not in seen:
                last[entry["order_key"]] = entry["seq"]
            seen.add(body["id"])
    for channel in play.world.endpoints:
        heard = {body["id"] for body in play.endpoints.taken[f"{channel}/default"]}
        missing = [entry["seq"] for entry in feeds.get(f"{channel}/default", []) if entry["id"] not in heard]
        if missing:
            yield f"{channel}/default: entries {missing} were never delivered"


def every_status_is_told(play: Play) -> Iterator[str]:
    """The default view of an order's channel tells all its statuses, each once and in their order."""
    due: dict[str, list[str]] = {}
    for message in play.log("orders.events"):
        if message.type == "order.status.changed":
            due.setdefault(message.key, []).append(message.record["new"])
    told: dict[str, list[str]] = {}
    for entries in _feeds(play).values():
        for entry in entries:
            if entry["type"] == "order.status.changed":
                told.setdefault(entry["order_key"], []).append(play.data(entry)["status"])
    for order_id in due.keys() | told.keys():
        if due.get(order_id) != told.get(order_id):
            yield f"{order_id}: {due.get(order_id)} happened, {told.get(order_id)} was told"


def _feeds(play: Play) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for message in play.log("channels.feed"):
        found.setdefault(message.key, []).append(message.record)
    return found


CHECKS: Mapping[str, Check] = {
    "every document is decided": every_document_is_decided,
    "every order has its place": every_order_has_its_place,
    "an order that stands is in the ERP once, any other is not": the_erp_has_each_once,
    "every entry reaches its subscriber, in order per order": every_entry_is_heard,
    "every status is told once, in order": every_status_is_told,
}
