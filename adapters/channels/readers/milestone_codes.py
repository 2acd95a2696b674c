"""Milestone vocabularies as data: milestone_codes.toml, read once.

Source: X12 elements 1650, 1651 and 1652; canonical codes as in reference/domain/shipments.md §1 and §2.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

UNMAPPED = "unmapped"


@cache
def _tables() -> dict[str, Any]:
    text = (Path(__file__).parent / "milestone_codes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def canonical() -> frozenset[str]:
    """All canonical milestone codes that a sender may use."""
    return frozenset(_tables()["canonical"])


@cache
def vocabularies() -> tuple[str, ...]:
    """The vocabularies that can be mapped."""
    return tuple(_tables()["vocabulary"])


@cache
def _mapped(vocabulary: str) -> dict[str, str]:
    groups: dict[str, list[str]] = _tables()["vocabulary"][vocabulary]
    return {code: milestone for milestone, codes in groups.items() for code in codes}


def milestone_of(vocabulary: str, code: str) -> str:
    """The canonical milestone of a foreign code; `unmapped` where nobody decided what it means."""
    return _mapped(vocabulary).get(code, UNMAPPED)
