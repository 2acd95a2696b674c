"""The tokenizer: layout is not data, one fault is repaired, and what was written is read as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.readers.x12.delimiters import Delimiters
from adapters.channels.readers.x12.segments import Opening, Segment, text_of, tokens
from tests.adapters.channels.x12_text import ENVELOPE, USUAL, interchange, isa, joined, order_850, po1

TEXT = interchange(order_850("4500017", po1()))


def segments(text: str) -> list[Segment]:
    return [token for token in tokens(text) if isinstance(token, Segment)]


def shown(text: str) -> list[tuple[str, ...]]:
    return [(segment.tag, *segment.elements) for segment in segments(text)]


def test_a_plain_file_is_read_segment_by_segment() -> None:
    assert [tag for tag, *_ in shown(TEXT)] == ["GS", "ST", "BEG", "PO1", "CTT", "SE", "GE", "IEA"]


def test_an_opening_carries_its_delimiters_and_elements() -> None:
    opening = next(iter(tokens(TEXT)))
    assert isinstance(opening, Opening) and opening.delimiters == USUAL and opening.elements[12] == "000000101"


@pytest.mark.parametrize("after", ["", "\n", "\r\n", "\n\n", "   ", "\r\n\t\t", "\n        "])
def test_layout_after_a_terminator_changes_nothing(after: str) -> None:
    assert shown(interchange(order_850("4500017", po1()), after=after)) == shown(TEXT)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_line_break_may_be_the_terminator(line_end: str) -> None:
    assert shown(TEXT.replace("~\n", line_end)) == shown(TEXT)


@pytest.mark.parametrize("width", [40, 80, 81])
def test_a_file_wrapped_at_a_column_is_the_same_file(width: int) -> None:
    flat = interchange(order_850("4500017", po1(), po1("2"), po1("3")), after="")
    wrapped = "\r\n".join(flat[start : start + width] for start in range(0, len(flat), width))
    assert shown(wrapped) == shown(flat)


def test_the_last_terminator_may_be_missing() -> None:
    assert shown(TEXT.rstrip().rstrip("~")) == shown(TEXT)


@pytest.mark.parametrize("before", ["\ufeff", " ", "\n\n", "\ufeff\r\n\t"])
def test_marks_and_layout_before_the_file_do_not_matter(before: str) -> None:
    assert shown(before + TEXT) == shown(TEXT)


@pytest.mark.parametrize("after", ["\x1a", "\x00\x00", "\n\n\n", "  \x1a\n"])
def test_padding_after_the_file_does_not_matter(after: str) -> None:
    assert shown(TEXT + after) == shown(TEXT)


def test_a_terminator_lost_at_a_line_end_is_found_again_and_marked() -> None:
    whole = interchange(order_850("4500017", po1(), ("PID", "F", "", "", "", "WIDGET"), po1("2")))
    repaired = segments(whole.replace("WIDGET~", "WIDGET"))
    assert [(s.tag, *s.elements) for s in repaired] == shown(whole)
    assert [segment.tag for segment in repaired if segment.repaired] == ["PO1"]


def test_a_wrapped_file_is_never_repaired_by_chance() -> None:
    flat = interchange(order_850("4500017", ("MSG", "SEE PO1*2*9 BELOW".replace("*", " ")), po1()), after="")
    at = flat.index("PO1*1")
    assert not any(segment.repaired for segment in segments(flat[:at] + "\n" + flat[at:]))


def test_each_interchange_of_a_file_has_its_own_delimiters() -> None:
    other = Delimiters("|", "<", "!")
    both = TEXT + interchange(order_850("4500018", po1()), delimiters=other)
    assert [tag for tag, *_ in shown(both)] == [tag for tag, *_ in shown(TEXT)] * 2


def test_an_element_that_was_left_out_is_empty() -> None:
    segment = Segment("PO1", ("1", "", " EA "))
    assert [segment.get(number) for number in (1, 2, 3, 4)] == ["1", "", "EA", ""]


def test_pairs_of_qualifier_and_value_may_end_in_the_middle() -> None:
    assert list(Segment("PO1", ("1", "VN", "A", "UP")).pairs(2)) == [("VN", "A"), ("UP", "")]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"ISA", "ISA"),
        (b"\xef\xbb\xbfISA", "ISA"),
        ("ISA*Müller".encode(), "ISA*Müller"),
        ("ISA*Müller".encode("latin-1"), "ISA*Müller"),
        ("ISA*00".encode("cp037"), "ISA*00"),
    ],
)
def test_the_characters_of_a_body_are_found(body: bytes, text: str) -> None:
    assert text_of(body) == text


def test_an_ebcdic_file_is_a_file_like_another() -> None:
    assert shown(text_of(TEXT.replace("\n", "").encode("cp037"))) == shown(TEXT)


MARKS = st.permutations(list("~!}^\\|'\"$*+:<>\x1d\x1e\x1f…")).map(
    lambda marks: Delimiters(marks[0], marks[1], marks[2])
)
TAGS = st.from_regex(r"[A-HJ-Z][A-Z0-9]{1,2}", fullmatch=True).filter(lambda tag: tag not in ("GS", "ST", "IEA", "TA1"))
DATA = st.text(st.sampled_from("ABC xyz019-,.()#@%&äß"), max_size=12).map(str.strip)
BODY = st.lists(st.tuples(TAGS, st.lists(DATA, min_size=1, max_size=6)), max_size=8)


@given(MARKS, BODY, st.sampled_from(["", "\n", "\r\n", "\n  "]))
def test_what_was_written_is_read_as_it_was_whatever_the_delimiters(
    marks: Delimiters, body: list[tuple[str, list[str]]], after: str
) -> None:
    wanted = [("GS", "PO", "1"), *((tag, *elements) for tag, elements in body)]
    text = joined([("ISA", *isa(ENVELOPE, marks)), *wanted], marks, after)
    assert shown(text) == wanted
