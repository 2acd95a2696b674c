from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.erp.door import Door
from ops.demo.erp.faults import Faults
from ops.demo.erp.memory import MemoryErp
from schemas import wire
from schemas.envelope import Envelope
from schemas.generated.erp_v1 import PostAttempt
from streams.engine.client import LogUnavailable
from tests.adapters.erp.attempts import attempt

NOW = 1_772_438_400_000


@dataclass(frozen=True)
class Granted:
    """An attempt as it comes from the log."""

    envelope: Envelope
    record: PostAttempt
    now: int


@dataclass
class Mail:
    """What the door answered; the log may be away for a while."""

    told: list[Any] = field(default_factory=list)
    ids: list[str | None] = field(default_factory=list)
    away: int = 0

    async def send(self, type: str, key: str, record: Mapping[str, object], **envelope: Any) -> str:
        if self.away:
            self.away -= 1
            raise LogUnavailable("away")
        assert type == "post.attempt-answer"
        assert wire.encode("wharf.erp.v1.AttemptAnswer", record)
        self.told.append({**record, "key": key, **envelope})
        self.ids.append(envelope["id"])
        return ""


@dataclass
class Bench:
    """A door before an ERP in memory."""

    erp: MemoryErp = field(default_factory=MemoryErp)
    mail: Mail = field(default_factory=Mail)
    now: int = NOW

    def __post_init__(self) -> None:
        self.reopen()

    def reopen(self) -> None:
        """A new process."""
        self.door = Door(self.erp, self.mail.send, lambda: self.now)

    def hand(
        self, record: PostAttempt, *, id: str = "m-1", written: int | None = None, disposition: str = "live"
    ) -> dict[str, Any]:
        envelope = Envelope(
            id, "post.attempt", "wharf/post", "acme", channel="portal", correlation="c", disposition=disposition
        )
        asyncio.run(
            self.door.handle(
                Granted(envelope, {**record, "deadline": NOW + 60_000}, self.now if written is None else written)
            )
        )
        return dict(self.mail.told[-1])


def outcome(answer: Mapping[str, Any]) -> tuple[str, str]:
    return str(answer["outcome"]), str(answer["erp_number"])


def test_a_create_is_answered_with_the_documents_number() -> None:
    bench = Bench()
    answer = bench.hand(attempt())
    assert outcome(answer) == ("posted", "SO-000001")
    assert (answer["attempt_id"], answer["order_id"], answer["key"]) == ("O-1:1:1", "O-1", "erp")


def test_an_answer_keeps_the_attempts_envelope() -> None:
    answer = Bench().hand(attempt())
    kept = {name: answer[name] for name in ("tenant", "channel", "correlation", "causation", "disposition")}
    assert kept == {
        "tenant": "acme",
        "channel": "portal",
        "correlation": "c",
        "causation": "m-1",
        "disposition": "live",
    }


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ({"down": True}, "unavailable"),
        ({"throttled": True}, "throttled"),
        ({"drop_after_commit": True}, "ambiguous"),
        ({"refuse_customers": ("7001",)}, "refused"),
    ],
)
def test_every_end_of_an_attempt_is_answered(faults: dict[str, Any], expected: str) -> None:
    bench = Bench(MemoryErp(Faults(**faults)))
    assert bench.hand(attempt())["outcome"] == expected


def test_a_first_fresh_create_asks_the_erp_once() -> None:
    bench = Bench()
    bench.hand(attempt())
    assert bench.erp.requests == ["create"]


def test_an_attempt_past_its_deadline_is_not_begun() -> None:
    bench = Bench()
    bench.now = NOW + 50_000
    answer = bench.hand(attempt(), written=NOW)
    assert (answer["outcome"], answer["reason"]) == ("ambiguous", "the attempt's deadline has passed")
    assert bench.erp.requests == []


def test_an_answer_the_log_did_not_take_is_said_again_and_nothing_done_again() -> None:
    bench = Bench()
    bench.mail.away = 1
    with pytest.raises(LogUnavailable):
        bench.hand(attempt())
    bench.hand(attempt())
    bench.hand(attempt())
    assert bench.erp.journal == [("create", "O-1")]
    assert len(set(bench.mail.ids)) == 1


def test_a_door_that_died_after_the_create_finds_it_again() -> None:
    bench = Bench(MemoryErp(Faults(forgetful=True)))
    bench.hand(attempt())
    bench.now += 3
    bench.reopen()
    assert outcome(bench.hand(attempt(), written=NOW)) == ("posted", "SO-000001")
    assert bench.erp.journal == [("create", "O-1")]


def test_an_old_attempt_looks_before_and_after_it_creates() -> None:
    bench = Bench()
    bench.now += 2_000
    assert outcome(bench.hand(attempt(), written=NOW)) == ("posted", "SO-000001")
    assert bench.erp.requests == ["lookup", "create", "lookup"]


def test_a_create_that_follows_doubt_looks_too() -> None:
    bench = Bench()
    bench.hand(attempt(attempt=3, attempt_id="O-1:1:3"))
    assert bench.erp.requests == ["lookup", "create", "lookup"]


def test_an_old_attempt_does_not_create_while_the_erp_cannot_say() -> None:
    bench = Bench(MemoryErp(Faults(down=True)))
    bench.now += 2_000
    assert bench.hand(attempt(), written=NOW)["outcome"] == "ambiguous"
    assert "create" not in bench.erp.requests


def test_of_twins_the_oldest_stays() -> None:
    bench = Bench(MemoryErp(Faults(forgetful=True)))
    bench.hand(attempt(), id="m-1")
    bench.hand(attempt(), id="m-2")
    assert outcome(bench.hand(attempt(action="lookup"), id="m-3")) == ("found", "SO-000001")
    assert bench.erp.journal == [("create", "O-1"), ("create", "O-1"), ("cancel", "O-1")]


def test_a_look_up_answers_found_or_absent() -> None:
    bench = Bench()
    assert bench.hand(attempt(action="lookup"), id="m-1")["outcome"] == "absent"
    bench.hand(attempt(), id="m-2")
    assert outcome(bench.hand(attempt(action="lookup"), id="m-3")) == ("found", "SO-000001")


def test_a_cancel_goes_by_number_or_else_by_key() -> None:
    bench = Bench()
    bench.hand(attempt(), id="m-1")
    assert bench.hand(attempt(action="cancel", erp_number="SO-000001"), id="m-2")["outcome"] == "cancelled"
    bench.hand(attempt("O-2"), id="m-3")
    assert bench.hand(attempt("O-2", "cancel"), id="m-4")["outcome"] == "cancelled"
    assert bench.hand(attempt("O-3", "cancel"), id="m-5")["outcome"] == "absent"


def test_a_test_order_goes_the_whole_way_and_leaves_nothing() -> None:
    bench = Bench()
    assert outcome(bench.hand(attempt(), disposition="test")) == ("posted", "TEST")
    assert bench.erp.requests == []


def test_an_unknown_action_is_refused() -> None:
    assert Bench().hand(attempt(action="delete"))["outcome"] == "refused"
