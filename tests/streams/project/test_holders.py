"""The rows of the ledger in Redis are those of the table, whatever happened, and whatever is told twice or late."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated import inventory_v1 as inventory
from streams.engine.effects import Message
from tables.redis.holders_view import Holders, holders
from tables.sink_memory import Shelf as Redis
from tests.streams.inventory.shelf import SKU, Shelf
from tests.streams.inventory.world import Command, days
from tests.streams.project.facts import message, projected

KEY = f"held:acme:{SKU}"


def told(shelf: Shelf) -> list[Message]:
    """The facts of the last command, as the log has them."""
    facts = [fact for fact in shelf.effects.facts if "seq" in fact.record]
    return [message(fact.type, fact.record, key=SKU, offset=fact.record["seq"]) for fact in facts]


def after(day: list[Command]) -> tuple[Shelf, list[Message]]:
    shelf, log = Shelf(), list[Message]()
    for kind, record in day:
        shelf.send(kind, record)
        log += told(shelf)
    return shelf, log


def stands(redis: Redis) -> Holders:
    return holders(redis.hashes.get(KEY, {}), len(redis.hashes.get(KEY, {})))


def kept(shelf: Shelf) -> list[tuple[Any, ...]]:
    names = ("holder", "line", "location", "reserved", "allocated")
    rows = [row for name, row in shelf.rows.items() if name.startswith("hold|")]
    return sorted(tuple(row[name] for name in names) for row in rows)


def shown(redis: Redis) -> list[tuple[Any, ...]]:
    names = ("holder", "line", "location", "reserved", "allocated")
    return sorted(tuple(row[name] for name in names) for row in stands(redis).rows)


@given(days)
def test_readers_see_the_ledger_as_it_is(day: list[Command]) -> None:
    shelf, log = after(day)
    assert shown(projected(*log)) == kept(shelf)


@given(days, st.integers(0, 30))
def test_a_log_that_is_projected_again_from_anywhere_tells_the_same(day: list[Command], begin: int) -> None:
    shelf, log = after(day)
    assert shown(projected(*log, *log[begin:])) == kept(shelf)
    assert shown(projected(*log, *log[:begin])) == kept(shelf)


def test_a_row_says_since_when_it_holds_and_what_changed_it_last() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("O-1", {"1": 4})
    since, first = shelf.stage.now, told(shelf)
    shelf.allocate("O-1", {"1": 4})
    [row] = stands(projected(*first, *told(shelf))).rows
    assert (row["reserved"], row["allocated"], row["event"]["type"]) == (0, 4, "inventory.allocated")
    assert row["since"] == stands(projected(*first)).rows[0]["since"] and shelf.stage.now > since


def test_what_holds_nothing_any_more_leaves_nothing_behind() -> None:
    shelf = Shelf(DC1=10)
    shelf.reserve("O-1", {"1": 4})
    held = told(shelf)
    shelf.release("O-1")
    redis = projected(*held, *told(shelf))
    assert set(redis.hashes[KEY]) == {b""} and stands(redis) == Holders((), 0)


def test_a_fact_of_an_earlier_release_says_since_when_it_was_decided() -> None:
    entry = inventory.ledger_entry(holder="O-1", line="1", location="DC1", reserved=2, allocated=0)
    record = inventory.stock_reserved(sku=SKU, seq=1, at=0, holder="O-1", attempt=1, quantity=2, entries=[entry],
                                      standings=[], positions=[])  # fmt: skip
    [row] = stands(projected(message("inventory.reserved", record, key=SKU))).rows
    assert (row["since"], row["kind"]) == ("1970-01-01T00:00:00.000Z", "")
