"""The signature that receivers check."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from adapters.subscribers.signing import headers, tag

SECRET = b"\x01" * 32
BODY = b'{"type":"order.status.changed"}'


def test_the_published_vector() -> None:
    signed = tag(SECRET, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1_674_087_231, BODY)
    assert signed == "v1,W7XxswvHMjjWYtNX7QSaEDZD+3HsEB5FcLNhUFObRmc="


@given(st.binary(min_size=24, max_size=64), st.uuids(), st.text(st.characters(exclude_categories=["Cs"])))
def test_the_field_s_library_signs_the_same(secret: bytes, message: object, text: str) -> None:
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert tag(secret, str(message), int(at.timestamp()), text.encode()) == Webhook(secret).sign(str(message), at, text)


def test_a_receiver_believes_what_was_signed_now() -> None:
    sent = headers([SECRET], "m", int(time.time()), BODY)
    assert Webhook(SECRET).verify(BODY, sent) == {"type": "order.status.changed"}


@pytest.mark.parametrize("skew", [-360, 360])
def test_a_receiver_does_not_believe_another_time(skew: int) -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers([SECRET], "m", int(time.time()) + skew, BODY))


@pytest.mark.parametrize("old", [b"\x02" * 32, SECRET])
def test_during_a_rotation_either_secret_opens(old: bytes) -> None:
    sent = headers([b"\x03" * 32, old], "m", int(time.time()), BODY)
    assert Webhook(old).verify(BODY, sent)


@given(st.integers(0, len(BODY) * 8 - 1))
def test_one_flipped_bit_is_noticed(bit: int) -> None:
    flipped = bytearray(BODY)
    flipped[bit // 8] ^= 1 << bit % 8
    assert tag(SECRET, "m", 1, bytes(flipped)) != tag(SECRET, "m", 1, BODY)


def test_another_id_is_noticed() -> None:
    assert tag(SECRET, "m", 1, BODY) != tag(SECRET, "n", 1, BODY)
