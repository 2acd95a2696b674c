"""Orders and cancels of a document → order.place, order.cancel, order.resolve."""

from __future__ import annotations

from adapters.channels.readers.document import Accepted, Problem, Reading
from adapters.channels.readers.order import RawCancel, RawOrder
from schemas import envelope, identity
from schemas.generated import channel_v1 as channel
from schemas.generated import orders_v1 as orders
from schemas.generated import reference_v1 as reference
from streams.engine.effects import Ask, Message
from streams.normalize import profiles
from streams.normalize.content import Understood, understand
from streams.normalize.receipt import Outcome, refusals, refused, warned
from streams.normalize.weight import MAX_WEIGHT, weight
from tables.rows import Rows

PORTAL = "orders"  # the resource of POST /v1/orders: the channel itself is the party of the series
BLANKET_ESTIMATE = "blanket_estimate"


def placed(message: Message, reading: Reading[RawOrder], rows: Rows) -> Outcome:
    """Every order of the document, each for itself."""
    outcome = refusals(reading.kind, reading.refused)
    for accepted in reading.accepted:
        outcome += _one(message, accepted, reading.kind, rows)
    return outcome


def cancelled(message: Message, reading: Reading[RawCancel]) -> Outcome:
    """The cancel of the order that the request was addressed to."""
    asks = tuple(_cancel(accepted.value) for accepted in reading.accepted)
    return Outcome(reading.kind, asks, reading.refused)


def resolved(message: Message, reading: Reading[RawOrder], rows: Rows) -> Outcome:
    """The order that is to be resolved, read again from its original document; the file's other orders stay as they are."""
    record: channel.Document = message.record
    if not reading.accepted:
        return refusals(reading.kind, reading.refused)
    for accepted in reading.accepted:
        partner, _ = profiles.of_sender(record["channel"], accepted.value.transport, rows)
        for party in filter(None, (partner and partner["partner"], record["channel"])):
            if partner and _order_id(message, party, accepted.value) == series(record["target"]):
                return _resolve(message, accepted, reading.kind, party, partner, rows)
    return refused(
        reading.kind, "WH1305", f"expected the document of order {record['target']}, it is not in it", record["target"]
    )


def _one(message: Message, accepted: Accepted[RawOrder], kind: str, rows: Rows) -> Outcome:
    record: channel.Document = message.record
    order = accepted.value
    partner, doubts = profiles.of_sender(record["channel"], order.transport, rows)
    if partner is None:
        text = f"expected a channel with a partner profile, came {record['channel']!r}"
        return refused(kind, "WH1301", text, accepted.document)
    if refusal := _against_profile(accepted, partner, kind):
        return refusal
    warnings = (*accepted.warnings, *doubts)
    if order.order_type == BLANKET_ESTIMATE:
        blanket = Problem("WH1212", f"order {order.number} is a blanket estimate: nothing is ordered, nothing reserved")
        return Outcome(kind, warnings=warned(order.number, (*warnings, blanket)))
    own = record["resource"] == PORTAL or partner["numbers_own_orders"]
    party = record["channel"] if own else partner["partner"]
    order_id = _order_id(message, party, order)
    if order.purpose == "cancel":
        ask = _with_disposition(_cancel(RawCancel(order_id, "cancelled by the sender's document")), order)
        return Outcome(kind, (ask,), warnings=warned(order.number, warnings))
    found = understand(order, party=party, channel=record["channel"], partner=partner, rows=rows, doubts=warnings)
    if refusal := _too_heavy(found, kind, accepted.document):
        return refusal
    return Outcome(kind, (_place(order_id, order, found),), warnings=warned(order.number, found.warnings))


def _against_profile(accepted: Accepted[RawOrder], partner: reference.Partner, kind: str) -> Outcome | None:
    """What only the partner's profile makes a refusal."""
    order = accepted.value
    if len(order.lines) > partner["max_lines"]:
        text = f"expected at most {partner['max_lines']} lines, came {len(order.lines)}; split the order"
        return refused(kind, "WH1006", text, accepted.document)
    if partner["strict_envelope"] and order.transport.doubts:
        doubtful = [problem for problem in accepted.warnings if problem.code in order.transport.doubts]
        return refused(kind, doubtful[0].code, f"{doubtful[0].message}; the profile is strict", accepted.document)
    return None


def _too_heavy(found: Understood, kind: str, document: str) -> Outcome | None:
    """Whatever a profile allows, what is told of the order later has to fit its messages."""
    heavy = weight(found.content["lines"])
    if heavy <= MAX_WEIGHT:
        return None
    count = len(found.content["lines"])
    text = f"expected lines of at most {MAX_WEIGHT} bytes, came {heavy} in {count} lines; split the order"
    return refused(kind, "WH1006", text, document)


def _order_id(message: Message, party: str, order: RawOrder) -> str:
    return identity.order_id(message.envelope.tenant, party, order.number, order.release)


def _place(order_id: str, order: RawOrder, found: Understood) -> Ask:
    record = orders.place_order(order_id=order_id, content=found.content, personal=found.personal)
    return _with_disposition(Ask("order.place", order_id, record), order)


def _cancel(wish: RawCancel) -> Ask:
    lines = [orders.cancel_line(line=line.line, quantity=line.quantity) for line in wish.lines]
    record = orders.cancel_order(order_id=wish.order_id, reason=wish.reason, lines=lines)
    return Ask("order.cancel", series(wish.order_id), record)


def series(order_id: str) -> str:
    """The series of an order, under whose key all its generations (`{id}.{n}`) are decided."""
    return order_id.partition(".")[0]


def _resolve(
    message: Message, accepted: Accepted[RawOrder], kind: str, party: str, partner: reference.Partner, rows: Rows
) -> Outcome:
    record: channel.Document = message.record
    order = accepted.value
    found = understand(
        order, party=party, channel=record["channel"], partner=partner, rows=rows, doubts=accepted.warnings
    )
    if refusal := _too_heavy(found, kind, accepted.document):
        return refusal
    ask = Ask(
        "order.resolve",
        series(record["target"]),
        orders.resolve_order(order_id=record["target"], content=found.content, actor=record["sender"]),
    )
    return Outcome(kind, (_with_disposition(ask, order),), warnings=warned(order.number, found.warnings))


def _with_disposition(ask: Ask, order: RawOrder) -> Ask:
    return ask._replace(disposition=envelope.TEST) if order.test else ask
