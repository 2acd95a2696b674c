"""What can be made of a bundle's components: the least of what each gives, per channel and per location.

bundle(c) = min over components of floor(ATS(component, c) / per_bundle)        inventory.md §3, vector V15

The numbers of all locations are not summed: a bundle may be made of components that lie at several places. So what all
locations offer alone is told beside it, and may be less. A component that has not told yet, or is a bundle itself,
gives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schemas.generated import inventory_v1 as inventory
from schemas.generated.bundles_v1 import Component
from schemas.generated.inventory_v1 import BundleOffer
from schemas.generated.state_bundles_v1 import ComponentOffer

Offers = Mapping[str, ComponentOffer | None]


class Least(NamedTuple):
    """Whole bundles that there are, and the component of which there is least."""

    quantity: int
    limit: str


def sold(offer: ComponentOffer | None, channel: str) -> int:
    """Units of a component that a channel can sell."""
    if offer is None or offer["nested"]:
        return 0
    return offer["channels"].get(channel, offer["default_quantity"])


def least(components: Sequence[Component], offers: Offers, channel: str) -> Least:
    """Bundles that a channel can sell; of two components that limit it alike the first is named."""
    if not components:
        return Least(0, "")
    made = [(sold(offers[each["sku"]], channel) // each["quantity"], each["sku"]) for each in components]
    return Least(*min(made, key=lambda found: found[0]))


def offered(components: Sequence[Component], offers: Offers) -> BundleOffer:
    """All that readers are told of a bundle. Cost: O(components x (channels + locations))."""
    told = [offer for each in components if (offer := offers[each["sku"]]) is not None]
    channels = sorted({channel for offer in told for channel in offer["channels"]})
    anyone = least(components, offers, "")
    ages = [offer["as_of"] for offer in told if offer["as_of"] is not None]
    return inventory.bundle_offer(
        as_of=min(ages) if ages else None,
        default_quantity=anyone.quantity,
        limit=anyone.limit,
        channels=[
            inventory.bundle_channel(channel=channel, **least(components, offers, channel)._asdict())
            for channel in channels
        ],
        locations=_by_location(components, offers),
        components=[_component(each, offers[each["sku"]]) for each in components],
    )


def _by_location(components: Sequence[Component], offers: Offers) -> dict[str, int]:
    """Bundles whose components all lie at one location, of locations that have all of them."""
    found: dict[str, int] | None = None
    for each in components:
        offer = offers[each["sku"]]
        there = {} if offer is None or offer["nested"] else offer["locations"]
        made = {place: max(0, units) // each["quantity"] for place, units in there.items()}
        found = (
            made
            if found is None
            else {place: min(units, made[place]) for place, units in found.items() if place in made}
        )
    return dict(sorted((found or {}).items()))


def _component(each: Component, offer: ComponentOffer | None) -> inventory.BundleComponent:
    if offer is None:
        return inventory.bundle_component(sku=each["sku"], per_bundle=each["quantity"])
    return inventory.bundle_component(
        sku=each["sku"], per_bundle=each["quantity"], version=offer["version"],
        quantity=sold(offer, ""), channels={} if offer["nested"] else dict(sorted(offer["channels"].items())),
    )  # fmt: skip
