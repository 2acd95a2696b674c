"""The whole command at a tiny size, on the embedded broker, which promises nothing when its processes are killed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.stock.rush import __main__ as command


@pytest.mark.broker
@pytest.mark.alone
@pytest.mark.slow
def test_of_thirty_buyers_five_have_the_last_five_units(tmp_path: Path) -> None:
    size = ["--buyers", "30", "--units", "5", "--rounds", "1", "--connections", "10", "--embedded"]
    assert command.main([*size, "--report", str(tmp_path)]) == 0
    (one,) = json.loads((tmp_path / "report.json").read_text("utf-8"))["rounds"]
    assert (one["sold"], one["refused"], one["undecided"], one["free_again"]) == (5, 25, 0, 5)


def test_full_size_is_the_default() -> None:
    options = command._options([])
    assert (options.buyers, options.units, options.rounds, options.embedded) == (1_000, 100, 20, False)


def test_a_rush_needs_more_buyers_than_units() -> None:
    with pytest.raises(SystemExit):
        command._options(["--buyers", "5", "--units", "6"])
