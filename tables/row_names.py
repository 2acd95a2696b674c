"""What the names of all tables' rows have in common."""

from __future__ import annotations


def part(text: str) -> str:
    """A text from outside that cannot be taken for two parts of a name."""
    return text.replace("%", "%25").replace("|", "%7C")
