"""What a person sees of a long run: where it stands, and the rows that were left out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from adapters.channels.readers.stock_rows import RefusedRow
from ops.snapshots import report
from ops.snapshots.meter import Meter, duration
from schemas.errors import remedy

BAD = RefusedRow(7, "quantity", "WH1107", 'expected at least 0, came "-5"', "A,1", "DC1")
TOLD = {
    "line": 7, "field": "quantity", "code": "WH1107", "reason": BAD.message, "remedy": remedy("WH1107"), "sku": "A,1",
    "location": "DC1",
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_a_program_reads_the_report_as_json_lines(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"r.{suffix}"
    report.write(path, [BAD])
    assert [json.loads(line) for line in path.read_text().splitlines()] == [TOLD]


def test_a_person_reads_it_as_a_table(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    report.write(path, [BAD])
    assert list(csv.DictReader(path.open())) == [{name: str(value) for name, value in TOLD.items()}]
    assert [one.name for one in tmp_path.iterdir()] == ["r.csv"]


def test_a_spreadsheet_computes_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    report.write(path, [RefusedRow(2, "sku", "WH1106", "", "=HYPERLINK(1)", "DC1")])
    assert next(csv.DictReader(path.open()))["sku"] == "'=HYPERLINK(1)"


def test_every_reason_has_a_remedy() -> None:
    assert TOLD["remedy"]


def test_a_meter_tells_rate_and_end() -> None:
    meter = Meter(total=1_000, before=0, begun_s=10.0)
    assert meter.line(250, 12.0, " · 3 refused") == "250 of 1,000 rows · 125 rows/s · 6 s left · 3 refused"


def test_what_an_earlier_run_did_makes_this_one_no_faster() -> None:
    meter = Meter(total=1_000, before=500, begun_s=10.0)
    assert (meter.rate(600, 20.0), meter.left_s(600, 20.0)) == (10.0, 40.0)


def test_an_end_is_not_guessed_from_the_first_moment() -> None:
    assert Meter(1_000, 0, 10.0).left_s(5, 10.5) is None
    assert Meter(1_000, 0, 10.0).left_s(0, 20.0) is None
    assert "left" not in Meter(1_000, 0, 10.0).line(0, 20.0)


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3_700, "1 h 1 min")])
def test_a_length_of_time_is_told_as_people_say_it(seconds: float, said: str) -> None:
    assert duration(seconds) == said
