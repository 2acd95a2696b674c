from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.generated.shipments_v1 import ReportMilestone, order_reference, report_milestone
from tables.shipments.names import (
    below,
    carrier_of,
    fact_id,
    milestone_key,
    number_of,
    order_keys,
    parcel_keys,
    reference_row,
    row,
)


def scan(**more: object) -> ReportMilestone:
    told = {"source": "tms", "event_id": "e", "at": 120_000, "code": "delivered", "city": "Basel", **more}
    return report_milestone(**told)  # type: ignore[arg-type]


def test_a_tracking_number_loses_blanks_and_hyphens() -> None:
    assert number_of(" 8202 8261-1194\n") == "820282611194"
    assert carrier_of("u p s") == "UPS"


@given(st.lists(st.text(max_size=5), min_size=1, max_size=3), st.lists(st.text(max_size=5), min_size=1, max_size=3))
def test_two_rows_share_a_name_only_if_all_parts_are_equal(one: list[str], other: list[str]) -> None:
    assert (row("ref", *one) == row("ref", *other)) == (one == other)


@given(st.text(max_size=5), st.text(max_size=5))
def test_a_row_is_below_its_own_first_part_only(part: str, other: str) -> None:
    assert row("ref", part, "x").startswith(below("ref", other)) == (part == other)


def test_a_reference_is_found_by_its_value_without_its_party() -> None:
    named = order_reference(kind="number", value="P-1", party="portal")
    assert reference_row(named, "O-1").startswith(below("ref", "number", "P-1"))
    assert order_keys([named]) == ["number:P-1"]


def test_parcels_are_named_by_tracking_number_and_by_sscc() -> None:
    assert parcel_keys(["1z 9", ""], ["00-345"]) == ["track:1Z9", "sscc:00345"]


def test_the_same_step_has_the_same_key_whoever_tells_it() -> None:
    assert milestone_key(scan(source="a", at=120_000), "") == milestone_key(
        scan(source="b", at=160_000, city="BASEL "), ""
    )


def test_another_minute_place_parcel_or_code_is_another_step() -> None:
    others = [scan(at=180_000), scan(city="Bern"), scan(code="refused")]
    keys = {milestone_key(other, "") for other in others} | {milestone_key(scan(), "track:1")}
    assert len(keys | {milestone_key(scan(), "")}) == 5


def test_unmapped_codes_and_estimates_differ_by_what_they_say() -> None:
    assert milestone_key(scan(code="unmapped", source_code="ZZ9"), "") != milestone_key(
        scan(code="unmapped", source_code="ZZ8"), ""
    )
    assert milestone_key(scan(code="eta_changed", eta=1), "") != milestone_key(scan(code="eta_changed", eta=2), "")


def test_an_id_is_a_pure_function_of_its_parts() -> None:
    assert fact_id("a", "b") == fact_id("a", "b") != fact_id("ab")
