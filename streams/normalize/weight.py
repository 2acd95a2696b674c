"""How much an order's lines weigh: what is told of it later has to fit one message, however often it is told.

Two messages are the heaviest: the order itself, with all names of its lines, and the status that a subscriber is told:
each line with its quantities in words, measured at 236 bytes beside its names. A message ends at 1 MiB
(schemas.guard.MAX_MESSAGE); the rest is room for the order's head and for long numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.generated import orders_v1 as orders

MAX_WEIGHT = 900_000  # some 3,000 lines of ordinary names
PLACED, TOLD = 80, 280  # bytes of a line beside its names, in the order and in its status


def weight(lines: Iterable[orders.OrderLine]) -> int:
    """Bytes that these lines take at most where they take most."""
    return sum(max(_placed(line), _told(line)) for line in lines)


def _placed(line: orders.OrderLine) -> int:
    names = (line["line"], line["channel_line"], line["sku"], line["unit"], line["detail"])
    ids = [text for product in line["product_ids"] for text in (product["scheme"], product["value"])]
    return PLACED + sum(len(text.encode()) for text in (*names, *ids))


def _told(line: orders.OrderLine) -> int:
    return TOLD + 2 * sum(len(text.encode()) for text in (line["line"], line["sku"]))  # JSON may escape each
