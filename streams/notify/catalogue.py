"""What of all that happens is told, and to whom by default."""

from __future__ import annotations

import re
from functools import cache

# What a channel hears of its own orders unless it asks for something else.
DEFAULT = frozenset(
    {
        "order.status.changed",
        "order.facet.changed",
        "order.changed",
        "order.cancelled",
        "exception.raised",
        "exception.resolved",
        "shipment.milestone.recorded",
        "invoice.posted",
        "document.rejected",
    }
)

# What a pattern such as order.* reaches. All else is bookkeeping: told only to who names its exact type.
PUBLIC = DEFAULT | {
    "order.created",
    "order.accepted",
    "order.rejected",
    "order.confirmed",
    "order.released",
    "order.completed",
    "shipment.dispatched",
}
LINES = "order.line."  # backordered, split, substituted, cancelled: default as a family
AVAILABILITY = "availability."  # a flood: reached only by patterns that begin with it


def by_default(kind: str) -> bool:
    """Whether the default view of a channel hears it."""
    return kind in DEFAULT or kind.startswith(LINES)


def public(kind: str) -> bool:
    """Whether a pattern can reach it."""
    return kind in PUBLIC or kind.startswith((LINES, AVAILABILITY))


def matches(pattern: str, kind: str) -> bool:
    """Whether a pattern reaches a type; `*` stands for any run of characters."""
    if kind.startswith(AVAILABILITY) and not pattern.startswith(AVAILABILITY):
        return False
    return _compiled(pattern).fullmatch(kind) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\*+", pattern)))
