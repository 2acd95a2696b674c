"""A feed's entry in canonical JSON: what its hash is taken over, and what a webhook carries.

The chain: hash(n) = SHA-256(hash(n-1) as 64 hex digits, nothing before the first + canonical JSON of entry n), in hex,
entry n being {"at", "data", "id", "seq", "type"}: a receiver proves it from the feed alone.
"""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from schemas.canonical import canonical
from schemas.envelope import rfc3339

BODY_LIMIT = 20_000  # Standard Webhooks 1.0.0: payloads stay under 20 kB; what is larger is linked to


class Entry(NamedTuple):
    """One entry of a view, as its receivers see it."""

    seq: int
    id: str
    type: str
    at: int  # ms since the epoch
    data: bytes  # canonical JSON


def entry_json(entry: Entry) -> bytes:
    """The canonical JSON of an entry; its data is canonical already, and is put in as it is."""
    head = b'{"at":%b,"data":%b,"id":%b,' % (canonical(rfc3339(entry.at)), entry.data, canonical(entry.id))
    return head + b'"seq":%d,"type":%b}' % (entry.seq, canonical(entry.type))


def chained(previous: str, entry: Entry) -> str:
    """The hash of an entry that follows the one whose hash is `previous` ("" before the first)."""
    return hashlib.sha256(previous.encode() + entry_json(entry)).hexdigest()


class Chain(NamedTuple):
    """Where an entry stands in its chain; numbers and hashes begin again with each epoch, a filter's lifetime."""

    epoch: int
    hash: str
    previous: str


def webhook_body(entry: Entry, chain: Chain, *, link: str) -> bytes:
    """The body that is delivered and signed: {"data", "epoch", "hash", "id", "previous", "seq", "timestamp", "type"}.

    link  where the entry can be pulled: stands beside the plain fields of data that would make the body too large
    """
    whole = _body(entry, chain)
    if len(whole) < BODY_LIMIT:
        return whole
    said = {name: value for name, value in json.loads(entry.data).items() if not isinstance(value, list | dict)}
    short = _body(entry._replace(data=canonical({**said, "link": link})), chain)
    return short if len(short) < BODY_LIMIT else _body(entry._replace(data=canonical({"link": link})), chain)


def _body(entry: Entry, chain: Chain) -> bytes:
    head = b'{"data":%b,"epoch":%d,"hash":"%b",' % (entry.data, chain.epoch, chain.hash.encode())
    place = b'"id":%b,"previous":"%b","seq":%d,' % (canonical(entry.id), chain.previous.encode(), entry.seq)
    return head + place + b'"timestamp":%b,"type":%b}' % (canonical(rfc3339(entry.at)), canonical(entry.type))
