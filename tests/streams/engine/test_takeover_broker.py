"""Takeovers and cut batches on the embedded broker: what is told, and that nothing is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from ops.embedded.broker import Broker
from schemas import wire
from streams.engine import progress, session
from tests.streams.engine.bay import Bay
from tests.streams.engine.toy import append, toy

pytestmark = [pytest.mark.broker, pytest.mark.timeout(120)]
TOPICS = ("feeds.commands", "feeds.commands.dead", "channels.feed", "inventory.availability", "toy-changelog")


@pytest.fixture
def bay(broker: Broker, environment: str, tmp_path: Path) -> Bay:
    return Bay(broker.bootstrap, environment, tmp_path, *TOPICS)


def count(key: str = "a") -> tuple[str, str, Any]:
    return ("feed.append", key, append())


def numbers(bay: Bay, entries: int) -> list[int]:
    return [wire.decode(record.value or b"")[1]["seq"] for record in bay.wait_for("channels.feed", entries)]


def test_batches_that_are_cut_short_leave_nothing_out_and_do_nothing_twice(
    bay: Bay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "ENOUGH_S", 0.0)
    bay.send(*[count()] * 8, *[count("b")] * 8)
    with bay.running(toy):
        assert sorted(numbers(bay, 16)) == sorted([*range(1, 9)] * 2)
    assert bay.fatal == []


def test_a_restore_tells_how_far_it_is_and_a_store_why_it_was_thrown_away(
    bay: Bay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "TOLD_S", 0.0)
    with bay.running(toy):
        bay.send(*[count()] * 20)
        numbers(bay, 20)
    for current in bay.settings.state_dir.rglob("CURRENT"):
        current.write_text("nonsense")
    with capture_logs() as said, bay.running(toy):
        bay.send(count())
        assert numbers(bay, 21)[-1] == 21
    events = {line["event"]: line for line in said}
    assert events["engine.store-thrown-away"]["why"] == "corrupt"
    told = events["engine.restoring"]
    assert (told["done"], told["eta_s"]) == (told["of"], 0)
    assert events["engine.taken-over"]["seconds"] > 0
