"""The verdict over a play: what the campaign's judge checks of any log, and what only a look inside can tell."""

from __future__ import annotations

from ops.chaos import feed_checks, log_checks, order_checks, stock_checks
from ops.chaos.evidence import Entry, Evidence, Violation, by_topic, judged
from ops.simulate import accord, outside, replay
from ops.simulate.play import Play

OF_THE_LOG = {
    "the quantities of a line add up": order_checks.quantities_add_up,
    "facts and statuses of an order are numbered without gaps": order_checks.facts_are_numbered,
    "a position is the sum of its ledger": stock_checks.positions_are_sums,
    "facts of a SKU are numbered without gaps": stock_checks.facts_are_numbered,
    "published availability follows from the facts": stock_checks.published_follows,
    "a feed has no gaps and no doubles": feed_checks.without_gaps,
    "a feed's entries are chained": feed_checks.chained,
    "nothing is decided twice": log_checks.nothing_is_decided_twice,
    "nothing is dead": log_checks.nothing_is_dead,
}
OF_THE_PLAY = {**outside.CHECKS, **accord.CHECKS}


def violations(play: Play) -> list[Violation]:
    """All that contradicts an invariant."""
    found = judged(evidence(play), OF_THE_LOG)
    return found + [Violation(sentence, shown) for sentence, check in OF_THE_PLAY.items() for shown in check(play)]


def replayed(play: Play) -> list[Violation]:
    """Where a calm replay of the log decides otherwise than was decided: costs about as much as the play itself."""
    return [Violation(sentence, shown) for sentence, check in replay.CHECKS.items() for shown in check(play)]


def evidence(play: Play) -> Evidence:
    """What the campaign's judge is given."""
    supply = {sku: 0 for sku, _ in play.world.stock}
    for sku, units in [
        *((sku, units) for (sku, _), units in play.world.stock.items()),
        *((sku, units) for sku, _, units in play.world.supply),
    ]:
        supply[sku] += units
    topics = (topic for topic in play.topology.memory.order if not topic.endswith("-changelog"))
    return Evidence(supply=supply, log=by_topic(entry for topic in topics for entry in _entries(play, topic)))


def _entries(play: Play, topic: str) -> list[Entry]:
    found = []
    for message in play.log(topic):
        envelope = message.envelope
        found.append(Entry(
            topic, *message.position[1:], message.key, envelope.id, envelope.type, envelope.source, envelope.causation, message.record
        ))  # fmt: skip
    return found
