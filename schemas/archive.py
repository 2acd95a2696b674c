"""The schemas of earlier releases: schemas/released/VERSION.json, each a list of full resolved schemas.

They decode what earlier releases wrote, and every change is checked against all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from schemas.loader import Json, records, resolved

ROOT = Path(__file__).parent / "released"


def releases(root: Path = ROOT) -> list[Path]:
    """The archives, oldest first."""
    return sorted(root.glob("*.json"), key=lambda path: tuple(int(part) for part in path.stem.split(".")))


def schemas(root: Path = ROOT) -> Iterator[Json]:
    """Every schema of every release."""
    for path in releases(root):
        yield from read(path)


def read(path: Path) -> list[Json]:
    """The schemas of one release."""
    found: list[Json] = json.loads(path.read_text(encoding="utf-8"))
    return found


def freeze(version: str, root: Path = ROOT) -> Path:
    """Write this release's schemas to the archive; raises FileExistsError for a version that is there."""
    root.mkdir(parents=True, exist_ok=True)
    path = root / f"{version}.json"
    with path.open("x", encoding="utf-8") as out:
        json.dump([resolved(name) for name in records()], out, indent=1, ensure_ascii=False)
        out.write("\n")
    return path
