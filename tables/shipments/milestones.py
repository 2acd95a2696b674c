"""The canonical milestones and which of two is the headline."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Milestone:
    """One canonical code, as milestones.toml says it."""

    code: str
    kind: str  # P, T, D, R, X or I
    rank: int | None = None
    level: int | None = None
    ends: bool = False
    counts: bool = False


@cache
def catalogue() -> MappingProxyType[str, Milestone]:
    """All canonical milestones by code."""
    rows = tomllib.loads((Path(__file__).parent / "milestones.toml").read_text(encoding="utf-8"))
    return MappingProxyType({code: _milestone(code, row) for code, row in rows.items()})


def known(code: str) -> Milestone:
    """The milestone of a code; one that is not in the catalogue is unmapped, never guessed."""
    return catalogue().get(code) or catalogue()["unmapped"]


def outdoes(code: str, at: int, headline: str, headline_at: int) -> bool:
    """Whether a step moves the headline: by level, then event time, then rank; never by arrival."""
    new, old = known(code), known(headline)
    if new.rank is None:
        return False
    if old.rank is None:
        return True
    return (new.level, at, new.rank) >= (old.level, headline_at, old.rank)


def late(code: str, at: int, headline: str, headline_at: int) -> bool:
    """Whether a step tells of a time that is over: a later one is known already."""
    return known(code).rank is not None and not outdoes(code, at, headline, headline_at)


def rank_of(code: str) -> int:
    """For an order among steps of the same time; what has no rank comes last."""
    rank = known(code).rank
    return 1000 if rank is None else rank


def _milestone(code: str, row: dict[str, object]) -> Milestone:
    rank, level = row.get("rank"), row.get("level", row.get("rank"))
    assert isinstance(rank, int | None) and isinstance(level, int | None)
    return Milestone(code, str(row["class"]), rank, level, bool(row.get("ends")), bool(row.get("counts")))
