"""How much an order's lines weigh: what is told of it later has to fit one message, however often it is told.

The heaviest is the status told to a subscriber: each line with its quantities in words, measured at 236 bytes beside its
names. A message ends at 1 MiB (schemas.guard.MAX_MESSAGE); the rest is room for the order's head and for long numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.generated import orders_v1 as orders

MAX_WEIGHT = 900_000  # some 2,500 lines of ordinary names
PER_LINE = 280


def weight(lines: Iterable[orders.OrderLine]) -> int:
    """Bytes that these lines take at most where they take most."""
    return sum(_of_line(line) for line in lines)


def _of_line(line: orders.OrderLine) -> int:
    names = (line["line"], line["channel_line"], line["sku"], line["sku"], line["unit"], line["detail"])
    ids = [text for product in line["product_ids"] for text in (product["scheme"], product["value"])]
    return PER_LINE + sum(len(text.encode()) for text in (*names, *ids))
