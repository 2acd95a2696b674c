"""The receipt of a document: which commands it became, and why the rest was refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.channels.readers.document import Problem, Rejected
from schemas.envelope import derived_id
from schemas.generated import channel_v1 as channel
from schemas.loader import by_type
from streams.engine.effects import Ask, Effects, Message

AGENT = "normalize"
NORMALIZED = "document.normalized"
CONTINUATION = "channel.document"  # a long expansion asks itself for the rest, which has a receipt of its own
PARTS_PER_MESSAGE = 10_000  # a file that came in numbered parts: each message has its own range of receipt parts
MAX_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a document became: its commands in order, its refusals, its warnings by document."""

    kind: str
    asks: tuple[Ask, ...] = ()
    refused: tuple[Rejected, ...] = ()
    warnings: tuple[tuple[str, Problem], ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.kind or other.kind,
            self.asks + other.asks,
            self.refused + other.refused,
            self.warnings + other.warnings,
        )


def effects_of(message: Message, outcome: Outcome) -> Effects:
    """The commands, each with its part of the receipt, and the receipt itself last."""
    record: channel.Document = message.record
    first = record["part"] * PARTS_PER_MESSAGE
    asks = [as_part(ask, f"{record['receipt']}/{first + index}") for index, ask in enumerate(outcome.asks)]
    parts = [_part(message, index, first, ask) for index, ask in enumerate(asks) if ask.type != CONTINUATION]
    normalized = channel.document_normalized(
        receipt=record["receipt"],
        channel=record["channel"],
        state="rejected" if outcome.refused and not asks else "accepted",
        kind=outcome.kind,
        parts=parts,
        problems=[_said(problem, refusal.document) for refusal in outcome.refused for problem in refusal.problems][
            :MAX_PROBLEMS
        ],
        warnings=[_said(problem, document) for document, problem in outcome.warnings][:MAX_PROBLEMS],
        sha256=record["sha256"],
    )
    return Effects(asks=(*asks, Ask(NORMALIZED, record["receipt"], normalized)))


def as_part(ask: Ask, receipt: str) -> Ask:
    """The same command as a part of a receipt."""
    return ask if ask.type == CONTINUATION else ask._replace(receipt=receipt)


def _part(message: Message, index: int, first: int, ask: Ask) -> channel.ReceiptPart:
    """The command's id is the one that the engine gives it: asks are counted after facts, of which there are none here."""
    return channel.receipt_part(
        index=first + index,
        command_id=derived_id(message.envelope.id, AGENT, ask.type, index),
        type=ask.type,
        topic=by_type()[ask.type].topic,
        key=ask.key,
        order_id=ask.record.get("order_id", ""),
    )


def _said(problem: Problem, document: str) -> channel.Problem:
    return channel.problem(code=problem.code, message=problem.message, pointer=str(problem.place), document=document)


def warned(document: str, problems: Iterable[Problem]) -> tuple[tuple[str, Problem], ...]:
    """Warnings under the name of their document."""
    return tuple((document, problem) for problem in problems)


def refusals(kind: str, rejected: Sequence[Rejected]) -> Outcome:
    """An outcome of refusals only."""
    return Outcome(kind, refused=tuple(rejected))


def refused(kind: str, code: str, message: str, document: str = "") -> Outcome:
    """An outcome that is one refusal."""
    return Outcome(kind, refused=(Rejected((Problem(code, message),), document),))
