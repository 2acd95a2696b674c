"""The real documents beside the project: read in place, never copied; tests that need them say so where they are absent."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
CODE_LISTS = {  # SHA-256 of each
    "unece_rec21_packaging_ubl23.tsv": "8754f612a48604d04f569f0aa02bd554aa38dd4a4b69ccf1942f70fe237c6cb5",
    "unece_rec20_rec21_units_ubl23.tsv": "b7849d68fcdd3292397327cd1c50f77bbb1abe0e3171ce552b490d6a0cfd10a0",
    "x12_element_355_unit_of_measure.tsv": "715ce7c5253706e6cdf8cd7a61bf5de30aef247875eb643e7e397169fb5734e8",
    "x12_element_1650_shipment_status.tsv": "16b7dfa0ba8bc33478ef64e95c1080c2ab18e2728afb26d3b965dfbfbcad04f5",
}
REASON = "needs the real documents in ../shared/samples, which are not part of the project"


def sample(name: str) -> Path:
    """One sample by folder and file name; skips the test where the samples are absent."""
    if not SAMPLES.is_dir():
        pytest.skip(REASON)
    return SAMPLES / name


def codes_listed(name: str) -> set[str]:
    """The codes of a standard's list, of exactly the list that is meant: another one, or half of it, proves nothing."""
    path = sample(f"codelists/{name}")
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != CODE_LISTS[name]:
        pytest.skip(f"{name} is not whole, or not the list that these tests know")
    rows = csv.DictReader(content.decode("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["code"] for row in rows}


def x12_files(*folders: str) -> list[str]:
    """Folder and name of every X12 sample in these folders, or in all; one placeholder where samples are absent."""
    found = sorted(path for path in SAMPLES.glob("x12_*/*") if not folders or path.parent.name in folders)
    return [f"{path.parent.name}/{path.name}" for path in found] or ["absent"]
