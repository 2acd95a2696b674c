"""What a source of stock may say wrongly between good orders: it is taken, told of by an event, and harms nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from schemas.errors import catalogue
from streams.engine.effects import Message
from tests.bad_input.cases import Sent, stock
from tests.bad_input.quay import BAD, Quay, Story, holds, played, readable
from tests.streams.inventory.world import START
from tests.support.redis import Server

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Reports in their order; what the last one leads to: an event with these fields, warnings of its receipt."""

    sent: tuple[Sent, ...]
    event: str
    fields: Fields
    warnings: tuple[str, ...] = ()


def moved(sequence: int, **bent: Any) -> Sent:
    """A receipt of a source that numbers what it says without gaps."""
    return stock(kind="received", source="wms2", event_id=None, sequence=sequence, quantity="1", **bent)


def counted(sequence: int, quantity: str = "7") -> Sent:
    return stock(event_id=None, sequence=sequence, quantity=quantity, as_of="2026-03-02T08:00:01Z")


IGNORED, DOUBTED, COUNTED = "inventory.ignored", "inventory.source.doubted", "inventory.counted"
DOUBTFUL: dict[str, Doubtful] = {
    "an unknown SKU": Doubtful((stock(sku="NONE"),), COUNTED, {"sku": "NONE", "counted": 7}, ("WH1303",)),
    "an unknown location": Doubtful((stock(location="MOON"),), COUNTED, {"location": "MOON", "counted": 7}, ("WH1313",)),
    "a gap in a sequence": Doubtful(
        (moved(1), moved(4)), DOUBTED, {"doubt": "gap", "in_force": True, "missing_from": 2, "missing_to": 3}
    ),
    "a sequence that goes backwards": Doubtful(
        (counted(9), counted(8, "99")), IGNORED, {"reason": "stale_sequence", "source_sequence": 8}
    ),
    "a sequence again with another number": Doubtful((counted(9), counted(9, "8")), IGNORED, {"reason": "conflict"}),
    "two sources that claim one location": Doubtful(
        (stock(source="erp", as_of="2026-03-02T08:00:01Z"),), DOUBTED,
        {"doubt": "contested", "in_force": True, "source": "erp", "other": "wms1"},
    ),
    "a clock that is years ahead": Doubtful(
        (stock(sku="NONE", as_of="2099-01-01T00:00:00Z"),), COUNTED, {"clamped": True, "as_of": START}, ("WH1303",)
    ),
    "a clock that is years behind": Doubtful((stock(as_of="2009-01-01T00:00:00Z"),), IGNORED, {"reason": "stale_count"}),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_a_source_says_wrongly_is_told_by_an_event_and_nothing_after_it_is_lost(
    redis_server: Server, calm: Story, name: str
) -> None:
    case, kept = DOUBTFUL[name], list[Quay]()
    story = played(redis_server, lambda at: (kept.append(at), say(at, case.sent))[1])
    assert (story.receipt["state"], story.receipt["problems"]) == ("accepted", [])
    assert [one["code"] for one in story.receipt["warnings"]] == list(case.warnings)
    assert all(catalogue()[one["code"]].remedy == one["remedy"] for one in story.receipt["warnings"])
    told = [each for each in facts(kept[0]) if each.type == case.event]
    assert any(case.fields.items() <= each.record.items() for each in told), told
    holds(story, calm)


def test_what_was_missing_is_told_to_be_there_when_it_comes(redis_server: Server, calm: Story) -> None:
    kept = list[Quay]()
    sent = (moved(1), moved(4), moved(3), moved(2))
    story = played(redis_server, lambda at: (kept.append(at), say(at, sent))[1])
    doubts = [each.record for each in facts(kept[0]) if each.type == DOUBTED]
    assert [(each["in_force"], each["missing_from"], each["missing_to"]) for each in doubts] == [
        (True, 2, 3),
        (False, 2, 2),
    ]
    holds(story, calm)


def say(at: Quay, sent: tuple[Sent, ...]) -> Any:
    """All of them under one correlation; the answer to the last."""
    answers = [
        at.say("POST", one.path, BAD, content=one.content,
               headers={"Content-Type": one.media, "Idempotency-Key": f"bad-{number}"})
        for number, one in enumerate(sent)
    ]  # fmt: skip
    return answers[-1]


def facts(at: Quay) -> list[Message]:
    """What was decided of the bad ones."""
    return [each for each in readable(at.topology, "inventory.events") if each.envelope.correlation == BAD]
