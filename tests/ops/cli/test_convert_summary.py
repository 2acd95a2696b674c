"""`wharf convert --summary`: one line per file for a program, a table for a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.cli import convert as command
from ops.convert_summary import files, summary
from ops.exits import Exit
from tests.adapters.channels.x12_text import interchange, order_850, po1
from tests.support.wharf import Wharf


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    """A folder with a right file, one with a bad line in its second order, and one that is nothing."""
    folder = tmp_path / "incoming"
    (folder / "late").mkdir(parents=True)
    good, bad = order_850("1", po1()), order_850("2", po1("1", "-1"), control="0002")
    (folder / "a.edi").write_text(interchange(good))
    (folder / "b.edi").write_text(interchange(good, bad))
    (folder / "late" / "c.txt").write_text("nonsense")
    return folder


def test_each_file_is_right_refused_or_partly_with_its_reasons(wharf: Wharf, incoming: Path) -> None:
    said = wharf("convert", "--summary", str(incoming))
    assert said.code == Exit.BAD_DATA
    assert [(one["file"], one["verdict"], one["reasons"]) for one in said.lines] == [
        ("a.edi", "right", {}),
        ("b.edi", "partly", {"WH1209": 1}),
        ("c.txt", "refused", {"WH1001": 1}),
    ]


def test_a_file_that_is_right_names_its_orders_and_exits_with_0(wharf: Wharf, incoming: Path) -> None:
    said = wharf("convert", "--summary", str(incoming / "a.edi"))
    assert (said.code, said.lines[0]["documents"], said.lines[0]["right"]) == (Exit.OK, ["1"], 1)


def test_a_folder_can_be_converted_too(wharf: Wharf, incoming: Path) -> None:
    said = wharf("convert", str(incoming))
    assert [line["data"]["number"] for line in said.lines] == ["1", "1"]
    assert said.err.count("remedy") == 2


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    assert summary(tmp_path / "absent.edi").reasons == {"WH1008": 1}


def test_files_come_in_a_stable_order(incoming: Path) -> None:
    assert [path.name for path in files([incoming / "late", incoming])] == ["c.txt", "a.edi", "b.edi", "c.txt"]


def test_a_person_sees_a_table_that_says_why(incoming: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.table([summary(path) for path in files([incoming])])
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("b.edi", "partly", "WH1209", "WH1001"))
