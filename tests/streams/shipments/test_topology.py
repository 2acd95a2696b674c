"""Shipments over the log in memory: cut batches, lost decisions and the wire change nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.generated.shipments_v1 import ReportDispatch, report_dispatch
from streams.engine.driver import Topology
from streams.shipments import shipments
from tests.streams.shipments.dock import Dock, refs
from tests.streams.shipments.test_laws import STORY, Tale, arrivals

HOUR_MS = 3_600_000


class Recorder(Dock):
    """A dock that sends into a topology instead of deciding itself."""

    def __init__(self, topology: Topology) -> None:
        super().__init__()
        self.topology = topology
        topology.now = self.now

    def send(self, kind: str, record: Any) -> Any:
        self.topology.now += 1
        self.topology.send(kind, "", record)


def played(tales: list[Tale], seed: int | None = None) -> Topology:
    topology = Topology([shipments], seed=seed)
    recorder = Recorder(topology)
    for tale in tales:
        tale(recorder)
    topology.run()
    return topology


def told(topology: Topology, topic: str) -> list[tuple[str, str, Any]]:
    return [(one.envelope.id, one.type, one.record) for one in topology.log(topic)]


@settings(max_examples=20, deadline=None)
@given(arrivals, st.integers(0, 2**32))
def test_it_does_not_matter_where_a_batch_is_cut_or_a_worker_dies(tales: list[Tale], seed: int) -> None:
    calm, shaken = played(tales), played(tales, seed)
    for topic in ("shipments.events", "orders.commands", "inventory.commands"):
        assert told(calm, topic) == told(shaken, topic)
    assert calm.rows("shipments", "acme", "") == shaken.rows("shipments", "acme", "")


def test_two_tenants_never_meet() -> None:
    topology = Topology([shipments])
    recorder = Recorder(topology)
    recorder.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    topology.run()
    before = topology.rows("shipments", "acme", "")
    topology.send("shipment.report-dispatch", "", _dispatch(), tenant="rival")
    topology.run()
    assert topology.rows("shipments", "acme", "") == before
    assert [one.type for one in topology.log("shipments.events") if one.envelope.tenant == "rival"] == [
        "shipment.parked"
    ]


def test_timers_of_parked_facts_run_in_the_engine() -> None:
    topology = played([STORY[8]])
    topology.advance(HOUR_MS)
    assert [one.type for one in topology.log("shipments.events")] == ["shipment.parked", "shipment.unparked"]
    topology.advance(31 * 24 * HOUR_MS)
    assert topology.log("shipments.events")[-1].record["outcome"] == "given-up"
    assert {name.partition("|")[0] for name in topology.rows("shipments", "acme", "")} == {"event"}


def test_joined_facts_go_to_their_own_keys() -> None:
    topology = played(STORY)
    assert {one.key for one in topology.log("orders.commands")} == {"O-1", "O-2"}
    assert {one.key for one in topology.log("inventory.commands")} == {"WIDGET", "BOLT"}
    assert {one.key for one in topology.log("shipments.events")} == {""}


def test_facts_bear_the_receipt_of_the_report_that_they_were_decided_on() -> None:
    topology = Topology([shipments])
    topology.send("shipment.report-dispatch", "", _dispatch(), receipt="R/0")
    topology.run()
    assert [one.envelope.receipt for one in topology.log("shipments.events")] == ["R/0"]


def _dispatch() -> ReportDispatch:
    return report_dispatch(shipment="S-1", source="wms1", event_id="e", at=0, references=refs(number="P-1@portal"))
