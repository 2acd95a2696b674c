"""The replay oracle: the log folded once more with the pure functions, calmly and in other batches, decides the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ops.simulate.play import Play
from schemas import wire
from schemas.topics import TOPICS
from streams.engine.agent import Agent
from streams.engine.deciding import Deciding
from streams.engine.records import Out, Record
from tables.sink_memory import Shelf
from tables.store_layer import TIMER, split_state_key
from tables.store_memory import MemoryStore

Said = tuple[str, bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]  # topic, key, value, headers


def agents_decide_the_same(play: Play) -> Iterator[str]:
    """Each agent with rows publishes the same bytes under the same ids, and ends with the same rows."""
    chance = random.Random(play.seed)
    for name, runner in play.topology.runners.items():
        if runner.agent.table is None:
            continue
        again, timers = dict[str, Said](), dict[str, int]()
        for partition in range(play.topology.memory.partitions):
            outs, store = _decided(runner.agent, _mailbox(play, runner.agent, partition), chance, timers)
            again |= {_id(out): _said(out) for out in outs}
            kept = _without_timers(runner.stores[partition])
            if _without_timers(store) != kept:
                yield f"{name}, partition {partition}: other rows"
        yield from _compared(name, again, _published(play, name))
        yield from _otherwise_set(play, name, timers)


def _decided(
    agent: Agent, records: list[Record], chance: random.Random, timers: dict[str, int]
) -> tuple[list[Out], MemoryStore]:
    """What an agent publishes and keeps; `timers` learns when each timer that it ever set is due, by id."""
    deciding, store, outs = Deciding(agent), MemoryStore(), list[Out]()
    while records:
        cut = chance.randint(1, 20)
        batch, records = records[:cut], records[cut:]
        decided = deciding.batch(batch, store)
        store.write(decided.layer.encoded())
        outs += decided.outs
        for _, _, row in store.timers():
            timers[row["id"]] = row["due"]
    return outs, store


def _otherwise_set(play: Play, name: str, timers: Mapping[str, int]) -> Iterator[str]:
    """Timers are set for the same times, by what the changelog has of them."""
    table = play.topology.runners[name].agent.table
    for record in play.topology.memory.order[table.changelog] if table else ():
        if record.value is None or not split_state_key(record.key or b"")[1].startswith(f"{TIMER}|"):
            continue
        row = wire.decode(record.value)[1]
        if timers.get(row["id"], row["due"]) != row["due"]:
            yield f"{name}: {row['type']} was set for {row['due']}, a replay sets it for {timers[row['id']]}"


def _compared(name: str, again: Mapping[str, Said], published: Mapping[str, Said]) -> Iterator[str]:
    for id, said in published.items():
        if again.get(id) != said:
            yield f"{name} published {id} on {said[0]}, a replay says {again.get(id, 'nothing')}"
    for id in again.keys() - published.keys():
        if not TOPICS[again[id][0]].latest:
            yield f"{name} did not publish {id} on {again[id][0]}, a replay does"


def _mailbox(play: Play, agent: Agent, partition: int) -> list[Record]:
    logs = play.topology.memory.topics.get(agent.mailbox)
    return [record for record in logs[partition] if record is not None] if logs else []


def _published(play: Play, name: str) -> dict[str, Said]:
    """What the agent published, but for its timers' commands, which follow from the clock."""
    source = f"wharf/{name}".encode()
    found: dict[str, Said] = {}
    for topic, records in play.topology.memory.order.items():
        for record in records:
            headers = dict(record.headers)
            if headers.get("ce_source") == source and not _is_timer(play, name, topic, headers):
                found[headers["ce_id"].decode()] = _said(record)
    return found


def _is_timer(play: Play, name: str, topic: str, headers: Mapping[str, bytes]) -> bool:
    return topic == play.topology.runners[name].agent.mailbox and headers["ce_type"].decode() in TIMERS


TIMERS = (
    "order.deadline",
    "stock.expire",
    "stock.wake-overdue",
    "stock.fill-waiting",
    "post.due",
    "feed.due",
    "shipment.parked-overdue",
)


def _id(out: Out) -> str:
    return dict(out.headers)["ce_id"].decode()


def _said(record: Out | Record) -> Said:
    return record.topic, record.key, record.value, tuple(record.headers)


def _without_timers(store: MemoryStore) -> dict[str, dict[str, bytes]]:
    rows = {
        scope: {name: raw for name, raw in found.items() if not name.startswith(f"{TIMER}|")}
        for scope, found in store.scopes.items()
    }
    return {scope: found for scope, found in rows.items() if found}


def read_models_are_a_fold(play: Play) -> Iterator[str]:
    """What the projection wrote, through deaths and doubles, is what it writes of the whole log at once."""
    runner, shelf = play.topology.runners["project"], Shelf()
    for topic in runner.agent.reads:
        for log in play.topology.memory.topics.get(topic, []):
            decided = Deciding(runner.agent).batch([record for record in log if record is not None], MemoryStore())
            shelf.write(decided.writes)
    mine, folded = _values(play.shelf), _values(shelf)
    for place in mine.keys() | folded.keys():
        if mine.get(place) != folded.get(place):
            yield f"{place}: {mine.get(place)!r} stands, the log makes {folded.get(place)!r}"


def _values(shelf: Shelf) -> dict[str, Any]:
    """Every value by its place. Which of several facts decided a part of a receipt hangs on which came first."""
    fields = {f"{key} {name.decode()}": value for key, hash in shelf.hashes.items() for name, value in hash.items()}
    decided = {place: b"" if " part:" in place else value for place, value in fields.items()}
    members = {
        f"{key} {value.decode()}": score for key, ranked in shelf.sorted.items() for value, score in ranked.items()
    }
    return {**shelf.texts, **decided, **members}


CHECKS: Mapping[str, Callable[[Play], Iterator[str]]] = {
    "a replay decides the same": agents_decide_the_same,
    "the read models are a fold of the log": read_models_are_a_fold,
}
