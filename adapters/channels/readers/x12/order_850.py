"""The 850 purchase order → the raw order. Source: X12 850 (4010); reference/domain/orders.md §3.2."""

from __future__ import annotations

from adapters.channels.readers.document import Accepted, Place, Problem, Rejected, rejected
from adapters.channels.readers.order import RawOrder, Transport
from adapters.channels.readers.x12.interchange import DOUBTS, Transaction
from adapters.channels.readers.x12.order_head import Head
from adapters.channels.readers.x12.order_lines import LineLoop, line_of, numbered
from adapters.channels.readers.x12.totals import compare

PROBLEM_LIMIT = 50
CANCEL = "cancel"


def read_850(transaction: Transaction) -> Accepted[RawOrder] | Rejected:
    """One transaction set; whatever is doubtful but whole becomes a warning, whatever could be a wrong order a refusal."""
    name = f"ST {transaction.control} (set {transaction.position})"
    if not transaction.closed:
        return rejected("WH1205", "expected SE at the end of the order, it was cut off; send it again", document=name)
    if transaction.too_long is not None:
        return rejected("WH1217", "expected elements of at most 1024 characters", transaction.too_long, name)
    problems: list[Problem] = []
    head, loops = _gather(transaction, problems)
    if not head.begun:
        problems.insert(
            0, Problem("WH1206", "expected BEG after ST; without it this is no order", Place(tag="ST", segment=1))
        )
    elif not head.number:
        problems.append(
            Problem("WH1207", "expected a purchase order number in BEG03", Place(tag="BEG", segment=2, element=3))
        )
    elif not loops and head.purpose != CANCEL:
        problems.append(Problem("WH1208", "expected at least one PO1; an order without lines orders nothing"))
    if problems:
        return Rejected(tuple(problems[:PROBLEM_LIMIT]), head.number or name)
    return _accepted(transaction, head, loops)


def _gather(transaction: Transaction, problems: list[Problem]) -> tuple[Head, list[LineLoop]]:
    head, loops, in_lines = Head(), list[LineLoop](), False
    for number, segment in enumerate(transaction.segments[1:-1], 2):
        if segment.tag == "PO1":
            in_lines = True
            loops.append(line_of(segment, Place(tag="PO1", segment=number), problems))
        elif segment.tag == "CTT":
            in_lines = False
            head.take(segment, number)
        elif in_lines:
            loops[-1].take(segment)
        else:
            head.take(segment, number)
    return head, loops


def _accepted(transaction: Transaction, head: Head, loops: list[LineLoop]) -> Accepted[RawOrder]:
    doubts = [*transaction.all_doubts, *head.doubts]
    lines = numbered([loop.finished() for loop in loops], doubts)
    interchange = transaction.interchange
    transport = Transport(
        sender=interchange.sender,
        receiver=interchange.receiver,
        application_sender=transaction.group.sender,
        interchange=transaction.controls,
        position=transaction.position,
        doubts=tuple(sorted({doubt.code for doubt in transaction.all_doubts} & DOUBTS)),
    )
    order = head.order(lines, test=interchange.test, transport=transport)
    return Accepted(order, order.number, (*doubts, *compare(order)))
