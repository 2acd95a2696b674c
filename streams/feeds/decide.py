"""What a view decides: the number of an entry, and when and how often it is delivered."""

from __future__ import annotations

from streams.draft import Draft
from streams.engine.effects import Effects, Message
from streams.feeds.answer import answer
from streams.feeds.append import append
from streams.feeds.due import come_due
from streams.feeds.subscription import set_subscription
from tables.feeds.apply import apply
from tables.rows import Rows

STEPS = {
    "feed.append": append,
    "feed.set-subscription": set_subscription,
    "feed.delivery-answer": answer,
    "feed.due": come_due,
}


class UnknownCommand(ValueError):
    """A record in the mailbox that no view understands."""


def decide(message: Message, rows: Rows) -> Effects:
    """Decide one command of a view; raises UnknownCommand."""
    step = STEPS.get(message.type)
    if step is None:
        raise UnknownCommand(f"{message.type}: expected one of {', '.join(STEPS)}")
    draft = Draft(message, rows, apply)
    step(draft, message.record)
    return draft.effects()
