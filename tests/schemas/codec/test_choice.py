"""A process uses the compiled codecs where they are built, plain Python elsewhere, or what WHARF_CODEC says."""

from __future__ import annotations

import linecache
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from schemas import codec, wire
from schemas.codec import compiled
from schemas.codec.plain import PlainCodec, source
from schemas.codec.values import Refused
from schemas.loader import resolved
from schemas.settings import CodecKind
from tests.schemas.codec.support import BUILT, HEADER, KINDS, REFUSALS, made, plan, record, using

LINE = "wharf.orders.v1.LineState"


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a compiler."""
    monkeypatch.setattr(compiled, "node_class", lambda: None)


@BUILT
def test_what_is_built_is_used() -> None:
    with using("auto"):
        assert codec.kind() is CodecKind.COMPILED
        assert type(codec.codec_of(resolved(LINE))) is compiled.node_class()


def test_threads_that_meet_their_first_record_together_load_the_module_once(monkeypatch: pytest.MonkeyPatch) -> None:
    together, loads = threading.Barrier(2), list[Path]()

    def load(path: Path) -> SimpleNamespace:
        loads.append(path)
        with suppress(threading.BrokenBarrierError):
            together.wait(0.2)  # for another thread that loads, if there is one
        return SimpleNamespace(Node=object)

    monkeypatch.setattr(compiled, "load", load)
    monkeypatch.setattr(compiled, "_loaded", cache(compiled._loaded.__wrapped__))
    monkeypatch.setattr(compiled, "artefact", lambda: compiled.SOURCE)
    with ThreadPoolExecutor(2) as threads:
        found = [told.result() for told in [threads.submit(compiled.node_class) for _ in range(2)]]
    assert (found, len(loads)) == ([object, object], 1)


@pytest.mark.usefixtures("unbuilt")
def test_without_a_compiler_plain_python_does_it() -> None:
    with using("auto"):
        assert codec.kind() is CodecKind.PYTHON
        assert isinstance(codec.codec_of(resolved(LINE)), PlainCodec)


@pytest.mark.usefixtures("unbuilt")
def test_who_asks_for_the_compiled_codecs_is_told_that_they_are_missing() -> None:
    with using("compiled"), pytest.raises(codec.CodecMissing, match="ops/house/setup"):
        wire.encode(LINE, {})


@pytest.mark.parametrize("kind", ["python", "fastavro"])
def test_what_is_asked_for_is_used(kind: str) -> None:
    with using(kind):
        assert codec.kind() == kind
        assert (codec.codec_of(resolved(LINE)) is None) == (kind == "fastavro")


def test_a_codec_that_does_not_exist_is_a_wrong_setting() -> None:
    with using("rust"), pytest.raises(ValidationError, match="codec"):
        codec.kind()


def test_a_changed_source_is_another_module(tmp_path: Path) -> None:
    for path in compiled.sources():
        shutil.copy(path, tmp_path)
    copied = tmp_path / compiled.SOURCE.name
    assert compiled.artefact(copied) == compiled.artefact()
    changed = tmp_path / "native_reading.pxi"
    changed.write_text(changed.read_text() + "\n")
    assert compiled.artefact(copied) != compiled.artefact()


def test_the_written_source_can_be_looked_at() -> None:
    shown = subprocess.run([sys.executable, "-m", "schemas.codec", LINE], capture_output=True, text=True, check=True)
    assert shown.stdout == source(plan(LINE))
    assert "def decode_wharf_orders_v1_LineState(data, at):" in shown.stdout


def test_a_traceback_shows_the_written_line() -> None:
    with pytest.raises(Refused) as caught:
        PlainCodec(plan(LINE)).encode(HEADER, [])
    last = caught.traceback[-1]
    assert linecache.getline(str(last.frame.code.raw.co_filename), last.lineno + 1).strip() == "raise Refused"


@pytest.mark.parametrize("kind", KINDS)
def test_within_an_optional_true_is_no_long_and_a_record_may_name_its_type(kind: CodecKind) -> None:
    inner = made(record(["null", record("long", name="Inner")]), kind)
    assert inner.encode(b"", {"f0": {"f0": 1}}) == b"\x02\x02"
    for odd in (True, 2.0):
        with pytest.raises(REFUSALS):
            inner.encode(b"", {"f0": {"f0": odd}})
    with pytest.raises(Refused):
        inner.encode(b"", {"f0": {"f0": 1, "-type": "n.Other"}})
