"""The common envelope: CloudEvents 1.0 in binary mode, as Kafka headers beside the Avro body.

Source: CloudEvents 1.0.2, Kafka protocol binding 1.0.2 §3.2 (binary content mode); W3C Trace Context for `traceparent`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from hashlib import sha1
from operator import attrgetter
from typing import Any, NamedTuple

from schemas.codec import kind
from schemas.codec.compiled import envelope_class, uuid_text
from schemas.settings import CodecKind

Headers = list[tuple[str, bytes]]
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "wharf.events")
_NAMESPACE = NAMESPACE.bytes
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
LIVE, TEST = "live", "test"
MAX_HEADER = 8 << 10  # bytes of one header: an envelope's are copied into everything that follows from it


class Envelope(NamedTuple):
    """Who says what about whom, when and why. A tuple, as one is made for every record read and written: 0.2 of the time."""

    id: str
    type: str  # CloudEvents type, such as order.placed; the catalogue gives its record and topic
    source: str  # the agent or door that made it, such as wharf/orders
    tenant: str
    time: int = 0  # when it happened, milliseconds since the epoch
    subject: str = ""  # the key without tenant: order id, SKU, view
    channel: str = ""
    correlation: str = ""  # one id for all that follows from one request
    causation: str = ""  # id of the message that this was decided on
    receipt: str = (
        ""  # receipt and part, "R/0": set on commands made from a document and on the facts they decide directly
    )
    disposition: str = LIVE  # or "test": the whole path with effects fenced
    reply_topic: str = ""  # where a command that wants an answer wants it, without environment prefix
    reply_key: str = ""
    traceparent: str = ""


# header name, attribute, in the attributes' order; CloudEvents extension names are lower case letters and digits
_NAMES = (
    ("ce_id", "id"), ("ce_type", "type"), ("ce_source", "source"), ("ce_tenant", "tenant"), ("ce_subject", "subject"),
    ("ce_channel", "channel"), ("ce_correlationid", "correlation"), ("ce_causationid", "causation"),
    ("ce_receipt", "receipt"), ("ce_disposition", "disposition"), ("ce_replytopic", "reply_topic"),
    ("ce_replykey", "reply_key"), ("traceparent", "traceparent"),
)  # fmt: skip
_HEADERS, _TEXTS = tuple(header for header, _ in _NAMES), attrgetter(*(name for _, name in _NAMES))
_NEEDED = ("ce_id", "ce_type", "ce_source", "ce_tenant")
_ALWAYS: Headers = [("ce_specversion", b"1.0"), ("content-type", b"application/avro")]
_CLOCK = "ce_time"


class BadEnvelope(ValueError):
    """A record's headers do not make an envelope; says which header is missing or unreadable."""


def to_headers(envelope: Envelope) -> Headers:
    """The envelope as Kafka headers; empty attributes are left out."""
    compiled = _compiled()
    written: Headers | None = None if compiled is None else compiled.write(envelope)
    return _written(envelope) if written is None else written


def _written(envelope: Envelope) -> Headers:
    texts = [(header, text.encode()) for header, text in zip(_HEADERS, _TEXTS(envelope), strict=True) if text]
    return [*_ALWAYS, *texts, (_CLOCK, rfc3339(envelope.time).encode())]


def following(cause: Envelope, id: str, type: str, source: str, time: int, subject: str) -> Envelope:
    """The envelope of what is decided on a message: its cause's but for these; it wants no answer."""
    return Envelope(
        id, type, source, cause.tenant, time, subject, cause.channel, cause.correlation or cause.id, cause.id,
        cause.receipt, cause.disposition, "", "", cause.traceparent,
    )  # fmt: skip


def headers_following(cause: Envelope, id: str, type: str, source: str, time: int, subject: str) -> Headers:
    """The headers of following(), in one step where the codecs are compiled: most records written are such."""
    compiled = _compiled()
    written: Headers | None = None
    if compiled is not None:
        written = compiled.effect(cause, id, type, source, time, subject)
    return _written(following(cause, id, type, source, time, subject)) if written is None else written


def from_headers(headers: Iterable[tuple[str, bytes | None]] | None) -> Envelope:
    """Read the envelope back; unknown headers are ignored.

    raises BadEnvelope where id, type, source or tenant is missing, or a header is too long, not UTF-8 or not a time
    """
    compiled = _compiled()
    found: Envelope | None = None if compiled is None else compiled.read(headers)
    return _read(headers) if found is None else found


def _read(headers: Iterable[tuple[str, bytes | None]] | None) -> Envelope:
    try:
        found = {name: (value or b"").decode() for name, value in headers or ()}
        time = millis(found[_CLOCK]) if _CLOCK in found else 0
    except ValueError as exc:
        raise BadEnvelope(f"a header cannot be read: {str(exc)[:200]}") from exc
    if max(map(len, found.values()), default=0) > MAX_HEADER:
        longest = max(found, key=lambda name: len(found[name]))
        raise BadEnvelope(f"header {longest[:80]} is over {MAX_HEADER} characters")
    for needed in _NEEDED:
        if not found.get(needed):
            raise BadEnvelope(f"header {needed} is missing")
    return Envelope(time=time, **{name: found[header] for header, name in _NAMES if header in found})


@cache
def _compiled() -> Any:
    """What reads and writes headers in compiled code, where the codecs are compiled; it leaves the unusual to Python."""
    made = envelope_class() if kind() is CodecKind.COMPILED else None
    if made is None:
        return None
    headers = {name: header for header, name in _NAMES}
    names = tuple(headers.get(field) for field in Envelope._fields)  # None: the time
    needed = tuple(names.index(header) for header in _NEEDED)
    blank = tuple(Envelope("", "", "", ""))
    return made(Envelope, names, tuple(_ALWAYS), blank, needed, _CLOCK, MAX_HEADER)


def derived_id(cause: str, agent: str, event: str, index: int) -> str:
    """The id of an effect: the same cause, decided again, has effects of the same ids."""
    name = _NAMESPACE + f"{cause}/{agent}/{event}/{index}".encode()
    return _uuid_text()(sha1(name, usedforsecurity=False).digest())


@cache
def _uuid_text() -> Callable[[bytes], str]:
    compiled = uuid_text() if kind() is CodecKind.COMPILED else None
    return compiled or _plain_text


def _plain_text(digest: bytes) -> str:
    text = digest.hex()
    variant = _VARIANT[text[16]]  # RFC 9562 §5.5, written here because uuid.uuid5 takes four times as long
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


def rfc3339(at: int) -> str:
    """Milliseconds since the epoch as 2026-03-02T08:00:00.000Z."""
    return _rfc3339(at)


def millis(text: str) -> int:
    """An RFC 3339 time as milliseconds since the epoch; raises ValueError where it is not one or has no offset."""
    return _millis(text)


@lru_cache(maxsize=1024)  # all that follows from one record has its time
def _rfc3339(at: int) -> str:
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@lru_cache(maxsize=1024)
def _millis(text: str) -> int:
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return round(parsed.timestamp() * 1000)
