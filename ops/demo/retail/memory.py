"""Which order a cancellation means: the customer's last one of that product, as far as that is remembered."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass

from ops.demo.retail.invoices import Bought, Invoice

REMEMBERED = 200_000  # pairs of customer and product


@dataclass(frozen=True, slots=True)
class Place:
    """A line of an order."""

    order_id: str
    line: str
    quantity: int  # not cancelled yet


class Memory:
    """The last order of each customer and product; the longest unused are forgotten."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._last: OrderedDict[tuple[str, str], Place] = OrderedDict()

    def ordered(self, order_id: str, invoice: Invoice) -> None:
        """An invoice became an order, its lines numbered from 1."""
        for number, bought in enumerate(invoice.lines, start=1):
            self._last[invoice.customer, bought.code] = Place(order_id, str(number), bought.quantity)
            self._last.move_to_end((invoice.customer, bought.code))
        while len(self._last) > self._limit:
            self._last.popitem(last=False)

    def cancelled(self, invoice: Invoice) -> tuple[dict[str, dict[str, int]], list[Bought]]:
        """What is to be cancelled, by order and line, and what comes back of orders that nobody here remembers."""
        wanted: defaultdict[str, dict[str, int]] = defaultdict(dict)
        returned: list[Bought] = []
        for bought in invoice.lines:
            place = self._last.get((invoice.customer, bought.code))
            if place is None or place.quantity < bought.quantity:
                returned.append(bought)
                continue
            left = Place(place.order_id, place.line, place.quantity - bought.quantity)
            self._last[invoice.customer, bought.code] = left
            lines = wanted[place.order_id]
            lines[place.line] = lines.get(place.line, 0) + bought.quantity
        return dict(wanted), returned
