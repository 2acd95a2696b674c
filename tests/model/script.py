"""A small world: what is on its way to its SKUs, and what each command does to the goods themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.generated import inventory_v1 as inventory

START = 1_772_438_400_000
HOUR = 3_600_000
LONGEST = 3  # ticks of an hour: carts are over by then


@dataclass(frozen=True, slots=True)
class Step:
    """One command on its way; it may come at any time after `after`, and again at any time after that.

    level  the smallest size of exploration that has it: 0 fast, 1 every build, 2 every night
    """

    name: str
    sku: str
    kind: str
    record: Mapping[str, Any]
    after: tuple[str, ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """Some SKUs, their rules, and all that happens to them, in no order but the one that `after` demands.

    independent  nobody competes for a unit and nobody gives back: every order must end in one and the same ledger
    """

    name: str
    steps: tuple[Step, ...]
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ticks: int = 0
    independent: bool = False

    def sized(self, level: int) -> World:
        """The world with the steps of a size; what waited for a step that is left out waits for nothing."""
        kept = {step.name for step in self.steps if step.level <= level}
        steps = tuple(
            Step(step.name, step.sku, step.kind, step.record, tuple(each for each in step.after if each in kept))
            for step in self.steps
            if step.name in kept
        )
        return World(self.name, steps, self.rules, self.ticks, self.independent)


class Writer:
    """Writes the steps of one SKU."""

    def __init__(self, sku: str) -> None:
        self.sku = sku

    def _step(self, name: str, kind: str, record: Any, after: str, level: int) -> Step:
        """A step; `after` names others of this SKU, and with an @ those of another by their full name."""
        names = [each.strip() for each in after.split(",") if each.strip()]
        full = tuple(each[1:] if each.startswith("@") else f"{self.sku} {each}" for each in names)
        return Step(f"{self.sku} {name}", self.sku, kind, record, full, level)

    def report(
        self, name: str, kind: str, location: str, quantity: int, *, minute: int, after: str = "", level: int = 0,
        **more: Any,
    ) -> Step:  # fmt: skip
        """A count (by its sequence) or a movement (by its event) as of a minute of the day before."""
        record = inventory.report_stock(
            sku=self.sku, kind=kind, source="wms", location=location, quantity=quantity,
            as_of=START - HOUR + minute * 60_000, event_id="" if kind == "counted" else f"e {name}", **more,
        )  # fmt: skip
        return self._step(name, "stock.report", record, after, level)

    def reserve(
        self, name: str, holder: str, units: int, *, attempt: int = 1, after: str = "", level: int = 0, **more: Any
    ) -> Step:
        """A reserve of one line."""
        record = inventory.reserve(
            sku=self.sku, holder=holder, attempt=attempt, channel=more.pop("channel", "web"),
            lines=[inventory.reserve_line(line="1", quantity=units)], **more,
        )  # fmt: skip
        return self._step(name, "stock.reserve", record, after, level)

    def release(
        self, name: str, holder: str, units: int = 0, *, attempt: int = 1, after: str = "", level: int = 0
    ) -> Step:
        """A release of some units, or of all and for good."""
        lines = [inventory.release_line(line="1", quantity=units)] if units else []
        record = inventory.release(sku=self.sku, holder=holder, attempt=attempt, lines=lines, reason="cancelled")
        return self._step(name, "stock.release", record, after, level)

    def allocate(
        self, name: str, holder: str, units: int = 0, *, attempt: int = 1, after: str = "", level: int = 0
    ) -> Step:
        """Some units of the line, or all that is reserved, go to the warehouse."""
        lines = [inventory.reserve_line(line="1", quantity=units)] if units else []
        record = inventory.allocate(sku=self.sku, holder=holder, attempt=attempt, lines=lines)
        return self._step(name, "stock.allocate", record, after, level)

    def ship(
        self, name: str, holder: str, units: int, location: str, *, minute: int, after: str = "", level: int = 0
    ) -> Step:
        """Goods of the line left a location at a minute of the day before."""
        record = inventory.ship(
            sku=self.sku, holder=holder, line="1", location=location, quantity=units, shipment=name, event_id=name,
            at=START - HOUR + minute * 60_000,
        )  # fmt: skip
        return self._step(name, "stock.ship", record, after, level)

    def transfer(self, name: str, holder: str, units: int, *, after: str = "", level: int = 0, **more: Any) -> Step:
        """Held units move to another location or holder."""
        record = inventory.transfer_hold(sku=self.sku, holder=holder, attempt=1, line="1", quantity=units, **more)
        return self._step(name, "stock.transfer", record, after, level)

    def extend(self, name: str, holder: str, hours: int, *, after: str = "", level: int = 0) -> Step:
        """A hold lasts until so many hours after the start."""
        record = inventory.extend_hold(sku=self.sku, holder=holder, attempt=1, expires_at=START + hours * HOUR - 1)
        return self._step(name, "stock.extend", record, after, level)

    def expire(self, name: str, holder: str, *, level: int = 0) -> Step:
        """An expiry from nowhere: too early, of a hold that was extended since, or once more."""
        return self._step(
            name, "stock.expire", inventory.expire_hold(sku=self.sku, holder=holder, attempt=1), "", level
        )

    def announce(self, name: str, supply: str, units: int, *, minute: int, level: int = 0) -> Step:
        """Supply is on its way."""
        record = inventory.announce_supply(
            sku=self.sku, supply=supply, source="erp", location="A", quantity=units, due=START + HOUR,
            as_of=START - HOUR + minute * 60_000,
        )  # fmt: skip
        return self._step(name, "stock.announce-supply", record, "", level)
