"""The formula of a bundle, on rows alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import bundles_v1
from schemas.generated.state_bundles_v1 import ComponentOffer, component_offer
from tables.bundles.offer import least, offered

RECIPE = [bundles_v1.component(sku="A", quantity=2), bundles_v1.component(sku="B", quantity=1)]
UNITS = st.integers(0, 1_000)


def offers(a: int, b: int, **channels: int) -> dict[str, ComponentOffer | None]:
    """A and B; of B some channels have other numbers."""
    return {
        "A": component_offer(version=1, default_quantity=a),
        "B": component_offer(version=1, default_quantity=b, channels=channels),
    }


def test_v15_the_component_of_which_there_is_least_limits_the_bundle() -> None:
    assert least(RECIPE, offers(7, 4), "") == (3, "A")
    assert least(RECIPE, offers(5, 3), "") == (2, "A")
    assert least(RECIPE, offers(70, 4), "") == (4, "B")


def test_a_channel_is_limited_by_what_each_component_offers_to_it() -> None:
    found = offered(RECIPE, offers(7, 4, field=1))
    assert [(each["channel"], each["quantity"], each["limit"]) for each in found["channels"]] == [("field", 1, "B")]
    assert found["default_quantity"] == 3


def test_a_component_that_has_not_told_or_is_a_bundle_gives_nothing() -> None:
    nested = component_offer(version=1, default_quantity=9, nested=True)
    assert least(RECIPE, {"A": nested, "B": None}, "") == (0, "A")


def test_of_nothing_nothing_is_made() -> None:
    assert least([], {}, "") == (0, "")


def test_a_location_offers_bundles_whose_components_all_lie_there() -> None:
    a = component_offer(version=1, default_quantity=5, locations={"DC1": 4, "YARD": 1, "DOCK": -2})
    b = component_offer(version=1, default_quantity=9, locations={"DC1": 9, "DOCK": 3})
    assert offered(RECIPE, {"A": a, "B": b})["locations"] == {"DC1": 2, "DOCK": 0}


@given(UNITS, UNITS, UNITS)
def test_more_of_a_component_never_makes_fewer_bundles(a: int, b: int, more: int) -> None:
    assert least(RECIPE, offers(a + more, b), "")[0] >= least(RECIPE, offers(a, b), "")[0]


@given(UNITS, UNITS)
def test_all_bundles_offered_can_be_made_and_not_one_more(a: int, b: int) -> None:
    units = least(RECIPE, offers(a, b), "")[0]
    assert 2 * units <= a and units <= b
    assert 2 * (units + 1) > a or units + 1 > b
