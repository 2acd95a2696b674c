"""Who looks on sees it: a screen where there is a terminal, lines where there is none."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from ops.demo import screen
from ops.demo.board import Board, retail
from ops.demo.goodbye import words
from ops.demo.scene import Scene
from ops.demo.screen import Lines, Terminal, line_of
from ops.demo.watch import LAG, eta
from tests.ops.demo.test_board import FIGURES


def console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, force_terminal=terminal, width=160), out


def briefly(work: Coroutine[Any, Any, None]) -> None:
    """Let it go on for some turns of the loop."""

    async def main() -> None:
        task = asyncio.create_task(work)
        for _ in range(20):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(main())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two pictures."""
    monkeypatch.setattr(screen, "DRAW_S", 0.0)
    monkeypatch.setattr(screen, "LINE_S", 0.0)


def test_a_terminal_gets_a_screen_and_a_file_gets_lines() -> None:
    assert isinstance(screen.screen(console(terminal=True)[0], Board()), Terminal)
    assert isinstance(screen.screen(console(terminal=False)[0], Board()), Lines)


def test_the_screen_shows_the_board_and_what_happened() -> None:
    to, out = console(terminal=True)
    shown = Terminal(to, Board(gateway="http://127.0.0.1:1"))
    shown.note("gateway is killed")
    briefly(shown.show())
    assert "http://127.0.0.1:1" in out.getvalue()
    assert "gateway is killed" in out.getvalue()


def test_a_line_bears_the_seconds_since_the_start() -> None:
    to, out = console(terminal=False)
    clock = iter([100.0, 112.34])
    Lines(to, Board(), lambda: next(clock)).note("the ERP is down [really]")
    assert out.getvalue() == "  12.3 s  the ERP is down [really]\n"


def test_lines_come_again_and_again() -> None:
    to, out = console(terminal=False)
    briefly(Lines(to, Board(planned=10, sent=4)).show())
    assert out.getvalue().count("4/10 orders taken") > 1


def test_a_line_tells_what_is_down_how_far_behind_and_how_long_still() -> None:
    board = Board(planned=10, sent=4, lag={"orders": 5, "feeds": 2}, alive={"ERP": False, "gateway": True})
    board.feeds, board.eta = {"crm/all": (9, 7)}, "0:00:12 to go"
    line = line_of(board)
    for expected in ("4/10 orders", "7 records behind", "crm/all 7/9", "0:00:12 to go", "ERP is down"):
        assert expected in line
    assert "gateway" not in line


@pytest.mark.parametrize(
    ("sent", "seconds", "told"),
    [(0, 9, ""), (10, 5, ""), (5, 0.1, ""), (5, 60, "0:01:00 to go"), (1, 600, "1:30:00 to go")],
)
def test_the_rest_of_the_time_follows_from_the_time_so_far(sent: int, seconds: float, told: str) -> None:
    assert eta(sent, 10, seconds) == told


def test_lag_is_read_from_the_workers_metrics() -> None:
    text = (
        "# HELP wharf_lag_records Records not yet decided\n"
        'wharf_lag_records{agent="orders",partition="0",topic="orders.commands"} 12.0\n'
        'wharf_lag_records{agent="feeds",partition="1",topic="feeds.commands"} 1.5e+02\n'
        'wharf_other{agent="orders"} 3.0\n'
    )
    assert LAG.findall(text) == [("orders", "12.0"), ("feeds", "1.5e+02")]


def test_a_retail_file_is_summed_up_by_its_rules() -> None:
    told = retail({**FIGURES, "retail": {"odd_code": 9, "rows": 3_108}, "products": 1_200, "cancels": {"refused": 2}})
    assert told == "retail file: 9 odd code, 3108 rows; 1200 products; cancel requests: 2 refused"


def test_the_goodbye_has_what_can_be_pasted(tmp_path: Any) -> None:
    up = SimpleNamespace(
        gateway="http://127.0.0.1:1", redis="redis://r", environment="demo", tenant="acme", erp_url="http://erp"
    )
    at = SimpleNamespace(up=up, key="okp_k", folder=tmp_path, receiver="http://hook", ledger=tmp_path / "receiver")
    text = words(cast(Scene, at))
    for expected in ("URL=http://127.0.0.1:1 KEY=okp_k", "/v1/availability/BOLT-100", f"WHARF_STATE_DIR={tmp_path}"):
        assert expected in text
