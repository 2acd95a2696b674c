"""`wharf dead resolve`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from ops.cli.output import emit

Topic = Annotated[str, typer.Argument(help="where the dead record stood, such as orders.commands")]
Partition = Annotated[int, typer.Argument(min=0)]
Offset = Annotated[int, typer.Argument(min=0)]
Drop = Annotated[bool, typer.Option("--drop", help="leave the dead record dead; those behind it go on without it")]
Body = Annotated[Path | None, typer.Option("--body", help="file with its mended body, in wire format", exists=True)]


def resolve(topic: Topic, partition: Partition, offset: Offset, drop: Drop = False, body: Body = None) -> None:
    """Let the records that wait behind a dead one go on: after it, redriven as it is or mended, or without it.

    Doing it twice is doing it once.

    \b
    Examples:  wharf dead resolve orders.commands 3 1207
               wharf dead resolve orders.commands 3 1207 --body mended.bin
               wharf dead resolve orders.commands 3 1207 --drop
    """
    from ops import running
    from ops.waiting import letter_of, provenance, read
    from ops.waiting import resolve as say

    told = running.connected()
    letter = letter_of(read(told, f"{topic}.dead"), topic, partition, offset)
    asyncio.run(say(told, letter, redrive=not drop, value=body.read_bytes() if body else None))
    emit({"resolved": f"{topic}/{partition}/{offset}", "redriven": not drop, "error": provenance(letter)["error"]})
