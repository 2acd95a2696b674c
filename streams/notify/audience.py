"""Which views hear of something: the default view of the order's channel, and every subscription that asks for it."""

from __future__ import annotations

from typing import NamedTuple

from schemas.generated.reference_v1 import Subscription
from streams.notify import catalogue
from tables.rows import Rows

DEFAULT_VIEW = "default"  # unfiltered: a subscription of this name says only where it is delivered


class News(NamedTuple):
    """Something that happened, as far as it decides who hears of it."""

    kind: str
    channel: str  # whose order it is; "" where it is nobody's
    quiet: bool = False  # told only to who names its exact type
    open: bool = False  # told to every channel: it belongs to none


class View(NamedTuple):
    """A channel's view."""

    channel: str
    name: str
    epoch: int

    @property
    def key(self) -> str:
        """Its key in the feeds' mailbox."""
        return f"{self.channel}/{self.name}"


def audience(news: News, rows: Rows) -> list[View]:
    """The views that hear of it, each once, the channel's own default view first."""
    own = _own(news, rows) if news.channel and not news.quiet and catalogue.by_default(news.kind) else []
    others = [row for _, row in rows.scan("subscriptions|") if _follows(row, news) and _hears(row, news)]
    return own + [View(other["channel"], other["name"], other["epoch"]) for other in others]


def _own(news: News, rows: Rows) -> list[View]:
    subscription: Subscription | None = rows.get(f"subscriptions|{news.channel}|{DEFAULT_VIEW}")
    return [View(news.channel, DEFAULT_VIEW, subscription["epoch"] if subscription else 1)]


def _follows(subscription: Subscription, news: News) -> bool:
    """Whether it is about an order of a channel that the subscription follows."""
    sources = subscription["sources"] or [subscription["channel"]]
    return news.open or "*" in sources or news.channel in sources


def _hears(subscription: Subscription, news: News) -> bool:
    if subscription["name"] == DEFAULT_VIEW:
        return False
    if news.kind in subscription["types"]:
        return True
    if news.quiet or not catalogue.public(news.kind):
        return False
    return any(catalogue.matches(pattern, news.kind) for pattern in subscription["types"] or ["*"])
