"""Whose document it is."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.channels.readers.order import Transport
from schemas.generated import reference_v1 as reference
from streams.normalize.profiles import of_channel, of_sender
from tests.streams.normalize.desk import RETX, rows


def partner(transport: Transport, channel: str = "edi", **others: Any) -> tuple[str, list[str]]:
    found, problems = of_sender(channel, transport, rows(**others))
    return (found["partner"] if found else ""), [problem.code for problem in problems]


def test_a_channel_has_the_profile_of_its_name() -> None:
    found = of_channel("portal", rows())
    assert found is not None and found["partner"] == "portal"


def test_an_unknown_channel_has_none() -> None:
    assert of_channel("fax", rows()) is None


def test_a_channel_without_a_profile_of_its_name_has_the_one_that_numbers_its_own_orders() -> None:
    shop = reference.partner(partner="zz-shop", channel="web", numbers_own_orders=True)
    other = reference.partner(partner="a-shop", channel="web")
    found = of_channel("web", rows(**{"partners|zz-shop": shop, "partners|a-shop": other}))
    assert found is not None and found["partner"] == "zz-shop"


def test_a_profile_of_that_name_but_another_channel_is_not_the_channels() -> None:
    assert of_channel("retx", rows()) is None


@pytest.mark.parametrize("transport", [Transport("ZZ:RETX"), Transport("01:X", application_sender="retx")])
def test_a_partner_is_found_by_its_identifiers(transport: Transport) -> None:
    assert partner(transport) == ("retx", [])


def test_an_identifier_may_stand_without_its_qualifier() -> None:
    numbered: dict[str, Any] = {"partners__retx": {**RETX, "identifiers": ["440"]}}
    assert partner(Transport("12:440"), "edi", **numbered) == ("retx", [])


def test_an_unknown_sender_has_the_channels_profile_and_a_warning() -> None:
    assert partner(Transport("ZZ:NOBODY")) == ("edi", ["WH1302"])


def test_a_document_without_sender_is_the_channels() -> None:
    assert partner(Transport(), "portal") == ("portal", [])


def test_a_partner_of_another_channel_is_not_believed() -> None:
    assert partner(Transport("ZZ:RETX"), "portal") == ("portal", ["WH1302"])
