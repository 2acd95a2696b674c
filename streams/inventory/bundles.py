"""A SKU in bundles: as a component it tells each bundle what it offers; as a bundle it offers what its components make."""

from __future__ import annotations

from schemas.generated import bundles_v1
from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import AvailabilityChanged, OfferBundle, SetStockRules, WatchStock
from streams.engine.effects import Ask
from streams.inventory.book import Book
from tables.inventory import names
from tables.inventory.availability import availability
from tables.inventory.position import is_bundle


def watch(book: Book, command: WatchStock) -> None:
    """A bundle wants to hear what the SKU offers, now and whenever it changes; or no more."""
    bundle, watching = command["bundle"], command["watching"]
    if (book.rows.get(names.watch(bundle)) is not None) == watching:
        book.ignored("duplicate", event_id=bundle)
    else:
        record = inventory.watch_changed(**book.stamp(), bundle=bundle, watching=watching)
        book.fact("inventory.watch.changed", record)
    if watching:
        _tell(book, bundle, availability(book.code, book.sku))


def offer_bundle(book: Book, command: OfferBundle) -> None:
    """Offer what can be made of the components; of a SKU that is no bundle any more it comes too late."""
    if not is_bundle(book.sku):
        book.ignored("no_bundle")
    elif command["offer"] == book.sku["bundle"]:
        book.ignored("duplicate")
    else:
        book.fact("inventory.bundle.offered", inventory.bundle_offered(**book.stamp(), offer=command["offer"]))


def pass_recipe_on(book: Book, known: SetStockRules | None, rules: SetStockRules) -> None:
    """Whoever keeps the bundle hears what it is made of, also that it is made of nothing any more."""
    if rules["components"] or (known and known["components"]):
        recipe = bundles_v1.set_recipe(sku=book.code, components=rules["components"], version=rules["version"])
        book.ask(Ask("bundle.set-recipe", book.code, recipe))


def tell_bundles(book: Book, now: AvailabilityChanged) -> None:
    """What the SKU offers has changed. Cost: one command per bundle that it is a component of."""
    if book.sku["watchers"]:
        for name, _ in book.rows.scan(names.WATCHES):
            _tell(book, names.watching(name), now)


def _tell(book: Book, bundle: str, now: AvailabilityChanged) -> None:
    record = bundles_v1.component_changed(
        sku=bundle, component=book.code, version=now["version"], as_of=now["as_of"],
        default_quantity=now["default_quantity"],
        channels={channel["channel"]: channel["quantity"] for channel in now["channels"]},
        locations={place["location"]: place["free"] for place in now["locations"]},
        nested=is_bundle(book.sku),
    )  # fmt: skip
    book.ask(Ask("bundle.component-changed", bundle, record))
