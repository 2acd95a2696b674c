"""How many drifts stand and how many units of them nobody can explain: for metrics, alerts and `wharf doctor`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from tables.redis.values import loaded


class DriftTotals(NamedTuple):
    """Of all observed sources of an environment; units in whatever base units their products have."""

    drifts: int = 0
    exceptions: int = 0
    unexplained: Decimal = Decimal(0)

    def with_value(self, value: bytes) -> DriftTotals:
        """The totals with one field of a drift hash; a removed one adds nothing."""
        body = loaded(value)
        if body is None:
            return self
        units = sum((abs(Decimal(figure["unexplained"])) for figure in body["figures"]), Decimal(0))
        return DriftTotals(self.drifts + 1, self.exceptions + body["exception"], self.unexplained + units)


def totals(values: Iterable[bytes]) -> DriftTotals:
    """The totals of these fields. Cost: O(drifts)."""
    found = DriftTotals()
    for value in values:
        found = found.with_value(value)
    return found
