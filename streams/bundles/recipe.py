"""What a bundle is made of, what its components offer, and what can be made of that."""

from __future__ import annotations

from schemas.generated import bundles_v1, inventory_v1
from schemas.generated import state_bundles_v1 as state
from schemas.generated.bundles_v1 import ComponentChanged, SetRecipe
from streams.bundles.book import Book
from tables.bundles.offer import offered
from tables.bundles.rows import component_of, waiting_of


def set_recipe(book: Book, command: SetRecipe) -> None:
    """bundle.set-recipe: who holds keeps the recipe it was taken with; what is offered follows the new one."""
    bundle = book.bundle
    recipe = sorted(command["components"], key=lambda each: each["sku"])
    if command["version"] < bundle["version"] or (bundle["version"] and recipe == bundle["components"]):
        return book.ignore("known, or older than what is known")
    before, after = ({each["sku"] for each in side} for side in (bundle["components"], recipe))
    taken = state.bundle(sku=book.sku, components=recipe, version=command["version"])
    book.fact("bundle.recipe-taken", bundles_v1.recipe_taken(bundle=taken))
    waited_for = {each["sku"] for hold in waiting_of(book.rows) for each in hold["components"]}
    for sku in sorted(before - after - waited_for):
        book.fact("bundle.component-noted", bundles_v1.component_noted(component=sku))
        _watch(book, sku, watching=False)
    for sku in sorted(after - before):
        _watch(book, sku, watching=True)
    return _tell(book)


def _watch(book: Book, sku: str, *, watching: bool) -> None:
    book.tell("stock.watch", sku, inventory_v1.watch_stock(sku=sku, bundle=book.sku, watching=watching))


def component_changed(book: Book, command: ComponentChanged) -> None:
    """bundle.component-changed: absolute and versioned; an older one changes nothing."""
    known = component_of(book.rows, command["component"])
    if known is not None and command["version"] <= known["version"]:
        return book.ignore("an availability older than what is known")
    offer = state.component_offer(
        version=command["version"], as_of=command["as_of"], default_quantity=command["default_quantity"],
        channels=command["channels"], locations=command["locations"], nested=command["nested"],
    )  # fmt: skip
    book.fact("bundle.component-noted", bundles_v1.component_noted(component=command["component"], offer=offer))
    return _tell(book)


def _tell(book: Book) -> None:
    """Say what can be made now, where that changed; of a bundle that is none any more nothing is said."""
    bundle = book.bundle
    offer = offered(bundle["components"], book.offers(bundle["components"]))
    if bundle["components"] and offer != bundle["offer"]:
        book.fact("bundle.recipe-taken", bundles_v1.recipe_taken(bundle={**bundle, "offer": offer}))
        book.tell("stock.offer-bundle", book.sku, inventory_v1.offer_bundle(sku=book.sku, offer=offer))
