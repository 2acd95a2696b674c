"""The replay oracle agrees with a calm run, byte for byte, and sees whatever is missing, doubled or changed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from ops.chaos import oracle
from ops.chaos.calm import Calm
from ops.chaos.market import Market, Stock
from streams.engine.records import Record
from tables.store_layer import is_engines_key
from tests.streams.bundles.workbench import Workbench, kits

AGENTS = sorted(oracle.mailboxes())


@cache
def log() -> tuple[Record, ...]:
    """All records of a calm day."""
    made = Calm(Market(Stock.SCARCE, 20), ())
    made.play()
    return tuple(record for records in made.topology.memory.order.values() for record in records)


@cache
def bundled() -> tuple[Record, ...]:
    """All records of a bench that makes bundles: the market of a calm day has none."""
    bench = Workbench(A=7, B=4)
    bench.place("o-1", kits("1", 3))
    bench.cancel("o-1", l1=1)
    return tuple(record for records in bench.topology.memory.order.values() for record in records)


def log_of(agent: str) -> tuple[Record, ...]:
    """The records that an agent is judged by."""
    return bundled() if agent == "bundles" else log()


@cache
def folded(agent: str) -> oracle.Folded:
    return oracle.fold(agent, (record for record in log_of(agent) if record.topic == oracle.mailboxes()[agent]))


def contradictions(agent: str, records: list[Record]) -> list[str]:
    return list(oracle.contradictions(agent, folded(agent).made, oracle.told(agent, records)))


@pytest.mark.parametrize("agent", AGENTS)
def test_a_calm_log_is_what_the_decisions_make_of_its_mailboxes(agent: str) -> None:
    assert folded(agent).made
    assert contradictions(agent, list(log_of(agent))) == []


def published(agent: str) -> Record:
    """A record of this agent on a topic that keeps all of them."""
    return next(
        record
        for record in log_of(agent)
        if dict(record.headers)["ce_source"] == f"wharf/{agent}".encode()
        and record.topic not in ("inventory.availability", oracle.mailboxes()[agent])
    )


@pytest.mark.parametrize("agent", AGENTS)
def test_what_is_lost_is_seen(agent: str) -> None:
    lost = published(agent)
    (shown,) = contradictions(agent, [record for record in log_of(agent) if record is not lost])
    assert shown.startswith(f"{agent} did not say {dict(lost.headers)['ce_id'].decode()}")


@pytest.mark.parametrize("agent", AGENTS)
def test_what_is_said_twice_is_seen(agent: str) -> None:
    (shown,) = contradictions(agent, [*log_of(agent), published(agent)])
    assert "said, and should not have" in shown


@pytest.mark.parametrize("agent", AGENTS)
def test_other_bytes_under_the_same_id_are_seen(agent: str) -> None:
    bent = published(agent)
    other = replace(bent, value=(bent.value or b"") + b"\x00")
    assert len(contradictions(agent, [other if record is bent else record for record in log_of(agent)])) == 2


def test_rows_that_differ_are_named() -> None:
    rows = next(found for found in folded("inventory").rows.values() if found)
    key = min(rows)
    assert list(oracle.differing_rows("inventory", "here", rows, rows)) == []
    (missing,) = oracle.differing_rows(
        "inventory", "here", rows, {name: raw for name, raw in rows.items() if name != key}
    )
    (other,) = oracle.differing_rows("inventory", "here", rows, {**rows, key: b"other"})
    assert ("is missing" in missing, "is another" in other) == (True, True)


def test_timers_are_no_part_of_what_is_compared() -> None:
    assert not any(is_engines_key(key) for rows in folded("orders").rows.values() for key in rows)
