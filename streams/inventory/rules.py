"""The rules of a SKU: safety stock, authorities, priorities, what each channel may sell."""

from __future__ import annotations

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import SetStockRules
from streams.inventory.book import Book
from streams.inventory.bundles import pass_recipe_on
from streams.inventory.doubts import settle_contested


def set_rules(book: Book, command: SetStockRules) -> None:
    """Take over rules unless newer ones are known; of two changes within one tick of a clock the later to come holds."""
    known = book.sku["rules"]
    if known and (command == known or command["version"] < known["version"]):
        book.ignored("duplicate" if command == known else "stale_rules")
        return
    book.fact("inventory.rules.set", inventory.stock_rules_set(**book.stamp(), rules=command))
    settle_contested(book)
    pass_recipe_on(book, known, command)
