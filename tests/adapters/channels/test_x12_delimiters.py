"""Delimiters come from the ISA itself: orders.md §3.1, rule by rule."""

from __future__ import annotations

import pytest

from adapters.channels.readers.x12.delimiters import BadInterchange, Delimiters, detect

HEAD = "ISA*00*          *00*          *ZZ*RETX           *ZZ*WHARF          *260302*0800*U*00401*000000101*0*P*"
GS = "GS*PO*RETX*WHARF*20260302*0800*7*X*004010"


def found(text: str) -> Delimiters:
    return detect(text, 0)[0]


@pytest.mark.parametrize("terminator", [*list("~!}^\\|'.\"$\x15\x1d"), "…", "\n"])
def test_the_terminator_stands_between_isa16_and_the_group(terminator: str) -> None:
    assert found(f"{HEAD}>{terminator}{GS}{terminator}").terminator == terminator


@pytest.mark.parametrize("layout", ["\n", "\r\n", "\n\n", "\n    ", "\n\t", " \r\n "])
def test_layout_between_them_is_not_part_of_it(layout: str) -> None:
    assert found(f"{HEAD}>~{layout}{GS}~").terminator == "~"


@pytest.mark.parametrize("layout", ["\n", "\r\n", "\r\n\t"])
def test_where_nothing_but_layout_follows_the_line_break_is_the_terminator(layout: str) -> None:
    assert found(f"{HEAD}>{layout}{GS}{layout}ST*850*0001{layout}") == Delimiters("*", ">", "\n")


def test_a_missing_isa16_is_seen_by_what_ends_the_lines() -> None:
    assert found(f"{HEAD}~\n{GS}~\nST*850*0001~\nSE*2*0001~\n") == Delimiters("*", "", "~")


@pytest.mark.parametrize("element", list("~^|+>\x7f\x1e,"))
def test_the_element_separator_is_what_follows_isa(element: str) -> None:
    text = f"{HEAD}:!".replace("*", element) + GS.replace("*", element)
    assert found(text) == Delimiters(element, ":", "!")


@pytest.mark.parametrize("following", ["GS*PO", "TA1*000000101", "ST*850", "IEA*0"])
def test_the_first_segment_may_be_any_of_the_envelopes(following: str) -> None:
    assert found(f"{HEAD}>~{following}*1~").terminator == "~"


def test_unpadded_identifiers_do_not_matter() -> None:
    assert found("ISA*00* *00* *01*054481205*01*123456789*070101*1200*U*00200*000000001*0*P*@!\n" + GS) == Delimiters(
        "*", "@", "!"
    )


def test_a_line_break_inside_the_isa_does_not_matter() -> None:
    delimiters, elements, _ = detect(HEAD.replace("*ZZ*WHARF          ", "*ZZ*WHARF\n") + f">~{GS}~", 0)
    assert delimiters.terminator == "~" and elements[7] == "WHARF"


def test_elements_are_told_without_their_padding() -> None:
    elements = detect(f"{HEAD}>~{GS}~", 0)[1]
    assert (elements[4], elements[5], elements[12], elements[15]) == ("ZZ", "RETX", "000000101", ">")


def test_reading_goes_on_at_the_group() -> None:
    text = f"{HEAD}>~\r\n  {GS}~"
    assert text[detect(text, 0)[2] :].startswith("GS*PO")


@pytest.mark.parametrize(
    ("mark", "version", "repetition"),
    [
        ("U", "00401", ""),
        ("^", "00402", "^"),
        ("^", "00501", "^"),
        ("^", "00401", ""),
        ("U", "00501", ""),
        ("-", "00406", "-"),
        ("^", "0004X", ""),
        ("^", "0050²", ""),
    ],
)
def test_isa11_separates_repetitions_only_from_version_00402_on(mark: str, version: str, repetition: str) -> None:
    assert found(f"{HEAD}>~{GS}~".replace("*U*00401*", f"*{mark}*{version}*")).repetition == repetition


@pytest.mark.parametrize(
    "text",
    [
        "ISA",
        "ISA*",
        "ISA*00*00",
        f"ISA*{'x' * 5000}",
        HEAD,
        f"{HEAD}>",
        HEAD + ">" + GS,
        f"{HEAD}*~{GS}~",
        f"{HEAD}~~{GS}~",
        f"{HEAD}>*{GS}*",
        f"{HEAD}>X{GS}X",
        f"{HEAD}>~~~~~~~~{GS}",
        "ISAB00B00",
        "ISA 00 00",
    ],
)
def test_an_isa_that_does_not_say_its_delimiters_is_refused(text: str) -> None:
    with pytest.raises(BadInterchange, match="expected"):
        detect(text, 0)


def test_a_second_interchange_is_read_from_where_it_stands() -> None:
    first = f"{HEAD}>~{GS}~IEA*1*000000101~"
    second = HEAD.replace("*", "|") + "<!" + GS.replace("*", "|")
    assert detect(first + second, len(first))[0] == Delimiters("|", "<", "!")
