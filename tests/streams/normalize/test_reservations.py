"""A cart in canonical terms: base units of known products, whole or refused."""

from __future__ import annotations

from typing import Any

import pytest

from streams.normalize.receipt import NORMALIZED
from tests.streams.normalize.desk import codes, commands, document, handed_in, receipt

LINE = {"line": "1", "sku": "WIDGET-A", "quantity": "2"}
CART: dict[str, Any] = {"channel": "portal", "cart": "c-1", "lines": [LINE]}


def asked(body: Any, resource: str = "reservations", channel: str = "portal") -> Any:
    return handed_in(document(body, resource, channel, target="r-1"))


def test_a_cart_becomes_one_command_under_its_own_key() -> None:
    [ask] = commands(asked({**CART, "allow_partial": True, "expires_in": 60}))
    record = ask.record
    assert (ask.type, ask.key, ask.receipt) == ("cart.hold", "r-1", "R/0")
    assert (record["channel"], record["cart"], record["allow_partial"], record["expires_in"]) == ("portal", "c-1", True, 60)  # fmt: skip
    line = {"line": "1", "sku": "WIDGET-A", "quantity": 2, "base_unit": "EA", "scale": 0, "components": []}
    assert record["lines"] == [line]


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        ({"unit": "XCS"}, 24),
        ({"unit": "EA"}, 2),
        ({"sku": "ROPE", "quantity": "1.25"}, 125),
        ({"sku": "ROPE", "quantity": "1.25", "unit": "MTR"}, 125),
    ],
)
def test_quantities_are_steps_of_the_base_unit(line: Any, steps: int) -> None:
    [ask] = commands(asked({**CART, "lines": [{**LINE, **line}]}))
    assert ask.record["lines"][0]["quantity"] == steps


@pytest.mark.parametrize(
    ("line", "code", "pointer"),
    [
        ({"sku": "NO-SUCH"}, "WH1311", "/lines/1/sku"),
        ({"sku": "OLD"}, "WH1312", "/lines/1/sku"),
        ({"quantity": "0.5"}, "WH1304", "/lines/1/quantity"),
        ({"unit": "KGM"}, "WH1304", "/lines/1/quantity"),
    ],
)
def test_one_line_that_cannot_be_held_refuses_the_cart(line: Any, code: str, pointer: str) -> None:
    effects = asked({**CART, "lines": [LINE, {**LINE, "line": "2", **line}]})
    told = receipt(effects)
    assert (commands(effects), told["state"], told["kind"]) == ([], "rejected", "reservation")
    assert [(problem["code"], problem["pointer"]) for problem in told["problems"]] == [(code, pointer)]


def test_all_that_is_wrong_is_said_at_once() -> None:
    lines = [{**LINE, "sku": "NO-SUCH"}, {**LINE, "line": "2", "quantity": "0.5"}]
    assert codes(receipt(asked({**CART, "lines": lines}))["problems"]) == ["WH1311", "WH1304"]


def test_a_channel_without_a_profile_is_not_known() -> None:
    effects = asked(CART, channel="nowhere")
    assert (commands(effects), codes(receipt(effects)["problems"])) == ([], ["WH1301"])


def test_an_extension_and_a_release_go_to_their_reservation() -> None:
    [extend] = commands(asked({"expires_in": 60}, "reservation-extend"))
    [release] = commands(asked({"reason": "gone"}, "reservation-release"))
    assert (extend.type, extend.key, extend.record["expires_in"]) == ("cart.extend", "r-1", 60)
    assert (release.type, release.key, release.record["reason"]) == ("cart.release", "r-1", "gone")


def test_the_receipt_names_the_command() -> None:
    effects = asked(CART)
    assert effects.asks[-1].type == NORMALIZED
    [part] = receipt(effects)["parts"]
    assert (part["type"], part["key"], part["order_id"]) == ("cart.hold", "r-1", "")
