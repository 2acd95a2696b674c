"""Standard Webhooks 1.0.0: who sent a message, and when.

Signed is `{id}.{timestamp}.{raw body}`, by HMAC-SHA256; the tag is "v1," and base64. During a rotation there are several
tags, separated by blanks, and a receiver accepts any.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable


def tag(secret: bytes, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a message; timestamp in unix seconds of this attempt."""
    signed = b"%b.%d.%b" % (webhook_id.encode(), timestamp, body)
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def headers(secrets: Iterable[bytes], webhook_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message, signed with every secret that is in use."""
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(tag(secret, webhook_id, timestamp, body) for secret in secrets),
    }
