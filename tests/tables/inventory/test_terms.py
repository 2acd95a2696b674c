"""A number's terms: each tells what a rule really took, and together they are the number."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.generated import inventory_v1 as inventory
from schemas.generated import state_inventory_v1 as state
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.position import available_to_sell, guaranteed, rule_of
from tables.inventory.terms import WORDS, Amount, rule_terms, stock_terms, withheld, words


def sku(*rules: dict[str, Any], used: dict[str, int] | None = None, **on_hand: int) -> Sku:
    ruled = inventory.set_stock_rules(sku="A", version=1, channels=[inventory.channel_rule(**rule) for rule in rules])
    positions = {where: inventory.position(location=where, on_hand=units) for where, units in on_hand.items()}
    return state.sku(rules=ruled, positions=positions, used=used or {})


def took(of: Sku, channel: str) -> dict[str, int]:
    return withheld(of, channel, rule_of(of["rules"], channel), guaranteed(of))


@pytest.mark.parametrize(
    ("rule", "terms", "left"),
    [
        ({"percent_bp": 1000}, {"channel_percent": -10}, 90),
        ({"units": 7}, {"channel_units": -7}, 93),
        ({"units": 700}, {"channel_units": -100}, 0),
        ({"percent_bp": 3333, "units": 6}, {"channel_percent": -34, "channel_units": -6}, 60),
        ({"excluded": True, "units": 7}, {"excluded_item": -100}, 0),
        ({"locations": ["DC1"]}, {"excluded_location|YARD": -40}, 60),
        ({"excluded_locations": ["DC1"]}, {"excluded_location|DC1": -60}, 40),
        ({"cap": 25}, {"channel_cap": -80}, 20),
        ({"cap": 1000}, {}, 100),
        ({"guarantee": 30}, {}, 100),
    ],
)
def test_a_rule_tells_what_it_took(rule: dict[str, Any], terms: dict[str, int], left: int) -> None:
    shelf = sku({"channel": "web", **rule}, used={"web": 5}, DC1=60, YARD=40)
    assert took(shelf, "web") == terms
    assert available_to_sell(shelf, "web") == left == 100 + sum(terms.values())


def test_what_is_kept_for_others_is_told_by_their_names_and_never_exceeds_what_is_there() -> None:
    shelf = sku({"channel": "edi", "guarantee": 30}, {"channel": "vip", "guarantee": 30}, DC1=50)
    assert took(shelf, "web") == {"segment_protected|edi": -30, "segment_protected|vip": -20}
    assert took(shelf, "edi") == {"segment_protected|vip": -30}


def test_a_shortage_is_carried_and_not_shown() -> None:
    shelf = sku(DC1=5, YARD=-8)
    assert took(shelf, "web") == {"shortage_carried": 3}


def test_the_shortage_of_a_location_that_does_not_serve_the_channel_does_not_lower_its_number() -> None:
    shelf = sku({"channel": "web", "locations": ["DC1"]}, DC1=5, YARD=-8)
    assert took(shelf, "web") == {"excluded_location|YARD": 8}
    assert available_to_sell(shelf, "web") == 5


def test_each_part_of_a_location_is_a_term() -> None:
    position = inventory.position(
        location="DC1", on_hand=120, unsellable=6, classes={"damaged": 4, "display": 2}, reserved=36, allocated=24
    )
    assert list(stock_terms(position, safety=6, carts=12)) == [
        Amount("on_hand", 120),
        Amount("unsellable_damaged", -4, "damaged"),
        Amount("unsellable_quality", -2, "display"),
        Amount("reserved_cart", -12),
        Amount("reserved_order", -24),
        Amount("allocated", -24),
        Amount("safety_fixed", -6),
    ]


def test_safety_takes_no_more_than_there_is_and_never_makes_a_shortage() -> None:
    terms = {term.code: term.units for term in stock_terms(inventory.position(location="A", on_hand=2), safety=5)}
    assert terms["safety_fixed"] == -2


def test_what_was_cleared_before_it_was_set_aside_does_not_pass_for_stock() -> None:
    position = inventory.position(location="A", on_hand=5, unsellable=-3, classes={"quarantined": -3})
    assert sum(term.units for term in stock_terms(position, safety=0)) == 5


def test_every_term_has_its_words() -> None:
    shelf = sku({"channel": "web", "percent_bp": 1000, "units": 1, "cap": 1, "locations": ["A"]}, A=9, B=9)
    made = {term.code for term in rule_terms(shelf, "web", rule_of(shelf["rules"], "web"), {"edi": 1})}
    assert made <= WORDS.keys()
    assert words(Amount("segment_protected", -1, "edi")) == "kept for edi"
    assert words(Amount("on_hand", 9), "DC1") == "there, at DC1"
