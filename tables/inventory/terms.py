"""A channel's number taken apart: signed terms that add up to it, each under a code of the closed list.

What is free everywhere is the sum of the terms of all locations. The channel's rules then change it step by step, in
the order of the formula, and each step is told by what it really took: a cap that does not bind is no term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.generated.inventory_v1 import ChannelRule, Position
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.position import WHOLE_BP, free, free_at, is_bundle, made, net, sourcing

DAMAGED = "damaged"
BUNDLE = "bundle_component"


class Amount(NamedTuple):
    """So many units more or less, why, and of what: a location, a class of stock, another channel."""

    code: str
    units: int
    about: str = ""


def stock_terms(position: Position, safety: int, carts: int = 0) -> Iterator[Amount]:
    """What makes the free stock of one location; of what is reserved, `carts` units are held by carts."""
    yield Amount("on_hand", position["on_hand"])
    for name, units in sorted(position["classes"].items()):
        yield Amount("unsellable_damaged" if name == DAMAGED else "unsellable_quality", -units, name)
    told = sum(position["classes"].values())
    if rest := told - max(0, position["unsellable"]):  # cleared before it was set aside: that may not pass for stock
        yield Amount("unsellable_quality", rest, "not set aside yet")
    yield Amount("reserved_cart", -carts)
    yield Amount("reserved_order", carts - position["reserved"])
    yield Amount("allocated", -position["allocated"])
    yield Amount("safety_fixed", free(position, safety) - net(position))


def rule_terms(sku: Sku, channel: str, rule: ChannelRule | None, kept: Mapping[str, int]) -> Iterator[Amount]:
    """What the channel's rules, and what is kept for others, make of what is free everywhere.

    kept  what is guaranteed to channels and not used up
    """
    if is_bundle(sku):
        yield from _of_bundle(sku, channel, rule)
        return
    places = sourcing(sku, rule)
    for location in sorted(sku["positions"].keys() - set(places)):
        yield Amount("excluded_location", -free_at(sku, location), location)
    units = sum(free_at(sku, location) for location in places)
    if units < 0:
        yield Amount("shortage_carried", -units)
        units = 0
    for other in sorted(kept.keys() - {channel}):
        taken = min(units, kept[other])
        yield Amount("segment_protected", -taken, other)
        units -= taken
    if rule is not None:
        yield from _own(sku, rule, units)


def _of_bundle(sku: Sku, channel: str, rule: ChannelRule | None) -> Iterator[Amount]:
    """Components may lie at several places, or be fewer for the channel than each place has: it is no sum of the places."""
    units, limit = made(sku, channel)
    there = sum(sku["bundle"]["locations"].values()) if sku["bundle"] else 0
    yield Amount(BUNDLE, units - there, limit)
    if rule is not None:
        yield from _own(sku, rule, units)


def _own(sku: Sku, rule: ChannelRule, units: int) -> Iterator[Amount]:
    """The channel's own buffers and its cap."""
    if rule["excluded"]:
        yield Amount("excluded_item", -units)
        return
    shared = units * (WHOLE_BP - rule["percent_bp"]) // WHOLE_BP
    left = max(0, shared - rule["units"])
    yield Amount("channel_percent", shared - units)
    yield Amount("channel_units", left - shared)
    if rule["cap"] is not None:
        yield Amount("channel_cap", max(0, min(left, rule["cap"] - sku["used"].get(rule["channel"], 0))) - left)


def withheld(sku: Sku, channel: str, rule: ChannelRule | None, kept: Mapping[str, int]) -> dict[str, int]:
    """The rules' terms as readers are told them: `code` or `code|about` → units, without those that took nothing."""
    return {
        f"{term.code}|{term.about}" if term.about else term.code: term.units
        for term in rule_terms(sku, channel, rule, kept)
        if term.units
    }


WORDS = {
    "on_hand": "there",
    "unsellable_damaged": "not for sale: {}",
    "unsellable_quality": "not for sale: {}",
    "reserved_cart": "held for carts",
    "reserved_order": "reserved for orders",
    "allocated": "with the warehouse, not shipped yet",
    "safety_fixed": "safety stock",
    "excluded_location": "{} does not serve the channel",
    "shortage_carried": "more is promised than is there, and nothing is offered below 0",
    "segment_protected": "kept for {}",
    "excluded_item": "not for sale on the channel",
    "channel_percent": "the channel's percentage buffer",
    "channel_units": "the channel's buffer of units",
    "bundle_component": "components of several places, where there are enough of all: there is least of {}",
    "channel_cap": "the channel's cap, of which it holds a part",
}


def words(term: Amount, location: str = "") -> str:
    """A term in words, without its number."""
    said = WORDS[term.code].format(term.about)
    return f"{said}, at {location}" if location else said
