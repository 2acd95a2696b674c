"""One view on a stage, with the clock of its timers and everything it asked the door to do."""

from __future__ import annotations

from typing import Any

from schemas.canonical import canonical
from schemas.generated import feeds_v1, state_feeds_v1
from streams.engine.effects import Effects, Timer
from streams.feeds.decide import decide
from tables.feeds import FEEDS
from tables.feeds.apply import view_of
from tests.support.stage import Stage, asks, facts

URL = "https://shop.example/hooks"


class View:
    """The view portal/crm; `url` is where it is delivered, none = pull only."""

    def __init__(self, url: str = URL, mode: str = "every") -> None:
        self.stage = Stage(decide, FEEDS.apply)
        self.entries: list[feeds_v1.FeedEntry] = []
        self.attempts: list[feeds_v1.DeliveryAttempt] = []
        self.timers: dict[str, Timer] = {}
        self.published: list[str] = []
        self.told = 0
        self.version, self.epoch = 0, 1
        if url:
            self.subscribe(url, mode)

    def send(self, kind: str, record: Any) -> Effects:
        """Decide one command, and keep what it led to."""
        effects = self.stage.send(kind, record, key="portal/crm")
        self.entries += facts(effects, "feed.entry")
        self.attempts += asks(effects, "feed.attempt")
        self.published += [fact.type for fact in effects.facts]
        for timer in effects.timers:
            self.timers.pop(timer.name, None)
            if timer.due is not None:
                self.timers[timer.name] = timer
        return effects

    def subscribe(self, url: str = URL, mode: str = "every", **more: Any) -> Effects:
        """The owner sets the subscription, as a newer version."""
        self.version += 1
        wanted = {"channel": "portal", "view": "crm", "url": url, "mode": mode, "epoch": self.epoch}
        wanted |= {"version": self.version, **more}
        return self.send("feed.set-subscription", feeds_v1.set_subscription(**wanted))

    def tell(self, order: str = "A", *, version: int = 0, source: str = "", data: Any = None) -> Effects:
        """A status of an order for the view."""
        self.told += 1
        content = {"order_id": order} if data is None else data
        told = feeds_v1.append_entry(
            channel="portal",
            view="crm",
            type="order.status.changed",
            order_key=order,
            source_id=source or f"event-{self.told}",
            at=1_772_438_400_000,
            data=canonical(content),
            version=version,
            epoch=self.epoch,
        )
        return self.send("feed.append", told)

    def refilter(self, url: str = URL, mode: str = "every") -> Effects:
        """The owner wants to hear something else: a new epoch."""
        self.epoch += 1
        return self.subscribe(url, mode)

    def answer(self, outcome: str, of: feeds_v1.DeliveryAttempt | None = None, **more: Any) -> Effects:
        """The endpoint's answer to an attempt, the latest where none is named."""
        attempt = of or self.attempts[-1]
        said = {"attempt_id": attempt["attempt_id"], "seq": attempt["seq"], "outcome": outcome, **more}
        return self.send("feed.delivery-answer", feeds_v1.delivery_answer(**said))

    def pass_time(self, ms: int) -> None:
        """Let time go by; each timer fires at its time."""
        end = self.stage.now + ms
        while (timer := self.next_timer()) and (timer.due or 0) <= end:
            self.fire(timer)
        self.stage.now = max(end, self.stage.now)

    def wait_for_attempt(self) -> None:
        """Let time go by until the view attempts something again."""
        made = len(self.attempts)
        while len(self.attempts) == made and (timer := self.next_timer()):
            self.fire(timer)

    def next_timer(self) -> Timer | None:
        """The timer that is due next."""
        return min(self.timers.values(), key=lambda timer: (timer.due, timer.name), default=None)

    def fire(self, timer: Timer) -> None:
        """The time of a timer has come."""
        del self.timers[timer.name]
        self.stage.now = max(self.stage.now, timer.due or 0)
        self.send(timer.type, timer.record)

    @property
    def tried(self) -> list[int]:
        """Sequence numbers of the attempts, in the order of their granting."""
        return [attempt["seq"] for attempt in self.attempts]

    @property
    def rows(self) -> dict[str, Any]:
        """The rows of the view."""
        return self.stage.keys["portal/crm"].rows

    @property
    def head(self) -> state_feeds_v1.View:
        """The head of the view."""
        return view_of(self.stage.keys["portal/crm"])

    def row_count(self, kind: str) -> int:
        """How many rows of a kind there are."""
        return sum(name.startswith(f"{kind}|") for name in self.rows)
