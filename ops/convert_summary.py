"""What became of each file: how much of it is right, and why the rest is refused. For whole folders of documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.channels.readers.document import Accepted
from ops.convert import NO_PROFILE, read
from schemas.generated import reference_v1 as reference


@dataclass(frozen=True, slots=True)
class Summary:
    """One file's verdict."""

    file: str
    right: int
    documents: tuple[str, ...]  # names of those that are right, such as order numbers
    warnings: tuple[str, ...]  # codes on them, each once
    refused: int
    reasons: dict[str, int]  # how often each code

    @property
    def verdict(self) -> str:
        """right, refused, or partly where a file holds both."""
        if self.right and self.refused:
            return "partly"
        return "right" if self.right else "refused"

    def told(self) -> dict[str, object]:
        """As one line of JSON."""
        return {
            "file": self.file, "verdict": self.verdict, "right": self.right,
            "documents": list(self.documents), "warnings": list(self.warnings), "refused": self.refused,
            "reasons": self.reasons,
        }  # fmt: skip


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those of the folders named, in a stable order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if found.is_file())
        else:
            yield path


def summary(path: Path, *, kind: str = "", partner: reference.Partner = NO_PROFILE) -> Summary:
    """Read one file and tell what became of it."""
    reading = read(path, kind, partner)
    right = [result for result in reading.results if isinstance(result, Accepted)]
    reasons = Counter(refusal.code for refusal in reading.refused)
    warnings = {warning.code: None for result in right for warning in result.warnings}
    names = tuple(result.document for result in right)
    return Summary(path.name, len(right), names, tuple(warnings), sum(reasons.values()), dict(reasons))
