"""The envelope: CloudEvents in binary mode."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.envelope import (
    MAX_HEADER,
    NAMESPACE,
    BadEnvelope,
    Envelope,
    derived_id,
    from_headers,
    millis,
    rfc3339,
    to_headers,
)
from schemas.identity import order_id, receipt_id
from schemas.topics import REFERENCES, TOPICS, key_of, split_key

FULL = Envelope("e-1", "order.accepted", "wharf/orders", "acme", 1_772_438_400_123, "o-1", "portal", "c", "x", "R/0", "test", "orders.commands", "o-1", "00-1-2-3")  # fmt: skip
texts = st.text(min_size=1, max_size=12)


def test_an_envelope_survives_its_headers() -> None:
    assert from_headers(to_headers(FULL)) == FULL


@given(st.builds(Envelope, *[texts] * 4, st.integers(0, 4 * 10**12), *[texts] * 4, disposition=texts))
def test_every_envelope_survives_its_headers(envelope: Envelope) -> None:
    assert from_headers(to_headers(envelope)) == envelope


def test_the_headers_are_those_of_the_kafka_binding() -> None:
    headers = dict(to_headers(FULL))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_time"] == b"2026-03-02T08:00:00.123Z"
    assert headers["content-type"] == b"application/avro"


@pytest.mark.parametrize("missing", ["ce_id", "ce_type", "ce_source", "ce_tenant"])
def test_a_missing_header_is_named(missing: str) -> None:
    with pytest.raises(BadEnvelope, match=missing):
        from_headers([header for header in to_headers(FULL) if header[0] != missing])


@pytest.mark.parametrize("bad", [("ce_id", b"\xff"), ("ce_time", b"yesterday"), ("ce_time", b"2026-03-02T08:00:00")])
def test_an_unreadable_header_is_refused(bad: tuple[str, bytes]) -> None:
    with pytest.raises(BadEnvelope):
        from_headers([*to_headers(FULL), bad])


def test_no_headers_are_no_envelope() -> None:
    with pytest.raises(BadEnvelope):
        from_headers(None)


def test_unknown_headers_are_ignored() -> None:
    assert from_headers([*to_headers(FULL), ("x-other", b"\x01")]) == FULL


def test_the_same_cause_has_effects_of_the_same_ids() -> None:
    assert derived_id("c", "orders", "order.created", 0) == derived_id("c", "orders", "order.created", 0)


def test_effects_of_one_cause_differ_by_agent_kind_and_index() -> None:
    made = {derived_id("c", a, k, i) for a in ("orders", "post") for k in ("x", "y") for i in (0, 1)}
    assert len(made) == 8


@given(texts, texts, texts, st.integers(0, 10**6))
def test_an_effects_id_is_a_uuid_of_version_5_of_its_cause_agent_kind_and_index(
    cause: str, agent: str, kind: str, index: int
) -> None:
    assert derived_id(cause, agent, kind, index) == str(uuid.uuid5(NAMESPACE, f"{cause}/{agent}/{kind}/{index}"))


def test_times_go_both_ways() -> None:
    assert millis(rfc3339(1_772_438_400_123)) == 1_772_438_400_123
    assert millis("2026-03-02T09:00:00+01:00") == 1_772_438_400_000


def test_an_order_is_the_same_series_whoever_computes_it() -> None:
    assert order_id("acme", "portal", "P-1") == order_id("acme", "portal", "P-1", "")
    assert (
        len({order_id("acme", "portal", "P-1"), order_id("acme", "RETX", "P-1"), order_id("b", "portal", "P-1")}) == 3
    )


def test_a_receipt_is_a_function_of_the_request() -> None:
    assert receipt_id("acme", "POST /v1/orders", "k", b"{}") == receipt_id("acme", "POST /v1/orders", "k", b"{}")
    assert receipt_id("acme", "POST /v1/orders", "k", b"{}") != receipt_id("acme", "POST /v1/orders", "k", b"{ }")


def test_keys_carry_the_tenant() -> None:
    assert split_key(key_of("acme", "a|b")) == ("acme", "a|b")
    assert split_key(key_of("acme", "")) == ("acme", "")


def test_every_topic_has_a_dead_letter_topic_and_references_are_compacted() -> None:
    assert TOPICS["orders.commands"].dead == "orders.commands.dead"
    assert {TOPICS[name].kept for name in REFERENCES} == {"compact"}


def test_a_header_that_is_too_long_is_named_and_not_copied_into_all_that_follows() -> None:
    headers = to_headers(Envelope("c-1", "order.place", "wharf/test", "acme", correlation="x" * (MAX_HEADER + 1)))
    with pytest.raises(BadEnvelope, match="ce_correlationid"):
        from_headers(headers)
    assert from_headers([*to_headers(Envelope("c-1", "t", "s", "acme")), ("other", b"x" * MAX_HEADER)]).id == "c-1"


def test_what_is_said_of_an_unreadable_header_is_short() -> None:
    with pytest.raises(BadEnvelope) as caught:
        from_headers([("ce_id", b"\xff" * 100_000)])
    assert len(str(caught.value)) < 300
