"""A plan holds what codecs follow, and says where they cannot."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.codec import codec_of
from schemas.codec.plan import NotPlanned, Plan, plan_of
from schemas.loader import records, resolved
from schemas.settings import CodecKind
from tests.schemas.codec.support import record


@pytest.mark.parametrize("name", sorted(records()))
def test_every_record_of_the_contract_has_a_plan(name: str) -> None:
    plan = plan_of(resolved(name))
    assert (plan.kind, plan.name) == ("record", name)
    assert list(plan.names) == [field["name"] for field in records()[name].raw["fields"]]


def test_a_time_is_the_long_that_it_is() -> None:
    plan = plan_of(record({"type": "long", "logicalType": "timestamp-millis"}))
    assert plan.part == Plan("long")


def test_a_decimal_keeps_its_digits_and_places() -> None:
    decimal = {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 6}
    assert plan_of(record(["null", decimal])).part.part == Plan("decimal", precision=18, scale=6)


def test_the_branch_of_null_may_be_the_second() -> None:
    assert plan_of(record(["string", "null"])).part.null == 1


def test_a_record_mentioned_by_name_is_the_one_met_before() -> None:
    inner = record("long", name="Inner")
    first, second = plan_of(record(inner, {"type": "array", "items": "n.Inner"})).parts
    assert second.part is first


UNPLANNED: list[Any] = [
    "float", "double", "null", ["null", "int", "long"], ["int", "long"], "n.Unknown",
    {"type": "fixed", "name": "F", "size": 4}, {"type": "int", "logicalType": "date"},
    {"type": "string", "logicalType": "uuid"},
]  # fmt: skip


@pytest.mark.parametrize("node", UNPLANNED)
def test_what_codecs_do_not_know_stays_with_fastavro(node: Any) -> None:
    with pytest.raises(NotPlanned):
        plan_of(record(node))
    assert codec_of(record(node), CodecKind.PYTHON) is None
