"""What a cart's facts show who holds it: fields with versions, so their order does not matter."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from schemas.envelope import rfc3339
from schemas.generated import orders_v1
from streams.engine.effects import Message
from tables.redis.reservation_view import Reservation, reservation_of
from tests.streams.project.facts import AT, message, projected

MAKERS: dict[str, Any] = {
    "cart.opened": orders_v1.cart_opened,
    "cart.held": orders_v1.cart_held,
    "cart.refused": orders_v1.cart_refused,
    "cart.extension.asked": orders_v1.cart_extension_asked,
    "cart.extended": orders_v1.cart_extended,
    "cart.released": orders_v1.cart_released,
    "cart.expired": orders_v1.cart_expired,
    "cart.taken": orders_v1.cart_taken,
}


def fact(seq: int, kind: str, **fields: Any) -> Message:
    record = MAKERS[kind](reservation="r-1", seq=seq, channel="web", cart="c-1", **fields)
    return message(kind, record, key="r-1", offset=seq, receipt="R/0" if seq == 1 else "")


OPENED = fact(1, "cart.opened", at=AT, document="R", expires_at=AT + 900_000,
              lines=[orders_v1.cart_line(line="1", sku="ROPE", quantity=250, base_unit="MTR", scale=2)])  # fmt: skip
GRANTED = orders_v1.cart_line_state(line="1", sku="ROPE", quantity=250, reserved=200, missing=50, base_unit="MTR", scale=2,
                                    allocations=[orders_v1.allocation(location="DC1", quantity=200)])  # fmt: skip
HELD = fact(2, "cart.held", expires_at=AT + 900_000, lines=[GRANTED])


def seen(*messages: Message) -> Reservation:
    found = reservation_of(projected(*messages).hashes["reservation:acme:r-1"])
    assert found is not None
    return found


def test_a_cart_that_is_asked_for_shows_what_it_wants() -> None:
    found = seen(OPENED)
    assert (found.view["state"], found.receipt, found.decision) == ("asking", "R", None)
    assert found.view["lines"] == [
        {"line": "1", "sku": "ROPE", "unit": "MTR", "quantity": "2.50", "reserved": "0", "missing": "0", "available": "0",
         "locations": []}]  # fmt: skip


def test_a_decision_shows_each_line_in_its_unit() -> None:
    found = seen(OPENED, HELD)
    [line] = found.view["lines"]
    assert (found.view["state"], found.view["expires_at"]) == ("held", rfc3339(AT + 900_000))
    assert (line["reserved"], line["missing"], line["locations"]) == ("2.00", "0.50", [{"location": "DC1", "quantity": "2.00"}])  # fmt: skip


def test_a_refused_cart_shows_its_shortage() -> None:
    found = seen(OPENED, fact(2, "cart.refused", lines=[GRANTED]))
    assert (found.view["state"], found.view["expires_at"]) == ("refused", None)
    assert found.decision is not None and not found.decision["held"]


def test_an_extension_is_under_way_until_it_is_decided() -> None:
    asked, done = fact(3, "cart.extension.asked", expires_at=AT + 5), fact(4, "cart.extended", expires_at=AT + 5)
    assert seen(OPENED, HELD, asked).extending
    found = seen(OPENED, HELD, asked, done)
    assert (found.extending, found.view["expires_at"], found.view["version"]) == (False, rfc3339(AT + 5), 4)


@pytest.mark.parametrize(("kind", "state"), [("cart.released", "released"), ("cart.expired", "expired")])
def test_an_end_ends_an_extension_too_and_keeps_the_decision(kind: str, state: str) -> None:
    found = seen(OPENED, HELD, fact(3, "cart.extension.asked", expires_at=AT + 5), fact(4, kind))
    assert (found.view["state"], found.view["expires_at"], found.extending) == (state, None, False)
    assert found.decision is not None and found.decision["held"]


def test_what_an_order_took_over_names_the_order() -> None:
    found = seen(OPENED, HELD, fact(3, "cart.taken", order_id="o-1"))
    assert (found.view["state"], found.view["order_id"]) == ("taken", "o-1")


def test_the_order_of_arrival_does_not_matter() -> None:
    story = (OPENED, HELD, fact(3, "cart.extended", expires_at=AT + 5), fact(4, "cart.taken", order_id="o-1"))
    assert len({repr(seen(*shuffled)) for shuffled in permutations(story)}) == 1


def test_its_receipt_is_decided_and_no_order_is_shown() -> None:
    shelf = projected(OPENED)
    assert b'"cart.opened"' in shelf.hashes["receipt:acme:R"][b"part:0"]
    assert not any(key.startswith(("order:", "timeline:")) for key in shelf.hashes)


def test_of_what_is_not_known_nothing_is_shown() -> None:
    assert reservation_of({}) is None
