"""The judge of poison: each bad record dead once per reader, whole and named, and nothing else dead."""

from __future__ import annotations

from dataclasses import replace

from ops.chaos.evidence import Evidence, Put, judged
from ops.chaos.poison_checks import CHECKS
from ops.chaos.poisoner import choice, digest, readers
from schemas.topics import TOPICS
from streams.engine.dead import Kind, dead_letters
from streams.engine.records import Record

MAILBOX, DOOR = "orders.commands", "erp.attempts"


def poisoned(topic: str = MAILBOX, offset: int = 7) -> tuple[Put, list[Record]]:
    """A bad record, and the letters that its readers write."""
    one = choice(topic)[0][0]
    record = Record(topic, 1, offset, 5, one.key, one.value, list(one.headers))
    why = type(one.error, (Exception,), {})("it is bad")
    letters = [next(iter(dead_letters(reader, record, why, Kind.UNDECODABLE))) for reader in readers(topic)]
    dead = [Record(out.topic, 1, number, 5, out.key, out.value, out.headers) for number, out in enumerate(letters)]
    return Put((topic, 1, offset), one.name, one.error, one.key, digest(one.value)), dead


def broken(puts: list[Put], dead: list[Record]) -> set[str]:
    return {violation.invariant for violation in judged(Evidence(poisons=puts, dead=dead), CHECKS)}


DEAD, WHOLE = CHECKS


def test_poison_that_every_reader_buried_is_as_it_should_be() -> None:
    for topic in (topic for topic in TOPICS if readers(topic)):
        put, dead = poisoned(topic)
        assert broken([put], dead) == set()


def test_poison_that_nobody_buried_is_a_loss() -> None:
    put, _ = poisoned()
    assert broken([put], []) == {DEAD}


def test_a_letter_twice_is_once_too_often_from_agents_and_doors() -> None:
    for topic in (MAILBOX, DOOR):
        put, dead = poisoned(topic)
        assert broken([put], [*dead, *dead]) == {DEAD}


def test_a_healthy_record_among_the_dead_is_found() -> None:
    _, dead = poisoned()
    assert broken([], dead) == {DEAD}


def test_a_wrong_name_is_found() -> None:
    put, dead = poisoned()
    assert broken([put._replace(error="AnotherError")], dead) == {DEAD}


def test_other_bytes_are_found() -> None:
    put, (letter,) = poisoned()
    assert broken([put], [replace(letter, value=b"other")]) == {WHOLE}


def test_a_letter_that_does_not_say_why_is_found() -> None:
    put, (letter,) = poisoned()
    silent = [(name, value) for name, value in letter.headers if name != "dead_message"]
    assert broken([put], [replace(letter, headers=silent)]) == {WHOLE}
