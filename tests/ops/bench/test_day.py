"""A played day has what every agent finds in its topics."""

from __future__ import annotations

from collections import Counter

import pytest

from ops.bench.day import HOOK, Day
from ops.bench.played import FIRST, Played, header, part_of, seen, wrong
from ops.catalog import AGENTS
from streams.engine.driver import START
from streams.engine.records import Record

ORDERS = 30
BUSY = [name for name in AGENTS if name != "bundles"]  # nobody orders bundles on that day


def played(now: int = START) -> Day:
    """A small day."""
    day = Day(now=now)
    day.open()
    day.play(ORDERS)
    return day


@pytest.fixture(scope="module")
def day() -> Day:
    return played()


def types(day: Day, topic: str) -> Counter[str]:
    """How often each type stands on a topic."""
    return Counter(message.type for message in day.topology.log(topic))


def test_every_order_is_placed_and_each_gets_an_answer(day: Day) -> None:
    told = types(day, "orders.events")
    assert told["order.created"] == ORDERS
    assert told["order.accepted"] + told["order.rejected"] == ORDERS


def test_orders_go_all_the_way_to_their_bill(day: Day) -> None:
    told = types(day, "orders.events")
    assert told["order.confirmed"] > 0
    assert told["order.released"] > 0
    assert types(day, "shipments.events")["invoice.posted"] > 0


def test_the_erp_answers_every_attempt(day: Day) -> None:
    assert len(day.topology.log("erp.attempts")) == types(day, "erp.commands")["post.attempt-answer"]


def test_the_webhook_is_told_and_answers(day: Day) -> None:
    attempts = day.topology.log("feeds.attempts")
    assert {message.record["view"] for message in attempts} == {HOOK["name"]}
    assert types(day, "feeds.commands")["feed.delivery-answer"] == len(attempts)


def test_an_agent_that_the_day_has_no_work_for_finds_nothing(day: Day) -> None:
    assert part_of(day, "bundles").rest == []


def test_nothing_dies(day: Day) -> None:
    assert [topic for topic in day.topology.memory.order if topic.endswith(".dead")] == []


def test_the_same_day_again_is_the_same_id_for_id(day: Day) -> None:
    assert wrong(everything(day), everything(played())) == 0


def everything(day: Day) -> list[Record]:
    return [record for records in day.topology.memory.order.values() for record in records]


@pytest.mark.parametrize("name", BUSY)
def test_an_agents_part_is_all_that_it_reads(day: Day, name: str) -> None:
    part, log = part_of(day, name), day.topology.memory.order
    assert len(part.first) + len(part.rest) == sum(len(log[topic]) for topic in part.agent.reads)
    assert part.first
    assert len(part.first) <= 0.2 * len(part.rest)
    assert {record.topic for record in part.references} <= set(part.agent.references)


@pytest.mark.parametrize("name", BUSY)
def test_an_agents_part_names_what_it_makes_of_it(day: Day, name: str) -> None:
    part = part_of(day, name)
    assert {header(record, "ce_source") for record in part.made} <= {f"wharf/{name}".encode()}
    assert not {record.topic for record in part.made} & set(part.agent.reads)
    assert bool(part.made) is (part.agent.sink is None)


def test_the_first_records_are_a_tenth_of_each_topic(day: Day) -> None:
    part, log = part_of(day, "notify"), day.topology.memory.order
    firsts = Counter(record.topic for record in part.first)
    assert firsts == {topic: max(1, int(FIRST * len(log[topic]))) for topic in part.agent.reads}


def test_a_part_keeps_the_order_of_each_topic(day: Day) -> None:
    part = part_of(day, "orders")
    assert [*part.first, *part.rest] == day.topology.memory.order["orders.commands"]


def made(topic: str, key: str, own: str) -> Record:
    """A record with an id."""
    return Record(topic, 0, 0, 0, key.encode(), b"", [("ce_id", own.encode())])


def test_a_missing_record_and_one_too_many_are_both_wrong() -> None:
    one, two = made("orders.events", "a", "1"), made("orders.events", "a", "2")
    assert (wrong([one, two], [one]), wrong([one], [one, two]), wrong([one], [two])) == (1, 1, 2)


def test_a_record_that_stands_there_twice_is_wrong() -> None:
    one = made("orders.events", "a", "1")
    assert wrong([one], [one, one]) == 1


def test_of_latest_topics_only_the_last_of_a_key_counts() -> None:
    early, late = made("inventory.availability", "a", "1"), made("inventory.availability", "a", "2")
    assert wrong([early, late], [late]) == 0
    assert wrong([early, late], [early]) == 2


def test_the_order_between_keys_is_free() -> None:
    one, two = made("orders.events", "a", "1"), made("orders.events", "b", "2")
    assert seen([one, two]) == seen([two, one])


def test_topics_are_all_that_is_read_and_written(day: Day) -> None:
    part: Played = part_of(day, "post")
    assert part.topics == {"erp.commands", "erp.attempts", "orders.commands"}
