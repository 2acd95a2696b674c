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
    status: int = 0  # of the HTTP answer, where the code is a problem of the gateway

    def told(self) -> dict[str, str | int]:
        """The page as it is shown to people and programs."""
        status = {"status": self.status} if self.status else {}
        return {"code": self.code, **status, "title": self.title, "remedy": self.remedy}


def remedy(code: str) -> str:
    """What to do about a code; nothing where it has no page."""
    page = catalogue().get(code)
    return page.remedy if page else ""


@cache
def catalogue() -> dict[str, ErrorPage]:
    """All error codes."""
    text = (Path(__file__).parent / "errors.toml").read_text(encoding="utf-8")
    return {code: ErrorPage(code, **page) for code, page in tomllib.loads(text).items()}
