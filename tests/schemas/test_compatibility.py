"""FULL compatibility: each of two releases can read what the other wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fastavro
import pytest

from schemas import archive, check, ids
from schemas.compatibility import problems
from schemas.loader import resolved


def record(*fields: dict[str, Any], name: str = "R") -> dict[str, Any]:
    return {"type": "record", "namespace": "n", "name": name, "fields": list(fields)}


def field(name: str, kind: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **more}


BASE = record(field("a", "string"), field("b", ["null", "long"], default=None))
DECIMAL = {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 6}
ALLOWED = [
    BASE,
    record(*BASE["fields"], field("c", "string", default="")),
    record(field("a", "string")),  # b has a default, so old readers can do without
    record(*reversed(BASE["fields"])),
]
REFUSED = [
    (record(*BASE["fields"], field("c", "string")), "no default"),
    (record(field("b", ["null", "long"], default=None)), "R.a: no default"),
    (record(field("a", "long"), BASE["fields"][1]), "R.a"),
    (record(BASE["fields"][0], field("b", ["null", "string"], default=None)), "R.b"),
    (record(field("a2", "string", aliases=["a"]), BASE["fields"][1]), "old readers"),
    (record(*BASE["fields"], name="S"), "record R"),
]


@pytest.mark.parametrize("new", ALLOWED)
def test_a_change_that_both_sides_can_read_is_allowed(new: Any) -> None:
    assert problems(BASE, new) == []


@pytest.mark.parametrize(("new", "says"), REFUSED)
def test_a_change_that_one_side_cannot_read_is_refused(new: Any, says: str) -> None:
    assert says in " ".join(problems(BASE, new))


def test_the_scale_of_a_decimal_may_not_change() -> None:
    old, new = record(field("p", DECIMAL)), record(field("p", {**DECIMAL, "scale": 4}))
    assert "decimal" in problems(old, new)[0]


def test_a_symbol_may_not_vanish_without_a_default() -> None:
    old = record(field("e", {"type": "enum", "name": "E", "symbols": ["A", "B"]}))
    new = record(field("e", {"type": "enum", "name": "E", "symbols": ["A"]}))
    assert "['B']" in problems(old, new)[0]


@pytest.mark.parametrize("new", ALLOWED)
def test_the_verdict_agrees_with_a_real_decoder(new: Any) -> None:
    """What is called compatible, fastavro can read both ways."""
    import io

    for writer, reader in ((BASE, new), (new, BASE)):
        out = io.BytesIO()
        fastavro.schemaless_writer(out, fastavro.parse_schema(writer, _force=True), {"a": "x", "b": 1})
        read = fastavro.schemaless_reader(io.BytesIO(out.getvalue()), writer, reader)
        assert read["a"] == "x"  # type: ignore[index,call-overload]


def test_the_contract_as_it_stands_has_no_findings() -> None:
    assert check.findings() == []


def test_a_release_is_compared_with_every_one_before_it(tmp_path: Path) -> None:
    old = resolved("wharf.inventory.v1.Reserve")
    old["fields"].append(field("gone", "string"))
    (tmp_path / "0.0.1.json").write_text(__import__("json").dumps([old]))
    assert any("gone" in line and "0.0.1" in line for line in check.findings(tmp_path))


def test_a_record_that_was_released_may_not_vanish(tmp_path: Path) -> None:
    (tmp_path / "0.0.1.json").write_text(__import__("json").dumps([BASE]))
    assert "against 0.0.1: n.R is gone" in check.findings(tmp_path)


def test_a_frozen_release_is_compatible_with_itself(tmp_path: Path) -> None:
    archive.freeze("9.9.9", tmp_path)
    assert check.findings(tmp_path) == []
    with pytest.raises(FileExistsError):
        archive.freeze("9.9.9", tmp_path)


def test_releases_are_ordered_by_number_and_not_by_text(tmp_path: Path) -> None:
    for version in ("0.10.0", "0.9.0"):
        (tmp_path / f"{version}.json").write_text("[]")
    assert [path.stem for path in archive.releases(tmp_path)] == ["0.9.0", "0.10.0"]


def test_docs_do_not_change_a_schemas_id() -> None:
    plain, documented = record(field("a", "string")), record(field("a", "string", doc="said"))
    assert ids.content_id(plain) == ids.content_id(documented)


def test_a_default_changes_a_schemas_id() -> None:
    assert ids.content_id(record(field("a", "int", default=1))) != ids.content_id(record(field("a", "int", default=2)))


def test_ids_lie_above_those_of_a_registry() -> None:
    assert all(ids.BASE <= schema_id < 2 * ids.BASE for schema_id in ids.known())
