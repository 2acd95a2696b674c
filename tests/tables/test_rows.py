"""Scans as decisions see them."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from tables.rows import Named, kind_of, merged

names = st.dictionaries(st.text(max_size=3), st.booleans(), max_size=12)


def scan(found: list[str]) -> Iterator[Named]:
    """Rows of these names."""
    return ((name, f"row of {name}") for name in found)


@given(names)
def test_two_scans_become_one_in_the_order_of_their_names(split: dict[str, bool]) -> None:
    beneath, over = (sorted(name for name, above in split.items() if above is side) for side in (False, True))
    assert list(merged(scan(beneath), scan(over))) == list(scan(sorted(split)))


def test_only_as_much_is_read_as_is_asked_for() -> None:
    read: list[str] = []

    def queue() -> Iterator[Named]:
        for number in range(100):
            read.append(f"{number:02d}")
            yield read[-1], None

    both = merged(queue(), scan(["00x", "50x"]))
    assert [next(both)[0] for _ in range(3)] == ["00", "00x", "01"]
    assert len(read) == 2


def test_a_rows_kind_is_its_name_up_to_the_first_bar() -> None:
    assert (kind_of("line|1|DC1"), kind_of("head")) == ("line", "head")
