"""A SKU's book while one command is decided: rows as they are after the facts so far."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import LedgerEntry, Position, Standing
from schemas.generated.state_inventory_v1 import Hold, Sku
from streams.draft import Draft
from streams.engine.effects import Message, Timer
from tables.inventory import ledger, names
from tables.inventory.apply import apply
from tables.inventory.classes import changed
from tables.rows import Rows


class Stamp(TypedDict):
    """What every fact of a SKU begins with."""

    sku: str
    seq: int
    at: int


class About(Stamp):
    """What every fact about a holder begins with."""

    holder: str
    attempt: int
    channel: str


class Book(Draft):
    """Collects what is decided and shows at once what it leads to."""

    def __init__(self, message: Message, rows: Rows) -> None:
        super().__init__(message, rows, apply)
        self.code = message.key

    @property
    def decided(self) -> bool:
        """Whether the command has led to a fact yet."""
        return bool(self._facts)

    @property
    def sku(self) -> Sku:
        """Totals, rules and guards."""
        found: Sku = self.rows.get(names.SKU) or state.sku()
        return found

    @property
    def seq(self) -> int:
        """The number of the next fact."""
        return self.sku["seq"] + 1

    def position(self, location: str) -> Position:
        """What a location has; nothing where it is new."""
        return self.sku["positions"].get(location) or inventory.position(location=location)

    def standing(self, holder: str) -> Standing:
        """What a holder has here."""
        return ledger.standing(self.rows, holder)

    def holds(self, holder: str) -> list[Hold]:
        """A holder's ledger rows, by line and location."""
        return [row for _, row in self.rows.scan(names.holds(holder))]

    def shipped(self, holder: str) -> dict[str, int]:
        """Units of a holder that left, by line. Cost: one read per shipment."""
        left: dict[str, int] = {}
        for _, row in self.rows.scan(names.shipments(holder)):
            left[row["line"]] = left.get(row["line"], 0) + row["quantity"]
        return left

    def stamp(self) -> Stamp:
        """The beginning of the next fact."""
        return {"sku": self.code, "seq": self.seq, "at": self.now}

    def about(self, standing: Standing) -> About:
        """The beginning of the next fact about a holder."""
        return {
            **self.stamp(),
            "holder": standing["holder"],
            "attempt": standing["attempt"],
            "channel": standing["channel"],
        }

    def ignored(self, reason: str, **about: Any) -> None:
        """Decide that the command changes nothing."""
        record = inventory.command_ignored(**self.stamp(), command=self.message.type, reason=reason, **about)
        self.fact("inventory.ignored", record)

    def expiry(self, holder: str, attempt: int, due: int | None) -> None:
        """When a holder's time is over; None: never."""
        due_record = inventory.expire_hold(sku=self.code, holder=holder, attempt=attempt)
        self.timer(Timer(f"expire|{holder}", due, "stock.expire", due_record if due is not None else None))


class Change:
    """What one fact changes, gathered as differences and told as absolute values."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._holds: dict[tuple[str, str, str], tuple[int, int]] = {}
        self._on_hand: dict[str, int] = {}
        self._classes: dict[str, dict[str, int]] = {}

    def hold(self, holder: str, line: str, location: str, *, reserved: int = 0, allocated: int = 0) -> None:
        """A ledger row changes by so much."""
        was = self._holds.get((holder, line, location), (0, 0))
        self._holds[holder, line, location] = (was[0] + reserved, was[1] + allocated)

    def draw(self, rows: list[Hold], kind: Literal["reserved", "allocated"], units: int) -> int:
        """Take up to so many units off these ledger rows, in their order; returns how many that were."""
        left = units = max(0, units)
        for row in rows:
            taken = min(left, row[kind])
            if taken and kind == "reserved":
                self.hold(row["holder"], row["line"], row["location"], reserved=-taken)
            elif taken:
                self.hold(row["holder"], row["line"], row["location"], allocated=-taken)
            left -= taken
        return units - left

    def stock(self, location: str, *, on_hand: int = 0, unsellable: int = 0, stock_class: str = "") -> None:
        """A location's stock changes by so much."""
        self._on_hand[location] = self._on_hand.get(location, 0) + on_hand
        self._classes[location] = changed(self._classes.get(location, {}), {stock_class: unsellable})

    def held(self, holder: str) -> int:
        """By how much a holder holds more."""
        return sum(sum(units) for (whose, _, _), units in self._holds.items() if whose == holder)

    def entries(self) -> list[LedgerEntry]:
        """The touched ledger rows as they are then."""
        return [self._entry(*row, *units) for row, units in self._holds.items() if any(units)]

    def positions(self) -> list[Position]:
        """The touched locations as they are then."""
        touched = dict.fromkeys([*(location for _, _, location in self._holds), *self._on_hand])
        return [self._position(location) for location in touched]

    def _entry(self, holder: str, line: str, location: str, reserved: int, allocated: int) -> LedgerEntry:
        row = self._book.rows.get(names.hold(holder, line, location))
        return inventory.ledger_entry(
            holder=holder,
            line=line,
            location=location,
            reserved=(row["reserved"] if row else 0) + reserved,
            allocated=(row["allocated"] if row else 0) + allocated,
            reserved_change=reserved,
            allocated_change=allocated,
            since=row["since"] if row else self._book.now,
        )

    def _position(self, location: str) -> Position:
        was = self._book.position(location)
        rows = [units for (_, _, where), units in self._holds.items() if where == location]
        classes = self._classes.get(location, {})
        return {
            **was,
            "on_hand": was["on_hand"] + self._on_hand.get(location, 0),
            "unsellable": was["unsellable"] + sum(classes.values()),
            "classes": changed(was["classes"], classes) if classes else was["classes"],
            "reserved": was["reserved"] + sum(reserved for reserved, _ in rows),
            "allocated": was["allocated"] + sum(allocated for _, allocated in rows),
        }
