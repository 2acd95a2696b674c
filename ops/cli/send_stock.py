"""`wharf send --stock`: snapshots of stock; see `ops.cli.send` for the command itself."""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ops.cli.output import emit, say
from ops.exits import Exit, Failed

if TYPE_CHECKING:
    from adapters.channels.readers.stock_rows import Given
    from ops.snapshots.files import Snapshot
    from ops.snapshots.hub import Hub
    from ops.snapshots.journal import Journal, Totals


@dataclass(frozen=True, slots=True)
class StockOptions:
    """What was said on the command line of a snapshot."""

    source: str
    location: str = ""
    as_of: str = ""
    sequence: int | None = None
    timezone: str = ""
    decimal: str = ""
    encoding: str = ""
    on_hand: str = ""
    report: Path | None = None
    everything: bool = False
    dry_run: bool = False


def send_stock(files: Sequence[Path], options: StockOptions) -> int:
    """Send each file as a snapshot of one source; returns how many rows were refused."""
    from ops.snapshots import files as reading

    if options.report and len(files) > 1:
        raise Failed(Exit.USAGE, "--report names one file; without it each snapshot's report stands beside it")
    refused = 0
    for path in files:
        snapshot = reading.look(
            path, located=bool(options.location), encoding=options.encoding, decimal=options.decimal
        )
        if snapshot.unused:
            say(f"{path.name}: columns that are not used: {', '.join(snapshot.unused)}")
        refused += (_tried if options.dry_run else _sent)(snapshot, options)
    return refused


def _sent(snapshot: Snapshot, options: StockOptions) -> int:
    from ops.gateway_client import gateway
    from ops.snapshots.hub import GatewayHub
    from ops.snapshots.journal import Journal

    with gateway() as at, Journal(_memory(at.url, at.key, options.source)) as journal:
        at.get("/healthz")  # whether anybody is there, before the file is read
        hub = GatewayHub(at, options.source)
        try:
            return _run(snapshot, journal, options, hub)
        finally:
            hub.stop.set()


def _tried(snapshot: Snapshot, options: StockOptions) -> int:
    """Read and judge all rows, and say none."""
    from ops.snapshots.dry import DryHub
    from ops.snapshots.journal import Journal

    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "dry.sqlite") as journal:
        return _run(snapshot, journal, options, DryHub())


def _run(snapshot: Snapshot, journal: Journal, options: StockOptions, hub: Hub) -> int:
    from ops.snapshots import files as reading
    from ops.snapshots.send import How, send
    from schemas.envelope import rfc3339

    begun = time.monotonic()
    goes_on = journal.begin(_name(snapshot, options), round(time.time() * 1000))
    before = journal.totals()
    if goes_on:
        say(f"{snapshot.path.name}: goes on after {before.rows:,} rows of the run begun {rfc3339(journal.began)}")
    rows = reading.rows(snapshot, _given(snapshot, options, journal.began), options.on_hand or "17")
    try:
        totals = send(
            rows, journal, hub, How(options.source, options.everything), _shower(snapshot.rows, before, begun)
        )
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
    journal.finish(round(time.time() * 1000))
    _tell(snapshot, journal, options, totals, before, time.monotonic() - begun)
    return totals.refused


def _given(snapshot: Snapshot, options: StockOptions, now: int) -> Given:
    """What holds for the whole file; raises Failed for an option that cannot be read."""
    from adapters.channels.readers.stock_rows import Bad, Given, instant

    zone = _zone(options.timezone) or (None if snapshot.form else UTC)
    try:
        as_of = instant(options.as_of, zone) if options.as_of else None
    except Bad as bad:
        raise Failed(Exit.USAGE, f"--as-of: {bad}") from bad
    return Given(now, options.location, as_of, options.sequence, zone, snapshot.form.decimal if snapshot.form else ".")


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as exc:
        raise Failed(Exit.USAGE, f"--timezone: no time zone is called {name!r}") from exc


def _name(snapshot: Snapshot, options: StockOptions) -> str:
    """What makes a run the same one: the file's bytes, and all that changes what they say."""
    said = (
        snapshot.digest, options.source, options.location, options.as_of, options.sequence, options.timezone,
        options.decimal, options.encoding, options.on_hand, options.everything,
    )  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _memory(url: str, key: str, source: str) -> Path:
    """Where the journal of a source stands: another hub, or another key's tenant, was told nothing of it."""
    from schemas.settings import settings

    whose = hashlib.sha256(f"{url}\x1f{key}\x1f{source}".encode()).hexdigest()[:24]
    return settings().state_dir / "snapshots" / f"{whose}.sqlite"


def _shower(total: int, before: Totals, begun: float) -> Callable[[Callable[[], Totals]], None]:
    """Shows where it stands on a terminal, five times a second at most; nothing elsewhere."""
    from ops.snapshots.meter import Meter

    meter, shown = Meter(total, before.rows, begun), [0.0]

    def show(count: Callable[[], Totals]) -> None:
        now = time.monotonic()
        if sys.stderr.isatty() and now - shown[0] > 0.2:
            shown[0], totals = now, count()
            more = f" · {totals.unchanged:,} unchanged · {totals.refused:,} refused"
            sys.stderr.write(f"\r\x1b[K{meter.line(totals.agreed + totals.unchanged + totals.refused, now, more)}")
            sys.stderr.flush()

    return show


def _tell(
    snapshot: Snapshot, journal: Journal, options: StockOptions, totals: Totals, before: Totals, took_s: float
) -> None:
    """The figures as a line of JSON and as a sentence, and the report of refused rows."""
    from ops.snapshots import report
    from ops.snapshots.meter import duration
    from schemas.errors import catalogue

    path = options.report or snapshot.path.with_name(f"{snapshot.path.name}.refused.csv")
    if totals.refused or path.exists():
        report.write(path, journal.refusals())
    good, reasons = totals.sent + totals.unchanged, dict(journal.reasons())
    saved = totals.unchanged / good if good else 0.0
    rate = (totals.rows - before.rows) / took_s
    emit(
        {
            "file": snapshot.path.name, "source": options.source, "rows": totals.rows, "sent": totals.sent,
            "unchanged": totals.unchanged, "saved": round(saved, 4), "refused": totals.refused, "reasons": reasons,
            "seconds": round(took_s, 2), "rows_per_second": round(rate), "dry_run": options.dry_run,
            "report": str(path) if totals.refused else None,
        }
    )  # fmt: skip
    verb = "would be sent" if options.dry_run else "sent"
    say(
        f"{snapshot.path.name}: {totals.rows:,} rows in {duration(took_s)} ({rate:,.0f} rows/s): {totals.sent:,} {verb}, "
        f"{totals.unchanged:,} unchanged ({saved:.1%} of what could be sent), {totals.refused:,} refused"
    )
    for code, count in reasons.items():
        page = catalogue().get(code)
        say(f"  {count:,} × {code} {page.title if page else ''}".rstrip())
    if totals.refused:
        say(f"  each with its line, reason and remedy: {path}")
