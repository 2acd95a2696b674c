"""What operators read of dead letters, with the correlation id that leads to the rest."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from streams.engine.dead import PREFIX
from streams.engine.records import Out

log = structlog.get_logger("wharf.engine")


def log_dead(outs: Iterable[Out]) -> None:
    """One line per dead letter; never a payload."""
    for out in outs:
        if not out.topic.endswith(".dead"):
            continue
        headers = {name: value.decode(errors="replace") for name, value in out.headers}
        found = {name.removeprefix(PREFIX): value for name, value in headers.items() if name.startswith(PREFIX)}
        log.error(
            "engine.dead-letter", id=headers.get("ce_id", ""), correlation=headers.get("ce_correlationid", ""), **found
        )
