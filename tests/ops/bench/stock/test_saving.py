"""What is left out where nothing changed."""

from __future__ import annotations

from ops.bench.stock.figures import SavedFigures
from ops.bench.stock.saving import CHANGED, snapshots


def test_only_what_changed_is_announced() -> None:
    found = snapshots(200, times=3)
    assert (found.commands, found.told) == (600, 600 // CHANGED)


def test_the_share_is_of_the_commands() -> None:
    assert SavedFigures("feed", commands=200, told=10).share == 95
