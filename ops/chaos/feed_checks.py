"""What must hold of feeds: numbered without gaps, chained, complete, and heard by those who subscribed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ops.chaos.evidence import Check, Evidence, by_key
from ops.chaos.market import CHANNELS, HOOK
from ops.chaos.warehouse import CHANNEL, VIEW
from schemas.envelope import rfc3339

RELEASES = f"{CHANNEL}/{VIEW}"


def views(evidence: Evidence) -> dict[str, list[Any]]:
    """The entries of each view, in the order of the log."""
    return {view: [entry.record for entry in entries] for view, entries in by_key(evidence.of("channels.feed")).items()}


def without_gaps(evidence: Evidence) -> Iterator[str]:
    """A view counts 1, 2, 3 … in the order of the log, and tells nothing twice."""
    for view, entries in views(evidence).items():
        numbers = [entry["seq"] for entry in entries]
        if numbers and numbers[0] != 1:
            yield f"{view} begins at {numbers[0]}"
        for before, after in pairwise(numbers):
            if after != before + 1:
                yield f"{view}: {before} is followed by {after}"
        if len({entry["id"] for entry in entries}) != len(entries):
            yield f"{view} tells something twice"


def chained(evidence: Evidence) -> Iterator[str]:
    """Each entry's hash is over itself and the hash before it."""
    for view, entries in views(evidence).items():
        last = ""
        for entry in entries:
            last = _digest(last, entry)
            if last != entry["hash"]:
                yield f"{view}: entry {entry['seq']} does not follow from the one before"
                break


def _digest(previous: str, entry: Mapping[str, Any]) -> str:
    shown = {"at": rfc3339(entry["at"]), "data": json.loads(entry["data"])} | {
        name: entry[name] for name in ("id", "seq", "type")
    }
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((previous + text).encode()).hexdigest()


def every_status_is_told(evidence: Evidence) -> Iterator[str]:
    """Each view of a channel tells every status of each of its orders, in their order; the warehouse, every release."""
    heard: dict[str, dict[str, list[int]]] = {}
    for view, entries in views(evidence).items():
        of_view = heard.setdefault(view, {})
        for entry in entries:
            number = _number(entry, "order.released" if view == RELEASES else "order.status.changed")
            if number is not None:
                of_view.setdefault(entry["order_key"], []).append(number)
    for order_id, facts in by_key(evidence.of("orders.events")).items():
        channel = next(fact.record["channel"] for fact in facts if fact.type == "order.created")
        statuses = [fact.record["status_seq"] for fact in facts if fact.type == "order.status.changed"]
        releases = [fact.record["seq"] for fact in facts if fact.type == "order.released"]
        for view, due in ((f"{channel}/default", statuses), (f"{channel}/{HOOK}", statuses), (RELEASES, releases)):
            if (told := heard.get(view, {}).get(order_id, [])) != due:
                yield f"{view} tells {told} of {order_id}, and {due} happened"


def _number(entry: Mapping[str, Any], kind: str) -> int | None:
    if entry["type"] != kind:
        return None
    data = json.loads(entry["data"])
    return int(data.get("status_seq" if kind == "order.status.changed" else "version", 0))


def every_entry_is_heard(evidence: Evidence) -> Iterator[str]:
    """A subscriber got each entry at least once, the same one, and of each order first deliveries in order."""
    told = views(evidence)
    for name in CHANNELS:
        view = f"{name}/{HOOK}"
        entries, deliveries = told.get(view, []), evidence.heard.get(view, ())
        yield from _compared(view, {entry["id"]: entry for entry in entries}, deliveries)


def _compared(view: str, entries: Mapping[str, Any], deliveries: Sequence[Any]) -> Iterator[str]:
    seen: set[str] = set()
    last: dict[str, int] = {}
    for delivery in deliveries:
        entry = entries.get(delivery["id"])
        if entry is None or (delivery["seq"], delivery["hash"]) != (entry["seq"], entry["hash"]):
            yield f"{view}: {delivery['id']} was delivered, and is not in the feed like that"
        elif delivery["id"] not in seen:
            if entry["seq"] < last.get(entry["order_key"], 0):
                yield f"{view}: entry {entry['seq']} came after {last[entry['order_key']]} of the same order"
            last[entry["order_key"]] = entry["seq"]
        seen.add(delivery["id"])
    if missing := [entry["seq"] for id, entry in entries.items() if id not in seen]:
        yield f"{view}: {len(missing)} entries were never delivered, the first is {missing[0]}"


def deliveries_keep_their_name(evidence: Evidence) -> Iterator[str]:
    """A webhook has the same id at every try, and no subscriber that knew the secret saw a wrong signature."""
    for view, deliveries in evidence.heard.items():
        names: dict[str, str] = {}
        for delivery in deliveries:
            name = delivery.get("webhook_id", "")
            if names.setdefault(delivery["id"], name) != name:
                yield f"{view}: {delivery['id']} was delivered as {names[delivery['id']]} and as {name}"
    for view, refusals in evidence.refused.items():
        wrong = [refusal for refusal in refusals if str(refusal.get("reason", "")).startswith("signature")]
        if wrong:
            yield f"{view}: {len(wrong)} deliveries were signed wrongly, the first is {wrong[0]}"


CHECKS: dict[str, Check] = {
    "a feed has no gaps and no doubles": without_gaps,
    "a feed's entries are chained": chained,
    "every status is told to each view, in order": every_status_is_told,
    "a delivery keeps its id, and its signature is right": deliveries_keep_their_name,
    "every entry reaches its subscriber, in order per order": every_entry_is_heard,
}
