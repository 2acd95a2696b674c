"""Real X12 files: read rightly or refused by name; beside pyx12 where it can read the file."""

from __future__ import annotations

import io
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pyx12.x12file

from adapters.channels.readers import recognise
from adapters.channels.readers.document import Accepted, Document, Reading
from adapters.channels.readers.order import RawOrder
from adapters.channels.readers.x12.segments import Segment, text_of, tokens
from adapters.channels.readers.x12.structure import read_file
from schemas.errors import catalogue
from tests.adapters.channels.samples import sample, x12_files

pytestmark = pytest.mark.samples
WRITTEN = tomllib.loads((Path(__file__).parent / "orders_850.toml").read_text(encoding="utf-8"))


def reading(name: str) -> Reading[Any]:
    return recognise.read(Document(sample(name).read_bytes(), file_name=name))


def said(result: Accepted[RawOrder]) -> dict[str, Any]:
    order = result.value
    return {
        "number": order.number,
        "lines": len(order.lines),
        "quantity": sum((line.quantity for line in order.lines), Decimal(0)),
        "parties": {party.role: party.id for party in order.parties},
        "first": order.lines[0].product_ids[0][1],
        "unit": order.lines[0].unit,
    }


@pytest.mark.parametrize("name", WRITTEN)
def test_a_real_order_is_read_as_it_stands_in_the_file(name: str) -> None:
    wanted = [{**order, "quantity": Decimal(order["quantity"])} for order in WRITTEN[name].get("orders", [])]
    assert [said(result) for result in reading(name).accepted] == wanted


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_no_order_is_refused_by_name(name: str) -> None:
    assert [result.code for result in reading(name).refused] == WRITTEN[name].get("refused", [])


@pytest.mark.parametrize("name", x12_files("x12_850", "x12_mixed", "x12_quirks"))
def test_every_sample_order_and_quirk_is_written_down(name: str) -> None:
    sample(name)
    assert name in WRITTEN


@pytest.mark.parametrize("name", x12_files())
def test_every_refusal_has_a_page_in_the_catalogue(name: str) -> None:
    found = reading(name)
    problems = [problem for result in found.refused for problem in result.problems]
    assert found.results and {problem.code for problem in problems} <= set(catalogue())


@pytest.mark.parametrize("name", x12_files())
def test_every_real_file_has_its_delimiters_found(name: str) -> None:
    assert read_file(sample(name).read_bytes()).broken is None


@pytest.mark.parametrize("name", x12_files())
def test_every_segment_of_a_real_file_begins_with_a_tag(name: str) -> None:
    found = [token for token in tokens(text_of(sample(name).read_bytes())) if isinstance(token, Segment)]
    assert found and all(2 <= len(segment.tag) <= 3 and segment.tag.isalnum() for segment in found)


def test_a_lost_terminator_does_not_lose_the_line_and_the_count_of_the_file_agrees() -> None:
    first = read_file(sample("x12_850/edinet__x12.850.issue135.edi").read_bytes()).transactions[0]
    assert [doubt.code for doubt in first.all_doubts] == ["WH1214"] and first.segments[-1].get(1) == "87"


def oracle(name: str) -> Counter[str] | None:
    """Segments by tag as pyx12 counts them; None where it cannot read the file."""
    text = sample(name).read_text(encoding="ascii", errors="strict")
    try:
        return Counter(segment.get_seg_id() for segment in pyx12.x12file.X12Reader(io.StringIO(text)))
    except Exception:  # noqa: BLE001 - an oracle that stumbles, however it does, has nothing to say about the file
        return None


@pytest.mark.parametrize("name", x12_files())
def test_where_pyx12_can_read_a_file_it_counts_the_same_segments(name: str) -> None:
    try:
        counted = oracle(name)
    except UnicodeDecodeError:
        counted = None
    if not counted:
        pytest.skip("pyx12 cannot read this file")
    found = Counter(
        "ISA" if not isinstance(token, Segment) else token.tag for token in tokens(text_of(sample(name).read_bytes()))
    )
    missing = (
        {"IEA": found["IEA"] - counted["IEA"]} if found["IEA"] > counted["IEA"] else {}
    )  # it loses an unterminated last one
    assert found - Counter(missing) == counted
