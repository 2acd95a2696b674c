"""A SKU as its facts make it, rebuilt beside the production table by the same `apply`."""

from __future__ import annotations

from typing import Any

from schemas.envelope import Envelope
from schemas.generated import state_inventory_v1 as state
from schemas.generated.inventory_v1 import Standing
from schemas.generated.state_inventory_v1 import Hold, Sku
from tables.inventory import ledger, names
from tables.inventory.apply import apply
from tables.inventory.evidence import Evidence
from tables.sorted_rows import SortedRows


class Shadow:
    """One SKU's rows, and, where `evidence` is given, the events behind them."""

    __slots__ = ("evidence", "rows")

    def __init__(self, evidence: Evidence | None = None) -> None:
        self.rows, self.evidence = SortedRows(), evidence

    def take(self, envelope: Envelope, record: Any) -> None:
        """Apply one fact; a repeated one changes nothing. Cost: as in production."""
        if self.evidence is not None and record.get("seq", 0) > self.sku["seq"]:
            self.evidence.take(envelope, record)
        self.rows.put(apply(envelope.type, record, self.rows))

    @property
    def sku(self) -> Sku:
        """Totals, rules and guards."""
        found: Sku = self.rows.get(names.SKU) or state.sku()
        return found

    def holds(self) -> list[Hold]:
        """The ledger: who holds what, by holder, line and location. Cost: O(rows)."""
        return [row for _, row in self.rows.scan("hold|")]

    def holds_of(self, holder: str) -> list[Hold]:
        """A holder's ledger rows, by line and location."""
        return [row for _, row in self.rows.scan(names.holds(holder))]

    def standings(self) -> list[Standing]:
        """Every holder that is remembered. Cost: O(holders)."""
        return [row for _, row in self.rows.scan("attempt|")]

    def standing(self, holder: str) -> Standing:
        """What a holder has here."""
        return ledger.standing(self.rows, holder)
