"""Documents and reference data into the running system, each answered by a receipt."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from adapters.gateway.models.reference import KINDS, SEPARATOR
from ops.exits import Exit, Failed
from ops.gateway_client import Gateway

MEDIA_TYPES: Mapping[str, str] = {
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".xml": "application/xml",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".edi": "application/edi-x12",
    ".x12": "application/edi-x12",
    ".850": "application/edi-x12",
    ".edifact": "application/edifact",
}


@dataclass(frozen=True, slots=True)
class Datum:
    """One record of reference data with its place in a file."""

    file: str
    row: int
    path: str  # below the gateway's address
    body: Mapping[str, Any]


def media_type(path: Path) -> str:
    """What a file is, by its name; wharf looks at the content where that says nothing."""
    return MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")


def send_document(gateway: Gateway, path: Path, channel: str, kind: str = "") -> Any:
    """One document as it is; sending the same file again is the same request. Raises Refused."""
    body = path.read_bytes()
    key = hashlib.sha256(b"\0".join((channel.encode(), path.name.encode(), body))).hexdigest()[:32]
    return gateway.post(f"/v1/channels/{channel}/documents", body, kind or media_type(path), key, file_name=path.name)


def reference_data(paths: Iterable[Path], kind: str) -> Iterator[Datum]:
    """Every record of these files; raises Failed for an unknown kind or a record without its identity."""
    if kind not in KINDS:
        raise Failed(Exit.USAGE, f"no reference data is called {kind!r}; there are {', '.join(sorted(KINDS))}")
    for path in paths:
        for row, body in enumerate(_rows(path), 1):
            yield Datum(path.name, row, f"/v1/reference/{kind}/{_key(path, row, body, kind)}", body)


def _key(path: Path, row: int, body: Mapping[str, Any], kind: str) -> str:
    parts = [str(body.get(name, "")) for name in KINDS[kind].identity]
    if not any(parts):
        raise Failed(Exit.BAD_DATA, f"{path.name}, record {row}: {', '.join(KINDS[kind].identity)} is missing")
    return quote(SEPARATOR.join(parts), safe="")


def _rows(path: Path) -> Iterable[Mapping[str, Any]]:
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".csv":
        return [{name: value for name, value in row.items() if value} for row in csv.DictReader(io.StringIO(text))]
    try:
        return (
            orjson.loads(text)
            if text.lstrip().startswith("[")
            else [orjson.loads(line) for line in text.splitlines() if line.strip()]
        )
    except orjson.JSONDecodeError as exc:
        raise Failed(Exit.BAD_DATA, f"{path.name} is neither a JSON array nor JSON lines: {exc}") from exc
