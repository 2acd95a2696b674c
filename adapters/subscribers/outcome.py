"""What an endpoint's answer means for the delivery."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple

GONE = 410
THROTTLED = (429, 502, 504)
STOP = "webhook-stop-retries"  # a receiver that will never take this message says so with "true"


class Outcome(NamedTuple):
    """What became of one attempt."""

    outcome: str  # delivered, declined, failed, gone, throttled, refused-address, expired
    status: int = 0
    retry_after_s: int = 0
    reason: str = ""


def outcome_of(status: int, headers: Mapping[str, str], now_s: int) -> Outcome:
    """2xx is success and nothing else is; a redirect is a failure, and is not followed."""
    if 200 <= status < 300:
        return Outcome("delivered", status)
    if headers.get(STOP, "").strip().lower() == "true":
        return Outcome("declined", status, reason="the receiver asks for no retry of this message")
    if status == GONE:
        return Outcome("gone", status)
    if status in THROTTLED:
        return Outcome("throttled", status, retry_after_s(headers.get("retry-after", ""), now_s))
    return Outcome("failed", status, reason="a redirect is not followed" if 300 <= status < 400 else "")


def retry_after_s(text: str, now_s: int) -> int:
    """Retry-After in seconds, from either of its forms (RFC 9110 §10.2.3); 0 where there is none or it is unreadable."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), 10**6)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0
    return min(10**6, max(0, round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()) - now_s))
