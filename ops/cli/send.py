"""`wharf send`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from ops.cli.output import emit, progress, say, tell_error
from ops.exits import Exit, Failed

Files = Annotated[list[Path], typer.Argument(help="documents, or files of reference data", metavar="FILE…")]
Channel = Annotated[str, typer.Option(help="the channel that the documents come from")]
Reference = Annotated[
    str, typer.Option(help="kind of reference data: products, partners, …; JSON lines, a JSON array, or CSV")
]
MediaType = Annotated[str, typer.Option("--type", help="media type; by the file's name where not given")]
T = TypeVar("T")


def send(files: Files, channel: Channel = "", reference: Reference = "", media: MediaType = "") -> None:
    """Send documents or reference data into the running system; prints a receipt for each.

    Sending the same file again is the same request: nothing is done twice. Exit 65 if any was refused.

    \b
    Examples:  wharf send orders/*.edi --channel retailer
               wharf send products.jsonl --reference products
    """
    if bool(channel) == bool(reference):
        raise Failed(Exit.USAGE, "say either --channel or --reference")
    refused = _reference(files, reference) if reference else _documents(files, channel, media)
    if refused:
        raise typer.Exit(Exit.BAD_DATA)


def _documents(files: Sequence[Path], channel: str, media: str) -> int:
    from ops.gateway_client import gateway
    from ops.sending import send_document

    with gateway() as hub:
        return _each(
            files, "documents", lambda path: {"file": path.name}, lambda path: send_document(hub, path, channel, media)
        )


def _reference(files: Sequence[Path], kind: str) -> int:
    from ops.gateway_client import gateway
    from ops.sending import reference_data

    with gateway() as hub:
        data = list(reference_data(files, kind))
        return _each(
            data, kind, lambda one: {"file": one.file, "row": one.row}, lambda one: hub.put(one.path, one.body)
        )


def _each(items: Sequence[T], what: str, place: Callable[[T], dict[str, Any]], send_one: Callable[[T], Any]) -> int:
    """Send all, whatever is refused; returns how many were."""
    from ops.gateway_client import Refused

    refused = 0
    for item in progress(items, what):
        try:
            emit(place(item) | send_one(item))
        except Refused as refusal:
            refused += 1
            tell_error(place(item) | {"error": refusal.problem})
    say(f"{len(items) - refused} of {len(items)} {what} taken")
    return refused
