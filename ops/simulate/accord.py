"""Where two agents keep the same thing they agree in the end; nothing was granted beyond what was offered; nothing is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ops.simulate.outside import Check, statuses
from ops.simulate.play import Play
from ops.simulate.world import CHANNELS, SKUS, TENANT
from tables.redis import keys
from tables.redis.values import loaded

BUFFERS_BP = {"portal": 0, "market": 1_000}
UNDER_WAY = {"post": ("erp", ("attempt|", "queue|")), "feeds": ("", ("attempt|", "ready|", "retry|", "pending|"))}


def order_and_ledger_agree(play: Play) -> Iterator[str]:
    """Of each line the SKU holds what the order has reserved and released, and queues what it waits for."""
    for order in play.world.orders:
        rows = play.topology.rows("orders", TENANT, order.id)
        waits = Counter[str]()
        for line in (row for name, row in rows.items() if name.startswith("line|")):
            held = _held(play, line["sku"], order.id, line["line"])
            if held != line["reserved"] + line["released"]:
                yield f"{line['sku']} holds {held} for line {line['line']} of {order.id}, which has {line['reserved']} + {line['released']}"
            waits[line["sku"]] += line["backordered"]
        for sku in SKUS:
            queued = _queued(play, sku, order.id)
            whole = order.ship_complete and bool(rows) and rows["order"]["step"] == "queued"
            if (whole and queued and not waits[sku]) or (not whole and queued != waits[sku]):
                yield f"{sku} queues {queued} for {order.id}, which waits for {waits[sku]}"


def _held(play: Play, sku: str, holder: str, line: str) -> int:
    rows = play.topology.rows("inventory", TENANT, sku).items()
    mine = [row for name, row in rows if name.startswith("hold|") and (row["holder"], row["line"]) == (holder, line)]
    return sum(row["reserved"] + row["allocated"] for row in mine)


def _queued(play: Play, sku: str, holder: str) -> int:
    standing = play.topology.rows("inventory", TENANT, sku).get(f"attempt|{holder}")
    return sum(line["waiting"] for line in standing["lines"]) if standing else 0


def nothing_is_granted_beyond_the_offer(play: Play) -> Iterator[str]:
    """A hold takes at most what its channel was offered just before it: safety stock and buffers are not for sale."""
    places: dict[str, dict[str, Any]] = {sku: {} for sku in SKUS}
    for message in play.log("inventory.events"):
        record = message.record
        taken = sum(entry["reserved_change"] for entry in record.get("entries", ()) if entry["reserved_change"] > 0)
        if message.type == "inventory.reserved" and taken:
            offered = _offer(play, record["sku"], places[record["sku"]], record["channel"])
            if taken > offered:
                yield f"{record['sku']} fact {record['seq']}: {taken} granted to {record['channel']}, {offered} offered"
        places[record["sku"]] |= {place["location"]: place for place in record.get("positions", ())}


def _offer(play: Play, sku: str, places: Mapping[str, Any], channel: str) -> int:
    free = 0
    for name, place in places.items():
        net = place["on_hand"] - place["unsellable"] - place["allocated"] - place["reserved"]
        free += net if net <= 0 else max(0, net - (play.world.safety[sku] if name == "DC1" else 0))
    return max(0, free) * (10_000 - BUFFERS_BP[channel]) // 10_000


def what_is_held_lies_there_or_is_short(play: Play) -> Iterator[str]:
    """A place holds no more than lies there; where goods left that were not held for that order, the shortage is told."""
    short: dict[tuple[str, str], int] = {}
    held: dict[tuple[str, str], int] = {}
    for message in play.log("inventory.events"):
        sku, record = message.record["sku"], message.record
        if message.type == "inventory.shortfall":
            short[sku, record["location"]] = record["short"]
        for place in record.get("positions", ()):
            net = place["on_hand"] - place["unsellable"] - place["allocated"] - place["reserved"]
            held[sku, place["location"]] = max(0, -net)
    for place, missing in held.items():
        if missing != short.get(place, 0):
            yield f"{place} lacks {missing}, and is said to be short of {short.get(place, 0)}"


def no_stock_lies_idle(play: Play) -> Iterator[str]:
    """Where somebody waits for a part of what he wants, nothing is offered to him."""
    for order in play.world.orders:
        for sku in SKUS:
            rows = play.topology.rows("inventory", TENANT, sku)
            places = rows["sku"]["positions"] if "sku" in rows else {}
            if (
                not order.ship_complete
                and _queued(play, sku, order.id)
                and (idle := _offer(play, sku, places, order.channel))
            ):
                yield f"{idle} of {sku} lie free while {order.id} waits"


def nothing_is_under_way(play: Play) -> Iterator[str]:
    """At rest no attempt is out, nothing is queued for a door, every order has heard from every SKU."""
    for agent, view in [("post", "erp"), *(("feeds", f"{channel}/default") for channel in CHANNELS)]:
        left = [name for name in play.topology.rows(agent, TENANT, view) if name.startswith(UNDER_WAY[agent][1])]
        if left:
            yield f"{agent} {view}: {left}"
    for order in play.world.orders:
        rows = play.topology.rows("orders", TENANT, order.id)
        if rows and rows["order"]["awaiting"]:
            yield f"{order.id} still waits for {rows['order']['awaiting']} answers at step {rows['order']['step']}"


def read_models_say_what_the_log_says(play: Play) -> Iterator[str]:
    """The cache has each SKU's last version, and each order's last status."""
    last = {message.key: message.record for message in play.log("inventory.availability")}
    for sku, record in last.items():
        cached = play.shelf.text(keys.availability(TENANT, sku)) or {}
        if (
            cached.get("version") != record["version"]
            or int(cached["default"]["quantity"]) != record["default_quantity"]
        ):
            yield f"{sku}: the cache has {cached}, the log version {record['version']} with {record['default_quantity']}"
    for order_id, headline in statuses(play).items():
        shown = loaded(play.shelf.hashes[keys.order(TENANT, order_id)].get(b"status")) or {}
        if shown.get("status") != headline:
            yield f"{order_id}: the cache says {shown.get('status')}, the log {headline}"


CHECKS: Mapping[str, Check] = {
    "an order and the ledgers of its SKUs agree": order_and_ledger_agree,
    "nothing is granted beyond the offer": nothing_is_granted_beyond_the_offer,
    "what is held lies there, or is said to be short": what_is_held_lies_there_or_is_short,
    "no stock lies idle while somebody waits for it": no_stock_lies_idle,
    "nothing is under way at rest": nothing_is_under_way,
    "the cache says what the log says": read_models_say_what_the_log_says,
}
