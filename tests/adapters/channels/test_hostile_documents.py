"""Hostile and damaged documents: every one becomes values or a reason, never an exception, in linear time."""

from __future__ import annotations

import gc
import time
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.channels.readers import recognise
from adapters.channels.readers.document import Accepted, Document, Reading
from adapters.channels.readers.order import RawOrder
from schemas.errors import catalogue
from tests.adapters.channels.samples import SAMPLES
from tests.adapters.channels.x12_text import ENVELOPE as USUAL_ENVELOPE
from tests.adapters.channels.x12_text import USUAL, interchange, isa, joined, order_850, po1

CODES = set(catalogue())
WHOLE = interchange(
    order_850(
        "4500017", ("N1", "ST", "STORE", "92", "12"), po1(), ("PO4", "12", "1", "EA"), po1("2", "3"), ("CTT", "2", "27")
    ),
    order_850("4500018", po1("1", "7"), control="0002"),
).encode()
PORTAL = b'{"number":"P-1","lines":[{"line":"1","product":{"sku":"A"},"quantity":"1","price":"9.50"}],"extensions":{}}'


def read(body: bytes, resource: str = "documents") -> Reading[Any]:
    return recognise.read(Document(body, resource, "edi"))


def sound(reading: Reading[Any]) -> bool:
    """Whether each result is a value or a reason of the catalogue."""
    codes = {problem.code for result in reading.refused for problem in result.problems}
    warned = {problem.code for result in reading.accepted for problem in result.warnings}
    return bool(reading.results) and codes | warned <= CODES


@given(st.binary(max_size=400), st.sampled_from(["documents", *recognise.KINDS]))
def test_random_bytes_are_refused_and_never_raise(body: bytes, resource: str) -> None:
    assert sound(read(body, resource))


@given(st.text(st.sampled_from('ISAGTEBPO1*~>\n|0159 {}[]":,'), max_size=300))
def test_random_letters_of_the_trade_never_raise(text: str) -> None:
    assert sound(read(("ISA*" + text).encode()))


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A document with a piece cut out, doubled, or replaced."""
    start = draw(st.integers(0, len(whole) - 1))
    end = draw(st.integers(start, min(len(whole), start + 60)))
    middle = draw(
        st.sampled_from([b"", whole[start:end] * 2, b"~", b"*", b"\n", b"\x00", b"-", b"9" * 20])
        | st.binary(max_size=8)
    )
    return whole[:start] + middle + whole[end:]


@given(damaged(WHOLE))
@settings(max_examples=300)
def test_a_damaged_interchange_never_raises(body: bytes) -> None:
    assert sound(read(body))


@given(damaged(WHOLE))
@settings(max_examples=300)
def test_a_damaged_interchange_never_yields_a_quantity_that_nobody_could_order(body: bytes) -> None:
    orders: list[RawOrder] = [result.value for result in read(body).accepted]
    assert all(order.number and line.quantity > 0 for order in orders for line in order.lines)


@given(st.integers(0, len(WHOLE)))
def test_a_file_cut_anywhere_never_yields_an_order_with_fewer_lines_without_a_word(cut: int) -> None:
    lines = {"4500017": 2, "4500018": 1}
    for result in read(WHOLE[:cut]).accepted:
        assert len(result.value.lines) == lines[result.value.number]


@given(damaged(PORTAL))
@settings(max_examples=300)
def test_a_damaged_portal_order_never_raises(body: bytes) -> None:
    assert sound(read(body, "orders"))


@pytest.mark.samples
@given(st.data())
@settings(max_examples=150)
def test_a_mutated_real_file_never_raises(data: st.DataObject) -> None:
    files = sorted(SAMPLES.glob("x12_*/*"))
    if not files:
        pytest.skip("needs the real documents in ../shared/samples, which are not part of the project")
    whole = data.draw(st.sampled_from(files)).read_bytes()
    assert sound(read(data.draw(damaged(whole))))


def mutant(random: Random, whole: bytes) -> bytes:
    """A document after one to six accidents."""
    body = bytearray(whole)
    for _ in range(random.randint(1, 6)):
        at, accident = random.randrange(len(body) + 1), random.randrange(4)
        if accident == 0:
            del body[at : at + random.randint(1, 20)]
        elif accident == 1:
            body[at:at] = bytes(random.choices(b"*~>\n\r^|0129ASTPOBEGISA\x00\xff\xb2", k=4))
        elif accident == 2:
            body[at : at + 1] = bytes([random.randrange(256)])
        else:
            start = random.randrange(len(body) + 1)
            body[at:at] = body[start : start + random.randint(1, 80)]
    return bytes(body)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_thousand_accidents_each_end_in_values_or_reasons(seed: int) -> None:
    random = Random(seed)
    assert all(sound(read(mutant(random, WHOLE))) for _ in range(1000))


HOSTILE = {
    "an ISA without end": b"ISA*" + b"*" * 100_000,
    "separators only": b"ISA" + b"*" * 50_000 + b"~" * 50_000,
    "a terminator in every place": joined([("ISA", *isa(USUAL_ENVELOPE, USUAL))]).encode() + b"~" * 100_000,
    "a million line breaks": WHOLE[:200] + b"\n" * 1_000_000,
    "stray segments": WHOLE.replace(b"GE*", b"XX*1~" * 20_000 + b"GE*"),
    "openings only": joined([("ISA", *isa(USUAL_ENVELOPE, USUAL)), ("GS", "PO")]).encode() * 2_000,
    "sets without end": WHOLE[: WHOLE.index(b"ST*")] + b"ST*850*1~" * 20_000,
    "one endless element": WHOLE.replace(b"STORE", b"S" * 500_000),
    "one endless line of pairs": WHOLE.replace(b"VN*WIDGET-A~", b"*VN*A" * 50_000 + b"~", 1),
    "a number of digits": WHOLE.replace(b"*24*", b"*" + b"9" * 400_000 + b"*", 1),
    "deep JSON": b'{"a":' * 100_000,
    "unclosed strings": b'{"' + b'\\"' * 300_000,
    "the same name": b"{" + b'"a":1,' * 100_000 + b'"a":1}',
    "nothing": b"",
    "blanks": b" " * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(10)
def test_a_hostile_file_is_answered_soon(name: str) -> None:
    started = time.process_time()
    assert sound(read(HOSTILE[name]))
    assert time.process_time() - started < 5


def cost(body: bytes) -> float:
    """Least CPU seconds of five readings; the collector's own cost grows with everything else that is alive."""
    spent = []
    gc.disable()
    for _ in range(5):
        started = time.process_time()
        read(body)
        spent.append(time.process_time() - started)
    gc.enable()
    return min(spent)


def lines(count: int) -> bytes:
    return interchange(order_850("1", *(po1(str(number)) for number in range(count)))).encode()


def orders(count: int) -> bytes:
    return interchange(*(order_850(str(number), po1(), control=f"{number:04}") for number in range(count))).encode()


def portal(count: int) -> bytes:
    line = b'{"line":"%d","product":{"sku":"A"},"quantity":"1"}'
    return b'{"number":"1","lines":[' + b",".join(line % number for number in range(count)) + b"]}"


@pytest.mark.slow
@pytest.mark.parametrize("many", [lines, orders, portal])
def test_ten_times_the_input_takes_about_ten_times_the_time(many: Any) -> None:
    assert cost(many(10_000)) <= 15 * cost(many(1_000))


def test_ten_thousand_lines_are_read_so_that_the_profile_can_refuse_them() -> None:
    (result,) = read(lines(10_000)).results
    assert isinstance(result, Accepted) and len(result.value.lines) == 10_000
