"""What becomes of a row: said to the hub, or left out because nothing has changed. Pure; the journal and the hub are arguments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import orjson

from adapters.channels.readers.stock_rows import RefusedRow, StockRow
from schemas.envelope import millis, rfc3339

CHUNK = 500  # rows: as many SKUs as one question may name, and never over the gateway's limit for a body
RENEW_MS = 86_400_000  # a count that only repeats is said again after this time, so that its age does not grow for ever
PASSED_OVER = {  # why the hub set a count aside that it was told → what is told of the row
    "stale_sequence": ("sequence", "WH1407", "a later sequence of the source is known"),
    "stale_count": ("as_of", "WH1407", "a later count is known"),
    "conflict": ("quantity", "WH1408", "the same count was said before with another quantity"),
    "negative_count": ("quantity", "WH1107", "the count is negative"),
    "unknown_class": ("class", "WH1107", "the class is not known"),
}


class Said(NamedTuple):
    """What the source's last agreed row of a position said."""

    content: str
    as_of: int
    sequence: int | None


class Standing(NamedTuple):
    """What the hub holds of a position, its quantities in base units."""

    on_hand: str
    unsellable: str
    unit: str
    as_of: int  # of the newest report that changed it


Place = tuple[str, str]  # sku, location


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a chunk of a file, once its turn has come."""

    number: int
    send: tuple[StockRow, ...]
    unchanged: int
    refused: tuple[RefusedRow, ...]


def chunks(rows: Iterable[StockRow | RefusedRow], size: int = CHUNK) -> Iterator[list[StockRow | RefusedRow]]:
    """The file in pieces that are the same whenever it is read."""
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk


def content(row: StockRow) -> str:
    """What a row says of its position, whenever it says so."""
    classes = ",".join(f"{name}={units}" for name, units in row.classes)
    return f"{row.quantity}|{row.unit}|{'' if row.unsellable is None else row.unsellable}|{classes}"


def event(row: StockRow, source: str) -> dict[str, Any]:
    """The row as `POST /v1/inventory/events` takes it; the same row is the same event."""
    told: dict[str, Any] = {
        "kind": "counted", "source": source, "as_of": rfc3339(row.as_of), "sku": row.sku, "location": row.location,
        "quantity": row.quantity, "event_id": event_id(row, source),
    }  # fmt: skip
    if row.sequence is not None:
        told["sequence"] = row.sequence
    if row.unit:
        told["unit"] = row.unit
    if row.classes:
        told["classes"] = dict(row.classes)
    elif row.unsellable is not None:
        told["unsellable"] = row.unsellable
    return told


def event_id(row: StockRow, source: str) -> str:
    """A name for what a row says, made of nothing else: it does not matter in which file or line it stands."""
    said = (source, row.sku, row.location, str(row.as_of), str(row.sequence), content(row))
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]


def body(rows: Sequence[StockRow], source: str) -> bytes:
    """The request of these rows."""
    return orjson.dumps([event(row, source) for row in rows])


def request_key(body: bytes) -> str:
    """The Idempotency-Key of a request: the same rows, the same key."""
    return hashlib.sha256(body).hexdigest()[:32]


def repeats(row: StockRow, said: Said | None) -> bool:
    """Whether a row says what its source's last agreed row said, at the same time or later."""
    if said is None or said.content != content(row):
        return False
    if row.sequence is not None and said.sequence is not None:
        return row.sequence >= said.sequence
    return row.as_of >= said.as_of


def unchanged(row: StockRow, said: Said | None, standing: Standing | None, renew_ms: int = RENEW_MS) -> bool:
    """Whether a row may be left out: taking it over would change nothing.

    It repeats what was agreed, the hub still holds just that, and nothing has come to the position since: what sold and
    came back, or came and was lost, has to be said again although the number is the same.
    """
    if said is None or standing is None or not repeats(row, said) or row.as_of - said.as_of >= renew_ms:
        return False
    same = row.quantity == standing.on_hand and row.unit in ("", standing.unit)
    return same and row.unsellable in (None, standing.unsellable) and standing.as_of <= said.as_of


def plan(
    number: int,
    chunk: Sequence[StockRow | RefusedRow],
    said: Mapping[Place, Said],
    standing: Mapping[Place, Standing],
    seen: Mapping[Place, int],
    renew_ms: int = RENEW_MS,
) -> Plan:
    """Decide on a chunk.

    said      what the last agreed rows of these positions said
    standing  what the hub holds of them, as far as it is known for sure
    seen      the line where a position stood before in this snapshot
    """
    send: list[StockRow] = []
    refused: list[RefusedRow] = []
    lines, same = dict(seen), 0
    for row in chunk:
        if isinstance(row, RefusedRow):
            refused.append(row)
            continue
        place = (row.sku, row.location)
        if place in lines:
            refused.append(_twice(row, lines[place]))
            continue
        lines[place] = row.line
        if unchanged(row, said.get(place), standing.get(place), renew_ms):
            same += 1
        else:
            send.append(row)
    return Plan(number, tuple(send), same, tuple(refused))


def _twice(row: StockRow, line: int) -> RefusedRow:
    message = f"{row.sku} at {row.location} stands in line {line} already; a snapshot says each position once"
    return RefusedRow(row.line, "sku", "WH1404", message, row.sku, row.location)


def standings(answer: Mapping[str, Any]) -> dict[Place, Standing]:
    """What `POST /v1/inventory/positions/query` tells for sure: a stale answer says nothing."""
    return {
        (item["sku"], place["location"]): Standing(
            place["on_hand"], place["unsellable"], item["unit"], millis(place["as_of"])
        )
        for item in answer["items"]
        if not item["stale"]
        for place in item["locations"]
        if place["as_of"] is not None
    }


def at_fault(rows: Sequence[StockRow], problems: Iterable[Mapping[str, str]]) -> dict[int, RefusedRow]:
    """The rows that a refusal of the whole request points at, by their index; all of them where it points nowhere."""
    told = list(problems)
    found: dict[int, RefusedRow] = {}
    for problem in told:
        index, _, name = problem.get("pointer", "").removeprefix("/").partition("/")
        one = 0 if len(rows) == 1 and not index.isdigit() else int(index) if index.isdigit() else -1
        if 0 <= one < len(rows) and one not in found:
            found[one] = _refused(rows[one], name if index.isdigit() else index, problem["code"], problem["message"])
    if not found:
        code, message = (told[0]["code"], told[0]["message"]) if told else ("dead", "the hub could not decide on it")
        found = {index: _refused(row, "", code, message) for index, row in enumerate(rows)}
    return found


def passed_over(rows: Sequence[StockRow], parts: Iterable[Mapping[str, Any]]) -> dict[int, RefusedRow]:
    """The rows that were taken and then set aside, or died, by their index: part n of the receipt is row n."""
    found: dict[int, RefusedRow] = {}
    for index, part in enumerate(parts):
        if index >= len(rows):
            break
        if part["state"] == "dead":
            found[index] = _refused(rows[index], "", "dead", "the hub could not decide on it")
        elif why := PASSED_OVER.get(part.get("reason", "")):
            found[index] = _refused(rows[index], *why)
    return found


def _refused(row: StockRow, field: str, code: str, message: str) -> RefusedRow:
    return RefusedRow(row.line, field, code, message, row.sku, row.location)
