"""The figures' place in the README."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.bench.readme import BEGIN, END, NoPlace, with_figures, write

PAGE = f"# wharf\n\nWhat it costs:\n\n{BEGIN}\nold\n{END}\n\n## More\n"
TEXT = st.text(max_size=200).filter(lambda text: BEGIN not in text and END not in text)


def test_old_figures_are_replaced_and_nothing_else() -> None:
    assert with_figures(PAGE, "new\n") == f"# wharf\n\nWhat it costs:\n\n{BEGIN}\n\nnew\n\n{END}\n\n## More\n"


def test_writing_the_same_figures_twice_changes_nothing() -> None:
    once = with_figures(PAGE, "new")
    assert with_figures(once, "new") == once


@given(TEXT, TEXT, TEXT)
def test_what_stands_around_the_marks_stays(before: str, after: str, figures: str) -> None:
    made = with_figures(f"{before}{BEGIN}{END}{after}", figures)
    assert made.startswith(before + BEGIN)
    assert made.endswith(END + after)
    assert figures.strip() in made


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}{BEGIN}", PAGE + PAGE, f"{BEGIN}{BEGIN}{END}"])
def test_a_page_without_exactly_one_place_is_refused(page: str) -> None:
    with pytest.raises(NoPlace):
        with_figures(page, "new")


def test_a_refused_page_is_left_as_it_was(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("no place", encoding="utf-8")
    with pytest.raises(NoPlace):
        write(page, "new")
    assert page.read_text(encoding="utf-8") == "no place"


def test_the_file_gets_the_figures(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(PAGE, encoding="utf-8")
    write(page, "| a | µs |")
    assert "| a | µs |" in page.read_text(encoding="utf-8")
