"""Files of snapshots: found out, read row by row, refused with a reason."""

from __future__ import annotations

import tracemalloc
from datetime import UTC
from pathlib import Path

import pytest

from adapters.channels.readers.stock_rows import Given, RefusedRow, StockRow
from ops.exits import Failed
from ops.snapshots import files
from ops.snapshots.files import look, rows
from tests.adapters.channels.test_x12_inventory_846 import HEAD, ITEM, a_set, document
from tests.ops.snapshots.rows import AT

GIVEN = Given(AT, as_of=AT, zone=UTC)
TEXT = "sku,location,quantity\nÄ1,DC1,5\nB,DC1,6\n"


def file(folder: Path, content: bytes, name: str = "f.csv") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def read(path: Path) -> list[str]:
    return [row.code if isinstance(row, RefusedRow) else row.sku for row in rows(look(path), GIVEN)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    assert read(file(tmp_path, TEXT.encode(encoding))) == ["Ä1", "B"]


def test_a_byte_that_is_no_character_spoils_its_row_only(tmp_path: Path) -> None:
    assert read(file(tmp_path, TEXT.encode("latin-1"))) == ["WH1007", "B"]


def test_an_encoding_can_be_said(tmp_path: Path) -> None:
    found = look(file(tmp_path, TEXT.encode("cp1252")), encoding="cp1252")
    assert [row.sku for row in rows(found, GIVEN)] == ["Ä1", "B"]


def test_the_rows_to_expect_are_counted_and_the_same_bytes_have_the_same_name(tmp_path: Path) -> None:
    first, second = look(file(tmp_path, TEXT.encode(), "a.csv")), look(file(tmp_path, TEXT.encode(), "b.csv"))
    assert (first.rows, first.digest) == (2, second.digest)


@pytest.mark.parametrize("encoding", ["utf-8", "cp037"])
def test_an_846_is_known_by_its_first_letters(tmp_path: Path, encoding: str) -> None:
    path = file(tmp_path, document(a_set(*HEAD, *ITEM)).encode(encoding), "stock.txt")
    assert (look(path).rows, read(path)) == (1, ["A"])


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "WH1406"), (b"\x00\xff\x00\xff", "WH1406"), (b"sku,location\n", "WH1401"), (b"sku,item,location,qty\n", "WH1402")],
)  # fmt: skip
def test_a_file_that_is_no_snapshot_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Failed, match=f"{code}: f.csv, line 1"):
        look(file(tmp_path, content))


def test_a_file_that_is_not_there_and_an_encoding_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="WH1008"):
        look(tmp_path / "none.csv")
    with pytest.raises(Failed, match="encoding"):
        look(file(tmp_path, b"sku,location,quantity\n"), encoding="utf-99")


def test_the_sign_of_fractions_is_seen_or_said(tmp_path: Path) -> None:
    path = file(tmp_path, b"sku;location;quantity\nA;DC1;12,5\n")
    seen, told = look(path), look(path, decimal=".")
    assert (seen.form and seen.form.decimal, told.form and told.form.decimal) == (",", ".")


@pytest.mark.parametrize("kind", ["csv", "x12"])
def test_memory_does_not_grow_with_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(files, "BLOCK", 4096)

    def peak(count: int) -> int:
        if kind == "csv":
            text = "sku,location,quantity\n" + "".join(f"SKU-{number},DC1,5\n" for number in range(count))
        else:
            items = (one for number in range(count) for one in (f"LIN**SK*SKU-{number}", ITEM[1]))
            text = document(a_set(*HEAD, *items))
        path = file(tmp_path, text.encode())
        tracemalloc.start()
        assert sum(isinstance(row, StockRow) for row in rows(look(path), GIVEN)) == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)  # what is loaded once
    assert peak(4_000) < 1.3 * peak(1_500)
