"""All examinations in turn; one that fails itself is a finding, not the end of the visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ops.doctor import broker, others, stock
from ops.doctor.finding import Examination, Finding, bad
from schemas.settings import Settings

EXAMINATIONS: Sequence[tuple[str, Examination]] = (
    ("machine", others.examine_machine),
    ("kafka", broker.examine),
    ("redis", others.examine_redis),
    ("http", others.examine_http),
    ("stock", stock.examine_drift),
)


def visit(settings: Settings, examinations: Sequence[tuple[str, Examination]] = EXAMINATIONS) -> Iterator[Finding]:
    """Everything that was looked at."""
    for name, examination in examinations:
        try:
            yield from examination(settings)
        except Exception as exc:  # noqa: BLE001  the patient is ill in a new way: say so and look at the rest
            yield bad(name, f"{type(exc).__name__}: {exc}", "see the detail; the other findings stand")
