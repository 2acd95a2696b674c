"""V28: an item code changes while stock is held under it. Stock is kept by SKU; a code is only a name of it."""

from __future__ import annotations

from schemas.generated import reference_v1 as reference
from streams.normalize.products import UNMAPPED, Books, find
from tables.rows import DictRows
from tests.streams.inventory.shelf import SKU, Shelf


def books(**codes: str) -> Books:
    """The customer's item codes, each with the SKU that it names."""
    named = {
        f"cross-references|buyer_part|7001|{code}": reference.cross_reference(
            scheme="buyer_part", party="7001", value=code, sku=sku
        )
        for code, sku in codes.items()
    }
    return Books(DictRows({f"products|{SKU}": reference.product(sku=SKU), **named}), ("7001",))


def held_under(code: str, known: Books, shelf: Shelf) -> int:
    """Units held of the product that a code names; 0 where it names none."""
    product = find((("buyer_part", code),), known).product
    return shelf.position("DC1")["reserved"] if product and product["sku"] == SKU else 0


def test_V28_what_is_held_shows_under_the_new_code_and_nothing_under_the_old_one() -> None:
    """Magento 2773: there stock and reservations are wrong after an item code changed."""
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-1", {"1": 7})
    before, after = books(OLD=SKU), books(NEW=SKU)
    assert [held_under(code, before, shelf) for code in ("OLD", "NEW")] == [7, 0]
    assert [held_under(code, after, shelf) for code in ("OLD", "NEW")] == [0, 7]
    assert (shelf.held("PO-1"), shelf.available()) == (7, 3)


def test_V28_an_order_under_the_new_code_takes_from_the_same_stock() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("PO-1", {"1": 7})
    product = find((("buyer_part", "NEW"),), books(NEW=SKU)).product
    assert product is not None and product["sku"] == SKU
    shelf.reserve("PO-2", {"1": 7})
    assert (shelf.held("PO-2"), shelf.available()) == (3, 0)


def test_V28_a_code_that_names_nothing_any_more_is_a_problem_for_a_person() -> None:
    assert find((("buyer_part", "OLD"),), books(NEW=SKU)).problem == UNMAPPED


def test_V28_while_both_codes_name_the_product_it_is_one_product() -> None:
    both = books(OLD=SKU, NEW=SKU)
    found = find((("buyer_part", "OLD"), ("buyer_part", "NEW")), both).product
    assert found is not None and found["sku"] == SKU
