"""X12 code lists as data: codes.toml, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "codes.toml").read_text(encoding="utf-8"))


def meaning(code_list: str, code: str) -> str | None:
    """What a code of a list means here; None where nobody decided."""
    return _lists()[code_list].get(code)


def named(code_list: str, code: str) -> str:
    """What a code means here, or the code itself, marked as X12's."""
    return meaning(code_list, code) or f"x12:{code}"
