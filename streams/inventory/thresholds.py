"""Low, out, back and reorder point: somebody hears of each crossing once, whatever moves in between."""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import Threshold
from streams.inventory.book import Book
from tables.inventory.thresholds import cleared_at, crossing, watched

WORDS = {"low": ("low", "cleared"), "out": ("out", "back"), "reorder": ("reorder", "replenished")}


def cross(book: Book) -> None:
    """Say which thresholds are met or over now; of a SKU that nobody has reported yet nothing is known.

    Cost: O(thresholds x locations).
    """
    rules = book.sku["rules"]
    if rules is None or not (book.sku["positions"] or book.sku["bundle"]):
        return
    for threshold in rules["thresholds"]:
        _cross(book, threshold, watched(book.sku, threshold))


def _cross(book: Book, threshold: Threshold, value: int) -> None:
    in_force = crossing(threshold["kind"], threshold["channel"]) in book.sku["crossed"]
    limit = cleared_at(threshold) if in_force else threshold["at"]
    if (value < limit) if in_force else (value > limit):
        return
    reached, over = WORDS.get(threshold["kind"], (threshold["kind"], "cleared"))
    record = inventory.threshold_crossed(
        **book.stamp(), channel=threshold["channel"], kind=threshold["kind"], crossing=over if in_force else reached,
        value=value, limit=limit, in_force=not in_force,
    )  # fmt: skip
    book.fact("inventory.threshold.crossed", record)
