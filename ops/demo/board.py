"""What the demo shows while it runs: one screen, drawn from what is known at the moment."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ops.demo.verdict import Finding

STAGES = (
    "received",
    "accepted",
    "partially_backordered",
    "backordered",
    "confirmed",
    "released",
    "partially_shipped",
    "shipped",
    "delivered",
    "completed",
    "rejected",
    "cancelled",
)

LABELS = {"worker-all": "all agents", "erp": "ERP door", "deliver": "webhook door"}


@dataclass(slots=True)
class Board:
    """The numbers on the screen; whoever learns one writes it here."""

    gateway: str = ""
    broker: str = ""
    planned: int = 0
    sent: int = 0
    rate: float = 0.0  # orders per second, over the last seconds
    eta: str = ""
    settled: int = 0  # orders in a final status
    statuses: Counter[str] = field(default_factory=Counter)
    hot: dict[str, str] = field(default_factory=dict)  # sku → what the cache says
    feeds: dict[str, tuple[int, int]] = field(default_factory=dict)  # view → head, received
    erp: int = 0
    lag: dict[str, int] = field(default_factory=dict)  # agent → records behind
    alive: dict[str, bool] = field(default_factory=dict)
    notes: deque[str] = field(default_factory=lambda: deque(maxlen=8))


def draw(board: Board) -> RenderableType:
    """The whole screen."""
    head = Text.assemble(("wharf ", "bold cyan"), (f"{board.gateway}  ", "bold"), (f"on {board.broker}", "dim"))
    progress = ProgressBar(total=max(1, board.planned), completed=board.sent, width=40)
    rate = Text(
        f"{board.sent}/{board.planned} orders sent, {board.rate:.0f}/s; {board.settled} settled; {board.erp} in the ERP"
        f"  {board.eta}"
    )
    sent = Table.grid(padding=(0, 2))
    sent.add_row(progress, rate)
    happened = Panel(Text("\n".join(board.notes) or "…"), title="what happens", height=10)
    panels = [_statuses(board), _hot(board), _feeds(board), _health(board)]
    return Group(head, sent, happened, Columns(panels))  # the tables last: a low screen cuts them first


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_style="bold", min_width=24, box=SIMPLE_HEAD)
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right")
    return table


def _statuses(board: Board) -> Table:
    table = _table("orders", "status", "now")
    for stage in STAGES:
        if board.statuses[stage]:
            table.add_row(stage, str(board.statuses[stage]))
    return table


def _hot(board: Board) -> Table:
    table = _table("hot products", "sku", "available")
    for sku, quantity in board.hot.items():
        table.add_row(sku, Text(quantity, style="red" if quantity == "0" else ""))
    return table


def _feeds(board: Board) -> Table:
    table = _table("feeds", "view", "head", "received")
    for view, (head, received) in board.feeds.items():
        table.add_row(view, str(head), Text(str(received), style="green" if received >= head else "yellow"))
    return table


def _health(board: Board) -> Table:
    """Processes, and the agents with what they have not decided yet."""
    table = _table("processes", "name", "behind")
    alive = {LABELS.get(name, name.removeprefix("worker-")): is_alive for name, is_alive in board.alive.items()}
    for name, is_alive in {**dict.fromkeys(board.lag, True), **alive}.items():
        behind = str(board.lag.get(name, "")) if is_alive else "down"
        table.add_row(Text(name, style="" if is_alive else "bold red"), behind)
    return table


def summary(console: Console, findings: Sequence[Finding], seconds: float, figures: Mapping[str, Any]) -> None:
    """The end: each sentence with its count, what contradicts it, and how fast it went."""
    table = Table(title=f"reconciliation: {figures['orders']} orders in {seconds:.0f} s", title_style="bold")
    for column in ("", "sentence", "counted"):
        table.add_column(column)
    for finding in findings:
        table.add_row(
            Text("holds" if finding.holds else "BROKEN", style="green" if finding.holds else "bold red"),
            finding.sentence,
            finding.counted,
        )
    console.print(table)
    for finding in findings:
        for line in finding.against[:20]:
            console.print(f"  {finding.sentence}: {line}", style="red", highlight=False, markup=False)
    console.print(pace(figures), highlight=False, markup=False)
    if "retail" in figures:
        console.print(retail(figures), highlight=False, markup=False)


def pace(figures: Mapping[str, Any]) -> str:
    """How fast it went, and what was broken meanwhile."""
    waits = figures["post_to_feed_ms"]
    broken = "; ".join(f"{one['what']}, back after {one['away_s']} s" for one in figures["broken"])
    return (
        f"{figures['orders_per_s']} orders/s; from POST to feed p50 {waits['p50']:.0f} ms, p99 {waits['p99']:.0f} ms; "
        f"{figures['parcels']} parcels; broken on purpose: {broken or 'nothing'}"
    )


def retail(figures: Mapping[str, Any]) -> str:
    """What was in the retail file, what was put aside by which rule, and what became of its cancellations."""
    rows = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in figures["retail"].items())
    cancels = ", ".join(f"{count} {outcome}" for outcome, count in sorted(figures["cancels"].items()))
    return f"retail file: {rows}; {figures['products']} products; cancel requests: {cancels or 'none'}"
