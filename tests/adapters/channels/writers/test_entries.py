"""What a receiver reads, signs and hashes."""

from __future__ import annotations

import json

import pytest

from adapters.channels.writers.entries import BODY_LIMIT, Chain, Entry, chained, entry_json, webhook_body
from schemas.canonical import canonical

ENTRY = Entry(3, "id-3", "order.status.changed", 1_772_438_400_000, canonical({"number": "P-ü1", "status": "shipped"}))


def body(entry: Entry = ENTRY) -> bytes:
    """The webhook body of an entry."""
    return webhook_body(entry, Chain(2, "b" * 64, "a" * 64), link="/v1/channels/portal/feed?after=2")


def test_an_entry_is_canonical_json() -> None:
    assert entry_json(ENTRY) == canonical(json.loads(entry_json(ENTRY)))


def test_a_webhook_body_is_canonical_json() -> None:
    assert body() == canonical(json.loads(body()))


def test_a_webhook_body_has_type_timestamp_and_data() -> None:
    read = json.loads(body())
    assert (read["type"], read["timestamp"], read["data"]["number"]) == (ENTRY.type, "2026-03-02T08:00:00.000Z", "P-ü1")


@pytest.mark.parametrize(
    "other",
    [{"seq": 4}, {"id": "id-4"}, {"type": "order.changed"}, {"at": 1}, {"data": b"{}"}],
    ids=lambda change: next(iter(change)),
)
def test_whatever_changes_in_an_entry_changes_its_hash(other: dict[str, object]) -> None:
    assert chained("", ENTRY) != chained("", ENTRY._replace(**other))


def test_the_hash_depends_on_all_that_came_before() -> None:
    assert chained("", ENTRY) != chained("a" * 64, ENTRY)


def test_a_chain_has_this_hash_for_ever() -> None:
    """Receivers keep the last hash for years: what it is computed from can never change."""
    simple = Entry(1, "id", "t", 0, b"{}")
    text = b'{"at":"1970-01-01T00:00:00.000Z","data":{},"id":"id","seq":1,"type":"t"}'
    assert entry_json(simple) == text
    assert chained("", simple) == "0a0d2d624f873584aa4e41b15c568f92c53bebe1bd6b6444a32b89110b2f8f07"


@pytest.mark.parametrize("size", [0, BODY_LIMIT // 2, BODY_LIMIT, 3 * BODY_LIMIT])
@pytest.mark.parametrize("field", ["lines", "note"])
def test_a_body_never_reaches_the_limit(size: int, field: str) -> None:
    value = ["x"] * (size // 4) if field == "lines" else "x" * size
    assert len(body(ENTRY._replace(data=canonical({field: value})))) < BODY_LIMIT


def test_a_body_that_would_be_too_large_keeps_its_plain_fields_and_says_where_to_pull() -> None:
    large = body(ENTRY._replace(data=canonical({"status": "shipped", "lines": ["x" * BODY_LIMIT]})))
    assert json.loads(large)["data"] == {"link": "/v1/channels/portal/feed?after=2", "status": "shipped"}


def test_a_body_says_which_epoch_its_number_belongs_to() -> None:
    read = json.loads(body())
    assert (read["epoch"], read["seq"], read["previous"], read["hash"]) == (2, 3, "a" * 64, "b" * 64)
