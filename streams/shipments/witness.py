"""Reports that change nothing are still told of: a duplicate, or a second witness of a known fact."""

from __future__ import annotations

from typing import Any

from schemas.generated.shipments_v1 import fact_ignored
from streams.draft import Draft


def ignore(kind: str, report: Any, reason: str, draft: Draft) -> None:
    """Note a report that changed nothing."""
    ignored = fact_ignored(kind=kind, event_id=report["event_id"], reason=reason, source=report["source"])
    draft.fact("shipment.ignored", ignored)
