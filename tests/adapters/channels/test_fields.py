"""Fields: each form is checked, each problem has its pointer, nothing unknown slips through."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from adapters.channels.readers.document import Problem
from adapters.channels.readers.fields import MAX_TEXT, Fields, fits


def reading(value: Any) -> tuple[Fields, list[Problem]]:
    """Fields over a value, and the list that its problems go to."""
    problems: list[Problem] = []
    return Fields(value, problems), problems


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.pointer) for problem in problems]


def test_a_missing_field_is_named() -> None:
    fields, problems = reading({})
    fields.text("number", required=True)
    assert told(problems) == [("WH1105", "/number")]


def test_null_is_missing() -> None:
    fields, problems = reading({"number": None})
    assert fields.text("number", required=True) == "" and told(problems) == [("WH1105", "/number")]


def test_an_empty_text_is_missing_where_one_is_required() -> None:
    fields, problems = reading({"number": "  "})
    fields.text("number", required=True)
    assert told(problems) == [("WH1105", "/number")]


def test_blanks_around_a_text_are_cut() -> None:
    assert reading({"number": " P-1 "})[0].text("number") == "P-1"


@pytest.mark.parametrize("value", [7, True, [], {}, "x" * (MAX_TEXT + 1), "a\x00b", "a\nb", "a\x1fb"])
def test_a_text_is_a_short_string_of_printable_characters(value: Any) -> None:
    fields, problems = reading({"number": value})
    assert fields.text("number") == "" and told(problems) == [("WH1106", "/number")]


@pytest.mark.parametrize(("value", "number"), [("9.50", "9.50"), (24, "24"), (Decimal("0.1"), "0.1"), ("-3", "-3")])
def test_a_decimal_comes_as_string_or_literal(value: Any, number: str) -> None:
    assert reading({"price": value})[0].decimal("price") == Decimal(number)


@pytest.mark.parametrize("value", ["", "1,5", "1e3", "NaN", "٣", "+1", " 1", True, None.__class__, "1" * 40])
def test_anything_else_is_no_decimal(value: Any) -> None:
    fields, problems = reading({"price": value})
    fields.decimal("price")
    assert told(problems) == [("WH1106", "/price")]


@pytest.mark.parametrize("value", ["1000000000000", "0.0000001"])
def test_a_decimal_that_the_contract_cannot_hold_is_refused(value: str) -> None:
    fields, problems = reading({"price": value})
    fields.decimal("price")
    assert told(problems) == [("WH1107", "/price")]


@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_quantity_is_more_than_nothing(value: str) -> None:
    fields, problems = reading({"quantity": value})
    fields.decimal("quantity", above=Decimal(0))
    assert told(problems) == [("WH1107", "/quantity")]


def test_a_whole_number_may_come_as_text() -> None:
    assert reading({"sequence": "88"})[0].whole("sequence") == 88


@pytest.mark.parametrize("value", ["8.5", 10**13])
def test_a_fraction_or_an_absurd_number_is_no_sequence(value: Any) -> None:
    fields, problems = reading({"sequence": value})
    assert fields.whole("sequence") is None or problems
    assert told(problems)[0][1] == "/sequence"


def test_an_instant_is_milliseconds_since_the_epoch() -> None:
    assert reading({"at": "2026-03-02T09:00:00+01:00"})[0].instant("at") == 1_772_438_400_000


@pytest.mark.parametrize(
    "value", ["2026-03-02T08:00:00", "2026-03-02", "yesterday", "2026-13-02T08:00:00Z", "20260302T080000Z"]
)
def test_an_instant_without_offset_is_none(value: str) -> None:
    fields, problems = reading({"at": value})
    assert fields.instant("at") is None and told(problems) == [("WH1106", "/at")]


@pytest.mark.parametrize("value", ["2026-02-30", "05.03.2026", "soon"])
def test_a_day_is_an_iso_date(value: str) -> None:
    fields, problems = reading({"day": value})
    assert fields.day("day") == "" and told(problems) == [("WH1106", "/day")]


def test_a_truth_value_is_not_a_word() -> None:
    fields, problems = reading({"ship_complete": "false"})
    assert fields.flag("ship_complete") is None and told(problems) == [("WH1106", "/ship_complete")]


def test_a_choice_names_its_options() -> None:
    fields, problems = reading({"kind": "stolen"})
    fields.choice("kind", ("counted", "received"))
    assert told(problems) == [("WH1107", "/kind")] and "counted, received" in problems[0].message


def test_what_nobody_asked_for_is_refused_by_name() -> None:
    fields, problems = reading({"number": "1", "qty": 2, "extensions": {"anything": [1]}})
    fields.text("number")
    fields.done()
    assert told(problems) == [("WH1104", "/qty")]


def test_extensions_are_kept_in_a_stable_order() -> None:
    assert reading({"extensions": {"b": 1, "a": Decimal("1.5")}})[0].extensions() == '{"a":"1.5","b":1}'


def test_pointers_of_members_name_their_path() -> None:
    fields, problems = reading({"lines": [{"quantity": "1"}, {"quantity": "x"}]})
    for line in fields.children("lines"):
        line.decimal("quantity")
    assert told(problems) == [("WH1106", "/lines/1/quantity")]


def test_a_slash_in_a_name_is_escaped_in_the_pointer() -> None:
    fields, problems = reading({"a/b~c": 1})
    fields.done()
    assert told(problems) == [("WH1104", "/a~1b~0c")]


@pytest.mark.parametrize("value", [7, "x", {"a": 1}])
def test_an_array_is_an_array(value: Any) -> None:
    fields, problems = reading({"lines": value})
    assert fields.children("lines") == [] and told(problems) == [("WH1106", "/lines")]


def test_an_empty_array_does_not_fill_a_required_field() -> None:
    fields, problems = reading({"lines": []})
    fields.children("lines", required=True)
    assert told(problems) == [("WH1109", "/lines")]


@pytest.mark.parametrize("value", [None, 7, "x", []])
def test_what_is_no_object_has_no_fields(value: Any) -> None:
    fields, problems = reading(value)
    assert fields.values == {} and [problem.code for problem in problems] == ["WH1106"]


@pytest.mark.parametrize(("text", "held"), [("999999999999.999999", True), ("0.0000001", False), ("1e12", False)])
def test_the_contract_holds_twelve_and_six_digits(text: str, held: bool) -> None:
    assert fits(Decimal(text)) is held
