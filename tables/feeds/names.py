"""Names of the rows of one view."""

from __future__ import annotations

from tables.row_names import part

VIEW = "view"


def pending(order_key: str, place: int) -> str:
    """An entry on its way; those of one order key stand together, the oldest first."""
    return f"{queue(order_key)}{place:016d}"


def queue(order_key: str) -> str:
    """Prefix of an order key's entries on their way."""
    return f"pending|{part(order_key)}|"


def ready(place: int) -> str:
    """An entry that waits for a free place at the endpoint only; the oldest first."""
    return f"ready|{place:016d}"


def retry(place: int) -> str:
    """An entry that waits for its next attempt's time."""
    return f"retry|{place:016d}"


def attempt(attempt_id: str) -> str:
    """An attempt that is not answered yet."""
    return f"attempt|{attempt_id}"


def known(entry_id: str) -> str:
    """An entry of the dedupe window by its id."""
    return f"known|{entry_id}"


def told(place: int) -> str:
    """An entry of the dedupe window by its place."""
    return f"told|{place:016d}"


def reach(order_key: str) -> str:
    """How far the window's entries of one order key go."""
    return f"reach|{part(order_key)}"
