"""An order in canonical terms: everything looked up once and stamped."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from adapters.channels.readers.document import Problem
from adapters.channels.readers.order import RawDate, RawOrder, RawParty
from schemas import wire
from schemas.generated import orders_v1 as orders
from schemas.generated import reference_v1 as reference
from streams.normalize.content import Understood, understand
from tests.streams.normalize.desk import PORTAL, RETX, line, order, rows

NAME = RawParty("ship_to", "gln", "0614141000012", "A. Smith", ("1 Main St",), "Solon")


def read(raw: RawOrder, partner: reference.Partner = PORTAL, **changes: Any) -> Understood:
    return understand(raw, **{"party": "portal", "channel": "portal", "partner": partner, "rows": rows(), **changes})


def content(raw: RawOrder, partner: reference.Partner = PORTAL) -> orders.OrderContent:
    return read(raw, partner).content


def codes(raw: RawOrder, partner: reference.Partner = PORTAL) -> list[str]:
    return [warning.code for warning in read(raw, partner).warnings]


def test_number_party_channel_and_partner_are_stamped() -> None:
    found = content(order(customer="7001"))
    assert (found["number"], found["party"], found["channel"], found["partner"], found["customer"]) == (
        "P-1001", "portal", "portal", "portal", "7001",
    )  # fmt: skip


def test_the_policy_is_the_profiles() -> None:
    policy = content(order(), RETX)["policy"]
    assert (policy["changed_resend"], policy["priority"], policy["ship_complete"]) == ("change", 10, False)


def test_the_document_may_ask_for_something_else() -> None:
    policy = content(order(ship_complete=True, backorder=False))["policy"]
    assert (policy["ship_complete"], policy["backorder"]) == (True, False)


def test_the_versions_of_what_was_looked_up_are_stamped() -> None:
    assert content(order(customer="7001"))["reference_versions"] == {
        "customers|7001": 2,
        "partners|portal": 5,
        "products|WIDGET-A": 3,
    }


def test_a_blocked_account_stops_the_order() -> None:
    raw = order(customer="9999")
    assert content(raw)["problem"] == "account_blocked" and "WH1306" in codes(raw)


def test_an_unknown_account_is_a_warning() -> None:
    raw = order(customer="4711")
    assert content(raw)["problem"] == "" and codes(raw) == ["WH1307"]


@pytest.mark.parametrize("role", ["buyer", "bill_to"])
def test_an_edi_account_is_the_buyers_identifier(role: str) -> None:
    raw = order(parties=(RawParty("ship_to", "92", "1"), RawParty(role, "92", "9999")))
    assert (content(raw)["customer"], content(raw)["problem"]) == ("9999", "account_blocked")


def test_names_and_addresses_stand_in_the_personal_part_alone() -> None:
    found = read(order(parties=(NAME,)))
    assert json.loads(found.personal) == {"ship_to": {"name": "A. Smith", "street": ["1 Main St"], "city": "Solon"}}
    assert "Smith" not in repr(found.content) and "Main St" not in repr(found.content)


def test_parties_keep_their_identifiers() -> None:
    assert content(order(parties=(NAME,)))["parties"] == [{"role": "ship_to", "scheme": "gln", "id": "0614141000012"}]


def test_an_order_without_names_has_no_personal_part() -> None:
    assert read(order()).personal == b""


def test_a_line_with_a_problem_is_kept_and_told() -> None:
    raw = order(line(), line("2", sku="NOPE"))
    assert [one["problem"] for one in content(raw)["lines"]] == ["", "item_unmapped"] and codes(raw) == ["WH1308"]


def test_the_profiles_currency_stands_in_for_a_missing_one() -> None:
    assert content(order(currency=""))["currency"] == "USD"


def test_prices_without_any_currency_are_a_warning() -> None:
    assert codes(order(currency=""), {**PORTAL, "currency": ""}) == ["WH1310"]


def test_the_total_is_the_documents_own() -> None:
    assert content(order(totals=(("amount", Decimal("13045.94")),)))["total"] == Decimal("13045.94")


def test_a_missing_total_is_what_the_lines_add_up_to() -> None:
    assert content(order())["total"] == Decimal("228.00")


def test_a_total_of_lines_without_price_is_unknown() -> None:
    assert content(order(line(price=None)))["total"] is None


def test_a_total_that_the_contract_cannot_hold_is_left_out() -> None:
    assert content(order(line(quantity="999999999999", price=Decimal(999999999999))))["total"] is None


def test_what_the_reader_doubted_stays_with_the_order() -> None:
    found = read(order(), doubts=(Problem("WH1204", "IEA01: expected '1', came '2'"),))
    assert found.content["warnings"] == ["WH1204 IEA01: expected '1', came '2'"]


def test_a_thousand_doubts_are_not_all_kept() -> None:
    raw = order(*(line(str(number), sku="NOPE") for number in range(1000)))
    assert len(content(raw)["warnings"]) == 100 and len(content(raw)["lines"]) == 1000


def test_the_date_of_delivery_is_a_day() -> None:
    assert content(order(dates=(RawDate("requested_delivery", "2026-03-05"),)))["requested_delivery"] == "2026-03-05"


def test_the_content_can_be_written_as_its_record() -> None:
    found = read(order(line(), line("2", sku="NOPE"), parties=(NAME,), customer="7001"))
    placed = orders.place_order(order_id="o-1", content=found.content, personal=found.personal)
    assert wire.decode(wire.encode("wharf.orders.v1.PlaceOrder", placed))[1] == placed
