"""`wharf send`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from ops.cli.output import emit, progress, say, tell_error
from ops.cli.send_stock import StockOptions, send_stock
from ops.exits import Exit, Failed

Files = Annotated[list[Path], typer.Argument(help="documents, files of reference data, or snapshots", metavar="FILE…")]
Channel = Annotated[str, typer.Option(help="the channel that the documents come from")]
Reference = Annotated[
    str, typer.Option(help="kind of reference data: products, partners, …; JSON lines, a JSON array, or CSV")
]
Stock = Annotated[
    str, typer.Option(help="the source that counted: FILE is a snapshot of stock, CSV or X12 846", metavar="SOURCE")
]
MediaType = Annotated[str, typer.Option("--type", help="media type; by the file's name where not given")]
Location = Annotated[str, typer.Option(help="stock: where the rows are that do not say it")]
AsOf = Annotated[str, typer.Option(help="stock: when the rows were counted that do not say it")]
Number = Annotated[int | None, typer.Option("--sequence", min=0, help="stock: the source's number of this snapshot")]
Zone = Annotated[str, typer.Option(help="stock: zone of times without an offset, UTC in X12 where not given")]
Sign = Annotated[str, typer.Option("--decimal", help="stock: sign of fractions, . or ,; as the rows show it otherwise")]
Encoding = Annotated[str, typer.Option(help="stock: of the text; by its mark or UTF-8 where not given")]
OnHand = Annotated[str, typer.Option(help="stock: the QTY01 of an 846 that is on hand; 17 where not given")]
Report = Annotated[
    Path | None, typer.Option(help="stock: where refused rows are listed, .csv or .json; else FILE.refused.csv")
]
Everything = Annotated[bool, typer.Option("--everything", help="stock: send unchanged rows too")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="stock: read and judge the rows, send nothing")]
T = TypeVar("T")


def send(
    files: Files, channel: Channel = "", reference: Reference = "", stock: Stock = "", media: MediaType = "",
    location: Location = "", as_of: AsOf = "", sequence: Number = None, timezone: Zone = "", decimal: Sign = "",
    encoding: Encoding = "", on_hand: OnHand = "", report: Report = None, everything: Everything = False,
    dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Send documents, reference data or snapshots of stock into the running system.

    Sending the same file again is the same request: nothing is done twice. Exit 65 if any was refused.

    A snapshot's columns are sku, location, quantity, and unit, class, unsellable, as_of, sequence where they are known;
    other usual names of these will do. Rows that say nothing new are not sent. One that was interrupted goes on where
    it stood: run the same command again.

    \b
    Examples:  wharf send orders/*.edi --channel retailer
               wharf send products.jsonl --reference products
               wharf send counts.csv --stock wms1 --as-of 2026-03-02T06:00:00Z
               wharf send supplier.846 --stock supplier7 --location DC1 --dry-run
    """
    if sum(map(bool, (channel, reference, stock))) != 1:
        raise Failed(Exit.USAGE, "say one of --channel, --reference and --stock")
    if decimal not in ("", ".", ","):
        raise Failed(Exit.USAGE, "--decimal is . or ,")
    if stock:
        told = (location, as_of, sequence, timezone, decimal, encoding, on_hand, report, everything, dry_run)
        refused = send_stock(files, StockOptions(stock, *told))
    else:
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
