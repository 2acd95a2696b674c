"""A shelf that is counted by its WMS and observed by others, for tests: what observers say, as plain numbers."""

from __future__ import annotations

from typing import Any

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Comparison, DriftFigure
from streams.engine.effects import Effects
from tables.inventory import names
from tests.streams.inventory.shelf import SKU, Shelf

START = 1_772_438_400_000
MINUTE = 60_000
HOUR = 60 * MINUTE


class Observed(Shelf):
    """DC1 is the WMS's; the ERP and others are observed there. Times are minutes after START."""

    def __init__(self, units: int = 100, *tolerances: Any, **rules: Any) -> None:
        super().__init__()
        self.rules(authorities={"DC1": "wms"}, tolerances=list(tolerances), **rules)
        self.wms(0, units)

    def wms(self, minute: int, units: int, *, heard: int | None = None, **more: Any) -> Effects:
        return self._told("wms", minute, units, heard, **more)

    def erp(self, minute: int, units: int, *, heard: int | None = None, source: str = "erp", **more: Any) -> Effects:
        return self._told(source, minute, units, heard, **more)

    def moved(self, minute: int, units: int, event: str, *, heard: int | None = None, **more: Any) -> Effects:
        more = {"kind": "adjusted", "event_id": event, **more}
        return self.report(
            location="DC1", quantity=units, as_of=at(minute), now=at(minute if heard is None else heard), **more
        )

    def correct(self, minute: int, accept: str, *, source: str = "erp", id: str = "", **more: Any) -> Effects:
        """Ann decides about the observation of that minute."""
        record = inventory.correct_drift(
            sku=SKU, location="DC1", source=source, as_of=at(minute), accept=accept, by="ann", reason="counted twice",
            **more,
        )  # fmt: skip
        return self.send("stock.correct-drift", record, **({"id": id} if id else {}))

    def compared(self, source: str = "erp") -> Comparison:
        found: Comparison = self.rows[names.comparison("DC1", source)]
        return found

    def figure(self, stock_class: str = "on_hand", source: str = "erp") -> DriftFigure:
        [found] = [each for each in self.compared(source)["figures"] if each["stock_class"] == stock_class]
        return found

    def numbers(self, stock_class: str = "on_hand") -> tuple[int, int, int]:
        """Observed, expected, difference."""
        figure = self.figure(stock_class)
        return figure["observed"], figure["expected"], figure["difference"]

    def explained(self) -> dict[str, bool]:
        """The events of the drift of on hand, and whether they explain it."""
        return {event["event_id"]: event["explains"] for event in self.figure()["events"]}

    def crossings(self) -> list[tuple[str, str]]:
        """Class and crossing that the last command led to."""
        return [(fact["stock_class"], fact["crossing"]) for fact in self.facts("inventory.drift.crossed")]

    @property
    def on_hand(self) -> int:
        return self.position("DC1")["on_hand"]

    def _told(self, source: str, minute: int, units: int, heard: int | None, **more: Any) -> Effects:
        more = {"sequence": minute + 1, **more}
        now = at(minute if heard is None else heard)
        return self.count("DC1", units, source=source, as_of=at(minute), now=now, **more)


def at(minute: int) -> int:
    return START + minute * MINUTE


def tolerated(**more: Any) -> Any:
    """A tolerance at DC1."""
    return inventory.drift_tolerance(location="DC1", **more)
