"""The catalogue of topics, as broker configuration."""

from __future__ import annotations

import pytest

from ops.topics.wanted import Wanted, wanted
from schemas.settings import Settings
from schemas.topics import DAY_MS, TOPICS

SETTINGS = Settings(environment="test", partitions=6, replication=3)


def named(name: str, settings: Settings = SETTINGS) -> Wanted:
    return {one.name: one for one in wanted(settings, ["orders"])}[f"test.{name}"]


def test_every_topic_has_a_place_for_its_dead_letters() -> None:
    names = {one.name for one in wanted(SETTINGS, [])}
    assert names == {f"test.{name}{end}" for name in TOPICS for end in ("", ".dead")}


def test_only_agents_with_a_table_have_a_changelog() -> None:
    changelogs = [one.name for one in wanted(SETTINGS, ["orders", "feeds"]) if one.name.endswith("changelog")]
    assert changelogs == ["test.orders-changelog", "test.feeds-changelog"]


def test_a_mailbox_is_stamped_by_the_broker() -> None:
    assert named("orders.commands").config["message.timestamp.type"] == "LogAppendTime"


def test_a_producers_clock_may_not_run_far_ahead() -> None:
    assert named("orders.events").config["message.timestamp.after.max.ms"] == "600000"


def test_canonical_facts_are_kept_for_ever() -> None:
    assert named("orders.events").config["retention.ms"] == "-1"


def test_a_changelog_is_compacted_and_never_cut() -> None:
    assert named("orders-changelog").config["cleanup.policy"] == "compact"


@pytest.mark.parametrize(("name", "days"), [("orders.commands", 30), ("orders.commands.dead", 90)])
def test_what_is_not_kept_for_ever_has_its_days(name: str, days: int) -> None:
    assert named(name).config["retention.ms"] == str(days * DAY_MS)


@pytest.mark.parametrize(("replication", "in_sync"), [(1, "1"), (2, "1"), (3, "2")])
def test_an_acknowledged_record_is_on_two_brokers_where_there_are_three(replication: int, in_sync: str) -> None:
    settings = Settings(environment="test", replication=replication)
    assert named("orders.events", settings).config["min.insync.replicas"] == in_sync


def test_source_and_changelog_have_the_same_number_of_partitions() -> None:
    assert named("orders.commands").partitions == named("orders-changelog").partitions == 6
