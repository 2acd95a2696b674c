"""A small world of commands for property tests, and what must hold after each of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from schemas import wire
from schemas.generated import inventory_v1 as inventory
from schemas.loader import by_type
from streams.engine.effects import Effects
from tables.inventory import INVENTORY
from tables.inventory.availability import availability
from tables.inventory.position import available_to_sell
from tables.inventory.supply import to_come
from tables.rows import DictRows, kind_of
from tests.streams.inventory.shelf import SKU, Shelf, lines

START = 1_772_438_400_000
LOCATIONS, HOLDERS, CHANNELS = ("DC1", "YARD"), ("PO-1", "PO-2", "CART"), ("portal", "mkt")
Command = tuple[str, dict[str, Any]]

locations = st.sampled_from(LOCATIONS)
holders = st.sampled_from(HOLDERS)
attempts = st.integers(1, 3)
units = st.integers(0, 6)
times = st.integers(START - 20, START + 60)
wanted = st.dictionaries(st.sampled_from(["1", "2"]), units, max_size=2).map(lines)
returns = st.dictionaries(
    st.sampled_from(["1", "2"]), st.tuples(units, st.one_of(st.none(), st.integers(0, 6))), max_size=2
).map(
    lambda drawn: [inventory.release_line(line=line, quantity=each, keep=keep) for line, (each, keep) in drawn.items()]
)
sequences = st.one_of(st.none(), st.integers(1, 12))


def command(kind: str, make: Any, /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    return st.fixed_dictionaries(fields).map(lambda drawn: (kind, make(sku=SKU, **drawn)))


counts = command(
    "stock.report", inventory.report_stock, kind=st.just("counted"), source=st.sampled_from(["wms", "erp"]),
    sequence=sequences, as_of=times, location=locations, quantity=st.integers(-1, 9),
    unsellable=st.one_of(st.none(), st.integers(0, 3)),
    classes=st.dictionaries(st.sampled_from(["damaged", "display", "unheard-of"]), st.integers(0, 2), max_size=1),
)  # fmt: skip
movements = command(
    "stock.report", inventory.report_stock, source=st.sampled_from(["wms", "erp"]), sequence=sequences, as_of=times,
    kind=st.sampled_from(["received", "adjusted", "transferred", "damaged", "quarantined", "cleared", "corrected"]),
    event_id=st.sampled_from(["", "e-1", "e-2", "e-3"]), location=locations, quantity=st.integers(-4, 6),
    to_location=st.sampled_from(["", *LOCATIONS]), supply=st.sampled_from(["", "PO-77"]),
    stock_class=st.sampled_from(["", "inspection", "unheard-of"]), unsellable=st.one_of(st.none(), st.integers(0, 2)),
)  # fmt: skip
reserves = command(
    "stock.reserve", inventory.reserve, holder=holders, holder_kind=st.sampled_from(["order", "cart"]),
    attempt=attempts, channel=st.sampled_from(CHANNELS), mode=st.sampled_from(["partial", "whole"]), wait=st.booleans(),
    rank=st.integers(1, 2),
    expires_at=st.one_of(st.none(), times), lines=wanted, from_holder=st.sampled_from(["", "CART"]),
)  # fmt: skip
releases = command(
    "stock.release", inventory.release, holder=holders, attempt=attempts, lines=returns,
    reason=st.sampled_from(["cancelled", "short_pick"]),
)  # fmt: skip
allocates = command("stock.allocate", inventory.allocate, holder=holders, attempt=attempts, lines=wanted)
ships = command(
    "stock.ship", inventory.ship, holder=holders, line=st.sampled_from(["1", "2"]), location=locations, quantity=units,
    shipment=st.just("S-1"), event_id=st.sampled_from(["s-1", "s-2", "s-3"]), at=times,
)  # fmt: skip
transfers = command(
    "stock.transfer", inventory.transfer_hold, holder=holders, attempt=attempts, line=st.sampled_from(["1", "2"]),
    quantity=units, from_location=st.sampled_from(["", *LOCATIONS]), to_location=st.sampled_from(["", *LOCATIONS]),
    to_holder=st.sampled_from(["", *HOLDERS]), to_line=st.sampled_from(["", "2"]), to_attempt=st.integers(0, 2),
)  # fmt: skip
extensions = command("stock.extend", inventory.extend_hold, holder=holders, attempt=attempts, expires_at=times)
announcements = command(
    "stock.announce-supply", inventory.announce_supply, supply=st.sampled_from(["PO-77", "PO-78"]),
    source=st.just("erp"), location=locations, quantity=st.integers(-1, 5), due=times, sequence=sequences, as_of=times,
)  # fmt: skip
expiries = command("stock.expire", inventory.expire_hold, holder=holders, attempt=attempts)
rules = command(
    "stock.set-rules", inventory.set_stock_rules, version=st.integers(1, 5),
    safety=st.dictionaries(locations, st.integers(0, 3)), authorities=st.dictionaries(locations, st.just("wms")),
    priorities=st.dictionaries(locations, st.integers(1, 3)),
    channels=st.lists(
        st.builds(inventory.channel_rule, channel=st.sampled_from(CHANNELS), percent_bp=st.sampled_from([0, 1000, 3333]),
                  units=st.integers(0, 2), locations=st.lists(locations, unique=True),
                  excluded_locations=st.lists(locations, max_size=1), guarantee=st.integers(0, 4),
                  cap=st.one_of(st.none(), st.integers(0, 5)), backorder_limit=st.one_of(st.none(), st.integers(0, 3)),
                  partial=st.booleans(), split=st.booleans(), one_location=st.booleans()),
        max_size=2, unique_by=lambda rule: rule["channel"],
    ),
    safety_bp=st.dictionaries(st.sampled_from(["DC1", "*"]), st.sampled_from([0, 1500])),
    thresholds=st.lists(
        st.builds(inventory.threshold, kind=st.sampled_from(["low", "out", "reorder"]), at=st.integers(0, 4),
                  channel=st.sampled_from(["", *CHANNELS]), clear=st.one_of(st.none(), st.integers(1, 7))),
        max_size=2, unique_by=lambda each: (each["kind"], each["channel"]),
    ),
    sequenced=st.lists(
        st.builds(inventory.sequenced_source, location=locations, source=st.sampled_from(["wms", "erp"])), max_size=2
    ),
    tolerances=st.lists(
        st.builds(inventory.drift_tolerance, location=locations, source=st.sampled_from(["", "erp"]),
                  units=st.integers(0, 3), percent_bp=st.sampled_from([0, 2000]), for_ms=st.sampled_from([0, 20]),
                  accept=st.sampled_from(["", "", "observed", "derived"])),
        max_size=2, unique_by=lambda each: (each["location"], each["source"]),
    ),
)  # fmt: skip
wakes = command(
    "stock.wake-answer",
    inventory.answer_wake,
    holder=holders,
    wake_id=st.integers(1, 30).map(lambda seq: f"{SKU}/{seq}"),
)
overdue = command(
    "stock.wake-overdue",
    inventory.wake_overdue,
    holder=holders,
    wake_id=st.integers(1, 30).map(lambda seq: f"{SKU}/{seq}"),
)
corrections = command(
    "stock.correct-drift", inventory.correct_drift, location=locations, source=st.sampled_from(["erp", "wms"]),
    as_of=times, accept=st.sampled_from(["observed", "derived"]), by=st.just("ann"),
)  # fmt: skip
drift_dues = command("stock.drift-due", inventory.drift_due, location=locations, source=st.just("erp"))
more = command("stock.fill-waiting", inventory.fill_waiting)
commands = st.one_of(
    counts, movements, reserves, reserves, releases, allocates, ships, expiries, rules, wakes, overdue, more,
    transfers, extensions, announcements, corrections, drift_dues,
)  # fmt: skip
days = st.lists(commands, max_size=14)


def played(day: list[Command]) -> tuple[Shelf, list[Effects]]:
    """A day's commands, one after the other."""
    shelf = Shelf()
    return shelf, [shelf.send(kind, record) for kind, record in day]


def check_books(shelf: Shelf) -> None:
    """Totals are the sum of the ledger, the queue is what standings say, nothing offered is negative."""
    sku = shelf.rows.get("sku")
    if sku is None:
        return
    held, by_holder = _sums(shelf)
    for location, position in sku["positions"].items():
        assert (position["reserved"], position["allocated"]) == tuple(held[location])
        assert min(held[location]) >= 0
    standings = {row["holder"]: row for name, row in shelf.rows.items() if name.startswith("attempt|")}
    assert {holder: row["held"] for holder, row in standings.items() if row["held"]} == by_holder
    queue = {row["ticket"]: row for name, row in shelf.rows.items() if name.startswith("waiting|")}
    assert {row["ticket"] for row in standings.values() if row["ticket"]} == queue.keys()
    assert sku["waiting"] == sum(row["quantity"] for row in queue.values())
    assert all(row["quantity"] > 0 for row in queue.values())
    needs = [row["ticket"] for name, row in shelf.rows.items() if name.startswith("need|")]
    assert sorted(needs) == sorted(queue)
    _check_totals(sku, standings.values())
    supplies = [row for name, row in shelf.rows.items() if name.startswith("supply|")]
    assert sku["incoming"] == sum(to_come(row) for row in supplies)
    assert all(available_to_sell(sku, channel) >= 0 for channel in CHANNELS)


def _check_totals(sku: Any, standings: Iterable[Any]) -> None:
    """What each channel holds and waits for is what its holders hold and wait for."""
    used, queued = Counter[str](), Counter[str]()
    for row in standings:
        used[row["channel"]] += row["held"]
        queued[row["channel"]] += sum(line["waiting"] for line in row["lines"])
    assert (sku["used"], sku["queued"]) == (dict(+used), dict(+queued))
    for position in sku["positions"].values():
        assert position["unsellable"] == sum(position["classes"].values())


def check_wire(shelf: Shelf, effects: Effects) -> None:
    """Every message and every row fits its schema."""
    messages = [(fact.type, fact.record) for fact in effects.facts] + [(ask.type, ask.record) for ask in effects.asks]
    messages += [(timer.type, timer.record) for timer in effects.timers if timer.record is not None]
    for kind, record in messages:
        name = by_type()[kind].name
        assert wire.decode(wire.encode(name, record)) == (name, record)
    for name, row in shelf.rows.items():
        assert wire.encode(INVENTORY.kinds[kind_of(name)], row)


def check_told(shelf: Shelf, effects: Effects) -> None:
    """What readers were told last is what the rows say now."""
    changed = [fact.record for fact in effects.facts if fact.type == "availability.changed"]
    assert all(
        min(offer["quantity"] for offer in [*each["channels"], {"quantity": each["default_quantity"]}]) >= 0
        for each in changed
    )
    if changed:
        assert changed[-1] == availability(SKU, shelf.rows["sku"], DictRows(shelf.rows))


def _sums(shelf: Shelf) -> tuple[defaultdict[str, list[int]], dict[str, int]]:
    held: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    by_holder: dict[str, int] = {}
    for name, row in shelf.rows.items():
        if name.startswith("hold|"):
            held[row["location"]][0] += row["reserved"]
            held[row["location"]][1] += row["allocated"]
            by_holder[row["holder"]] = by_holder.get(row["holder"], 0) + row["reserved"] + row["allocated"]
    return held, by_holder
