"""Where a key's order matters, its records wait behind a dead one, and go on in their order once it was seen to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import wire
from schemas.envelope import BadEnvelope, Headers
from streams.engine import waiting
from streams.engine.agent import Agent, BadDeclaration
from streams.engine.deciding import Deciding
from streams.engine.records import Out, Record
from streams.engine.waiting import NotRedrivable, word_on
from tables.store_memory import MemoryStore
from tests.streams.engine.support import START, record
from tests.streams.engine.toy import append, toy

ORDERLY = replace(toy, ordered=True)


class Desk:
    """The orderly toy over one partition, and an operator."""

    def __init__(self) -> None:
        self.store, self.outs, self.end = MemoryStore(), list[Out](), 0

    def decide(self, *records: Record) -> Desk:
        decided = Deciding(ORDERLY).batch(records, self.store)
        self.store.write(decided.layer.encoded())
        self.outs += decided.outs
        return self

    def say(self, *kinds: str, key: str = "a") -> Desk:
        """Commands, each at the next offset."""
        for kind in kinds:
            self.decide(record(self.end, key, kind))
            self.end += 1
        return self

    def resolve(self, *, redrive: bool, value: bytes | None = None, letter: int = -1) -> Desk:
        """An operator's word on a dead letter."""
        found = self.letters[letter]
        body, headers = word_on(found, redrive=redrive, value=value)
        self.decide(Record("feeds.commands", 0, self.end, START + self.end, found.key, body, headers))
        self.end += 1
        return self

    @property
    def letters(self) -> list[Record]:
        dead = [out for out in self.outs if out.topic.endswith(".dead")]
        return [Record(out.topic, 0, at, out.timestamp, out.key, out.value, out.headers) for at, out in enumerate(dead)]

    def numbers(self, key: str = "a") -> list[tuple[str, int]]:
        """Cause and number of the key's entries."""
        entries = [out for out in self.outs if out.topic == "channels.feed" and (out.key or b"").endswith(key.encode())]
        return [(e["id"], e["seq"]) for e in (wire.decode(out.value or b"")[1] for out in entries)]

    def waits(self, key: str = "a") -> int:
        return sum(name.startswith("behind|") for name in self.store.scopes.get(f"acme|{key}", {}))


MENDED = wire.encode("wharf.feeds.v1.AppendEntry", append("count"))


def test_records_of_a_key_wait_behind_a_dead_one() -> None:
    desk = Desk().say("count", "boom", "count", "count")
    assert (desk.numbers(), desk.waits(), len(desk.letters)) == ([("c-0", 1)], 2, 1)


def test_other_keys_go_on() -> None:
    desk = Desk().say("boom").say("count", key="b")
    assert desk.numbers("b") == [("c-1", 1)]


def test_those_that_waited_go_on_in_their_order_when_the_dead_one_was_mended() -> None:
    desk = Desk().say("boom", "count", "count").resolve(redrive=True, value=MENDED).say("count")
    assert desk.numbers() == [("c-0", 1), ("c-1", 2), ("c-2", 3), ("c-4", 4)]
    assert desk.waits() == 0


def test_those_that_waited_go_on_without_the_dead_one_where_it_is_dropped() -> None:
    desk = Desk().say("boom", "count", "count").resolve(redrive=False)
    assert desk.numbers() == [("c-1", 1), ("c-2", 2)]


def test_a_redriven_record_that_dies_again_is_dead_again_and_the_others_wait_on() -> None:
    desk = Desk().say("boom", "count").resolve(redrive=True)
    assert (desk.numbers(), desk.waits()) == ([], 1)
    assert [dict(letter.headers)["dead_attempt"] for letter in desk.letters] == [b"1", b"2"]
    assert desk.resolve(redrive=True, value=MENDED).numbers() == [("c-0", 1), ("c-1", 2)]


def test_one_that_waited_may_be_the_next_dead_one() -> None:
    desk = Desk().say("boom", "count", "boom", "count").resolve(redrive=False)
    assert (desk.numbers(), desk.waits(), len(desk.letters)) == ([("c-1", 1)], 1, 2)
    assert desk.resolve(redrive=False).numbers() == [("c-1", 1), ("c-3", 2)]


def test_resolving_twice_is_resolving_once() -> None:
    desk = Desk().say("boom", "count").resolve(redrive=True, value=MENDED)
    once = desk.numbers()
    assert desk.resolve(redrive=True, value=MENDED).numbers() == once


def test_a_word_on_another_dead_record_frees_nobody() -> None:
    desk = Desk().say("boom").resolve(redrive=False).say("boom", "count")
    assert desk.resolve(redrive=False, letter=0).numbers() == []
    assert desk.waits() == 1


def test_a_word_that_cannot_be_read_is_dead_and_the_key_stays_held() -> None:
    desk = Desk().say("boom", "count")
    body, headers = word_on(desk.letters[0], redrive=False)
    desk.decide(Record("feeds.commands", 0, 9, START, desk.letters[0].key, body[:-1], headers))
    assert (desk.waits(), len(desk.letters)) == (1, 2)


def test_so_many_wait_that_they_go_on_by_several_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "AT_ONCE", 2)
    desk = Desk().say("boom", *["count"] * 5).resolve(redrive=False)
    late = desk.say("count").waits()
    for _ in range(5):
        ahead = [out for out in desk.outs if out.topic == "feeds.commands"]
        if not ahead:
            break
        desk.outs = [out for out in desk.outs if out.topic != "feeds.commands"]
        desk.decide(Record("feeds.commands", 0, desk.end, START, ahead[0].key, ahead[0].value, ahead[0].headers))
        desk.end += 1
    assert late == 4
    assert [number for _, number in desk.numbers()] == [1, 2, 3, 4, 5, 6]
    assert [cause for cause, _ in desk.numbers()] == ["c-1", "c-2", "c-3", "c-4", "c-5", "c-7"]


def test_nobody_waits_behind_a_record_without_a_readable_key() -> None:
    desk = Desk().decide(replace(record(0), headers=[])).say("count")
    assert (len(desk.letters), [number for _, number in desk.numbers()]) == (1, [1])


def test_undecodable_bytes_of_a_key_are_waited_behind_too() -> None:
    desk = Desk().decide(replace(record(7), value=b"junk"))
    desk.end = 8
    assert desk.say("count").numbers() == []


def test_where_no_order_is_declared_nobody_waits() -> None:
    decided = Deciding(toy).batch([record(0, kind="boom"), record(1)], MemoryStore())
    assert [out.topic for out in decided.outs if out.topic == "channels.feed"] == ["channels.feed"]


def test_a_word_to_an_agent_that_keeps_no_order_is_a_dead_letter_like_any_stranger() -> None:
    letter = Desk().say("boom").letters[0]
    body, headers = word_on(letter, redrive=False)
    decided = Deciding(toy).batch([Record("feeds.commands", 0, 1, START, letter.key, body, headers)], MemoryStore())
    assert decided.dead == 1


def test_decisions_see_nothing_of_those_that_wait() -> None:
    desk = Desk().say("boom", "count")
    assert {name.partition("|")[0] for name in desk.store.scopes["acme|a"]} == {"culprit", "behind"}
    assert desk.resolve(redrive=False).numbers() == [("c-1", 1)]


def test_a_letter_that_was_cut_must_be_mended() -> None:
    letter = Desk().say("boom").letters[0]
    cut = replace(letter, headers=[*letter.headers, ("dead_truncated", b"9")])
    with pytest.raises(NotRedrivable):
        word_on(cut, redrive=True)
    assert word_on(cut, redrive=True, value=MENDED)[0] != word_on(cut, redrive=False)[0]


def test_a_letter_without_an_envelope_has_nobody_behind_it() -> None:
    headers: Headers = [("dead_partition", b"0"), ("dead_offset", b"0"), ("dead_topic", b"feeds.commands")]
    with pytest.raises(BadEnvelope):
        word_on(Record("feeds.commands.dead", 0, 0, 0, b"acme|a", b"", headers), redrive=False)


def test_an_agent_without_a_table_cannot_keep_order() -> None:
    with pytest.raises(BadDeclaration, match="needs a table"):
        Agent("bad", ("feeds.commands",), ORDERLY.body, ordered=True)


KINDS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["count", "count", "boom"])), max_size=12)


def cut(records: Sequence[Record], at: Callable[[int], bool]) -> Iterable[list[Record]]:
    batch: list[Record] = []
    for index, one in enumerate(records):
        batch.append(one)
        if at(index):
            yield batch
            batch = []
    yield batch


@given(KINDS, st.sets(st.integers(0, 11)))
def test_it_does_not_matter_where_batches_are_cut(said: list[tuple[str, str]], cuts: set[int]) -> None:
    records = [record(index, key, kind) for index, (key, kind) in enumerate(said)]
    whole, parts = Desk().decide(*records), Desk()
    for batch in cut(records, cuts.__contains__):
        parts.decide(*batch)
    assert (parts.outs, parts.store.filled()) == (whole.outs, whole.store.filled())


@given(KINDS)
def test_dropping_every_dead_one_leads_to_what_the_living_lead_to_alone(said: list[tuple[str, str]]) -> None:
    desk, alone = Desk(), Desk()
    for key, kind in said:
        desk.say(kind, key=key)
    seen = 0
    while seen < len(desk.letters):
        desk.resolve(redrive=False, letter=seen)
        seen += 1
    for key, kind in (one for one in said if one[1] != "boom"):
        alone.say(kind, key=key)
    for key in "ab":
        assert [n for _, n in desk.numbers(key)] == [n for _, n in alone.numbers(key)]
