"""The typed view is made from the .avsc and never by hand."""

from __future__ import annotations

import ast
from pathlib import Path

import fastavro
import pytest

from schemas import errors, generate
from schemas.generated import inventory_v1, orders_v1
from schemas.loader import by_type, records, references, resolved
from schemas.topics import TOPICS


def test_the_generated_modules_are_fresh() -> None:
    assert generate.stale() == []


def test_generating_twice_writes_nothing_the_second_time(tmp_path: Path) -> None:
    first = generate.write(tmp_path)
    assert len(first) == len(generate.sources())
    assert generate.write(tmp_path) == []


def test_an_edited_or_left_over_module_is_stale_and_put_right(tmp_path: Path) -> None:
    generate.write(tmp_path)
    (tmp_path / "orders_v1.py").write_text("# edited")
    (tmp_path / "gone_v1.py").write_text("")
    assert sorted(generate.stale(tmp_path)) == ["gone_v1.py", "orders_v1.py"]
    generate.write(tmp_path)
    assert generate.stale(tmp_path) == []


@pytest.mark.parametrize("text", generate.sources().values())
def test_every_generated_module_is_python(text: str) -> None:
    assert ast.parse(text).body


def test_a_maker_fills_the_defaults_of_the_schema() -> None:
    made = inventory_v1.reserve(sku="A", holder="o", attempt=1, channel="c")
    assert (made["mode"], made["wait"], made["rank"], made["lines"], made["expires_at"]) == (
        "partial",
        False,
        100,
        [],
        None,
    )


def test_two_records_do_not_share_a_default_list() -> None:
    one, other = (inventory_v1.reserve(sku="A", holder="o", attempt=1, channel="c") for _ in range(2))
    one["lines"].append(inventory_v1.reserve_line(line="1", quantity=1))
    assert other["lines"] == []


def test_a_nested_record_is_typed_by_its_own_module() -> None:
    assert orders_v1.PlaceOrder.__annotations__["content"].__forward_arg__ == "OrderContent"


@pytest.mark.parametrize("name", sorted(records()))
def test_every_record_resolves_to_a_schema_that_stands_alone(name: str) -> None:
    assert fastavro.parse_schema(resolved(name), _force=True)


@pytest.mark.parametrize("name", sorted(records()))
def test_every_record_and_file_says_what_it_is(name: str) -> None:
    record = records()[name]
    assert record.raw["doc"].endswith(".")
    assert set(references(record.raw)) <= set(records())


def test_every_message_travels_on_a_topic_of_the_catalogue_or_on_none() -> None:
    assert {record.topic for record in by_type().values()} <= {"", *TOPICS}


def test_every_error_code_has_a_title_and_a_remedy() -> None:
    assert all(page.title and page.remedy.endswith(".") for page in errors.catalogue().values())
