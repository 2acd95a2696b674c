"""A shelf of one SKU for tests: commands as sentences, what readers and holders were told as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Position, ReleaseLine, ReserveLine, Standing
from streams.engine.effects import Effects, Timer
from streams.inventory.decide import decide
from tables.inventory import names
from tables.inventory.apply import apply
from tables.inventory.availability import availability
from tables.inventory.position import available_to_sell, net, pool, short
from tables.rows import DictRows
from tests.support.stage import Stage, asks, facts

SKU = "DRILL-18V"
ANSWERS = ("order.stock-answer", "cart.stock-answer")
NO_CHANNELS: tuple[Mapping[str, Any], ...] = ()


def given_back(wanted: Mapping[str, int]) -> list[ReleaseLine]:
    """Quantities of lines that go back."""
    return [inventory.release_line(line=line, quantity=quantity) for line, quantity in wanted.items()]


def lines(wanted: Mapping[str, int]) -> list[ReserveLine]:
    return [inventory.reserve_line(line=line, quantity=quantity) for line, quantity in wanted.items()]


class Shelf:
    """One SKU, its commands in the order they are sent."""

    def __init__(self, **on_hand: int) -> None:
        self.stage = Stage(decide, apply)
        self.timers: dict[str, Timer] = {}
        self.effects = Effects()
        self.versions = 0
        for location, units in on_hand.items():
            self.count(location, units, as_of=0)

    def send(self, kind: str, record: Mapping[str, Any], *, now: int | None = None, **envelope: str) -> Effects:
        self.effects = self.stage.send(kind, record, key=SKU, now=now, **envelope)
        for timer in self.effects.timers:
            self.timers.pop(timer.name, None) if timer.due is None else self.timers.update({timer.name: timer})
        return self.effects

    def rules(
        self, *, channels: tuple[Mapping[str, Any], ...] = NO_CHANNELS, version: int | None = None, **more: Any
    ) -> Effects:
        self.versions = self.versions + 1 if version is None else version
        more["thresholds"] = [inventory.threshold(**threshold) for threshold in more.get("thresholds", ())]
        ruled = [inventory.channel_rule(**channel) for channel in channels]
        return self.send(
            "stock.set-rules", inventory.set_stock_rules(sku=SKU, version=self.versions, channels=ruled, **more)
        )

    def report(self, kind: str, location: str, quantity: int, *, now: int | None = None, **more: Any) -> Effects:
        more = {"source": "wms", "as_of": self.stage.now + 1 if now is None else now, **more}
        return self.send(
            "stock.report",
            inventory.report_stock(sku=SKU, kind=kind, location=location, quantity=quantity, **more),
            now=now,
        )

    def count(self, location: str, quantity: int, **more: Any) -> Effects:
        return self.report("counted", location, quantity, **more)

    def reserve(
        self, holder: str, wanted: Mapping[str, int], *, attempt: int = 1, now: int | None = None, **more: Any
    ) -> Effects:
        more = {"channel": "portal", **more}
        return self.send(
            "stock.reserve",
            inventory.reserve(sku=SKU, holder=holder, attempt=attempt, lines=lines(wanted), **more),
            now=now,
        )

    def release(
        self, holder: str, wanted: Mapping[str, int] | None = None, *, attempt: int = 1, id: str = ""
    ) -> Effects:
        record = inventory.release(
            sku=SKU, holder=holder, attempt=attempt, lines=given_back(wanted or {}), reason="cancelled"
        )
        envelope: dict[str, Any] = {"id": id} if id else {}
        return self.send("stock.release", record, **envelope)

    def allocate(self, holder: str, wanted: Mapping[str, int] | None = None, *, attempt: int = 1) -> Effects:
        return self.send(
            "stock.allocate", inventory.allocate(sku=SKU, holder=holder, attempt=attempt, lines=lines(wanted or {}))
        )

    def ship(
        self, holder: str, quantity: int, location: str, *, line: str = "1", now: int | None = None, **more: Any
    ) -> Effects:
        at = self.stage.now + 1 if now is None else now
        more = {"shipment": "S-1", "event_id": f"ship-{self.stage.sent}", "at": at, **more}
        return self.send(
            "stock.ship",
            inventory.ship(sku=SKU, holder=holder, line=line, location=location, quantity=quantity, **more),
            now=now,
        )

    def transfer(self, holder: str, quantity: int, *, line: str = "1", attempt: int = 1, **more: Any) -> Effects:
        envelope = {"id": more.pop("id")} if "id" in more else {}
        record = inventory.transfer_hold(sku=SKU, holder=holder, attempt=attempt, line=line, quantity=quantity, **more)
        return self.send("stock.transfer", record, **envelope)

    def extend(self, holder: str, expires_at: int, *, attempt: int = 1, now: int | None = None) -> Effects:
        record = inventory.extend_hold(sku=SKU, holder=holder, attempt=attempt, expires_at=expires_at)
        return self.send("stock.extend", record, now=now)

    def announce(self, supply: str, quantity: int, due: int, *, location: str = "DC1", **more: Any) -> Effects:
        more = {"source": "erp", "as_of": self.stage.now + 1, **more}
        record = inventory.announce_supply(
            sku=SKU, supply=supply, quantity=quantity, due=due, location=location, **more
        )
        return self.send("stock.announce-supply", record)

    def due(self, name: str, *, now: int | None = None) -> Effects:
        """The timer's command comes into the mailbox, at its time or at another."""
        timer = self.timers.pop(name)
        assert timer.due is not None and timer.record is not None
        return self.send(timer.type, timer.record, now=timer.due if now is None else now)

    @property
    def rows(self) -> dict[str, Any]:
        return self.stage.keys[SKU].rows

    def position(self, location: str) -> Position:
        found: Position = self.rows["sku"]["positions"][location]
        return found

    def standing(self, holder: str) -> Standing:
        found: Standing = self.rows[names.attempt(holder)]
        return found

    def held(self, holder: str) -> int:
        return sum(
            row["reserved"] + row["allocated"]
            for name, row in self.rows.items()
            if name.startswith(names.holds(holder))
        )

    def available(self, channel: str = "portal") -> int:
        return available_to_sell(self.rows["sku"], channel)

    def pool(self) -> int:
        return pool(self.rows["sku"], self.rows["sku"]["positions"])

    def net(self, location: str) -> int:
        return net(self.position(location))

    def short(self) -> int:
        return sum(short(position) for position in self.rows["sku"]["positions"].values())

    def shown(self) -> Mapping[str, Any]:
        return availability(SKU, self.rows["sku"], DictRows(self.rows))

    def facts(self, kind: str) -> list[Any]:
        return facts(self.effects, kind)

    def asks(self, kind: str) -> list[Any]:
        return asks(self.effects, kind)

    def told(self) -> dict[str, int]:
        """What the last answer said is reserved, by line."""
        return {line["line"]: line["reserved"] for line in self.answers()[-1]["lines"]}

    def answers(self) -> list[Any]:
        """What holders were told, orders or carts."""
        return [ask.record for ask in self.effects.asks if ask.type in ANSWERS]

    def state(self) -> str:
        found: str = self.answers()[-1]["state"]
        return found

    def reason(self) -> str:
        """Why the last command was ignored."""
        [ignored] = self.facts("inventory.ignored")
        found: str = ignored["reason"]
        return found
