"""The 846: what counts as on hand, where and of when; and sets that are not whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import islice

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from adapters.channels.readers.stock_rows import Given, RefusedRow, StockRow
from adapters.channels.readers.x12.inventory_846 import rows, survey
from adapters.channels.readers.x12.segments import streamed, tokens

ISA = "ISA*00*          *00*          *ZZ*SUPPLIER       *ZZ*WHARF          *261120*0800*U*00401*000000001*0*P*>"
HEAD = ("BIA*00*DD*R-1*20261120*0800", "N1*WH*Main*92*DC1")
ITEM = ("LIN*1*SK*A", "QTY*17*5*EA")
AS_OF = 1_795_161_600_000  # 2026-11-20T08:00:00Z
GIVEN = Given(AS_OF, zone=UTC)


def a_set(*body: str, kind: str = "846", se: str = "", ctt: str = "", trailer: bool = True) -> list[str]:
    items = sum(one.startswith("LIN") for one in body)
    inner = [f"ST*{kind}*0001", *body, f"CTT*{ctt or items}"]
    return [*inner, f"SE*{se or len(inner) + 1}*0001"] if trailer else inner


def document(*sets: Sequence[str]) -> str:
    segments = [ISA, "GS*IB*S*R*20261120*0800*1*X*004010", *(one for each in sets for one in each), "GE*1*1", "IEA*1*1"]
    return "".join(f"{segment}~\n" for segment in segments)


def read(text: str, given: Given = GIVEN, on_hand: str = "17") -> list[StockRow | RefusedRow]:
    return list(rows(tokens(text), survey(tokens(text)), given, on_hand=on_hand))


def only(*body: str, given: Given = GIVEN, on_hand: str = "17") -> StockRow | RefusedRow:
    (found,) = read(document(a_set(*body)), given, on_hand)
    return found


def code(row: StockRow | RefusedRow) -> str:
    return row.code if isinstance(row, RefusedRow) else row.sku


def test_an_item_is_a_row_under_the_number_of_its_segment() -> None:
    assert only(*HEAD, *ITEM) == StockRow(6, "A", "DC1", "5", AS_OF, "EA")


def test_only_what_is_on_hand_counts() -> None:
    found = only(*HEAD, "LIN*1*SK*A", "QTY*33*3*EA", "QTY*17*5*EA", "QTY*63*100*EA")
    assert isinstance(found, StockRow)
    assert found.quantity == "5"


def test_a_sender_may_mean_another_quantity_by_on_hand() -> None:
    found = only(*HEAD, "LIN*1*SK*A", "QTY*33*3*EA", on_hand="33")
    assert isinstance(found, StockRow)
    assert found.quantity == "3"


def test_an_item_may_have_a_time_and_a_place_of_its_own() -> None:
    found = read(document(a_set(*HEAD, *ITEM, "DTM*007*20261119*0600", "N1*WH**92*DC2", "LIN*2*SK*B", "QTY*17*1*EA")))
    assert [(row.location, (AS_OF - row.as_of) // 3_600_000) for row in found if isinstance(row, StockRow)] == [
        ("DC2", 26),
        ("DC1", 0),
    ]


def test_a_buyers_number_is_ours_where_a_supplier_tells_us() -> None:
    assert code(only(*HEAD, "LIN*1*VN*X*BP*A", "QTY*17*1*EA")) == "A"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ((*HEAD, "LIN*1*VN*X", "QTY*17*1*EA"), "WH1410"),
        ((*HEAD, "LIN*1*SK*A", "QTY*33*1*EA"), "WH1411"),
        ((*HEAD, "LIN*1*SK*A", "QTY*17*1*EA", "QTY*17*2*EA"), "WH1411"),
        ((*HEAD, "LIN*1*SK*A"), "WH1411"),
        ((*HEAD, "LIN*1*SK*A", "QTY*17*-5*EA"), "WH1107"),
        ((*HEAD, "LIN*1*SK*A", "QTY*17*many*EA"), "WH1106"),
        ((HEAD[0], *ITEM), "WH1105"),
        ((HEAD[1], *ITEM), "WH1105"),
        (("BIA*00*DD*R-1*20061120*0800", HEAD[1], *ITEM), "WH1405"),
        (("BIA*00*DD*R-1*2026112X*0800", HEAD[1], *ITEM), "WH1106"),
    ],
)
def test_what_an_item_is_refused_for(body: tuple[str, ...], expected: str) -> None:
    assert code(only(*body)) == expected


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (a_set(*HEAD, *ITEM, se="4"), "WH1204"),
        (a_set(*HEAD, *ITEM, se="x"), "WH1204"),
        (a_set(*HEAD, *ITEM, ctt="2"), "WH1204"),
        (a_set(*HEAD, *ITEM, trailer=False), "WH1205"),
        (a_set("BEG*00*SA*1**20261120", kind="850"), "WH1005"),
    ],
)
def test_a_set_that_is_not_whole_is_refused_whole_and_the_others_go_through(bad: list[str], expected: str) -> None:
    other = a_set(*HEAD, "LIN*1*SK*Z", "QTY*17*1*EA")
    assert sorted(map(code, read(document(other, bad, other)))) == [expected, "Z", "Z"]


def test_a_file_without_sets_says_so() -> None:
    assert [code(row) for row in read(document())] == ["WH1210"]


def test_an_interchange_that_cannot_be_read_on_does_not_lose_what_came_before() -> None:
    broken = document(a_set(*HEAD, *ITEM)) + "ISA*broken~\n"
    assert [code(row) for row in read(broken)] == ["A", "WH1202"]


def test_the_items_to_expect_are_those_of_the_whole_sets() -> None:
    found = survey(tokens(document(a_set(*HEAD, *ITEM), a_set(*HEAD, *ITEM, se="9"))))
    assert (found.items, found.sets, list(found.refused)) == (1, 2, [2])


@drawn(st.lists(st.integers(1, 80), min_size=1, max_size=30))
def test_it_does_not_matter_where_a_text_is_cut_into_blocks(sizes: list[int]) -> None:
    text = document(a_set(*HEAD, *ITEM), a_set(*HEAD, *ITEM, "DTM*007*20261119"))
    blocks, at = list[str](), 0
    for size in (*sizes, len(text)):
        blocks.append(text[at : at + size])
        at += size
    assert list(streamed(iter(blocks))) == list(tokens(text))


def test_a_text_is_read_no_further_than_it_has_to_be() -> None:
    taken = list[int]()

    def blocks() -> Iterator[str]:
        yield document(a_set(*HEAD))
        for number in range(500):
            taken.append(number)
            yield "REF*ZZ*X~\n" * 100

    stream = streamed(blocks())
    assert sum(1 for _ in islice(stream, 10)) == 10
    assert len(taken) < 30
