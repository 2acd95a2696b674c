"""What must hold of a SKU in every state of every world, and of every step from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from streams.engine.effects import Effects, Timer
from streams.inventory.offer import Offer
from tables.inventory.availability import availability
from tables.inventory.position import net, rule_of
from tables.rows import DictRows
from tests.model import truth
from tests.model.script import Step
from tests.streams.inventory.shelf import ANSWERS
from tests.streams.inventory.world import check_books

LOCATIONS = ("A", "B")
Rows = Mapping[str, Any]


class Broken(AssertionError):
    """A law that does not hold."""


def check(holds: bool, law: str, **seen: Any) -> None:
    """Say which law is broken, and by what."""
    if not holds:
        raise Broken(f"{law}: {seen}")


def books(rows: Rows) -> None:
    """Totals are the sum of the ledger, the queue is what standings say."""
    check_books(SimpleNamespace(rows=rows))  # type: ignore[arg-type]


def of_state(rows: Rows, timers: Mapping[str, Timer], delivered: Iterable[Step]) -> None:
    """Books are in order; goods are conserved; who was given back holds nothing; nobody waits for what is there."""
    steps = list(delivered)
    if "sku" not in rows:
        return
    books(rows)
    _conserved(rows, steps)
    _rightful(rows, steps)
    _served(rows)
    _ending(rows, timers)


def _ending(rows: Rows, timers: Mapping[str, Timer]) -> None:
    """A hold that has an end has a timer for it."""
    for name, standing in rows.items():
        if name.startswith("attempt|") and standing["expires_at"] is not None and standing["held"]:
            timer = timers.get(f"expire|{standing['holder']}")
            check(timer is not None and timer.due == standing["expires_at"], "a hold that ends has a timer",
                  of=standing["holder"], timer=timer)  # fmt: skip


def _conserved(rows: Rows, steps: list[Step]) -> None:
    positions = rows["sku"]["positions"]
    for location in LOCATIONS:
        position = positions.get(location)
        found = (position["on_hand"], position["unsellable"]) if position else (0, 0)
        check(found == truth.goods(steps, location), "units in are units out and units on hand", at=location,
              found=found, true=truth.goods(steps, location))  # fmt: skip


def _rightful(rows: Rows, steps: list[Step]) -> None:
    """No unit is unavailable without a live reason: a holder that is open and asked for it."""
    held: dict[str, int] = {}
    for name, row in rows.items():
        if name.startswith("hold|"):
            held[row["holder"]] = held.get(row["holder"], 0) + row["reserved"] + row["allocated"]
    for holder, units in held.items():
        standing = rows[f"attempt|{holder}"]
        live = standing["attempt"] > max(standing["closed"], truth.closed(steps, holder))
        check(live, "what was given back is held no more", by=holder)
        check(units <= truth.wanted(steps, holder), "nobody holds more than was asked for", by=holder, units=units)
    for name, row in rows.items():
        if name.startswith("waiting|"):
            check(truth.closed(steps, row["holder"]) < rows[f"attempt|{row['holder']}"]["attempt"],
                  "who was given back waits no more", who=row["holder"])  # fmt: skip


def _served(rows: Rows) -> None:
    """Whoever could be served is served: no stock is left lying for those who wait for it."""
    sku = rows["sku"]
    for name, waiter in sorted(rows.items()):
        if not name.startswith("waiting|") or sku["woken"]:
            continue
        lines = rows[f"attempt|{waiter['holder']}"]["lines"]
        offer = Offer(sku, waiter["channel"])
        if waiter["mode"] == "whole":
            check(not offer.fits(line["waiting"] for line in lines), "who fits is woken", who=waiter["holder"])
        else:
            got = sum(sum(offer.take(line["waiting"], _rows(rows, waiter, line)).values()) for line in lines)
            check(not got, "nobody waits for what is there", who=waiter["holder"], free=got)


def _rows(rows: Rows, waiter: Any, line: Any) -> list[Any]:
    prefix = f"hold|{waiter['holder']}|{line['line']}|"
    return [row for name, row in rows.items() if name.startswith(prefix)]


def of_step(before: Rows, step: Step | None, now: int, effects: Effects, after: Rows) -> None:
    """No step sells what is not there, revives what is over, or tells anything but what is."""
    check(bool(effects.facts), "every command is answered by a fact")
    _not_oversold(before, after)
    _told(effects, after)
    if step and step.kind == "stock.reserve":
        _refused_when_closed(before, step, effects, after)
        _whole(before, step, after)
    if step and step.kind == "stock.ship":
        _hold_falls(before, step, effects)
    if step and step.kind == "stock.expire":
        due = before.get(f"attempt|{step.record['holder']}", {}).get("expires_at")
        early = due is None or due > now
        check(not early or holdings(before) == holdings(after), "no hold ends before its time", due=due)


def _not_oversold(before: Rows, after: Rows) -> None:
    grew = holdings(after).items() - holdings(before).items()
    more = sum(units for _, units in grew) > 0 and _held(after) > _held(before)
    if not more:
        return
    sku = after["sku"]
    short = sum(net(position) for position in sku["positions"].values())
    check(short >= 0, "no more is granted than there is", net=short)
    for channel, used in sku["used"].items():
        rule = rule_of(sku["rules"], channel)
        grown = used > before["sku"]["used"].get(channel, 0)
        check(not (grown and rule and rule["cap"] is not None and used > rule["cap"]), "no channel goes beyond its cap",
              channel=channel, used=used)  # fmt: skip


def _told(effects: Effects, after: Rows) -> None:
    told = [fact.record for fact in effects.facts if fact.type == "availability.changed"]
    if told:
        check(told[-1] == availability(told[-1]["sku"], after["sku"], DictRows(after)), "readers are told what is")
        check(all(each["default_quantity"] >= 0 for each in told), "nothing negative is offered")
    answers = [ask for ask in effects.asks if ask.type in ANSWERS]
    for ask in {ask.key: ask for ask in answers}.values():
        if ask.record["state"] != "closed":
            said = sum(line["reserved"] + line["allocated"] for line in ask.record["lines"])
            check(said == _held(after, ask.key), "holders are told what they hold", who=ask.key, said=said)


def _refused_when_closed(before: Rows, step: Step, effects: Effects, after: Rows) -> None:
    standing = before.get(f"attempt|{step.record['holder']}")
    if standing and step.record["attempt"] <= standing["closed"]:
        check(holdings(after) == holdings(before), "a closed attempt is granted nothing")
        states = [ask.record["state"] for ask in effects.asks if ask.type in ANSWERS]
        check(states == ["closed"], "a closed attempt is told that it is closed", states=states)


def _hold_falls(before: Rows, step: Step, effects: Effects) -> None:
    """What ships is held no more, as far as it was held; what that frees may go to who waits, in the same decision."""
    held = _held(before, step.record["holder"])
    for fact in effects.facts:
        if fact.type == "inventory.reservation.shipped":
            entries = fact.record["entries"]
            fell = -sum(entry["reserved_change"] + entry["allocated_change"] for entry in entries)
            check(fell == min(held, step.record["quantity"]), "hold and on hand fall together", held=held, fell=fell)


def _whole(before: Rows, step: Step, after: Rows) -> None:
    """All or nothing: the order has all that it asked for, or neither it nor its cart has changed."""
    holder, cart = step.record["holder"], step.record["from_holder"]
    if step.record["mode"] != "whole":
        return
    more = _held(after, holder) - _held(before, holder)
    check(more in (0, sum(line["quantity"] for line in step.record["lines"])), "all of it or nothing", got=more)
    untouched = not cart or _held(after, cart) == _held(before, cart)
    check(bool(more) or untouched, "a cart is taken over whole or left", cart=cart)


def same_quantities(before: Rows, after: Rows, what: str) -> None:
    """Whatever is delivered again changes no quantity."""
    check(quantities(before) == quantities(after), "delivered again, it changes nothing", what=what)


def balanced(rows: Rows) -> None:
    """When all is over nothing is held and nobody waits."""
    sku = rows.get("sku")
    check(not holdings(rows), "when all is over nothing is held", left=holdings(rows))
    check(sku is None or (sku["waiting"], sku["used"], sku["queued"]) == (0, {}, {}), "when all is over nobody waits")


def holdings(rows: Rows) -> dict[str, int]:
    """Units by ledger row."""
    return {name: row["reserved"] + row["allocated"] for name, row in rows.items() if name.startswith("hold|")}


def quantities(rows: Rows) -> Any:
    """All that is counted of a SKU: goods, ledger, queue, supply."""
    sku = rows.get("sku")
    if sku is None:
        return None
    goods = {place: (each["on_hand"], each["unsellable"]) for place, each in sku["positions"].items()}
    ledger = {name: (row["reserved"], row["allocated"]) for name, row in rows.items() if name.startswith("hold|")}
    queue = {row["holder"]: row["quantity"] for name, row in rows.items() if name.startswith("waiting|")}
    return goods, ledger, queue, sku["incoming"], sorted(sku["crossed"])


def _held(rows: Rows, holder: str = "") -> int:
    prefix = f"hold|{holder}|" if holder else "hold|"
    return sum(units for name, units in holdings(rows).items() if name.startswith(prefix))
