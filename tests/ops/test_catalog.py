"""What can run is found by name."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from ops import catalog, worker
from schemas.topics import TOPICS
from streams.engine import health
from streams.engine.health import Health, Stage
from streams.engine.progress import Told
from streams.engine.records import TP


@pytest.mark.parametrize("name", catalog.AGENTS)
def test_every_agent_is_declared_under_its_name_and_reads_topics_that_exist(name: str) -> None:
    declared = catalog.agent_of(name)
    assert declared.name == name
    assert {*declared.reads, *declared.references} <= TOPICS.keys()


def test_an_unknown_agent_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(catalog.UnknownAgent, match="inventory"):
        catalog.app_of("inventroy")


def test_the_capitals_of_the_picture_have_a_table() -> None:
    assert set(catalog.stateful()) == {"orders", "inventory", "bundles", "shipments", "post", "feeds"}


def test_a_mailbox_has_one_agent() -> None:
    mailboxes = [read for name in catalog.stateful() for read in catalog.agent_of(name).reads]
    assert len(set(mailboxes)) == len(mailboxes)


def test_all_stands_for_every_agent() -> None:
    assert worker.names_of("all") == catalog.AGENTS
    assert worker.names_of("post") == ("post",)
    assert worker.names_of("shipments+bundles") == ("shipments", "bundles")


def test_of_several_agents_an_unknown_one_is_named() -> None:
    with pytest.raises(catalog.UnknownAgent, match="'budnles'"):
        worker.names_of("shipments+budnles")


def test_the_processes_run_every_agent_once() -> None:
    assert sorted(name for names in catalog.processes().values() for name in names) == sorted(catalog.AGENTS)


def test_a_worker_is_ready_when_each_of_its_agents_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    engines = {"post": Health("post"), "feeds": Health("feeds")}
    monkeypatch.setattr(health, "HEALTH", engines)
    assert not worker.probe(["post", "feeds"]).ready
    for engine in engines.values():
        engine.enter(Stage.RUNNING)
    assert worker.probe(["post", "feeds"]).ready


def test_an_agent_that_has_not_begun_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HEALTH", {})
    assert not worker.probe(["post"]).ready


def test_a_failed_agent_makes_its_worker_unhealthy_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Health("post")
    failed.enter(Stage.FAILED, "offsets are lost")
    monkeypatch.setattr(health, "HEALTH", {"post": failed})
    found = worker.probe(["post"])
    assert not found.healthy
    assert "offsets are lost" in str(found.details["problems"])


def test_an_agent_that_begins_anew_says_why_until_it_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Health("post")
    one.enter(Stage.RECOVERING, "DiskFull: 3 MiB are free")
    monkeypatch.setattr(health, "HEALTH", {"post": one})
    assert worker.probe(["post"]).details["reasons"] == {"post": "DiskFull: 3 MiB are free"}
    one.enter(Stage.RUNNING)
    assert worker.probe(["post"]).details["reasons"] == {}


def test_a_partition_that_stands_still_is_named_with_its_time_and_a_restore_with_its_progress(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Health("post")
    one.enter(Stage.RUNNING)
    one.waiting = {TP("erp.commands", 3): time.monotonic() - 40}
    one.restoring = Told(done=10, of=40, per_s=5, eta_s=6)
    monkeypatch.setattr(health, "HEALTH", {"post": one})
    details = worker.probe(["post"]).details
    (found,) = details["standing_still"]
    assert (found["topic"], found["partition"], found["seconds"]) == ("erp.commands", 3, 40)
    assert datetime.fromisoformat(found["since"]).tzinfo is not None
    assert details["restoring"] == {"post": {"done": 10, "of": 40, "per_s": 5, "eta_s": 6}}
