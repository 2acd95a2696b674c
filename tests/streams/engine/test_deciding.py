"""What one command leads to: ids, envelopes, topics, rows, dead letters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas import wire
from schemas.envelope import derived_id
from streams.engine import deciding
from streams.engine.agent import Agent, Batch
from streams.engine.dead import LARGEST, LARGEST_KEY, Kind, dead_letters
from streams.engine.deciding import BatchForgotten, Deciding
from streams.engine.effects import Ask, Effects, Fact, Message, Timer
from streams.engine.records import Out, Record
from tables.rows import Rows
from tables.store_layer import StoreFailed
from tables.store_memory import MemoryStore
from tests.streams.engine.support import START, decide_all, envelope, record, run, types
from tests.streams.engine.toy import TOY, append


def agent_of(effects: Effects) -> Agent:
    def decide(message: Message, rows: Rows) -> Effects:
        return effects

    def body(batch: Batch) -> None:
        batch.decide(decide)

    return Agent("toy", ("feeds.commands",), body, TOY)


def dead(outs: list[Out]) -> dict[str, str]:
    (letter,) = (out for out in outs if out.topic == "feeds.commands.dead")
    return {name: value.decode() for name, value in letter.headers if name.startswith("dead_")}


def test_a_fact_is_published_on_its_records_topic_under_the_commands_key() -> None:
    entry, level = decide_all(record(0, "DRILL")).outs
    assert (entry.topic, entry.key) == ("channels.feed", b"acme|DRILL")
    assert (level.topic, level.key) == ("inventory.availability", b"acme|DRILL")


def test_an_effects_id_is_derived_from_its_cause_agent_type_and_index() -> None:
    ids = [envelope(out).id for out in decide_all(record(7)).outs]
    assert ids == [derived_id("c-7", "toy", "feed.entry", 0), derived_id("c-7", "toy", "availability.changed", 1)]


def test_effects_carry_on_what_belongs_to_the_request() -> None:
    cause = record(0, channel="portal", correlation="q-1", receipt="R/0", disposition="test", traceparent="00-1")
    made = envelope(decide_all(cause).outs[0])
    assert (made.channel, made.correlation, made.disposition, made.traceparent) == ("portal", "q-1", "test", "00-1")
    assert (made.causation, made.receipt, made.time, made.source) == ("c-0", "R/0", START, "wharf/toy")


def test_a_command_asked_for_bears_no_receipt_unless_it_is_given_one() -> None:
    ask = decide_all(record(0, kind="pass-on", data=b"b", receipt="R/0")).outs[-1]
    assert (types([ask]), envelope(ask).receipt) == (["feed.append"], "")


def test_without_a_correlation_the_cause_is_one() -> None:
    assert envelope(decide_all(record(3)).outs[0]).correlation == "c-3"


def test_a_topic_declared_latest_keeps_the_last_version_per_key_of_a_batch() -> None:
    decided = decide_all(record(0, "a"), record(1, "b"), record(2, "a"))
    kept = [out for out in decided.published() if out.topic == "inventory.availability"]
    assert [(out.key, envelope(out).causation) for out in kept] == [(b"acme|b", "c-1"), (b"acme|a", "c-2")]


def test_a_later_command_of_the_batch_sees_what_an_earlier_one_changed() -> None:
    outs, _ = run([[record(0), record(1)]])
    entries = [wire.decode(out.value or b"")[1]["seq"] for out in outs if out.topic == "channels.feed"]
    assert entries == [1, 2]


def test_a_record_that_cannot_be_decoded_is_dead_with_its_bytes_and_its_cause() -> None:
    bad = replace(record(5), value=b"\x01not ours")
    (letter,) = decide_all(bad).outs
    assert (letter.key, letter.value, letter.timestamp) == (bad.key, bad.value, bad.timestamp)
    assert letter.headers[: len(bad.headers)] == bad.headers
    why = dead([letter])
    assert (why["dead_kind"], why["dead_error"], why["dead_topic"], why["dead_offset"]) == (
        "undecodable", "NotOurs", "feeds.commands", "5",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"key": None}, "BadKey"),
        ({"key": b"\xff|a"}, "BadKey"),
        ({"key": b"other|a"}, "BadKey"),
        ({"key": b"acme|a\x1fb"}, "BadKey"),
        ({"headers": []}, "BadEnvelope"),
        ({"value": None}, "NotOurs"),
        ({"value": wire.encode("wharf.orders.v1.CancelLine", {"line": "1", "quantity": 1})}, "SchemaNotAllowed"),
    ],
)
def test_every_defect_of_a_record_has_a_name(change: dict[str, object], error: str) -> None:
    bad: Record = replace(record(0), **change)  # type: ignore[arg-type]
    assert dead(decide_all(bad).outs)["dead_error"] == error


def test_a_type_and_a_body_that_disagree_are_dead() -> None:
    due = wire.encode("wharf.feeds.v1.DeliveryDue", {"reason": "x", "order_key": "", "seq": 0})
    assert dead(decide_all(replace(record(0), value=due)).outs)["dead_error"] == "BadType"


def test_a_dead_letter_says_where_in_the_decision_it_broke() -> None:
    why = dead(decide_all(record(0, kind="boom")).outs)
    assert why["dead_kind"] == "undecidable"
    assert why["dead_location"].endswith(" decide")
    assert why["dead_message"] == "cannot decide a"


@pytest.mark.parametrize("why", [MemoryError(), StoreFailed("disk")], ids=["memory", "disk"])
def test_what_the_machine_lacks_is_no_records_fault_and_buries_none(why: Exception) -> None:
    def decide(message: Message, rows: Rows) -> Effects:
        raise why

    agent = Agent("toy", ("feeds.commands",), lambda batch: batch.decide(decide), TOY)
    with pytest.raises(type(why)):
        Deciding(agent).batch([record(0)], MemoryStore())


def test_the_same_defect_has_the_same_fingerprint_whatever_the_numbers() -> None:
    prints = {
        dead(decide_all(replace(record(n, kind="boom"), value=b"\0\0\0\0" + bytes([n]))).outs)["dead_fingerprint"]
        for n in (1, 2)
    }
    assert len(prints) == 1


def test_a_letter_that_died_before_counts_its_attempts() -> None:
    again = record(0, kind="boom")
    again = replace(again, headers=[*again.headers, ("dead_attempt", b"2"), ("dead_error", b"Old")])
    assert dead(decide_all(again).outs)["dead_attempt"] == "3"


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("why", "said"), [(ValueError("\ud800"), "?"), (Unspeakable(), "(its message cannot be read)")]
)
def test_an_error_that_cannot_be_written_down_does_not_take_the_batch_with_it(why: Exception, said: str) -> None:
    letters = list(dead_letters("toy", record(0, receipt="R/0"), why, Kind.UNDECIDABLE))
    assert [wire.decode(letters[1].value or b"")[1]["message"], dead(letters)["dead_message"]] == [said, said]


def test_a_foreign_record_too_large_for_its_dead_letter_is_cut_and_says_so() -> None:
    (letter,) = decide_all(replace(record(0), value=b"x" * (2 << 20))).outs
    assert (len(letter.value or b""), dead([letter])["dead_truncated"]) == (LARGEST, str(2 << 20))


def size(letter: Out) -> int:
    headers = sum(len(name.encode()) + len(value) for name, value in letter.headers)
    return len(letter.key or b"") + len(letter.value or b"") + headers


def test_a_foreign_key_too_large_for_its_dead_letter_is_cut_and_says_so() -> None:
    (letter,) = decide_all(replace(record(0), key=b"\xff" * 1_900_000, value=b"x" * 100_000)).outs
    assert (len(letter.key or b""), dead([letter])["dead_truncated_key"]) == (LARGEST_KEY, "1900000")


def test_a_header_too_large_for_the_dead_letter_is_left_out_and_the_others_stay() -> None:
    bad = record(0)
    (letter,) = decide_all(replace(bad, headers=[("junk", b"x" * 1_900_000), *bad.headers])).outs
    assert {*bad.headers} <= {*letter.headers} and "junk" not in dict(letter.headers)
    assert int(dead([letter])["dead_truncated_headers"]) > 1_900_000


def test_whatever_a_topic_took_its_dead_letter_fits_there_too() -> None:
    most = 2 << 20
    for bad in (
        replace(record(0), value=b"x" * most),
        replace(record(0), key=b"k" * most),
        replace(record(0), headers=[("h", b"x" * most)]),
        replace(record(0), headers=[(f"h{n}", b"x" * 100) for n in range(most // 120)]),
    ):
        assert all(size(letter) < most - (8 << 10) for letter in decide_all(bad).outs)


def test_whoever_wants_an_answer_hears_of_the_death() -> None:
    asked = record(0, kind="boom", reply_topic="orders.commands", reply_key="order-7", channel="portal")
    _, answer = decide_all(asked).outs
    assert (answer.topic, answer.key, types([answer])) == ("orders.commands", b"acme|order-7", ["command.died"])
    assert wire.decode(answer.value or b"")[1]["command_id"] == "c-0"


def test_a_receipt_hears_of_the_death_of_its_part() -> None:
    _, word = decide_all(record(0, kind="boom", receipt="R/0")).outs
    assert (word.topic, word.key, envelope(word).receipt) == ("channel.receipts", b"acme|R", "R/0")


def test_the_death_of_a_command_can_be_decided_by_who_asked() -> None:
    outs, store = run([[record(0, "a", "pass-on", b"b")]])
    asked = outs[-1]
    _, answer = run([[replace(record(1), key=asked.key, value=asked.value, headers=asked.headers)]], store)[0]
    assert (answer.topic, answer.key) == ("feeds.commands", b"acme|a")


BAD = [
    Effects(facts=(Fact("no.such.type", {}),)),
    Effects(facts=(Fact("feed.entry", {"seq": "seven"}),)),
    Effects(asks=(Ask("no.such.type", "a", {}),)),
    Effects(asks=(Ask("feed.append", "a", {"type": 1}),)),
    Effects(asks=(Ask("feed.ignored", "a", {}),)),
    Effects(timers=(Timer("t", 1, "order.deadline", {}),)),
    Effects(timers=(Timer("t", 1, "feed.due", {}),)),
]


@pytest.mark.parametrize("effects", BAD)
def test_effects_that_do_not_fit_the_contract_are_a_dead_letter_and_nothing_else(effects: Effects) -> None:
    decided = Deciding(agent_of(effects)).batch([record(0)], MemoryStore())
    assert [out.topic for out in decided.outs] == ["feeds.commands.dead"]
    assert decided.layer.changes == {}


def test_one_commands_effects_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "MAX_EFFECTS", 2)
    many = Effects(asks=(Ask("feed.append", "a", append()),) * 3)
    decided = Deciding(agent_of(many)).batch([record(0)], MemoryStore())
    assert dead(decided.outs)["dead_error"] == "TooManyEffects"


def test_a_batch_that_its_body_forgets_is_a_bug() -> None:
    forgetful = Agent("toy", ("feeds.commands",), lambda batch: None, TOY)
    with pytest.raises(BatchForgotten):
        Deciding(forgetful).batch([record(0)], MemoryStore())


def test_time_is_the_brokers_time_of_the_record() -> None:
    entry = decide_all(record(9)).outs[0]
    assert wire.decode(entry.value or b"")[1]["at"] == START + 9


def test_on_the_embedded_broker_time_never_goes_back() -> None:
    decided = Deciding(agent_of(Effects())).batch([record(9), record(3)], MemoryStore(), last=START + 5)
    assert decided.now == START + 9
