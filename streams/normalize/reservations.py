"""A cart, its extension and its release → cart.hold, cart.extend, cart.release.

A cart is whole or refused: unlike an order, nobody repairs it later, so one line that cannot be expressed refuses it.
"""

from __future__ import annotations

from adapters.channels.readers.document import Place, Problem, Reading, Rejected
from adapters.channels.readers.reservations import RawExtend, RawHold, RawHoldLine, RawRelease, Wish
from schemas.generated import orders_v1 as orders
from schemas.generated import reference_v1 as reference
from streams.engine.effects import Ask, Message
from streams.normalize import bundles, profiles, quantities
from streams.normalize.quantities import Trouble
from streams.normalize.receipt import Outcome, refusals
from tables.rows import Rows

DISCONTINUED = "discontinued"


def asked(message: Message, reading: Reading[Wish], rows: Rows) -> Outcome:
    """The command of the request, or everything that is wrong with it."""
    outcome = refusals(reading.kind, reading.refused)
    for accepted in reading.accepted:
        outcome += Outcome(reading.kind, *_of(accepted.value, message.record["channel"], rows))
    return outcome


def _of(wish: Wish, channel: str, rows: Rows) -> tuple[tuple[Ask, ...], tuple[Rejected, ...]]:
    match wish:
        case RawHold():
            return _hold(wish, channel, rows)
        case RawExtend():
            record = orders.extend_cart(reservation=wish.reservation, expires_in=wish.expires_in)
            return (Ask("cart.extend", wish.reservation, record),), ()
        case RawRelease():
            given = orders.release_cart(reservation=wish.reservation, reason=wish.reason)
            return (Ask("cart.release", wish.reservation, given),), ()


def _hold(wish: RawHold, channel: str, rows: Rows) -> tuple[tuple[Ask, ...], tuple[Rejected, ...]]:
    partner = profiles.of_channel(channel, rows)
    if partner is None:
        text = f"expected a channel with a partner profile, came {channel!r}"
        return (), (Rejected((Problem("WH1301", text, Place(pointer="/channel")),), wish.reservation),)
    found = [_line(line, index, partner, rows) for index, line in enumerate(wish.lines)]
    problems = tuple(each for each in found if isinstance(each, Problem))
    if problems:
        return (), (Rejected(problems, wish.reservation),)
    record = orders.hold_cart(
        reservation=wish.reservation, channel=channel, cart=wish.cart, allow_partial=wish.allow_partial,
        expires_in=wish.expires_in, lines=[each for each in found if not isinstance(each, Problem)],
    )  # fmt: skip
    return (Ask("cart.hold", wish.reservation, record),), ()


def _line(line: RawHoldLine, index: int, partner: reference.Partner, rows: Rows) -> orders.CartLine | Problem:
    """The line in base units of its product, or why it cannot be held."""
    product: reference.Product | None = rows.get(f"products|{line.sku}")
    if product is None:
        return Problem("WH1311", f"product {line.sku} is not known", Place(pointer=f"/lines/{index}/sku"))
    if product["status"] == DISCONTINUED:
        return Problem("WH1312", f"product {line.sku} is not sold any more", Place(pointer=f"/lines/{index}/sku"))
    if broken := bundles.trouble_of(product, rows):
        return Problem("WH1314", f"{line.sku}: {broken}", Place(pointer=f"/lines/{index}/sku"))
    unit = line.unit and quantities.unit_of(line.unit, "rec20", product, partner, rows)
    unknown = Trouble(quantities.AMBIGUOUS, f"unit {line.unit!r} is ambiguous")
    measure = unknown if line.unit and not unit else quantities.measure(unit or product["base_unit"], product, None)
    steps = measure if isinstance(measure, Trouble) else quantities.steps(line.quantity, measure, product)
    if isinstance(steps, Trouble):
        return Problem("WH1304", f"{line.sku}: {steps.detail}", Place(pointer=f"/lines/{index}/quantity"))
    return orders.cart_line(
        line=line.line, sku=line.sku, quantity=steps, base_unit=product["base_unit"], scale=product["scale"],
        components=bundles.recipe_of(product),
    )  # fmt: skip
