"""Records that wait behind a dead one of their key, where an agent declares that a key's order matters.

The dead one lies in its dead-letter topic and nowhere else. Those behind it are rows of the agent's own table under their
key, so they move with their partition, and other keys go on. An operator's `key.resolve` in the mailbox has them decided
in their order, the dead one first where it is redriven; the same again finds another culprit or none, and does nothing.
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from schemas import wire
from schemas.envelope import BadEnvelope, Envelope, Headers, derived_id, from_headers, to_headers
from schemas.generated.dead_v1 import ResolveKey, header, resolve_key
from schemas.generated.state_engine_v1 import Culprit, Waiting, culprit, waiting
from schemas.loader import by_type
from schemas.topics import BadKey, key_of
from streams.engine.dead import PREFIX, fingerprint
from streams.engine.reading import key_of_record
from streams.engine.records import Out, Record
from tables.store_layer import CULPRIT, WAITING, Layer
from tables.table import Table

RESOLVE = "key.resolve"
AT_ONCE = 500  # waiting records that one command decides: more would not fit a transaction
ATTEMPT = f"{PREFIX}attempt"
_ROW, _QUEUE = f"{CULPRIT}|", f"{WAITING}|"


class Freed(NamedTuple):
    """Records to decide in their order, and whether more wait behind them."""

    records: list[Record]
    more: bool
    culprit: Culprit


class NotRedrivable(ValueError):
    """A dead letter does not hold the whole record."""


def scope_of(record: Record) -> str:
    """Tenant and key that a record belongs to; empty where its bytes do not say, and nobody waits behind it."""
    try:
        envelope = from_headers(record.headers)
        return key_of(envelope.tenant, key_of_record(record.key, envelope))
    except (BadEnvelope, BadKey):
        return ""


def is_resolve(record: Record) -> bool:
    """Whether a record is an operator's word on a dead one."""
    return any(name == "ce_type" and value == RESOLVE.encode() for name, value in record.headers)


def resolve_of(record: Record) -> ResolveKey:
    """An operator's word; raises a WireError."""
    found: ResolveKey = wire.decode(record.value or b"", {by_type()[RESOLVE].name})[1]
    return found


def is_held(layer: Layer, scope: str) -> bool:
    """Whether the records of a key wait."""
    return layer.get(scope, _ROW) is not None


def hold(layer: Layer, table: Table, record: Record, why: BaseException) -> None:
    """A record is dead: those of its key wait from now on, unless they do already."""
    scope = scope_of(record)
    if not scope or is_held(layer, scope):
        return
    row = culprit(
        id=dict(record.headers).get("ce_id", b"").decode(errors="replace"),
        partition=record.partition,
        offset=record.offset,
        fingerprint=fingerprint(why),
        since=record.timestamp,
    )
    layer.put(table, scope, {_ROW: row})


def park(layer: Layer, table: Table, scope: str, record: Record) -> None:
    """Let a record wait. A key's records come from one partition, so their offsets are their order."""
    row = waiting(
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        value=record.value or b"",
        headers=[header(name=name, value=value) for name, value in record.headers],
    )
    layer.put(table, scope, {f"{_QUEUE}{record.offset:016}": row})


def freed(layer: Layer, table: Table, scope: str, word: ResolveKey, record: Record) -> Freed | None:
    """What to decide now; None where another record is dead, or none. Nobody is held any more.

    record  the operator's, whose topic and key they share
    """
    dead = layer.get(scope, _ROW)
    if dead is None or (dead["partition"], dead["offset"]) != (word["partition"], word["offset"]):
        return None
    kept = [row for _, row in islice(layer.scan(scope, _QUEUE), AT_ONCE + 1)]
    first = [waiting(partition=word["partition"], offset=word["offset"], timestamp=record.timestamp,
                     value=word["value"], headers=word["headers"])] if word["redrive"] else []  # fmt: skip
    layer.put(table, scope, {_ROW: None})
    return Freed([_record(record, row) for row in (*first, *kept[:AT_ONCE])], len(kept) > AT_ONCE, dead)


def unpark(layer: Layer, table: Table, scope: str, record: Record) -> None:
    """A record that waited is being decided."""
    layer.put(table, scope, {f"{_QUEUE}{record.offset:016}": None})


def again(layer: Layer, table: Table, agent: str, scope: str, dead: Culprit, record: Record) -> Out:
    """So many wait that the rest goes on by a command of its own; until that comes the key is held as before."""
    envelope = from_headers(record.headers)
    layer.put(table, scope, {_ROW: dead})
    body = resolve_key(partition=dead["partition"], offset=dead["offset"], redrive=False)
    following = envelope._replace(
        id=derived_id(envelope.id, agent, RESOLVE, 0), source=f"wharf/{agent}", causation=envelope.id
    )
    value = wire.encode(by_type()[RESOLVE].name, body)
    return Out(record.topic, record.key, value, to_headers(following), record.timestamp, record.partition)


def word_on(letter: Record, *, redrive: bool, value: bytes | None = None) -> tuple[bytes, Headers]:
    """Body and headers of the command that resolves a dead letter: redriven as it lies there, mended, or dropped.

    raises BadEnvelope, and NotRedrivable where it was cut to fit and nobody has mended it
    """
    told = dict(letter.headers)
    if redrive and value is None and "dead_truncated" in told:
        raise NotRedrivable("the letter was cut to fit its topic: it must be mended")
    own = [(name, text) for name, text in letter.headers if name == ATTEMPT or not name.startswith(PREFIX)]
    body = resolve_key(
        partition=int(told[f"{PREFIX}partition"]),
        offset=int(told[f"{PREFIX}offset"]),
        redrive=redrive,
        value=(letter.value or b"") if value is None else value,
        headers=[header(name=name, value=text) for name, text in own],
    )
    cause = from_headers(own)
    which = f"{RESOLVE}/{body['partition']}/{body['offset']}/{told.get(ATTEMPT, b'').decode()}"
    envelope = Envelope(
        id=derived_id(cause.id, "operator", which, int(redrive)),
        type=RESOLVE,
        source="wharf/operator",
        tenant=cause.tenant,
        time=letter.timestamp,
        subject=cause.subject,
        correlation=cause.correlation or cause.id,
        causation=cause.id,
    )
    return wire.encode(by_type()[RESOLVE].name, body), to_headers(envelope)


def _record(near: Record, row: Waiting) -> Record:
    """A record of the same topic and key, out of what was kept of it."""
    headers = [(one["name"], one["value"]) for one in row["headers"]]
    return Record(near.topic, row["partition"], row["offset"], row["timestamp"], near.key, row["value"], headers)
