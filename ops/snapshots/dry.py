"""A hub that agrees to everything and hears nothing: what a snapshot would be, without saying it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.channels.readers.stock_rows import StockRow
from ops.snapshots.decide import Place, Standing


class DryHub:
    """hub.Hub that says nothing to anybody."""

    def take(self, rows: Sequence[StockRow]) -> Mapping[str, Any]:
        """Every row is agreed."""
        return {"state": "accepted", "parts": [{"state": "decided"} for _ in rows], "problems": []}

    def standing(self, source: str, skus: Sequence[str]) -> Mapping[Place, Standing]:
        """Nothing is known."""
        return {}
