"""What can be compiled is compiled where that is possible, once, and set-up never fails for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.house import compiled
from schemas.codec.compiled import SOURCE, artefact, load

SMALL = """
class Node:
    def __init__(self):
        self.answer = 42
"""
POSSIBLE = pytest.mark.skipif(bool(compiled.missing()), reason=f"there is {compiled.missing()}")


def test_the_line_in_the_project_names_the_codecs() -> None:
    assert compiled.wanted() == [SOURCE]


def test_without_the_line_nothing_is_compiled(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\nname = 'x'\n")
    assert compiled.wanted(project) == []


@POSSIBLE
def test_a_module_is_compiled_once_and_found_by_its_source(tmp_path: Path) -> None:
    source = tmp_path / "small.pyx"
    source.write_text(SMALL)
    assert "compiled (" in compiled.brought(source, tmp_path / "built")
    assert compiled.brought(source, tmp_path / "built") == "small.pyx: compiled"
    assert [path.name for path in (tmp_path / "built").iterdir()] == [artefact(source, tmp_path).name]


@POSSIBLE
def test_a_source_that_cannot_be_compiled_leaves_plain_python(tmp_path: Path) -> None:
    source = tmp_path / "broken.pyx"
    source.write_text("cdef int (")
    assert compiled.brought(source, tmp_path / "built").startswith("broken.pyx: plain Python")
    assert list((tmp_path / "built").iterdir()) == []


@pytest.mark.parametrize(("name", "value", "lacking"), [("CC", "no-such-compiler", "no C compiler"), ("CC", "sh", "")])
def test_a_machine_without_a_compiler_says_so(
    name: str, value: str, lacking: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, value)
    assert compiled.missing() == lacking
    if lacking:
        assert compiled.brought(SOURCE, tmp_path) == f"schemas/codec/native.pyx: plain Python, for there is {lacking}"


def test_what_is_no_module_is_not_loaded(tmp_path: Path) -> None:
    wrong = tmp_path / artefact(SOURCE, tmp_path).name
    wrong.write_bytes(b"\x7fELF")
    with pytest.raises(ImportError):
        load(wrong)
