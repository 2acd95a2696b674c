"""What codecs cost is told record by record, with the ratio to fastavro."""

from __future__ import annotations

import pytest

from ops.bench import codec
from ops.bench.codec import Took
from schemas import wire
from schemas.generated import orders_v1
from schemas.settings import CodecKind

LINE = "wharf.orders.v1.LineState"


@pytest.fixture(scope="module")
def messages() -> codec.Samples:
    lines = (orders_v1.line_state(line=str(number), sku="A", ordered=number) for number in range(3))
    return {LINE: [wire.encode(LINE, line) for line in lines]}


def test_every_kind_that_is_here_is_measured(messages: codec.Samples) -> None:
    found = codec.measure(LINE, messages[LINE], rounds=2)
    assert list(found) == codec.kinds()
    assert all(took.encode_us > 0 and took.decode_us > 0 for took in found.values())


def test_a_row_says_size_cost_and_how_many_times_quicker(messages: codec.Samples) -> None:
    took = {kind: Took(8.0, 6.0) for kind in codec.kinds()} | {CodecKind.PYTHON: Took(2.0, 3.0)}
    row = list(codec.table({LINE: took}, messages).rows[0])
    assert row[:2] == ["orders.v1.LineState", str(len(messages[LINE][0]))]
    assert row[2:4] == ["8.00", "2.00 (4.0×)"]
    assert row[2 + len(took) : 4 + len(took)] == ["6.00", "3.00 (2.0×)"]


def test_a_played_day_has_messages_of_what_it_decodes_most() -> None:
    found = codec.samples(2, [LINE, "wharf.orders.v1.StockAnswer", "wharf.dead.v1.CommandDied"])
    assert set(found) == {LINE, "wharf.orders.v1.StockAnswer"}
    assert {wire.decode(data)[0] for data in found[LINE]} == {LINE}
