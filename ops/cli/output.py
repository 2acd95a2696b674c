"""What a command prints: JSON lines for programs on stdout, sentences and progress for people on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import orjson
import typer

T = TypeVar("T")


def emit(record: Any) -> None:
    """One JSON line on stdout."""
    print(orjson.dumps(record, default=str).decode(), flush=True)


def say(text: str) -> None:
    """A sentence on stderr."""
    typer.echo(text, err=True)


def tell_error(record: Any) -> None:
    """One JSON line on stderr."""
    print(orjson.dumps(record, default=str).decode(), file=sys.stderr, flush=True)


def progress(items: Sequence[T], what: str) -> Iterable[T]:
    """The items, with a bar on stderr where a person looks on."""
    return _bar(items, what) if sys.stderr.isatty() else items


def _bar(items: Sequence[T], what: str) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, console=Console(stderr=True))
