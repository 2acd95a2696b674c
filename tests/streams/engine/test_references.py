"""Reference data as rows, one view per tenant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import wire
from schemas.generated.reference_v1 import location, product
from schemas.guard import WireError
from schemas.topics import BadKey
from streams.engine.metrics import SKIPPED
from streams.engine.records import Record
from streams.engine.references import References, TenantReferences, index_name


def said(code: str, value: bytes | None = None, tenant: str = "acme", name: str = "Hall") -> Record:
    body = wire.encode("wharf.reference.v1.Location", location(code=code, name=name)) if value is None else value
    return Record("reference.locations", 0, 0, 0, f"{tenant}|{code}".encode(), body or None, [])


def test_a_row_is_named_by_topic_and_key() -> None:
    references = References()
    references.absorb(said("W1"))
    assert references.rows("acme").get("locations|W1")["code"] == "W1"


def test_a_later_record_replaces_the_earlier_one() -> None:
    references = References()
    references.absorb(said("W1", name="old"))
    references.absorb(said("W1", name="new"))
    assert [row["name"] for _, row in references.rows("acme").scan("locations|")] == ["new"]


def test_a_tombstone_removes() -> None:
    references = References()
    references.absorb(said("W1"))
    references.absorb(said("W1", value=b""))
    references.absorb(said("W9", value=b""))
    assert list(references.rows("acme").scan("")) == []


def test_tenants_do_not_see_each_other() -> None:
    references = References()
    references.absorb(said("W1", tenant="other"))
    assert references.rows("acme").get("locations|W1") is None


@pytest.mark.parametrize(
    "value", [b"junk", wire.encode("wharf.feeds.v1.DeliveryDue", {"reason": "", "order_key": "", "seq": 0})]
)
def test_bytes_that_are_no_reference_are_refused_and_the_older_version_stays(value: bytes) -> None:
    references = References()
    references.absorb(said("W1"))
    with pytest.raises(WireError):
        references.absorb(said("W1", value=value))
    assert references.rows("acme").get("locations|W1")["code"] == "W1"


@pytest.mark.parametrize("key", [None, b"", b"|W1", b"\xff|W1"])
def test_a_key_that_names_nobody_is_refused(key: bytes | None) -> None:
    with pytest.raises(BadKey):
        References().absorb(replace(said("W1"), key=key))


def test_what_cannot_be_read_is_counted_and_left_out() -> None:
    references, counted = References(), SKIPPED.labels("reference.locations")
    before = counted._value.get()
    references.take(said("W1"))
    references.take(said("W1", value=b"junk"))
    references.take(replace(said("W2"), key=None))
    assert [name for name, _ in references.rows("acme").scan("")] == ["locations|W1"]
    assert counted._value.get() - before == 2


Steps = list[tuple[str, str | None]]


@given(
    st.lists(st.tuples(st.text(max_size=3), st.sampled_from([None, "", "7", "8"])), max_size=20), st.text(max_size=2)
)
def test_a_scan_gives_all_rows_of_a_prefix_in_order(steps: Steps, prefix: str) -> None:
    view, model = TenantReferences(), dict[str, dict[str, str]]()
    for key, gtin in steps:
        record = None if gtin is None else {"gtin": gtin}
        view.put("products", key, record, ("gtin",))
        model.pop(key, None)
        if record is not None:
            model[key] = record
    named = {f"products|{key}": record for key, record in model.items()}
    assert list(view.scan(f"products|{prefix}")) == sorted(
        (name, row) for name, row in named.items() if name.startswith(f"products|{prefix}")
    )
    for gtin in ("7", "8"):
        found = [name.rpartition("|")[2] for name, _ in view.scan(index_name("products", "gtin", gtin))]
        assert len(found) == sum(row["gtin"] == gtin for row in model.values())


def test_a_product_is_found_by_its_newest_gtin_only() -> None:
    references = References()
    for gtin in ("00614141000012", "05412345000013"):
        body = wire.encode("wharf.reference.v1.Product", product(sku="A", gtin=gtin))
        references.absorb(Record("reference.products", 0, 0, 0, b"acme|A", body, []))
    rows = references.rows("acme")
    assert [list(rows.scan(index_name("products", "gtin", gtin))) for gtin in ("00614141000012", "00000000000000")] == [
        [],
        [],
    ]
    ((_, found),) = rows.scan(index_name("products", "gtin", "05412345000013"))
    assert found["sku"] == "A"
