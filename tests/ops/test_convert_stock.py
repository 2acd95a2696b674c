"""Snapshots of stock, offline: each position as the count that would be said, each bad row with its place."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from ops.convert import BAD_DATA, OK, convert
from ops.convert_stock import KIND
from ops.convert_summary import summary
from tests.adapters.channels.test_x12_inventory_846 import HEAD, ITEM, a_set, document

HEADER = "sku,location,quantity,as_of"
NOW = "2026-11-20T08:00:00Z"


def converted(path: Path, kind: str = "") -> tuple[int, list[Any], list[Any]]:
    out, err = io.StringIO(), io.StringIO()
    code = convert([path], out, err, kind=kind)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], [
        json.loads(line) for line in err.getvalue().splitlines()
    ]  # fmt: skip


def table(folder: Path, *lines: str, name: str = "stock.csv", header: str = HEADER) -> Path:
    (folder / name).write_text("\n".join((header, *lines)) + "\n")
    return folder / name


def test_each_position_of_a_table_is_a_count(tmp_path: Path) -> None:
    code, (first, second), _ = converted(table(tmp_path, f"A,DC1,5,{NOW}", f"B,DC1,2.5,{NOW}"))
    assert (code, first["type"], first["key"], second["data"]["quantity"]) == (OK, "stock.report", "A", "2.5")
    assert (first["data"]["kind"], first["data"]["location"]) == ("counted", "DC1")
    assert first["data"]["as_of"] == "2026-11-20T08:00:00.000Z" and first["source"]["position"] == 1


def test_a_bad_row_is_an_error_with_its_line_and_the_others_go_on(tmp_path: Path) -> None:
    code, records, (error,) = converted(table(tmp_path, f"A,DC1,-5,{NOW}", f"B,DC1,6,{NOW}"))
    assert (code, [record["key"] for record in records]) == (BAD_DATA, ["B"])
    assert (error["error"], error["at"], error["document"]) == ("WH1107", {"row": 2}, "stock.csv/2")


def test_classes_of_one_position_are_one_count(tmp_path: Path) -> None:
    path = table(tmp_path, f"A,DC1,5,{NOW},good", f"A,DC1,2,{NOW},damaged", header=f"{HEADER},class")
    _, (record,), _ = converted(path)
    assert (record["data"]["quantity"], record["data"]["classes"]) == ("7", [["damaged", "2"]])


def test_an_846_is_known_by_its_set(tmp_path: Path) -> None:
    path = tmp_path / "stock.edi"
    path.write_text(document(a_set(*HEAD, *ITEM)))
    _, records, _ = converted(path)
    assert [(record["type"], record["key"]) for record in records] == [("stock.report", "A")]


@pytest.mark.parametrize(
    ("header", "kind", "code"),
    [("sku,location", "", "WH1401"), ("one,two", KIND, "WH1406"), ("one,two", "", "WH1001")],
)
def test_a_table_that_is_no_snapshot_says_why(tmp_path: Path, header: str, kind: str, code: str) -> None:
    status, records, (error,) = converted(table(tmp_path, "1,2", header=header), kind)
    assert (status, records, error["error"]) == (BAD_DATA, [], code)


def test_a_summary_counts_positions_and_reasons(tmp_path: Path) -> None:
    told = summary(table(tmp_path, f"A,DC1,-5,{NOW}", f"B,DC1,6,{NOW}"))
    assert (told.verdict, told.right, told.reasons) == ("partly", 1, {"WH1107": 1})


def test_a_time_is_never_guessed(tmp_path: Path) -> None:
    _, records, (error,) = converted(table(tmp_path, "A,DC1,5", header="sku,location,quantity"))
    assert (records, error["error"]) == ([], "WH1105") and "--as-of" in error["message"]
