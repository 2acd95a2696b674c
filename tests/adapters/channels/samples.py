"""The real documents beside the project: read in place, never copied; tests that need them say so where they are absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
REASON = "needs the real documents in ../shared/samples, which are not part of the project"


def sample(name: str) -> Path:
    """One sample by folder and file name; skips the test where the samples are absent."""
    if not SAMPLES.is_dir():
        pytest.skip(REASON)
    return SAMPLES / name


def codelist(name: str) -> Path:
    """One code list of a standard."""
    return sample(f"codelists/{name}")


def x12_files(*folders: str) -> list[str]:
    """Folder and name of every X12 sample in these folders, or in all; one placeholder where samples are absent."""
    found = sorted(path for path in SAMPLES.glob("x12_*/*") if not folders or path.parent.name in folders)
    return [f"{path.parent.name}/{path.name}" for path in found] or ["absent"]
