"""Layers: what one message changes lies over what its batch changed, and that over the store."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import wire
from schemas.generated.reference_v1 import location
from tables.store_layer import (
    ENGINE_KINDS,
    BadRow,
    Layer,
    NoState,
    ScopeRows,
    UndeclaredRow,
    is_engines_key,
    split_state_key,
    state_key,
)
from tables.store_memory import MemoryStore
from tables.table import Table

TABLE = Table("toy", {"loc": "wharf.reference.v1.Location"}, lambda kind, record, rows: {})


def layer_over(*codes: str) -> Layer:
    """A layer over a store that holds one row per code."""
    store = MemoryStore()
    store.write(
        {state_key("acme|A", f"loc|{code}"): wire.encode(TABLE.kinds["loc"], location(code=code)) for code in codes}
    )
    return Layer(store)


def names(layer: Layer, prefix: str = "") -> list[str]:
    return [name for name, _ in layer.scan("acme|A", prefix)]


def test_a_changed_row_hides_the_one_beneath() -> None:
    layer = layer_over("W1")
    layer.put(TABLE, "acme|A", {"loc|W1": location(code="new")})
    assert layer.get("acme|A", "loc|W1")["code"] == "new"


def test_a_deleted_row_hides_the_one_beneath() -> None:
    layer = layer_over("W1", "W2")
    layer.put(TABLE, "acme|A", {"loc|W1": None})
    assert (layer.get("acme|A", "loc|W1"), names(layer)) == (None, ["loc|W2"])


def test_a_scan_merges_new_rows_in_the_order_of_their_names() -> None:
    layer = layer_over("W1", "W3")
    layer.put(TABLE, "acme|A", {"loc|W2": location(code="W2"), "loc|W0": location(code="W0")})
    assert names(layer) == ["loc|W0", "loc|W1", "loc|W2", "loc|W3"]
    assert names(layer, "loc|W2") == ["loc|W2"]


def test_other_scopes_are_not_seen() -> None:
    layer = layer_over()
    layer.put(TABLE, "acme|B", {"loc|W1": location(code="W1")})
    assert (layer.get("acme|A", "loc|W1"), names(layer)) == (None, [])


def test_a_dropped_layer_leaves_nothing_behind() -> None:
    batch = layer_over("W1")
    Layer(batch).put(TABLE, "acme|A", {"loc|W1": None})
    assert names(batch) == ["loc|W1"]
    assert batch.changes == {}


def test_a_merged_layer_is_part_of_the_one_beneath() -> None:
    batch = layer_over("W1")
    message = Layer(batch)
    message.put(TABLE, "acme|A", {"loc|W1": None, "loc|W2": location(code="W2")})
    batch.merge(message)
    assert names(batch) == ["loc|W2"]
    assert set(batch.encoded()) == {b"acme|A\x1floc|W1", b"acme|A\x1floc|W2"}


def test_a_row_reads_the_same_before_and_after_it_is_written() -> None:
    layer = layer_over()
    layer.put(TABLE, "acme|A", {"loc|W1": {"code": "W1", "name": "", "extra": (1, 2)}})  # more and less than the schema
    store = MemoryStore()
    store.write(layer.encoded())
    assert layer.get("acme|A", "loc|W1") == store.get("acme|A", "loc|W1") == location(code="W1")


def test_the_layers_of_a_batch_decode_a_row_once() -> None:
    batch = layer_over()
    message = Layer(batch)
    message.put(TABLE, "acme|A", {"loc|W1": location(code="W1")})
    read = message.get("acme|A", "loc|W1")
    batch.merge(message)
    assert Layer(batch).get("acme|A", "loc|W1") is read
    assert [row for _, row in batch.scan("acme|A", "")] == [read]


def test_a_row_that_is_changed_again_is_decoded_again() -> None:
    layer = layer_over()
    for code in ("old", "new"):
        layer.put(TABLE, "acme|A", {"loc|W1": location(code=code)})
        assert layer.get("acme|A", "loc|W1")["code"] == code


def test_rows_taken_after_a_scan_are_in_the_next_one_in_their_place() -> None:
    layer = layer_over()
    for code in ("W2", "W0", "W1", "W0"):
        layer.put(TABLE, "acme|A", {f"loc|{code}": location(code=code)})
        assert names(layer, "loc|W") == sorted(names(layer, "loc|W"))
    assert names(layer, "loc|W1") == ["loc|W1"]
    assert names(layer) == ["loc|W0", "loc|W1", "loc|W2"]


def test_a_name_of_the_last_of_all_characters_is_found_too() -> None:
    layer = layer_over()
    odd = ["loc|\U0010ffff", "loc|\U0010ffffx", "loc|a"]
    layer.put(TABLE, "acme|A", {name: location(code="x") for name in odd})
    assert names(layer, "loc|") == sorted(odd)
    assert names(layer, "loc|\U0010ffff") == odd[:2]


def test_the_first_changed_row_is_found_without_decoding_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    layer, read = layer_over(), list[bytes]()
    layer.put(TABLE, "acme|A", {f"loc|{number:03d}": location(code=str(number)) for number in range(200)})
    decode = wire.decode
    monkeypatch.setattr(wire, "decode", lambda raw: read.append(raw) or decode(raw))
    assert next(layer.scan("acme|A", "loc|"))[0] == "loc|000"
    assert len(read) == 1


def test_a_scan_of_few_rows_does_not_read_the_many_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = layer_over()
    layer.put(TABLE, "acme|A", {f"loc|{number:04d}": location(code="x") for number in range(2_000)})
    assert len(names(layer, "loc|1")) == 1_000
    read: list[bytes] = []
    monkeypatch.setattr(layer, "decoded", {})
    decode = wire.decode
    monkeypatch.setattr(wire, "decode", lambda raw: read.append(raw) or decode(raw))
    assert names(layer, "loc|0007") == ["loc|0007"]
    assert len(read) == 1


def test_a_row_of_no_declared_kind_is_refused() -> None:
    with pytest.raises(UndeclaredRow, match="'place'"):
        layer_over().put(TABLE, "acme|A", {"place|W1": location(code="W1")})


def test_a_row_that_does_not_fit_its_schema_is_refused_and_nothing_of_it_kept() -> None:
    layer = layer_over()
    with pytest.raises(wire.BadRecord):
        layer.put(TABLE, "acme|A", {"loc|W1": location(code="W1"), "loc|W2": {"code": 7}})
    assert layer.changes == {}


@pytest.mark.parametrize(("scope", "name"), [("acme|A\x1fB", "loc|W1"), ("acme|A", "loc|\ud800")])
def test_a_row_whose_key_could_not_be_read_back_is_refused(scope: str, name: str) -> None:
    with pytest.raises(BadRow):
        layer_over().put(TABLE, scope, {name: location(code="W1")})


def test_decisions_do_not_see_the_engines_timers() -> None:
    layer = layer_over("W1")
    layer.changes["acme|A"] = {"timer|hold": wire.encode(TABLE.kinds["loc"], location(code="t"))}
    assert [name for name, _ in ScopeRows(layer, "acme|A").scan("")] == ["loc|W1"]


def test_without_a_table_there_is_nothing() -> None:
    assert (NoState().get("acme", "a"), list(NoState().scan("acme", ""))) == (None, [])


text = st.text(alphabet=st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]))


@given(text, text)
def test_a_state_key_says_scope_and_name(scope: str, name: str) -> None:
    assert split_state_key(state_key(scope, name)) == (scope, name)


changes = st.lists(st.tuples(st.sampled_from("123"), st.none() | st.sampled_from("xyz"), st.booleans()), max_size=12)


@given(changes)
def test_layers_read_as_if_each_change_were_written_at_once(steps: list[tuple[str, str | None, bool]]) -> None:
    model: dict[str, str] = {}
    store = MemoryStore()
    layer = Layer(store)
    for number, code, commit in steps:
        name = f"loc|{number}"
        upper = Layer(layer)
        upper.put(TABLE, "acme|A", {name: None if code is None else location(code=code)})
        layer.merge(upper)
        if code is None:
            model.pop(name, None)
        else:
            model[name] = code
        if commit:
            store.write(layer.encoded())
            layer = Layer(store)
        assert {found: record["code"] for found, record in layer.scan("acme|A", "")} == model
        assert names(layer, "loc|2") == [found for found in model if found == "loc|2"]


@pytest.mark.parametrize("kind", ENGINE_KINDS)
def test_a_state_key_tells_the_engines_rows_from_an_agents(kind: str) -> None:
    assert is_engines_key(state_key("acme|A", f"{kind}|x"))
    assert not is_engines_key(state_key("acme|A", f"loc|{kind}|x"))
    assert not is_engines_key(state_key(f"{kind}|A", "loc"))
