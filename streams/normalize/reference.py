"""Changed reference data → commands to those who must know: rules of a SKU, delivery of a view.

The reference itself is published by the gateway before the document that tells of it; so the rows already show it, and
the newest version is what is passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from schemas.generated import channel_v1 as channel
from schemas.generated import feeds_v1 as feeds
from schemas.generated import inventory_v1 as inventory
from schemas.generated import reference_v1 as reference
from streams.engine.effects import Ask, Message
from streams.normalize import bundles
from streams.normalize.receipt import CONTINUATION, Outcome, refused
from tables.rows import Rows

KIND = "reference"
PRODUCTS = "reference/products"
CONTINUED = "reference/locations-continued"  # the rest of a page, asked of ourselves
PAGE = 500  # SKUs per decision, so that its effects are bounded however many products there are


def expanded(message: Message, rows: Rows) -> Outcome:
    """What a change of reference data means for others; nothing, for most kinds."""
    record: channel.Document = message.record
    if record["resource"] == PRODUCTS and (broken := _broken(record, rows)):
        return refused(KIND, "WH1314", broken, record["target"])
    expand = _EXPANSIONS.get(record["resource"].partition("/")[2])
    return Outcome(KIND, tuple(expand(record, rows)) if expand else ())


def _broken(record: channel.Document, rows: Rows) -> str:
    """Why a bundle cannot be made of its components: its former rules hold, and lines that name it are parked."""
    product: reference.Product | None = rows.get(f"products|{record['target']}")
    return "" if product is None else bundles.trouble_of(product, rows)


def _product(record: channel.Document, rows: Rows) -> Iterator[Ask]:
    product: reference.Product | None = rows.get(f"products|{record['target']}")
    if product is not None:
        yield _rules(product, _locations(rows))


def _location(record: channel.Document, rows: Rows) -> Iterator[Ask]:
    """The rules of every product, a page of SKUs at a time; the rest is asked of ourselves, from where this page ends."""
    continued = record["resource"] == CONTINUED
    after = record["body"].decode("utf-8", "replace") if continued else ""
    locations = _locations(rows)
    products = (row for name, row in rows.scan("products|") if name > f"products|{after}" or not after)
    page: list[reference.Product] = list(islice(products, PAGE + 1))
    for product in page[:PAGE]:
        if not bundles.trouble_of(product, rows):
            yield _rules(product, locations)
    if len(page) > PAGE:
        yield Ask(CONTINUATION, record["target"], _rest(record, page[PAGE - 1]["sku"]))


def _rest(record: channel.Document, after: str) -> channel.Document:
    return channel.document(
        receipt=f"{record['receipt']}~",
        channel=record["channel"],
        sender=record["sender"],
        resource=CONTINUED,
        target=record["target"],
        body=after.encode(),
        sha256="",
        received_at=record["received_at"],
    )


def _subscription(record: channel.Document, rows: Rows) -> Iterator[Ask]:
    wanted: reference.Subscription | None = rows.get(f"subscriptions|{record['target']}")
    if wanted is not None:
        view = feeds.set_subscription(
            channel=wanted["channel"],
            view=wanted["name"],
            url=wanted["url"],
            mode=wanted["mode"],
            active=wanted["active"],
            secret_version=wanted["secret_version"],
            epoch=wanted["epoch"],
            version=wanted["version"],
            secret=wanted["secret"],
        )
        yield Ask("feed.set-subscription", f"{wanted['channel']}/{wanted['name']}", view)


_EXPANSIONS: dict[str, Callable[[channel.Document, Rows], Iterator[Ask]]] = {
    "products": _product,
    "locations": _location,
    "locations-continued": _location,
    "subscriptions": _subscription,
}


def _locations(rows: Rows) -> list[reference.Location]:
    return [location for _, location in rows.scan("locations|")]


def _rules(product: reference.Product, locations: list[reference.Location]) -> Ask:
    """All rules of a SKU. Their version grows when the product or any location does, as all versions only grow."""
    rules = inventory.set_stock_rules(
        sku=product["sku"],
        base_unit=product["base_unit"],
        scale=product["scale"],
        status=product["status"],
        safety={rule["location"]: rule["safety"] for rule in product["safety"]},
        safety_bp={rule["location"]: rule["percent_bp"] for rule in product["safety"]},
        thresholds=[inventory.threshold(**threshold) for threshold in product["thresholds"]],
        authorities=dict(product["authorities"]),
        matrix=dict(product["matrix"]),
        tolerances=[
            _tolerance(location["code"], each)
            for location in locations
            if location["code"] in product["authorities"]
            for each in location["tolerances"]
        ],
        sequenced=[
            inventory.sequenced_source(location=location["code"], source=source)
            for location in locations
            for source in location["sequenced"]
        ],
        priorities={location["code"]: location["priority"] for location in locations},
        channels=[inventory.channel_rule(**rule) for rule in product["channels"]],
        components=bundles.recipe_of(product),
        version=product["version"] + sum(location["version"] for location in locations),
    )
    return Ask("stock.set-rules", product["sku"], rules)


def _tolerance(location: str, told: reference.DriftTolerance) -> inventory.DriftTolerance:
    """A location's tolerance in the words of stock; where nobody is the authority, nobody is observed."""
    return inventory.drift_tolerance(
        location=location,
        source=told["source"],
        units=told["units"],
        percent_bp=told["percent_bp"],
        for_ms=told["for_seconds"] * 1000,
        accept=told["accept"],
    )
