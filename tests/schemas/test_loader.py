"""What the records' files say besides their fields."""

from __future__ import annotations

import pytest

from schemas.loader import indexed_on, names_on, records


def test_a_product_is_also_looked_up_by_its_gtin() -> None:
    assert indexed_on("reference.products") == ("gtin",)
    assert indexed_on("reference.locations") == ()


@pytest.mark.parametrize("topic", sorted({record.topic for record in records().values() if record.topic}))
def test_only_texts_of_reference_data_are_indexed(topic: str) -> None:
    """Empty is not indexed, and a row's name is text."""
    fields = {field["name"]: field for name in names_on(topic) for field in records()[name].raw["fields"]}
    assert all(topic.startswith("reference.") and fields[name]["type"] == "string" for name in indexed_on(topic))
