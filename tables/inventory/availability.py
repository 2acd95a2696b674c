"""What readers are told of a SKU: absolute, per channel and location."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.generated import inventory_v1 as inventory
from schemas.generated.inventory_v1 import (
    AvailabilityChanged,
    ChannelAvailability,
    ChannelRule,
    LocationAvailability,
    Supply,
)
from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.position import (
    backorder_room,
    free_at,
    guaranteed,
    is_bundle,
    made,
    offered,
    rule_of,
    safety,
    short,
)
from tables.inventory.promise import promises
from tables.inventory.supply import expected
from tables.inventory.terms import withheld
from tables.inventory.thresholds import crossing
from tables.rows import DictRows, Rows

AGES = ("version", "as_of")  # they change without anything that a reader sees
PLACE_AGES = ("as_of", "source", "sequence")
NOTHING_ANNOUNCED = DictRows({})


def availability(code: str, sku: Sku, rows: Rows = NOTHING_ANNOUNCED) -> AvailabilityChanged:
    """What the SKU offers now. Its version is the SKU's newest fact. Cost: O(channels x locations).

    rows  the SKU's rows, of which announced supply is read where there is any: O(channels x supplies) more
    """
    supplies = list(expected(rows)) if sku["incoming"] else []
    rules, positions = sku["rules"], sku["positions"]
    kept = guaranteed(sku)
    ages = [position["as_of"] for position in positions.values() if position["as_of"] is not None]
    if is_bundle(sku):
        return _of_bundle(code, sku)
    everywhere = sum(free_at(sku, location) for location in positions)
    return inventory.availability_changed(
        sku=code,
        version=sku["seq"],
        as_of=min(ages) if ages else None,
        base_unit=rules["base_unit"] if rules else "EA",
        scale=rules["scale"] if rules else 0,
        channels=[_channel(sku, rule, kept, everywhere, supplies) for rule in rules["channels"]] if rules else [],
        locations=[_location(sku, location) for location in sorted(positions)],
        default_quantity=max(0, offered(sku, "", None, kept)),
        default_next=promises(sku, supplies, "") if supplies else [],
        waiting=sku["waiting"],
        shortfall=sum(short(position) for position in positions.values()),
    )


def _of_bundle(code: str, sku: Sku) -> AvailabilityChanged:
    """What its components make, less what its own rules keep back; nothing of it is stocked, so nothing is short."""
    rules, offer = sku["rules"], sku["bundle"] or inventory.bundle_offer()
    channels = {rule["channel"] for rule in rules["channels"]} if rules else set[str]()
    channels |= {each["channel"] for each in offer["channels"]}
    return inventory.availability_changed(
        sku=code,
        version=sku["seq"],
        as_of=offer["as_of"],
        base_unit=rules["base_unit"] if rules else "EA",
        channels=[_bundle_channel(sku, channel) for channel in sorted(channels)],
        locations=[
            inventory.location_availability(location=location, on_hand=units, free=units, as_of=offer["as_of"])
            for location, units in sorted(offer["locations"].items())
        ],
        default_quantity=max(0, offered(sku, "", None, {})),
        limit=offer["limit"],
    )


def _bundle_channel(sku: Sku, channel: str) -> ChannelAvailability:
    rule = rule_of(sku["rules"], channel)
    quantity = offered(sku, channel, rule, {})
    return inventory.channel_availability(
        channel=channel,
        quantity=quantity,
        status=_status(sku, channel, quantity),
        withheld=withheld(sku, channel, rule, {}),
        limit=made(sku, channel)[1],
    )


def visible(shown: AvailabilityChanged) -> Mapping[str, object]:
    """What a reader would notice: all but how old it is."""
    places = [{name: value for name, value in place.items() if name not in PLACE_AGES} for place in shown["locations"]]
    return {**{name: value for name, value in shown.items() if name not in AGES}, "locations": places}


def rose(before: AvailabilityChanged, after: AvailabilityChanged) -> bool:
    """Whether anybody can buy more than before."""
    was = {channel["channel"]: channel["quantity"] for channel in before["channels"]}
    more = any(channel["quantity"] > was.get(channel["channel"], 0) for channel in after["channels"])
    return more or after["default_quantity"] > before["default_quantity"]


def _channel(
    sku: Sku, rule: ChannelRule, kept: Mapping[str, int], everywhere: int, supplies: list[Supply]
) -> ChannelAvailability:
    quantity, room = offered(sku, rule["channel"], rule, kept), backorder_room(sku, rule)
    all_of_it = quantity == everywhere and not rule["locations"] and not rule["excluded_locations"]
    return inventory.channel_availability(
        channel=rule["channel"],
        quantity=quantity,
        status=_status(sku, rule["channel"], quantity),
        orderable=None if room is None else quantity + room,
        next=promises(sku, supplies, rule["channel"]) if supplies else [],
        withheld={} if all_of_it else withheld(sku, rule["channel"], rule, kept),
    )


def _status(sku: Sku, channel: str, quantity: int) -> str:
    if not quantity:
        return "out_of_stock" if sku["positions"] or sku["bundle"] else "unknown"
    return "low" if crossing("low", channel) in sku["crossed"] else "in_stock"


def _location(sku: Sku, location: str) -> LocationAvailability:
    position = sku["positions"][location]
    return inventory.location_availability(
        location=location,
        on_hand=position["on_hand"],
        unsellable=position["unsellable"],
        classes=position["classes"],
        reserved=position["reserved"],
        allocated=position["allocated"],
        safety=safety(sku, location),
        free=free_at(sku, location),
        as_of=position["as_of"],
        source=position["source"],
        sequence=position["counted_sequence"],
    )
