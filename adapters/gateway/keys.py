"""API keys `okp_<id>_<32 base62>_<crc32>`: of the secret only the SHA-256 is kept.

The check sum lets a mistyped or cut key be refused without looking anything up. Source: reference/reliability.md S02.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from collections.abc import Collection
from dataclasses import dataclass

from schemas.generated.reference_v1 import ApiKey, api_key

_BASE62 = string.digits + string.ascii_letters
_FORM = re.compile(r"okp_([0-9A-Za-z]{8,32})_([0-9A-Za-z]{32})_([0-9a-f]{8})", re.ASCII)
_NOBODY = "0" * 64  # compared with when the id is unknown, so that it takes as long


@dataclass(frozen=True, slots=True)
class Issued:
    """A new key: the token is shown once, the record is what is kept (topic reference.keys, key `tenant|key id`)."""

    token: str
    record: ApiKey


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a key of one tenant and what it may do."""

    tenant: str
    key_id: str
    name: str
    scopes: frozenset[str]

    def may(self, action: str, resource: str = "") -> bool:
        """Whether a scope allows it: `orders:write@portal` for one channel, `orders:write` or `…@*` for all, `admin` for all."""
        wanted = {"admin", action, f"{action}@*"} | ({f"{action}@{resource}"} if resource else set())
        return not self.scopes.isdisjoint(wanted)

    def touches(self, resource: str) -> bool:
        """Whether any scope reaches this channel or source, whatever the action."""
        return any(scope.partition("@")[2] in ("", "*", resource) for scope in self.scopes)


def issue(
    scopes: Collection[str], *, name: str = "", key_id: str = "", expires_at: int | None = None, version: int = 0
) -> Issued:
    """Make a key; its secret exists in the returned token only. expires_at and version in ms since the epoch."""
    own = key_id or "".join(secrets.choice(_BASE62) for _ in range(12))
    secret = "".join(secrets.choice(_BASE62) for _ in range(32))
    body = f"okp_{own}_{secret}"
    record = api_key(
        key_id=own,
        secret_sha256=_digest(secret),
        name=name,
        scopes=sorted(scopes),
        expires_at=expires_at,
        version=version,
    )
    return Issued(f"{body}_{_checksum(body)}", record)


def parse(token: str) -> tuple[str, str] | None:
    """Key id and secret of a well-formed token; None where its form or check sum is wrong."""
    found = _FORM.fullmatch(token)
    if not found or not hmac.compare_digest(_checksum(token.rpartition("_")[0]), found[3]):
        return None
    return found[1], found[2]


class KeyRing:
    """All keys of the deployment, as the topic reference.keys tells them; safe to read while another thread puts."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, ApiKey]] = {}

    def put(self, tenant: str, record: ApiKey) -> None:
        """Take a key's newest record; a key id belongs to the tenant that had it first."""
        owner = self._keys.get(record["key_id"])
        if owner is None or (owner[0] == tenant and record["version"] >= owner[1]["version"]):
            self._keys[record["key_id"]] = (tenant, record)

    def remove(self, tenant: str, key_id: str) -> None:
        """A tombstone: the key is gone."""
        if self._keys.get(key_id, ("",))[0] == tenant:
            del self._keys[key_id]

    def caller(self, token: str, now: int) -> Caller | None:
        """Who this token is; None where it is malformed, unknown, wrong, expired or revoked."""
        parsed = parse(token)
        if parsed is None:
            return None
        tenant, record = self._keys.get(parsed[0], ("", None))
        right = hmac.compare_digest(_digest(parsed[1]), record["secret_sha256"] if record else _NOBODY)
        if record is None or not right or not self.active(parsed[0], now):
            return None
        return Caller(tenant, record["key_id"], record["name"] or record["key_id"], frozenset(record["scopes"]))

    def active(self, key_id: str, now: int) -> bool:
        """Whether the key is known, not revoked and not expired."""
        _, record = self._keys.get(key_id, ("", None))
        return record is not None and not record["revoked"] and (record["expires_at"] or now + 1) > now


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
