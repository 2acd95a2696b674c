"""The command: what it measures, keeps and writes."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from ops.bench import __main__ as command
from ops.bench import readme
from ops.bench.figures import Part, Report
from ops.bench.machine import machine
from ops.bench.run import FULL, QUICK, Size, named
from ops.catalog import AGENTS, UnknownAgent
from tests.ops.bench.support import agent, report
from tests.ops.bench.test_engines_bars import report as engines_report

Asked = tuple[list[Part], Size, tuple[str, ...]]


class Bench:
    """A run that measures nothing."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.huge = False
        self.report = report()

    def __call__(self, parts: list[Part], size: Size, agents: tuple[str, ...], say: object, *, huge: bool) -> Report:
        self.asked.append((parts, size, agents))
        self.huge = huge
        return self.report


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bench:
    made = Bench()
    monkeypatch.setattr(command, "measure", made)
    monkeypatch.setattr(command, "PROJECT", tmp_path)
    monkeypatch.setattr("ops.logs.configure", lambda *_: None)
    return made


def test_without_options_all_is_measured_in_full(bench: Bench) -> None:
    assert command.main([]) == 0
    assert bench.asked == [(list(Part), FULL, AGENTS)]


def test_quick_is_smaller_in_everything(bench: Bench) -> None:
    command.main(["--quick"])
    assert bench.asked[0][1] == QUICK
    assert (QUICK.orders, QUICK.seconds, QUICK.rounds) < (FULL.orders, FULL.seconds, FULL.rounds)


def test_parts_and_agents_can_be_named(bench: Bench) -> None:
    command.main(["--only", "reads,agents", "--agents", "project,orders"])
    assert bench.asked[0][0] == [Part.READS, Part.AGENTS]
    assert bench.asked[0][2] == ("orders", "project")


def test_ten_million_skus_are_an_option(bench: Bench) -> None:
    command.main(["--only", "engines"])
    assert not bench.huge
    command.main(["--only", "engines", "--huge"])
    assert bench.huge


def test_an_engine_with_a_wrong_state_fails_the_run(bench: Bench) -> None:
    bench.report.engines = engines_report()
    assert command.main([]) == 0
    bench.report.engines = engines_report(quix="WRONG: 1 SKUs")
    assert command.main([]) == 1


def test_an_unknown_part_is_a_usage_error(bench: Bench) -> None:
    with pytest.raises(SystemExit):
        command.main(["--only", "colours"])
    assert bench.asked == []


def test_an_unknown_agent_is_refused_by_name() -> None:
    with pytest.raises(UnknownAgent, match="nobody"):
        named("orders,nobody")


def test_a_run_is_kept_by_its_day(bench: Bench, tmp_path: Path) -> None:
    command.main(["--folder", str(tmp_path / "kept")])
    told = orjson.loads((tmp_path / "kept" / "2026-03-02.json").read_bytes())
    assert [one["agent"] for one in told["agents"]] == ["orders", "inventory"]


def test_what_others_used_of_the_machine_is_kept_by_part(bench: Bench, tmp_path: Path) -> None:
    bench.report.elsewhere = {Part.ENGINES: 0.5}
    command.main(["--folder", str(tmp_path)])
    assert orjson.loads((tmp_path / "2026-03-02.json").read_bytes())["elsewhere"] == {"engines": 0.5}


def test_the_readme_is_written_only_when_asked(bench: Bench, tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"{readme.BEGIN}{readme.END}", encoding="utf-8")
    command.main(["--quick"])
    assert page.read_text(encoding="utf-8") == f"{readme.BEGIN}{readme.END}"
    command.main(["--quick", "--write-readme"])
    assert "| orders | 2,000 |" in page.read_text(encoding="utf-8")


def test_an_agent_that_does_something_else_than_the_driver_fails_the_run(bench: Bench) -> None:
    bench.report.agents.append(agent("post", wrong=1))
    assert command.main([]) == 1


def test_the_tables_go_to_stdout_and_progress_to_stderr(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    command.main([])
    told = capsys.readouterr()
    assert "CPU-µs/event" in told.out
    assert "kept in" in told.err


def test_the_machine_is_described() -> None:
    told = machine()
    assert "cores" in told["processor"]
    assert told["kafka"].startswith("Kafka 4")
