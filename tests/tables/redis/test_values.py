"""Values of read models: their version first, the same bytes for the same content, and calls that keep to their slot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.redis import keys, values
from tables.redis.fingerprint import fingerprint, same_content
from tables.redis.script import MOST_PER_CALL, calls, cluster_slot, one_slot
from tables.redis.view_index import Place, ViewIndex, field_of, noted, version
from tables.write import Write

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts | st.just('"version":99')
bodies = st.dictionaries(texts, scalars | st.lists(scalars, max_size=3), max_size=5)


@given(bodies, st.integers(0, 2**53 - 1))
def test_the_version_is_found_whatever_the_content(body: dict[str, Any], number: int) -> None:
    assert values.version_of(values.versioned(number, body)) == number


@given(bodies)
def test_the_same_content_is_the_same_bytes(body: dict[str, Any]) -> None:
    assert values.versioned(1, body) == values.versioned(1, dict(reversed(body.items())))
    assert values.canonical(body) == values.canonical(dict(reversed(body.items())))


def test_the_version_is_the_first_member() -> None:
    assert values.versioned(7, {"a": 1, "version": 3}) == b'{"version":7,"a":1}'


def test_a_removed_value_has_a_version_and_no_content() -> None:
    assert values.version_of(values.tombstone(9)) == 9 and values.loaded(values.tombstone(9)) is None


def test_what_never_was_has_no_version() -> None:
    assert (values.version_of(b"{}"), values.loaded(None)) == (0, None)


@given(bodies, st.integers(0, 4))
def test_json_has_one_fingerprint_in_any_layout(body: dict[str, Any], indent: int) -> None:
    layouts = (json.dumps(body), json.dumps(dict(reversed(body.items())), indent=indent, ensure_ascii=False))
    assert len({fingerprint("application/json", one.encode()) for one in layouts}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [(b'{"a":1}', b'{"a":2}'), (b'{"a":"1"}', b'{"a":1}'), (b"[1,2]", b"[2,1]"), (b"1.10", b"1.1")]
)
def test_other_content_has_another_fingerprint(one: bytes, other: bytes) -> None:
    assert fingerprint("application/json", one) != fingerprint("application/json", other)


@pytest.mark.parametrize(
    ("media", "body"), [("application/edi-x12", b"ISA*00~"), ("", b"{ }"), ("application/json", b"{broken")]
)
def test_what_is_no_json_counts_byte_by_byte(media: str, body: bytes) -> None:
    assert same_content(media, body) == body


def grouped(writes: list[Write], slot_of: Any) -> list[list[bytes]]:
    return [names for names, _ in calls(writes, "dev:", slot_of)]


def test_on_one_server_a_batch_is_one_call() -> None:
    assert len(grouped([Write(f"av:acme:{n}", 1, b"") for n in range(MOST_PER_CALL)], one_slot)) == 1


def test_a_very_large_batch_is_several_calls() -> None:
    found = grouped([Write(f"av:acme:{n}", 1, b"") for n in range(2 * MOST_PER_CALL + 1)], one_slot)
    assert [len(names) for names in found] == [MOST_PER_CALL, MOST_PER_CALL, 1]


@given(st.lists(st.integers(0, 300), max_size=60))
def test_on_a_cluster_the_keys_of_a_call_share_their_slot_and_no_write_is_lost(numbers: list[int]) -> None:
    found = grouped([Write(f"av:acme:{n}", 1, b"") for n in numbers], cluster_slot)
    assert all(len({cluster_slot(name) for name in names}) == 1 for names in found)
    assert sorted(name for names in found for name in names) == sorted(f"dev:av:acme:{n}".encode() for n in numbers)


def test_writes_to_one_key_stay_in_their_order() -> None:
    (_, arguments), = calls([Write("k", n, b"", field="f") for n in (3, 1, 2)], "", cluster_slot)  # fmt: skip
    assert arguments[1::5] == [b"3", b"1", b"2"]


def test_a_slot_is_that_of_redis_cluster() -> None:
    assert (cluster_slot(b"123456789"), cluster_slot(b"a{123456789}b")) == (12739, 12739)  # Redis Cluster specification


@given(st.integers(1, 10_000))
def test_an_entry_is_at_most_a_hundred_behind_its_noted_place(seq: int) -> None:
    places = tuple(Place(one, 0, one) for one in range(1, 10_001) if noted(one))
    assert 0 <= seq - ViewIndex(1, places[-1], places).before(seq).seq < keys.INDEX_EVERY


def test_a_later_epoch_is_newer_than_any_entry_of_an_earlier_one() -> None:
    assert version(2, 1) > version(1, 2**40 - 1) and field_of(2, 1) != field_of(1, 1)


def test_every_kind_of_key_has_a_prefix_of_its_own() -> None:
    made = (
        keys.availability("t", "x"), keys.mark("t", 1), keys.order("t", "x"), keys.number("t", "c", "x"), keys.timeline("t", "x"),
        keys.receipt("t", "x"), keys.view("t", "x"), keys.idempotency("t", "r", "x"), keys.EPOCH, keys.TENANTS, keys.PROJECTED,
    )  # fmt: skip
    assert len({name.partition(":")[0] for name in made}) == len(made)


def test_a_request_key_is_kept_as_a_digest_and_told_apart_from_its_route() -> None:
    assert keys.idempotency("t", "POST /a", "k") != keys.idempotency("t", "POST /ak", "")
    assert "secret-key" not in keys.idempotency("t", "POST /a", "secret-key")
