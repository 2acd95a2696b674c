"""Envelopes in compiled code: the same headers, envelopes and ids as plain Python, and the same refusals."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import envelope as subject
from schemas.codec import compiled
from schemas.envelope import (
    MAX_HEADER,
    NAMESPACE,
    BadEnvelope,
    Envelope,
    derived_id,
    following,
    from_headers,
    headers_following,
    to_headers,
)  # fmt: skip

pytestmark = pytest.mark.skipif(compiled.node_class() is None, reason="no compiled codecs: no C compiler at set-up")
FULL = Envelope("e-1", "order.accepted", "wharf/orders", "acme", 1_772_438_400_123, "o-1", "portal", "c", "x", "R/0", "test", "orders.commands", "o-1", "00-1-2-3")  # fmt: skip
MOMENTS = st.integers(0, 253_402_300_799_999)  # up to the year 9999
texts = st.text(max_size=12)
names = st.sampled_from([*subject._HEADERS, "ce_time", "unknown", "ce_specversion"])
raws = st.one_of(
    st.none(), st.binary(max_size=30), st.just(b"2026-02-29T08:00:00.000Z"), st.just(b"x" * (MAX_HEADER + 1))
)


def read(reader: Any, headers: Any) -> Any:
    """An envelope, or that it is refused."""
    try:
        return reader(headers)
    except BadEnvelope as exc:
        return str(exc)


@given(st.builds(Envelope, *[texts] * 4, MOMENTS, *[texts] * 9))
def test_headers_are_the_same_in_the_same_order(envelope: Envelope) -> None:
    assert to_headers(envelope) == subject._written(envelope)


@given(MOMENTS)
@example(951_782_400_000)  # 2000-02-29
@example(4_107_542_400_000)  # 2100-03-01, the day after 02-28
def test_every_moment_is_spelt_and_read_the_same(at: int) -> None:
    headers = to_headers(FULL._replace(time=at))
    assert headers == subject._written(FULL._replace(time=at))
    assert from_headers(headers) == subject._read(headers) == FULL._replace(time=at)


@given(st.lists(st.tuples(names, raws), max_size=8), st.booleans())
def test_whatever_stands_in_headers_is_read_or_refused_alike(more: list[tuple[str, bytes | None]], whole: bool) -> None:
    headers = [*(subject._written(FULL) if whole else []), *more]
    assert read(from_headers, headers) == read(subject._read, headers)


@pytest.mark.parametrize("text", ["2026-02-29T08:00:00.000Z", "2026-13-01T08:00:00.000Z", "2026-03-02T24:00:00.000Z",
                                  "2026-03-02T08:00:00Z", "2026-03-02T08:00:00.000+02:00", "1969-12-31T23:59:59.999Z",
                                  "2026-03-02 08:00:00.000Z", "2026-3a-02T08:00:00.000Z", ""])  # fmt: skip
def test_times_of_another_spelling_are_judged_by_plain_python(text: str) -> None:
    headers = [*subject._written(FULL), ("ce_time", text.encode())]
    assert read(from_headers, headers) == read(subject._read, headers)


@pytest.mark.parametrize("odd", [FULL._replace(time=-1), FULL._replace(time=10**15), FULL._replace(subject="\ud800")])
def test_an_unusual_envelope_is_written_or_refused_alike(odd: Envelope) -> None:
    found = []
    for write in (to_headers, subject._written):
        try:
            found.append(str(write(odd)))
        except (ValueError, OverflowError) as exc:
            found.append(repr(exc))
    assert found[0] == found[1]


@pytest.mark.parametrize("headers", [(), None, iter([]), [("ce_id",)], [["ce_id", b"x"]], [("ce_id", "text")]])
def test_what_is_no_list_of_pairs_is_left_to_plain_python(headers: Any) -> None:
    assert subject._compiled().read(headers) is None


def test_what_is_read_is_an_envelope() -> None:
    assert type(from_headers(to_headers(FULL))) is Envelope


@given(st.text(max_size=300))
def test_a_derived_id_is_a_uuid_of_version_5(cause: str) -> None:
    if "\ud800" <= max(cause, default="") <= "\udfff":
        return
    wanted = str(uuid.uuid5(NAMESPACE, f"{cause}/orders/order.created/0"))
    assert derived_id(cause, "orders", "order.created", 0) == wanted


@given(st.binary(min_size=20, max_size=20))
def test_both_ways_from_a_digest_to_a_uuid_agree(digest: bytes) -> None:
    text = compiled.uuid_text()
    assert text is not None
    assert text(digest) == subject._plain_text(digest) == str(uuid.UUID(bytes=digest[:16], version=5))


def test_a_digest_that_is_too_short_is_refused() -> None:
    text = compiled.uuid_text()
    assert text is not None
    with pytest.raises(ValueError):
        text(b"x" * 15)


@given(st.builds(Envelope, *[texts] * 4, MOMENTS, *[texts] * 9), texts, texts, texts, MOMENTS, texts)
def test_what_follows_from_a_message_is_written_as_its_envelope_would_be(
    cause: Envelope, own: str, kind: str, source: str, time: int, subject_: str
) -> None:
    wanted = to_headers(following(cause, own, kind, source, time, subject_))
    assert headers_following(cause, own, kind, source, time, subject_) == wanted


def test_what_follows_has_its_causes_thread_and_a_name_of_its_own() -> None:
    made = from_headers(headers_following(FULL, "e-2", "order.created", "wharf/orders", 7, "o-1"))
    assert (made.id, made.type, made.source, made.time, made.subject) == (
        "e-2",
        "order.created",
        "wharf/orders",
        7,
        "o-1",
    )
    assert (made.causation, made.correlation) == (FULL.id, FULL.correlation)
    assert (made.reply_topic, made.reply_key) == ("", "")
    kept = ("tenant", "channel", "receipt", "disposition", "traceparent")
    assert [getattr(made, name) for name in kept] == [getattr(FULL, name) for name in kept]


def test_the_first_of_a_thread_gives_its_name_to_it() -> None:
    cause = FULL._replace(correlation="")
    assert from_headers(headers_following(cause, "e-2", "t", "s", 7, "k")).correlation == FULL.id


def test_a_time_that_cannot_be_spelt_is_left_to_plain_python() -> None:
    assert subject._compiled().effect(FULL, "e", "t", "s", -1, "k") is None
    assert subject._compiled().effect("no envelope", "e", "t", "s", 1, "k") is None
