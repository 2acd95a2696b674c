"""The declaration of an agent's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tables.rows import Apply


@dataclass(frozen=True, slots=True)
class Table:
    """A partitioned table: rows of these kinds, changed only by `apply` over the agent's facts."""

    name: str  # the agent's
    kinds: Mapping[str, str]  # kind of row (its name up to the first "|") → full name of its Avro record
    apply: Apply

    @property
    def changelog(self) -> str:
        """Topic of its changelog, without environment prefix."""
        return f"{self.name}-changelog"
