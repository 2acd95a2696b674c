"""`wharf topics apply`."""

from __future__ import annotations

import typer

from ops.cli.output import emit, say
from ops.exits import Exit


def apply() -> None:
    """Create the topics that are missing, set what differs, set each group's session time-out.

    Doing it twice changes nothing. The number of partitions of a topic is never changed: exit 65 where it differs.

    \b
    Examples:  wharf topics apply
               WHARF_PARTITIONS=24 WHARF_REPLICATION=3 wharf topics apply
    """
    from ops import running
    from ops.topics.everything import apply_all

    changes = list(apply_all(running.connected()))
    for change in changes:
        emit({"done": change.done, "name": change.name, "why": change.why})
    say(f"{len(changes)} changes" if changes else "everything is as it should be")
    if any(change.done == "refused" for change in changes):
        raise typer.Exit(Exit.BAD_DATA)
