"""`wharf send --stock`: what it prints, how it ends, and that SIGKILL at any moment costs nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ops.exits import Exit
from ops.snapshots import bench
from ops.snapshots.hub import EVENTS, POSITIONS
from tests.support.fake_gateway import FakeGateway
from tests.support.wharf import Wharf

AS_OF = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
GOOD = "sku,location,quantity\nA,DC1,5\nB,DC1,6\n"
DECIDED = (200, {"state": "accepted", "parts": [{"state": "decided"}] * 2, "problems": []})
PATIENCE_S = 60.0


@pytest.fixture
def agreeing(gateway: FakeGateway) -> FakeGateway:
    gateway.tell("GET /v1/receipts/R-1", DECIDED)
    gateway.tell(f"POST {POSITIONS}", (200, {"items": [], "missing": ["A", "B"]}))
    return gateway


def written(folder: Path, text: str, name: str = "s.csv") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_a_snapshot_is_sent_and_its_figures_told(wharf: Wharf, agreeing: FakeGateway, tmp_path: Path) -> None:
    said = wharf("send", written(tmp_path, GOOD), "--stock", "wms1", "--as-of", AS_OF)
    (told,) = said.lines
    assert said.code == Exit.OK
    assert (told["rows"], told["sent"], told["unchanged"], told["refused"], told["report"]) == (2, 2, 0, 0, None)
    (request,) = [asked for asked in agreeing.asked if asked.path == EVENTS]
    assert [(event["sku"], event["source"]) for event in json.loads(request.body)] == [("A", "wms1"), ("B", "wms1")]


def test_without_a_terminal_there_is_no_progress(wharf: Wharf, agreeing: FakeGateway, tmp_path: Path) -> None:
    said = wharf("send", written(tmp_path, GOOD), "--stock", "wms1", "--as-of", AS_OF)
    assert "\r" not in said.err and len(said.err.splitlines()) == 1


def test_on_a_terminal_it_tells_where_it_stands(
    wharf: Wharf, agreeing: FakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    said = wharf("send", written(tmp_path, GOOD), "--stock", "wms1", "--as-of", AS_OF)
    assert "of 2 rows" in said.err and "rows/s" in said.err


def test_refused_rows_stand_in_a_report_beside_the_file(wharf: Wharf, agreeing: FakeGateway, tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + "C,DC1,-1\n")
    said = wharf("send", path, "--stock", "wms1", "--as-of", AS_OF)
    assert (said.code, said.lines[0]["reasons"]) == (Exit.BAD_DATA, {"WH1107": 1})
    assert "4,quantity,WH1107" in Path(f"{path}.refused.csv").read_text()
    assert "1 × WH1107" in said.err


def test_a_report_of_a_file_that_is_repaired_is_empty(wharf: Wharf, agreeing: FakeGateway, tmp_path: Path) -> None:
    path, report = written(tmp_path, GOOD + "C,DC1,-1\n"), tmp_path / "r.csv"
    wharf("send", path, "--stock", "wms1", "--as-of", AS_OF, "--report", str(report))
    wharf("send", written(tmp_path, GOOD), "--stock", "wms1", "--as-of", AS_OF, "--report", str(report))
    assert len(report.read_text().splitlines()) == 1


def test_a_trial_says_nothing_to_anybody(wharf: Wharf, gateway: FakeGateway, tmp_path: Path) -> None:
    said = wharf("send", written(tmp_path, GOOD + "A,DC1,5\n"), "--stock", "wms1", "--as-of", AS_OF, "--dry-run")
    assert (said.code, said.lines[0]["sent"], said.lines[0]["reasons"]) == (Exit.BAD_DATA, 2, {"WH1404": 1})
    assert gateway.asked == []


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--channel", "c"], Exit.USAGE, "one of --channel, --reference and --stock"),
        (["--decimal", ";"], Exit.USAGE, "--decimal"),
        (["--as-of", "noon"], Exit.USAGE, "--as-of"),
        (["--timezone", "Mars/Base"], Exit.USAGE, "--timezone"),
        (["--encoding", "utf-99"], Exit.USAGE, "encoding"),
    ],
)
def test_an_option_that_cannot_be_used_is_said(
    wharf: Wharf, agreeing: FakeGateway, tmp_path: Path, options: list[str], code: Exit, why: str
) -> None:
    said = wharf("send", written(tmp_path, GOOD), "--stock", "wms1", *options)
    assert (said.code, why in said.err) == (code, True)


def test_a_file_without_its_columns_sends_nothing(wharf: Wharf, agreeing: FakeGateway, tmp_path: Path) -> None:
    said = wharf("send", written(tmp_path, "sku,location\nA,DC1\n"), "--stock", "wms1")
    assert (said.code, "WH1401" in said.err, agreeing.asked) == (Exit.BAD_DATA, True, [])


def test_a_gateway_that_is_gone_is_unavailable(wharf: Wharf, tmp_path: Path) -> None:
    wharf.set(url="http://127.0.0.1:9", api_key="okp_test")
    assert wharf("send", written(tmp_path, GOOD), "--stock", "wms1").code == Exit.UNAVAILABLE


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings of a process whose gateway agrees to everything."""
    with bench._gateway(running=False) as told:
        yield {**os.environ, **told, "WHARF_STATE_DIR": str(tmp_path / "state")}


@pytest.mark.timeout(120)
def test_sigkill_costs_nothing(settings: dict[str, str], tmp_path: Path) -> None:
    """Killed twice wherever it is by then, the same command ends with every row agreed once."""
    path = tmp_path / "s.csv"
    bench.write(path, 8_000, datetime.now(UTC) - timedelta(hours=1), changed=0)
    command = [sys.executable, "-m", "ops.cli", "send", str(path), "--stock", "wms1"]
    for least in (500, 3_000):
        process = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait(process, tmp_path / "state", least)
        process.send_signal(signal.SIGKILL)
        process.wait()
    said = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    told = json.loads(said.stdout)
    assert (said.returncode, told["rows"], told["sent"], told["refused"]) == (Exit.OK, 8_000, 8_000, 0)
    assert "goes on after" in said.stderr


def _wait(process: subprocess.Popen[bytes], state: Path, least: int) -> None:
    """Until so many rows are decided on, by the journal itself."""
    import sqlite3

    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        for file in state.rglob("*.sqlite"):
            try:
                with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5) as db:
                    if db.execute("SELECT total(sent + unchanged) FROM chunk").fetchone()[0] >= least:
                        return
            except sqlite3.OperationalError:
                continue  # not made yet
        time.sleep(0.002)
    raise AssertionError(f"the command ended with {process.poll()} before {least} rows")
