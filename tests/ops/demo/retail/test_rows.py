"""The retail file is read in the order of its days, whatever it is packed in."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from ops.demo.retail.rows import COLUMNS, Row, rows, unpacked
from ops.exits import Failed

HEAD = ",".join(COLUMNS)
FIRST = "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"
SECOND = '536380,22961,"JAM, MAKING SET",24,2010-12-02 09:41:00,1.45,17809.0,United Kingdom'


def csv_of(folder: Path, name: str, *lines: str, head: str = HEAD) -> Path:
    path = folder / name
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return path


def two_days(folder: Path) -> list[Path]:
    """Two files, the later day first."""
    return [csv_of(folder, "2010-12-02.csv", SECOND), csv_of(folder, "2010-12-01.csv", FIRST)]


def test_a_csv_is_read_by_its_columns_names(tmp_path: Path) -> None:
    turned = csv_of(
        tmp_path, "a.csv", "France,536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,", head=f"Country,{HEAD[:-8]}"
    )
    assert next(rows(turned)) == Row("536365", "85123A", "HEART", "6", "2010-12-01 08:26:00", "2.55", "", "France")


def test_a_quoted_comma_and_a_byte_order_mark_are_no_trouble(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "a.csv", SECOND, head=f"\ufeff{HEAD}")
    assert next(rows(path)).description == "JAM, MAKING SET"


def test_a_folder_is_read_in_the_order_of_days(tmp_path: Path) -> None:
    two_days(tmp_path)
    assert [row.invoice for row in rows(tmp_path)] == ["536365", "536380"]


def test_a_zip_is_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as pack:
        for one in two_days(tmp_path):
            pack.write(one, one.name)
    assert [row.invoice for row in rows(tmp_path / "a.zip")] == ["536365", "536380"]


def test_a_tar_is_unpacked_for_its_days_lie_in_any_order_and_what_was_unpacked_is_removed(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as pack:
        for one in two_days(tmp_path):
            pack.add(one, f"by-day/{one.name}")
    with unpacked(tmp_path / "a.tar.gz", tmp_path / "out") as folder:
        assert folder is not None
        assert [row.invoice for row in rows(folder)] == ["536365", "536380"]
    assert not (tmp_path / "out").exists()


def test_a_members_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    (one,) = two_days(tmp_path)[:1]
    with tarfile.open(tmp_path / "a.tar", "w") as pack:
        pack.add(one, "../../escaped.csv")
    with unpacked(tmp_path / "a.tar", tmp_path / "x" / "out") as folder:
        assert folder is not None
        assert [path.name for path in folder.iterdir()] == ["escaped.csv"]
    assert not list(tmp_path.glob("escaped.csv"))


def test_what_needs_no_unpacking_stays_where_it_is(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "a.csv", FIRST)
    for given in (path, tmp_path, None):
        with unpacked(given, tmp_path / "out") as same:
            assert same == given


def test_a_file_of_other_data_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no column Country, CustomerID"):
        list(rows(csv_of(tmp_path, "a.csv", head="InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice")))


def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as pack:
        pack.writestr("xl/workbook.xml", "")
    with pytest.raises(Failed, match="save a workbook as CSV"):
        list(rows(tmp_path / "a.xlsx"))
