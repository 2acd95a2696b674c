"""What every reader is given and gives back: a document in, accepted values or reasons out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True)
class Document:
    """A document exactly as received."""

    body: bytes
    resource: str = "documents"  # orders, order-cancel, inventory-events ...; "documents" = look at the content
    channel: str = ""
    media_type: str = ""
    file_name: str = ""
    target: str = ""  # what the request was addressed to: an order id


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something was found; only the parts that fit its kind are set."""

    pointer: str = ""  # JSON pointer
    segment: int = 0  # X12: number of the segment in its transaction set, ST = 1
    tag: str = ""
    element: int = 0
    row: int = 0

    def __str__(self) -> str:
        if self.tag:
            return f"{self.tag}[{self.segment}]" + (f"/{self.element:02}" if self.element else "")
        return self.pointer or (f"row {self.row}" if self.row else "")


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason: what was expected, what came, what to do."""

    code: str  # of schemas/errors.toml
    message: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Accepted(Generic[T]):
    """One document of the file, read; its warnings do not stop it."""

    value: T
    document: str = ""  # which document of the file: order number, event id
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """One document of the file, refused; the first problem speaks for it, the others help to repair it at once."""

    problems: tuple[Problem, ...]
    document: str = ""

    @property
    def code(self) -> str:
        return self.problems[0].code

    @property
    def message(self) -> str:
        return self.problems[0].message

    @property
    def place(self) -> Place:
        return self.problems[0].place


def rejected(code: str, message: str, place: Place = NOWHERE, document: str = "") -> Rejected:
    """A refusal with one reason."""
    return Rejected((Problem(code, message, place),), document)


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """All that a file says: its kind, and each document of it in order."""

    kind: str
    results: tuple[Accepted[T] | Rejected, ...]
    position: str = ""  # interchange control numbers, where the file has them

    @property
    def accepted(self) -> tuple[Accepted[T], ...]:
        return tuple(result for result in self.results if isinstance(result, Accepted))

    @property
    def refused(self) -> tuple[Rejected, ...]:
        return tuple(result for result in self.results if isinstance(result, Rejected))
