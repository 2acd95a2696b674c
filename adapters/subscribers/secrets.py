"""Webhook secrets: made from the deployment's master key, or given by the subscriber and sealed under it.

No secret stands anywhere in clear. A made one is HMAC-SHA256(master key, tenant, channel, view, version), so it is not
kept at all; a given one is kept as AES-256-GCM under a key made from the master key, bound to its view.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.generated.feeds_v1 import DeliveryAttempt
from schemas.settings import Settings

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes, by Standard Webhooks 1.0.0
_NONCE = 12


class NoMasterKey(Exception):
    """The deployment has no usable master key: WHARF_MASTER_KEY is to be base64 of 32 bytes."""


class BadSecret(ValueError):
    """A given secret is not `whsec_` and base64 of 24 to 64 bytes, or a sealed one cannot be opened."""


def master_key(settings: Settings) -> bytes:
    """The key that all webhook secrets hang on; raises NoMasterKey."""
    try:
        key = base64.b64decode(settings.master_key.get_secret_value(), validate=True)
    except binascii.Error as exc:
        raise NoMasterKey("the master key is not base64") from exc
    if len(key) != 32:
        raise NoMasterKey(f"the master key has {len(key)} bytes, not 32")
    return key


def made(settings: Settings, tenant: str, channel: str, view: str, version: int) -> bytes:
    """The secret of a view whose owner gave none."""
    return _hang(master_key(settings), "webhook", tenant, channel, view, str(version))


def whsec(settings: Settings, tenant: str, channel: str, view: str, version: int = 1) -> str:
    """The made secret as its owner is told it, once."""
    return PREFIX + base64.b64encode(made(settings, tenant, channel, view, version)).decode()


def given(text: str) -> bytes:
    """A secret as a subscriber gave it; raises BadSecret."""
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise BadSecret("what follows whsec_ is not base64") from exc
    if not text.startswith(PREFIX) or not SHORTEST <= len(secret) <= LONGEST:
        raise BadSecret(f"expected whsec_ and {SHORTEST} to {LONGEST} bytes in base64")
    return secret


def sealed(settings: Settings, secret: bytes, tenant: str, channel: str, view: str) -> bytes:
    """A given secret for the log. The same secret of a view is sealed to the same bytes, so that a repeat is one."""
    key = master_key(settings)
    nonce = hmac.new(_hang(key, "nonce", tenant, channel, view), secret, hashlib.sha256).digest()[:_NONCE]
    return nonce + AESGCM(_hang(key, "seal")).encrypt(nonce, secret, _bound(tenant, channel, view))


def opened(settings: Settings, box: bytes, tenant: str, channel: str, view: str) -> bytes:
    """A sealed secret; raises BadSecret where it was sealed under another key or for another view."""
    cipher = AESGCM(_hang(master_key(settings), "seal"))
    try:
        return cipher.decrypt(box[:_NONCE], box[_NONCE:], _bound(tenant, channel, view))
    except (InvalidTag, ValueError) as exc:
        raise BadSecret(f"the secret of {channel}/{view} was not sealed for it by this master key") from exc


def in_use(settings: Settings, tenant: str, attempt: DeliveryAttempt) -> tuple[bytes, ...]:
    """The secrets that an attempt is signed with: during a rotation the new one and the one before."""
    channel, view, version = attempt["channel"], attempt["view"], attempt["secret_version"]
    if attempt["secret"]:
        return (opened(settings, attempt["secret"], tenant, channel, view),)
    return tuple(made(settings, tenant, channel, view, each) for each in (version, version - 1) if each > 0)


def _hang(key: bytes, *parts: str) -> bytes:
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).digest()


def _bound(tenant: str, channel: str, view: str) -> bytes:
    return "\x1f".join((tenant, channel, view)).encode()
