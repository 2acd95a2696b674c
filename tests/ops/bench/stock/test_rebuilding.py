"""A log for rebuilding holds what the agent would have written."""

from __future__ import annotations

from ops.bench.stock.commands import sku_of
from ops.bench.stock.growing import rows_of
from ops.bench.stock.rebuilding import changelog, offers
from schemas import wire
from schemas.envelope import from_headers


def test_the_changelog_holds_every_skus_rows() -> None:
    assert {record.key: record.value for record in changelog(12)} == rows_of(range(12))


def test_every_sku_is_on_offer_once_under_its_own_name() -> None:
    told = [wire.decode(record.value or b"")[1] for record in offers(5)]
    assert [one["sku"] for one in told] == [sku_of(number) for number in range(5)]
    assert {len(one["locations"]) for one in told} == {4}


def test_an_offers_key_and_envelope_name_its_sku() -> None:
    *_, last = offers(5)
    assert (last.key, from_headers(last.headers).subject) == (b"acme|SKU-00000004", "SKU-00000004")
