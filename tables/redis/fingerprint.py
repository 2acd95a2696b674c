"""The fingerprint of a request's body: the same for the same content, however its JSON was laid out."""

from __future__ import annotations

import hashlib
import json

from tables.redis.values import canonical


def same_content(media_type: str, body: bytes) -> bytes:
    """The bytes that two requests of the same content share: canonical JSON, else the body as it is."""
    if "json" not in media_type:
        return body
    try:
        return canonical(json.loads(body, parse_float=str))  # by its text: 1.10 and 1.1 are told apart
    except (ValueError, TypeError):
        return body


def fingerprint(media_type: str, body: bytes) -> str:
    """Digest of the content, hex."""
    return hashlib.sha256(same_content(media_type, body)).hexdigest()
