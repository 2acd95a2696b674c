"""The catalogue of topics: DESIGN §4 as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DAY_MS = 86_400_000
PARTITIONS = 12


class Kept(StrEnum):
    """What the broker may throw away."""

    FOR_EVER = "for ever"
    COMPACT = "compact"
    DAYS_30 = "30 d"
    DAYS_90 = "90 d"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, without environment prefix."""

    name: str
    keyed_by: str  # what stands after the tenant in the key
    kept: Kept = Kept.DAYS_30
    latest: bool = False  # only the last version per key and batch is published
    mailbox: bool = False  # LogAppendTime: its times are the world's

    @property
    def dead(self) -> str:
        return f"{self.name}.dead"


_ALL = (
    Topic("channel.documents", "order series, else sender", mailbox=True),
    Topic("channel.receipts", "receipt"),
    Topic("orders.commands", "order series", mailbox=True),
    Topic("orders.events", "order series", Kept.FOR_EVER),
    Topic("inventory.commands", "SKU", mailbox=True),
    Topic("inventory.events", "SKU", Kept.FOR_EVER),
    Topic("inventory.availability", "SKU", Kept.COMPACT, latest=True),
    Topic("bundles.commands", "bundle's SKU", mailbox=True),
    Topic("shipments.commands", "tenant alone", mailbox=True),
    Topic("shipments.events", "tenant alone", Kept.FOR_EVER),
    Topic("erp.commands", "ERP system", mailbox=True),
    Topic("erp.attempts", "ERP system and order"),
    Topic("feeds.commands", "view", mailbox=True),
    Topic("channels.feed", "view"),
    Topic("feeds.events", "view"),
    Topic("feeds.attempts", "view and order"),
    Topic("reference.products", "SKU", Kept.COMPACT),
    Topic("reference.cross-references", "scheme, party and value", Kept.COMPACT),
    Topic("reference.units", "party and code", Kept.COMPACT),
    Topic("reference.customers", "account", Kept.COMPACT),
    Topic("reference.locations", "location", Kept.COMPACT),
    Topic("reference.partners", "partner", Kept.COMPACT),
    Topic("reference.subscriptions", "channel and view", Kept.COMPACT),
    Topic("reference.keys", "key id", Kept.COMPACT),
)
TOPICS = {topic.name: topic for topic in _ALL}
REFERENCES = tuple(name for name in TOPICS if name.startswith("reference."))


class BadKey(ValueError):
    """A record's key is missing, not UTF-8, or not of the tenant that its envelope names."""


def read_key(raw: bytes | None) -> tuple[str, str]:
    """Tenant and key of a record key as it stands in the log; raises BadKey."""
    if not raw:
        raise BadKey("the record has no key")
    try:
        tenant, key = split_key(raw.decode())
    except UnicodeDecodeError as exc:
        raise BadKey(f"the key is not UTF-8: {raw[:40]!r}") from exc
    if not tenant:
        raise BadKey("the key names no tenant")
    return tenant, key


def key_of(tenant: str, key: str) -> str:
    """The record key: the tenant is part of every key."""
    return f"{tenant}|{key}" if key else tenant


def split_key(key: str) -> tuple[str, str]:
    """Tenant and key of a record key."""
    tenant, _, rest = key.partition("|")
    return tenant, rest
