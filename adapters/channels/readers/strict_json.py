"""Strict JSON (schemas/strict_json.py) as the readers want it: a value, or a refusal with its reason."""

from __future__ import annotations

from typing import Any

from adapters.channels.readers.document import Rejected, rejected
from schemas import strict_json


def parse(body: bytes) -> Any | Rejected:
    """The JSON value of the whole body; or why not."""
    try:
        return strict_json.parse(body)
    except strict_json.BadJson as exc:
        return rejected(exc.code, exc.message)
