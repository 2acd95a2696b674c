"""Bundles by reference data: lines are stamped with the recipe, and a recipe that cannot be made is refused."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.generated import bundles_v1
from schemas.generated import orders_v1 as orders
from tables.rows import DictRows
from tests.streams.normalize.desk import codes, commands, document, handed_in, product, receipt, rows

RECIPE = [bundles_v1.component(sku="B", quantity=1), bundles_v1.component(sku="A", quantity=2)]
SORTED = [{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 1}]
KIT = product("KIT", components=RECIPE)
BOOK: dict[str, Any] = {"products|KIT": KIT, "products|A": product("A"), "products|B": product("B")}
ORDER = b'{"channel":"portal","number":"P-1","customer":"7001","lines":[{"line":"1","product":{"sku":"KIT"},"quantity":"2"}]}'
CART = b'{"channel":"portal","cart":"c-1","lines":[{"line":"1","sku":"KIT","quantity":"2"}]}'


def put(book: DictRows) -> Any:
    """PUT /v1/reference/products/KIT, after its record stands there."""
    return handed_in(document(b"{}", "reference/products", target="KIT"), book)


def ordered(**book: Any) -> orders.OrderLine:
    """The line of an order of two KIT."""
    (ask,) = commands(handed_in(document(ORDER, "orders"), rows(**{**BOOK, **book})))
    line: orders.OrderLine = ask.record["content"]["lines"][0]
    return line


def test_the_rules_of_a_bundle_name_its_components_by_sku() -> None:
    (ask,) = commands(put(rows(**BOOK)))
    assert (ask.type, ask.key, ask.record["components"]) == ("stock.set-rules", "KIT", SORTED)


def test_a_product_without_components_is_no_bundle() -> None:
    (ask,) = commands(put(rows(**{"products|KIT": product("KIT")})))
    assert ask.record["components"] == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"products|A": product("A", components=[bundles_v1.component(sku="B", quantity=1)])}, "A is a bundle itself"),
        ({"products|KIT": product("KIT", components=[bundles_v1.component(sku="KIT", quantity=1)])}, "of itself"),
        (
            {"products|KIT": product("KIT", components=[bundles_v1.component(sku="NEW", quantity=1)])},
            "NEW is not known",
        ),
        ({"products|KIT": product("KIT", components=[bundles_v1.component(sku="A", quantity=0)])}, "at least 1 of"),
    ],
)
def test_what_cannot_be_made_is_refused_and_its_lines_wait_for_a_person(changed: Any, said: str) -> None:
    effects = put(rows(**{**BOOK, **changed}))
    assert (commands(effects), codes(receipt(effects)["problems"])) == ([], ["WH1314"])
    assert said in receipt(effects)["problems"][0]["message"]
    line = ordered(**changed)
    assert (line["problem"], said in line["detail"], line["components"]) == ("item_conflict", True, [])


def test_a_line_of_a_bundle_is_stamped_with_its_recipe() -> None:
    line = ordered()
    assert (line["sku"], line["quantity"], line["components"]) == ("KIT", 2, SORTED)


def test_a_cart_of_a_bundle_is_stamped_with_its_recipe_too() -> None:
    (ask,) = commands(handed_in(document(CART, "reservations", target="r-1"), rows(**BOOK)))
    assert ask.record["lines"][0]["components"] == SORTED


def test_a_cart_of_a_bundle_that_cannot_be_made_is_refused_where_it_stands() -> None:
    book = {**BOOK, "products|KIT": product("KIT", components=[bundles_v1.component(sku="NEW", quantity=1)])}
    (problem,) = receipt(handed_in(document(CART, "reservations", target="r-1"), rows(**book)))["problems"]
    assert (problem["code"], problem["pointer"]) == ("WH1314", "/lines/0/sku")
