"""The figures' place in the README: between two marks, and nothing else of it is touched."""

from __future__ import annotations

from pathlib import Path

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


class NoPlace(ValueError):
    """The text has not exactly one place for figures."""


def with_figures(text: str, figures: str) -> str:
    """The text with what stands between the marks replaced; raises NoPlace."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise NoPlace(f"there must be one {BEGIN} and behind it one {END}")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{figures.strip()}\n\n{END}{after}"


def write(path: Path, figures: str) -> None:
    """Put the figures into the file; raises NoPlace, OSError."""
    path.write_text(with_figures(path.read_text(encoding="utf-8"), figures), encoding="utf-8")
