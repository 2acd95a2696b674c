"""The screen shows what is known, and the summary says what does not hold."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType

from ops.demo.board import Board, draw, pace, summary
from ops.demo.verdict import Finding


def shown(what: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=160)
    console.print(what)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_an_empty_board_can_be_drawn() -> None:
    assert "0/0 orders sent" in shown(draw(Board()))


def test_the_board_shows_statuses_hot_products_feeds_and_processes() -> None:
    board = Board(
        gateway="http://127.0.0.1:1", planned=10, sent=4, feeds={"portal/default": (9, 7)}, hot={"BOLT-100": "0"}
    )
    board.statuses["shipped"] = 3
    board.alive = {"gateway": True, "erp": False}
    board.lag = {"gateway": 12}
    text = shown(draw(board))
    for expected in ("http://127.0.0.1:1", "4/10", "shipped", "BOLT-100", "portal/default", "gateway", "12", "down"):
        assert expected in text


def test_the_notes_keep_the_newest() -> None:
    board = Board()
    for number in range(20):
        board.notes.append(f"note {number}")
    assert "note 19" in shown(draw(board))
    assert "note 11" not in shown(draw(board))


FIGURES = {
    "orders": 2_000,
    "orders_per_s": 41.5,
    "post_to_feed_ms": {"p50": 812.4, "p99": 6_000.0},
    "parcels": 2_100,
    "broken": [{"what": "gateway killed", "away_s": 2.1}],
}


def test_the_summary_names_what_is_broken_and_by_what() -> None:
    console = Console(file=io.StringIO(), width=160)
    summary(console, [Finding("a holds", "3", ()), Finding("b holds", "4", ("P-1: twice",))], 12.3, FIGURES)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for expected in ("BROKEN", "P-1: twice", "41.5 orders/s", "p99 6000 ms", "gateway killed"):
        assert expected in text


def test_a_day_without_harm_says_so() -> None:
    assert "broken on purpose: nothing" in pace({**FIGURES, "broken": []})


def test_an_agent_of_its_own_process_is_one_row_and_one_of_many_too() -> None:
    board = Board(alive={"worker-orders": True, "worker-all": True}, lag={"orders": 5, "inventory": 6})
    text = shown(draw(board))
    assert "worker-" not in text
    assert "inventory" in text
