"""What wharf needs of an ERP: create, look up, cancel; and how each may end.

No method raises for what an ERP or a network does: every end is a value. What an adapter must keep (the contract suite
in tests/adapters/erp/contract holds it to this):
- `create` under a key that the ERP knows makes no second document, where the ERP honours keys;
- `lookup` finds what `create` has made under that key, the oldest first, cancelled documents only where no other is;
- `cancel` of what is cancelled or was never there ends well;
- whatever leaves open whether the ERP did it is Ambiguous, and an answer about another order is that too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from schemas.generated.erp_v1 import PostAttempt


@dataclass(frozen=True, slots=True)
class Posted:
    """The document stands in the ERP."""

    number: str


@dataclass(frozen=True, slots=True)
class Found:
    """Documents that the ERP has under the order's key: more than one only where it forgot its keys."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """The ERP has no document of this order."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule of the ERP forbids it; trying again changes nothing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The document no longer counts."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The ERP was not reached, or did not let us in: it has done nothing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may or may not have been done."""

    reason: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """The ERP asks for patience; it has done nothing."""

    retry_after_s: int


Failure = Unavailable | Ambiguous | Throttled
Created = Posted | Refused | Failure
LookedUp = Found | Absent | Failure
Undone = Cancelled | Absent | Refused | Failure
Outcome = Posted | Found | Absent | Refused | Cancelled | Unavailable | Ambiguous | Throttled


class Erp(Protocol):
    """An ERP, as the door uses it."""

    async def create(self, attempt: PostAttempt) -> Created:
        """Make the order's document."""

    async def lookup(self, attempt: PostAttempt) -> LookedUp:
        """Ask for the order's documents by its key."""

    async def cancel(self, attempt: PostAttempt, number: str) -> Undone:
        """Cancel one document."""

    async def close(self) -> None:
        """Let go of connections."""
