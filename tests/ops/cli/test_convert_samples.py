"""`wharf convert` on every real X12 file: right beside an oracle and beside what was read off by hand, or refused by name."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
import pyx12.x12file

from ops.convert import BAD_DATA, OK, convert
from ops.convert_summary import files, summary
from schemas.errors import catalogue
from tests.adapters.channels.samples import sample, x12_files
from tests.adapters.channels.test_x12_samples import WRITTEN
from tests.support.wharf import Wharf

pytestmark = pytest.mark.samples
Json = dict[str, Any]
# element separator, component separator and segment terminator, read off each file that holds an 850
SEPARATORS = dict.fromkeys(x12_files("x12_850", "x12_mixed"), ("*", ">", "~")) | {
    "x12_850/node-x12__850_2.edi": ("*", ">", "\n"),
    "x12_850/edinet__x12.850.issue135.edi": (
        "*",
        ">",
        "\n",
    ),  # a "~" is missing at one line's end: the breaks are right
    "x12_quirks/stupidedi__fail__5_1.edi": ("*", "@", "!"),
}
PROMPT_S = 2.0  # of processor time, for the largest of them; most take milliseconds


def converted(path: Path) -> tuple[int, list[Json], list[Json]]:
    """Exit code, canonical records and errors."""
    out, err = io.StringIO(), io.StringIO()
    code = convert([path], out, err)
    lines = [[json.loads(line) for line in text.getvalue().splitlines()] for text in (out, err)]
    return code, lines[0], lines[1]


def oracle(name: str) -> list[list[Any]]:
    """The segments of each 850 as pyx12 reads them.

    It knows few versions and no interchange whose widths are broken, so it is given a plain ISA of the same separators:
    the envelope is not what is compared here. Indents and byte order marks are taken off, for it does not know them.
    """
    element, component, terminator = SEPARATORS[name]
    text = sample(name).read_bytes().decode("utf-8-sig")
    plain = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "A".ljust(15), "ZZ", "B".ljust(15), "260302", "0800", "U"]
    isa = element.join([*plain, "00401", "000000001", "0", "P", component]) + terminator
    marks = "~" if terminator == "\n" else ""
    body = "\n".join(line.strip().removesuffix(marks) for line in text[text.index("GS" + element) :].splitlines())
    sets: list[list[Any]] = []
    for segment in pyx12.x12file.X12Reader(io.StringIO(isa + body)):
        if segment.get_seg_id() == "ST":
            sets.append([])
        if sets:
            sets[-1].append(segment)
    return [one for one in sets if one[0].get_value("ST01") == "850"]


def values(segments: list[Any], tag: str, *elements: str) -> list[tuple[str, ...]]:
    """These elements of every such segment."""
    found = [segment for segment in segments if segment.get_seg_id() == tag]
    return [tuple(segment.get_value(f"{tag}{element}") or "" for element in elements) for segment in found]


def head_of(segments: list[Any]) -> list[Any]:
    """What stands before the first line: its parties are the order's."""
    tags = [segment.get_seg_id() for segment in segments]
    return segments[: tags.index("PO1")]


def by_oracle(segments: list[Any]) -> Json:
    return {
        "number": values(segments, "BEG", "03")[0][0],
        "quantities": [float(quantity) for (quantity,) in values(segments, "PO1", "02")],
        "units": [unit for (unit,) in values(segments, "PO1", "03")],
        "prices": [float(price or -1) for (price,) in values(segments, "PO1", "04")],
        "parties": sorted(values(head_of(segments), "N1", "02", "04")),
    }


def by_wharf(data: Json) -> Json:
    lines, parties = data["lines"], data["parties"].values()
    ids = [(party["name"], party["identifiers"][0]["value"] if party["identifiers"] else "") for party in parties]
    return {
        "number": data["number"],
        "quantities": [float(line["quantity"]) for line in lines],
        "units": [line["unit"] for line in lines],
        "prices": [float(line["price"] or -1) for line in lines],
        "parties": sorted(ids),
    }


@pytest.mark.parametrize("name", sorted(SEPARATORS))
def test_number_lines_quantities_and_parties_are_those_of_the_oracle(name: str) -> None:
    _, records, _ = converted(sample(name))
    orders = [segments for segments in oracle(name) if values(segments, "BEG", "03")]
    assert [by_wharf(record["data"]) for record in records] == [by_oracle(segments) for segments in orders]


def test_the_oracle_reads_every_order_that_there_is() -> None:
    sample("")
    assert set(SEPARATORS) == {name for name in WRITTEN if "quirks" not in name or WRITTEN[name].get("orders")}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_real_order_is_converted_as_it_stands_in_its_file(name: str) -> None:
    wanted = [(one["number"], one["lines"]) for one in WRITTEN[name].get("orders", [])]
    code, records, errors = converted(sample(name))
    assert [(record["data"]["number"], len(record["data"]["lines"])) for record in records] == wanted
    assert [error["error"] for error in errors] == WRITTEN[name].get("refused", [])
    assert code == (BAD_DATA if errors else OK)


@pytest.mark.parametrize("name", x12_files())
def test_every_real_file_is_converted_or_refused_promptly_with_a_reason_and_a_remedy(name: str) -> None:
    begun = time.process_time()
    code, records, errors = converted(sample(name))
    assert time.process_time() - begun < PROMPT_S
    assert (records or errors) and code == (BAD_DATA if errors else OK)
    assert all(error["remedy"] == catalogue()[error["error"]].remedy and error["message"] for error in errors)


@pytest.mark.parametrize("name", x12_files("x12_850", "x12_quirks"))
def test_a_file_cut_anywhere_is_refused_and_never_a_shorter_order(name: str, tmp_path: Path) -> None:
    whole, cut = sample(name).read_bytes(), tmp_path / "cut.edi"
    orders = [record["data"] for record in converted(sample(name))[1]]
    for at in range(1, len(whole), max(1, len(whole) // 40)):
        cut.write_bytes(whole[:at])
        for record in converted(cut)[1]:
            assert [record["data"][part] for part in ("number", "lines", "parties")] in [
                [order[part] for part in ("number", "lines", "parties")] for order in orders
            ]


def test_a_folder_is_summed_up_file_by_file(wharf: Wharf) -> None:
    folders = [str(sample(name)) for name in ("x12_850", "x12_quirks")]
    said = wharf("convert", "--summary", *folders)
    told = {one["file"]: one for one in said.lines}
    assert len(said.lines) == len(x12_files("x12_850", "x12_quirks")) and said.code == BAD_DATA
    assert (told["edinet__x12.850.issue135.edi"]["verdict"], told["edinet__x12.850.issue135.edi"]["right"]) == (
        "right",
        2,
    )
    assert told["edinet__x12.Issue101.edi"]["reasons"] == {"WH1206": 1}
    assert all(one["reasons"] for one in said.lines if one["verdict"] != "right")


def test_a_file_with_both_is_partly_right() -> None:
    found = summary(sample("x12_mixed/staedi__invoice810_po850_dual.edi"))
    assert (found.verdict, found.documents, found.reasons) == ("partly", ("S115921858",), {"WH1005": 2})


def test_the_files_of_a_folder_come_in_a_stable_order() -> None:
    assert list(files([sample("x12_850")])) == [sample(name) for name in x12_files("x12_850")]
