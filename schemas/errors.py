"""The catalogue of errors: schemas/errors.toml, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What a code means to the one who meets it, and what to do."""

    code: str
    title: str
    remedy: str


@cache
def catalogue() -> dict[str, ErrorPage]:
    """All error codes."""
    text = (Path(__file__).parent / "errors.toml").read_text(encoding="utf-8")
    return {code: ErrorPage(code, page["title"], page["remedy"]) for code, page in tomllib.loads(text).items()}
