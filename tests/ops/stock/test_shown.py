"""Ages and sums as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from ops.cli.inventory_leaks import table
from ops.cli.tables_verify import progress, summary
from ops.stock.comparing import Difference
from ops.stock.shown import age
from ops.stock.verify import Result


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (41, "41 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (86_400 * 4 + 3 * 3_600, "4 d 3 h")],
)  # fmt: skip
def test_an_age_has_two_units_at_most(seconds: float, said: str) -> None:
    assert age(seconds) == said


def test_leaks_are_a_table_with_the_commands_below(capsys: pytest.CaptureFixture[str]) -> None:
    leak: dict[str, Any] = {
        "holder": "O-1", "kind": "order", "sku": "A", "reserved": "24", "allocated": "0", "waiting": "0",
        "age_seconds": 90_000.0, "order": "cancelled", "why": "its order is cancelled",
        "give_back": "wharf inventory release A O-1 --attempt 1",
    }  # fmt: skip
    table([leak])
    shown = capsys.readouterr().out
    assert "O-1" in shown and shown.splitlines()[-1] == leak["give_back"]


def test_a_verdict_tells_how_much_was_compared_and_how_fast() -> None:
    result = Result(skus=2, facts=90, offers=10, seconds=0.5, differences=[Difference("acme", "A", "redis", "missing")])
    told = summary(result, with_redis=False)
    assert (told["different"], told["records_per_second"]) == (1, 200)
    digests = told["digests"]
    assert isinstance(digests, dict) and set(digests) == {"log", "availability"}


def test_progress_is_told_by_partition_and_only_where_there_is_some(capsys: pytest.CaptureFixture[str]) -> None:
    heard = progress()
    heard(0, 12, 50_000)
    heard(1, 12, 0)
    assert capsys.readouterr().err.startswith("partition 1 of 12: 50,000 facts so far, ")
