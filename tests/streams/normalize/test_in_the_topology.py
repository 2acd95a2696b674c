"""Normalize on the engine: what its receipt promises is what the log holds, id for id."""

from __future__ import annotations

import json

import pytest

from schemas.generated import channel_v1 as channel
from streams.engine.driver import Topology
from streams.normalize import normalize
from tests.adapters.channels.x12_text import interchange, order_850, po1
from tests.streams.normalize.desk import BOOKS, document, portal_order

EVENTS = {
    "products": "reference.product",
    "cross-references": "reference.cross-reference",
    "partners": "reference.partner",
    "customers": "reference.customer",
}


@pytest.fixture
def topology() -> Topology:
    """Normalize with the usual books, told by their topics."""
    made = Topology([normalize])
    for name, record in BOOKS.items():
        kind, _, key = name.partition("|")
        made.send(EVENTS[kind], key, record)
    made.run()
    return made


def handed_in(topology: Topology, record: channel.Document) -> None:
    topology.send("channel.document", record["sender"], record, channel=record["channel"])
    topology.run()


def test_the_receipt_names_the_commands_that_were_written(topology: Topology) -> None:
    text = interchange(
        order_850("1", po1()), order_850("2", po1("1", "-1"), control="0002"), order_850("3", po1(), control="0003")
    )
    handed_in(topology, document(text.encode(), "documents", "edi"))
    (receipt,) = topology.log("channel.receipts")
    written = [
        (one.envelope.id, one.envelope.receipt, one.record["order_id"]) for one in topology.log("orders.commands")
    ]
    assert written == [(part["command_id"], f"R/{part['index']}", part["order_id"]) for part in receipt.record["parts"]]
    assert [problem["document"] for problem in receipt.record["problems"]] == ["2"]


def test_a_bad_document_does_not_hold_up_the_next_one(topology: Topology) -> None:
    handed_in(topology, document(b"\xff{{{", "orders"))
    handed_in(topology, document(portal_order()))
    assert [one.record["state"] for one in topology.log("channel.receipts")] == ["rejected", "accepted"]
    assert len(topology.log("orders.commands")) == 1 and topology.dead("channel.documents") == []


def test_reference_data_that_came_before_a_document_is_seen_by_it(topology: Topology) -> None:
    body = portal_order({"line": "1", "product": {"sku": "NEW"}, "quantity": "1"})
    handed_in(topology, document(body))
    topology.send("reference.product", "NEW", {**BOOKS["products|WIDGET-A"], "sku": "NEW"})
    handed_in(topology, document(body))
    problems = [one.record["content"]["lines"][0]["problem"] for one in topology.log("orders.commands")]
    assert problems == ["item_unmapped", ""]


def test_a_command_keeps_tenant_channel_and_correlation(topology: Topology) -> None:
    handed_in(topology, document(json.dumps(portal_order()).encode()))
    (command,), (source,) = topology.log("orders.commands"), topology.log("channel.documents")
    assert (command.envelope.channel, command.envelope.causation) == ("portal", source.envelope.id)
    assert command.envelope.tenant == source.envelope.tenant
