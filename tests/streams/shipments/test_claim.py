from __future__ import annotations

from tests.streams.shipments.dock import Dock
from tests.support.stage import asks, facts


def outcomes(dock: Dock) -> list[tuple[str, str, str]]:
    return [(one["order_id"], one["value"], one["outcome"]) for one in dock.told("order.claim-answer")]


def test_a_free_number_is_granted() -> None:
    dock = Dock()
    dock.claim("O-1", number="P-1@portal", po="4711")
    assert outcomes(dock) == [("O-1", "P-1", "granted"), ("O-1", "4711", "granted")]


def test_the_same_customers_number_over_two_channels_is_taken() -> None:
    dock = Dock()
    dock.claim("O-1", channel="portal", po="4711@portal")
    effects = dock.claim("O-2", channel="field", po="4711@field")
    assert asks(effects, "order.claim-answer")[0]["holder"] == "O-1"
    assert outcomes(dock)[-1] == ("O-2", "4711", "taken")


def test_two_customers_may_use_the_same_number() -> None:
    dock = Dock()
    dock.claim("O-1", customer="A", po="4711")
    dock.claim("O-2", customer="B", po="4711")
    assert outcomes(dock)[-1] == ("O-2", "4711", "granted")


def test_claiming_again_is_granted_again_and_adds_the_erp_number() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    dock.claim("O-1", number="P-1@portal", erp_number="SO-9")
    dock.dispatch("S-1", "1 WIDGET 24", erp_number="SO-9")
    assert [one["outcome"] for one in dock.told("order.claim-answer")] == ["granted"] * 3
    assert [fact["order_id"] for fact in dock.told("order.shipment-fact")] == ["O-1"]


def test_a_taken_number_leads_to_its_holder_only() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 1", po="4711")
    dock.claim("O-2", "1 WIDGET 1", po="4711")
    dock.dispatch("S-1", "1 WIDGET 1", po="4711")
    assert [fact["order_id"] for fact in dock.told("order.shipment-fact")] == ["O-1"]


def test_a_partners_number_is_found_by_its_channel_too() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 1", channel="edi", number="4500017@RETX")
    dock.dispatch("S-1", "1 WIDGET 1", number="4500017@edi")
    dock.dispatch("S-2", "1 WIDGET 1", number="4500017@RETX")
    assert [fact["shipment"] for fact in dock.told("order.shipment-fact")] == ["S-1", "S-2"]


def test_every_claim_is_a_fact_with_what_was_taken() -> None:
    dock = Dock()
    dock.claim("O-1", po="4711")
    claimed = facts(dock.claim("O-2", po="4711", number="P-2@portal"), "shipment.references.claimed")[0]
    assert [one["value"] for one in claimed["taken"]] == ["4711"]
    assert [one["value"] for one in claimed["references"]] == ["O-2", "P-2"]


def test_answers_go_to_the_order_on_its_own_channel() -> None:
    effects = Dock().claim("O-1", channel="field", number="F-77@field")
    assert [(ask.key, ask.channel) for ask in effects.asks] == [("O-1", "field")]


def test_a_changed_order_tells_its_lines_anew_and_keeps_what_was_shipped() -> None:
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24")
    dock.dispatch("S-1", "1 WIDGET 4", order_id="O-1")
    dock.claim("O-1", "1 WIDGET 12", "2 BOLT 5")
    lines = [row for name, row in dock.rows.items() if name.startswith("line|O-1")]
    assert [(line["line"], line["quantity"], line["shipped"]) for line in lines] == [("1", 12, 4), ("2", 5, 0)]
