"""The door's work: one attempt in, one answer out."""

from __future__ import annotations

import asyncio
from typing import Any

from adapters.subscribers import secrets, signing
from adapters.subscribers.deliver import PER_ENDPOINT, Deliverer
from adapters.subscribers.outcome import Outcome
from adapters.subscribers.target import Target
from schemas.envelope import Envelope
from schemas.generated import feeds_v1
from streams.engine.effects import Message
from tests.adapters.subscribers.test_secrets import GIVEN, deployment

NOW = 1_772_438_400_000
TAKEN = Outcome("delivered", 204)
BODY = b'{"type":"order.status.changed"}'


def granted(url: str = "https://shop.example/hooks", **more: Any) -> Message:
    """An attempt as the log brings it."""
    named = {"attempt_id": "w.1", "channel": "portal", "view": "crm", "webhook_id": "w", "body": BODY}
    fields = {**named, "seq": 4, "attempt": 1, "url": url, "deadline": NOW + 1, **more}
    envelope = Envelope(
        "cause", "feed.attempt", "wharf/feeds", "acme", channel="portal", correlation="corr", disposition="test"
    )
    return Message(envelope, "portal/crm|O-1", feeds_v1.delivery_attempt(**fields), NOW)


class Door:
    """The door between a scripted endpoint and a list of answers."""

    def __init__(self, outcome: Outcome = TAKEN) -> None:
        self.outcome, self.posts, self.answers = outcome, list[Any](), list[Any]()
        self.now = self.most = 0
        self.door = Deliverer(deployment(), self.post, self.send, lambda: NOW)

    async def post(self, target: Target, headers: Any, body: bytes) -> Outcome:
        """The endpoint."""
        self.posts.append((target, dict(headers), body))
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return self.outcome

    async def send(self, type: str, key: str, record: Any, **envelope: Any) -> str:
        """The views' mailbox."""
        self.answers.append((type, key, record, envelope))
        return str(envelope["id"])

    def handle(self, *attempts: Message) -> Door:
        """Carry them out side by side."""

        async def all_of_them() -> None:
            await asyncio.gather(*map(self.door.handle, attempts))

        asyncio.run(all_of_them())
        return self


def test_an_attempt_is_answered_to_its_view() -> None:
    kind, key, record, _ = Door().handle(granted()).answers[0]
    assert (kind, key, record["attempt_id"], record["seq"]) == ("feed.delivery-answer", "portal/crm", "w.1", 4)


def test_the_answer_says_what_the_endpoint_said() -> None:
    _, _, record, _ = Door(Outcome("throttled", 429, 30)).handle(granted()).answers[0]
    assert (record["outcome"], record["status"], record["retry_after_s"]) == ("throttled", 429, 30)


def test_an_attempt_read_twice_is_answered_under_one_id() -> None:
    door = Door().handle(granted(), granted())
    assert len({envelope["id"] for *_, envelope in door.answers}) == 1


def test_the_answer_belongs_to_what_caused_the_attempt() -> None:
    envelope = Door().handle(granted()).answers[0][3]
    assert {name: envelope[name] for name in ("tenant", "causation", "correlation", "disposition")} == {
        "tenant": "acme",
        "causation": "cause",
        "correlation": "corr",
        "disposition": "test",
    }


def test_the_message_is_signed_for_this_second() -> None:
    _, headers, body = Door().handle(granted()).posts[0]
    secret = secrets.made(deployment(), "acme", "portal", "crm", 1)
    assert (headers, body) == (signing.headers([secret], "w", NOW // 1000, BODY), BODY)


def test_a_given_secret_signs() -> None:
    box = secrets.sealed(deployment(), GIVEN, "acme", "portal", "crm")
    _, headers, _ = Door().handle(granted(secret=box)).posts[0]
    assert headers["webhook-signature"] == signing.tag(GIVEN, "w", NOW // 1000, BODY)


def test_a_secret_that_cannot_be_opened_is_a_failure_with_its_reason() -> None:
    door = Door().handle(granted(secret=b"\x00" * 60))
    assert (door.posts, door.answers[0][2]["outcome"]) == ([], "failed")


def test_a_forbidden_url_is_refused_without_a_connection() -> None:
    door = Door().handle(granted(url="http://shop.example/"))
    assert (door.posts, door.answers[0][2]["outcome"]) == ([], "refused-address")


def test_an_attempt_that_comes_after_its_deadline_is_not_begun() -> None:
    door = Door().handle(granted(deadline=NOW - 1))
    assert (door.posts, door.answers[0][2]["outcome"]) == ([], "expired")


def test_one_endpoint_gets_only_so_many_at_a_time() -> None:
    door = Door().handle(*(granted() for _ in range(PER_ENDPOINT * 3)))
    assert (door.most, len(door.answers)) == (PER_ENDPOINT, PER_ENDPOINT * 3)


def test_another_endpoint_does_not_wait_for_a_busy_one() -> None:
    door = Door().handle(*(granted(f"https://shop{number % 2}.example/") for number in range(PER_ENDPOINT * 4)))
    assert door.most == 2 * PER_ENDPOINT
