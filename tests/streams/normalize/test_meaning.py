"""The fingerprint: the same wish is recognised however it comes; another wish is not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.channels.readers.order import RawDate, RawParty, Transport
from streams.normalize.meaning import by_role, fingerprint, personal
from tests.streams.normalize.desk import line, order

ORDER = order(
    line(), line("2", "3"), parties=(RawParty("ship_to", "92", "12", "STORE"),), references=(("DP", "038"), ("IA", "7"))
)

SAME = {
    "another interchange": replace(ORDER, transport=Transport("ZZ:RETX", interchange="9/9/9", position=4)),
    "said again": replace(ORDER, purpose="resubmission"),
    "written later": replace(ORDER, dates=(RawDate("ordered", "2026-03-09"),)),
    "lines in another order": replace(ORDER, lines=ORDER.lines[::-1]),
    "references in another order": replace(ORDER, references=ORDER.references[::-1]),
    "more zeros": replace(ORDER, lines=(replace(ORDER.lines[0], quantity=Decimal("24.00")), ORDER.lines[1])),
    "other totals": replace(ORDER, totals=(("lines", Decimal(2)),)),
    "a description": replace(ORDER, lines=(replace(ORDER.lines[0], description="WIDGET"), ORDER.lines[1])),
    "the channel's name": replace(ORDER, channel="portal"),
}
OTHER = {
    "more": replace(ORDER, lines=(replace(ORDER.lines[0], quantity=Decimal(25)), ORDER.lines[1])),
    "another unit": replace(ORDER, lines=(replace(ORDER.lines[0], unit="XCS"), ORDER.lines[1])),
    "another price": replace(ORDER, lines=(replace(ORDER.lines[0], price=Decimal("9.51")), ORDER.lines[1])),
    "no price": replace(ORDER, lines=(replace(ORDER.lines[0], price=None), ORDER.lines[1])),
    "another product": replace(ORDER, lines=(replace(ORDER.lines[0], product_ids=(("sku", "B"),)), ORDER.lines[1])),
    "a line less": replace(ORDER, lines=ORDER.lines[:1]),
    "another address": replace(ORDER, parties=(RawParty("ship_to", "92", "12", "STORE", ("2 Main St",)),)),
    "another store": replace(ORDER, parties=(RawParty("ship_to", "92", "13", "STORE"),)),
    "another day": replace(ORDER, dates=(RawDate("requested_delivery", "2026-03-06"),)),
    "ship complete": replace(ORDER, ship_complete=True),
    "another customer": replace(ORDER, customer="7002"),
    "another currency": replace(ORDER, currency="EUR"),
    "another release": replace(ORDER, release="2"),
    "a test": replace(ORDER, test=True),
    "other extensions": replace(ORDER, extensions='{"gift":true}'),
    "split over stores": replace(
        ORDER, lines=(replace(ORDER.lines[0], destinations=(("12", Decimal(24)),)), ORDER.lines[1])
    ),
}


@pytest.mark.parametrize("change", SAME)
def test_how_an_order_came_does_not_change_what_it_means(change: str) -> None:
    assert fingerprint(SAME[change]) == fingerprint(ORDER)


@pytest.mark.parametrize("change", OTHER)
def test_an_order_that_means_something_else_has_another_fingerprint(change: str) -> None:
    assert fingerprint(OTHER[change]) != fingerprint(ORDER)


def test_all_different_meanings_differ_from_each_other() -> None:
    assert len({fingerprint(changed) for changed in OTHER.values()}) == len(OTHER)


def test_a_role_that_is_played_twice_is_numbered() -> None:
    parties = [RawParty("ship_to", id="1"), RawParty("buyer", id="2"), RawParty("ship_to", id="3")]
    assert [(role, party.id) for role, party in by_role(parties)] == [
        ("ship_to", "1"),
        ("buyer", "2"),
        ("ship_to#2", "3"),
    ]


def test_the_personal_part_is_the_same_bytes_for_the_same_names() -> None:
    assert personal(ORDER) == b'{"ship_to":{"name":"STORE"}}'
