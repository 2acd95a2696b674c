"""Milestone vocabularies: every foreign code means one canonical milestone that exists."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from adapters.channels.readers import milestone_codes as codes
from tests.adapters.channels.samples import codes_listed

FILE = Path(codes.__file__).parent / "milestone_codes.toml"
TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))
NOT_DECIDED = {"RH", "CT"}  # shipments.md §2: to be profiled


@pytest.mark.parametrize("vocabulary", codes.vocabularies())
def test_every_mapped_milestone_is_canonical(vocabulary: str) -> None:
    assert set(TABLES["vocabulary"][vocabulary]) <= codes.canonical()


@pytest.mark.parametrize("vocabulary", codes.vocabularies())
def test_no_code_means_two_things(vocabulary: str) -> None:
    listed = [code for members in TABLES["vocabulary"][vocabulary].values() for code in members]
    assert len(listed) == len(set(listed))


def test_a_code_of_nobody_is_unmapped_and_not_guessed() -> None:
    assert codes.milestone_of("x12-214", "??") == codes.UNMAPPED


def test_arrival_at_the_consignee_is_not_delivery() -> None:
    assert {codes.milestone_of("x12-214", code) for code in ("X1", "X5", "S1")} == {"destination_arrived"}


def test_the_same_letters_mean_another_thing_as_appointment() -> None:
    assert (codes.milestone_of("x12-214", "AA"), codes.milestone_of("x12-214-appointment", "AA")) == (
        "eta_changed",
        "appointment_set",
    )


@pytest.mark.samples
def test_nearly_every_status_of_the_standards_list_is_decided() -> None:
    listed = codes_listed("x12_element_1650_shipment_status.tsv")
    undecided = {code for code in listed if codes.milestone_of("x12-214", code) == codes.UNMAPPED}
    assert undecided <= NOT_DECIDED
