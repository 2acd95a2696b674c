"""Dead letters: the original bytes with where they stood and why, and word of it to whoever waits for an answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from traceback import walk_tb

from schemas import wire
from schemas.envelope import BadEnvelope, Envelope, Headers, derived_id, from_headers, to_headers
from schemas.generated.dead_v1 import CommandDied, command_died
from schemas.loader import by_type
from schemas.topics import TOPICS, key_of
from streams.engine.reading import DIED
from streams.engine.records import Out, Record

PREFIX = "dead_"  # of the provenance headers
LARGEST = (2 << 20) - (128 << 10)  # bytes of a foreign value that still fit a topic together with all the rest
LARGEST_KEY, LARGEST_HEADERS = 64 << 10, 32 << 10
_VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


class Kind(StrEnum):
    """Why a record is dead."""

    UNDECODABLE = "undecodable"
    UNDECIDABLE = "undecidable"
    KILLED = "killed the worker"


class WorkerDied(Exception):
    """Deciding this record ended the process again and again."""


def dead_letters(agent: str, record: Record, why: BaseException, kind: Kind) -> Iterator[Out]:
    """The letter itself, then one answer to who asked and one to the document's receipt, where there are such."""
    envelope = _envelope(record)
    fitting, cut = _fitting(record)
    headers = [*fitting.headers, *_provenance(agent, record, why, kind, envelope), *cut]
    yield Out(f"{record.topic}.dead", fitting.key, fitting.value, headers, record.timestamp)
    if envelope:
        body = _died(agent, record, why, envelope)
        if envelope.reply_topic in TOPICS and TOPICS[envelope.reply_topic].mailbox:
            yield _answer(agent, body, envelope, record, envelope.reply_topic, envelope.reply_key, 0)
        if envelope.receipt:
            receipt = envelope.receipt.partition("/")[0]
            yield _answer(agent, body, envelope, record, by_type()[DIED].topic, receipt, 1)


def fingerprint(why: BaseException) -> str:
    """The same for the same defect: class, message without what varies, and function."""
    module, function, _ = location(why)
    text = f"{type(why).__name__}|{_VARYING.sub('*', _said(why))}|{module}|{function}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _said(why: BaseException) -> str:
    """The error's message as text that can be written, whatever it is."""
    try:
        text = str(why)
    except Exception:  # noqa: BLE001  an error whose own text fails must not take the batch with it
        text = "(its message cannot be read)"
    return text[:2000].encode(errors="replace").decode()


def location(why: BaseException) -> tuple[str, str, int]:
    """Module, function and line that raised, the deepest of them that is ours."""
    found = ("", "", 0)
    for frame, line in walk_tb(why.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if not found[0] or module.split(".")[0] in ("schemas", "tables", "streams", "adapters", "tests"):
            found = (module, frame.f_code.co_name, line)
    return found


def _envelope(record: Record) -> Envelope | None:
    try:
        return from_headers(record.headers)
    except BadEnvelope:
        return None


def _fitting(record: Record) -> tuple[Record, Headers]:
    """As much of the record as a topic takes beside its provenance, and headers that tell what was cut and how long it was."""
    key, value, headers = record.key, record.value, _originals(record)
    cut: Headers = []
    if value is not None and len(value) > LARGEST:
        cut.append((f"{PREFIX}truncated", str(len(value)).encode()))
        value = value[:LARGEST]
    if key is not None and len(key) > LARGEST_KEY:
        cut.append((f"{PREFIX}truncated_key", str(len(key)).encode()))
        key = key[:LARGEST_KEY]
    kept = _first(headers, LARGEST_HEADERS)
    if len(kept) < len(headers):
        cut.append((f"{PREFIX}truncated_headers", str(sum(len(name) + len(text) for name, text in headers)).encode()))
    return replace(record, key=key, value=value, headers=kept), cut


def _first(headers: Headers, room: int) -> Headers:
    """The headers that fit, in their order; one that is too long leaves room for those behind it."""
    kept: Headers = []
    for name, text in headers:
        size = len(name.encode(errors="replace")) + len(text) + 10  # lengths on the wire
        if size <= room:
            room -= size
            kept.append((name, text))
    return kept


def _originals(record: Record) -> Headers:
    return [(name, value) for name, value in record.headers if not name.startswith(PREFIX)]


def _provenance(agent: str, record: Record, why: BaseException, kind: Kind, envelope: Envelope | None) -> Headers:
    module, function, line = location(why)
    earlier = dict(record.headers).get(f"{PREFIX}attempt", b"0")
    facts = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "agent": agent,
        "kind": kind,
        "error": type(why).__name__,
        "message": _said(why),
        "location": f"{module}:{line} {function}",
        "schema": (record.value or b"")[1:5].hex(),
        "fingerprint": fingerprint(why),
        "disposition": envelope.disposition if envelope else "",
        "attempt": int(earlier) + 1 if earlier.isdigit() else 1,
    }
    return [(PREFIX + name, str(value).encode(errors="replace")) for name, value in facts.items()]


def _died(agent: str, record: Record, why: BaseException, envelope: Envelope) -> CommandDied:
    return command_died(
        command_id=envelope.id,
        command_type=envelope.type,
        receipt=envelope.receipt,
        agent=agent,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        error=type(why).__name__,
        message=_said(why),
        fingerprint=fingerprint(why),
    )


def _answer(agent: str, body: CommandDied, cause: Envelope, record: Record, topic: str, key: str, index: int) -> Out:
    envelope = Envelope(
        id=derived_id(cause.id, agent, DIED, index),
        type=DIED,
        source=f"wharf/{agent}",
        tenant=cause.tenant,
        time=record.timestamp,
        subject=key,
        channel=cause.channel,
        correlation=cause.correlation or cause.id,
        causation=cause.id,
        receipt=cause.receipt,
        disposition=cause.disposition,
        traceparent=cause.traceparent,
    )
    key_bytes = key_of(cause.tenant, key).encode()
    return Out(topic, key_bytes, wire.encode(by_type()[DIED].name, body), to_headers(envelope), record.timestamp)
