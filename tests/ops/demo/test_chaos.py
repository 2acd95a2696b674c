"""What is broken on purpose is broken at its time, and mended, or said loudly."""

from __future__ import annotations

import asyncio
import json
import signal
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ops.demo import chaos
from ops.demo.cast import delivers_again
from ops.demo.chaos import Chaos, NotMended
from ops.demo.scene import Scene
from ops.demo.views import Pulled, Pushed
from tests.ops.demo.support import FakeChannel
from tests.ops.demo.test_views import status


@dataclass
class Process:
    """A tended process: killed, it is back under another id after so many looks."""

    name: str
    looks: int = 2
    killed: list[int] = field(default_factory=list)
    pid: int = 100

    def signal_group(self, number: signal.Signals) -> None:
        self.killed.append(number)
        self.pid += 1

    def ready(self) -> bool:
        self.looks -= 1
        return self.looks < 0

    def tail(self) -> str:
        return "the end of its log"

    @property
    def child(self) -> Process:
        return self

    @property
    def program(self) -> Process:
        return self


@dataclass
class Stage:
    """A scene of fakes; the ERP's faults are noted."""

    embedded: bool = True
    processes: dict[str, Process] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)

    @property
    def up(self) -> Any:
        return SimpleNamespace(embedded=self.embedded, erp_url="http://erp")

    def process(self, name: str) -> Process:
        return self.processes.setdefault(name, Process(name))

    def workers(self) -> list[Process]:
        return [self.process("worker-orders")]


class Harm(Chaos):
    """Chaos whose ERP is a list."""

    async def _faults(self, faults: dict[str, Any]) -> None:
        cast(Stage, self.scene).faults.append(faults)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No outage lasts."""
    monkeypatch.setattr(chaos, "OUTAGE_S", 0.0)
    monkeypatch.setattr(chaos, "POLL_S", 0.0)


def broken(stage: Stage, progress: float = 1.0) -> Harm:
    notes: list[str] = []
    found = Harm(cast(Scene, stage), lambda: progress, notes.append, seed=1)
    asyncio.run(found.run())
    assert len(notes) == 2 * len(found.incidents)
    return found


def test_the_erp_goes_away_and_comes_back() -> None:
    stage = Stage()
    found = broken(stage)
    assert stage.faults == [{"down": True}, {}]
    assert not found.broken


def test_gateway_and_deliverer_are_killed_with_sigkill() -> None:
    stage = Stage()
    broken(stage)
    assert {name: one.killed for name, one in stage.processes.items()} == {
        "deliver": [signal.SIGKILL], "gateway": [signal.SIGKILL],
    }  # fmt: skip


def test_on_real_kafka_a_worker_is_killed_too() -> None:
    stage = Stage(embedded=False)
    found = broken(stage)
    assert stage.processes["worker-orders"].killed == [signal.SIGKILL]
    assert "worker-orders killed" in [incident.what for incident in found.incidents]


def test_it_waits_for_its_share_of_the_day() -> None:
    stage, shares = Stage(), iter([0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6])
    seen: list[float] = []

    def progress() -> float:
        seen.append(next(shares, 1.0))
        return seen[-1]

    asyncio.run(Harm(cast(Scene, stage), progress, lambda text: None, seed=1).run())
    assert seen == [0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6]


def test_a_process_is_back_when_it_does_its_work_again() -> None:
    stage, looks = Stage(), iter([False, False, True])
    harm = Harm(cast(Scene, stage), lambda: 1.0, lambda text: None, 1, {"deliver": lambda: lambda: next(looks)})
    asyncio.run(harm.run())
    assert next(looks, None) is None


def test_a_deliverer_works_again_when_another_entry_has_come_or_none_is_left(tmp_path: Path) -> None:
    ledger, own = tmp_path / "portal.jsonl", Pulled(FakeChannel(), "portal", "default")
    ledger.write_text(json.dumps(status("P-1", "accepted", 1)) + "\n")
    own.entries.extend([{}, {}])
    pushed = Pushed(ledger)
    works = delivers_again(own, pushed)
    assert not works()
    with ledger.open("a") as file:
        file.write(json.dumps(status("P-1", "shipped", 2)) + "\n")
    pushed.turn()
    assert works()
    assert delivers_again(own, pushed)()


def test_what_does_not_come_back_is_a_failure_with_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chaos, "MEND_S", 0.0)
    stage = Stage(processes={"deliver": Process("deliver", looks=10**6)})
    with pytest.raises(ExceptionGroup) as failed:
        asyncio.run(Harm(cast(Scene, stage), lambda: 1.0, lambda text: None, seed=1).run())
    assert failed.group_contains(NotMended, match="the end of its log")


def test_an_incident_is_told_with_its_seconds() -> None:
    assert chaos.Incident("ERP down", 8.1).told() == {"what": "ERP down", "away_s": 8.1}
