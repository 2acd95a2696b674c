"""Every number explains itself: its terms add up to it, and its events account for it, whatever happened before."""

from __future__ import annotations

import pytest
from hypothesis import given

from schemas.envelope import Envelope
from streams.engine.effects import Effects
from tables.inventory.availability import availability
from tables.inventory.evidence import Evidence, Grounds
from tables.inventory.explanation import DoesNotAddUp, Explanation, add_up, explain, known_channels
from tables.inventory.reasons import Term
from tables.inventory.shadow import Shadow
from tests.streams.inventory.shelf import SKU, Shelf
from tests.streams.inventory.world import CHANNELS, Command, days

EVERYBODY = (*CHANNELS, "", "elsewhere")


class Watched(Shelf):
    """A shelf whose facts a shadow takes as well, as the log would tell them."""

    def __init__(self, **on_hand: int) -> None:
        self.shadow, self.told = Shadow(Evidence()), list[tuple[Envelope, object]]()
        super().__init__(**on_hand)

    def send(self, kind: str, record: object, **more: object) -> Effects:  # type: ignore[override]
        effects = super().send(kind, record, **more)  # type: ignore[arg-type]
        for index, fact in enumerate(effects.facts):
            if "seq" in fact.record:
                name = f"e-{self.stage.sent}.{index}"
                envelope = Envelope(name, fact.type, "wharf/inventory", "acme", self.stage.now)
                self.told.append((envelope, fact.record))
                self.shadow.take(envelope, fact.record)
        return effects

    def explained(self, channel: str = "portal") -> Explanation:
        return explain(SKU, self.shadow, channel)

    def term(self, code: str, channel: str = "portal") -> Term:
        [found] = [term for term in self.explained(channel).terms if term.code == code]
        return found


def after(day: list[Command]) -> Watched:
    shelf = Watched()
    for kind, record in day:
        shelf.send(kind, record)
    return shelf


@given(days)
def test_the_terms_add_up_to_what_each_channel_is_offered(day: list[Command]) -> None:
    shelf = after(day)
    shown = availability(SKU, shelf.shadow.sku)
    offers = {offer["channel"]: offer["quantity"] for offer in shown["channels"]}
    for channel in EVERYBODY:
        explained = shelf.explained(channel)
        assert sum(term.amount for term in explained.terms) == explained.quantity
        assert explained.quantity == offers.get(channel, shown["default_quantity"])


@given(days)
def test_what_readers_are_told_is_withheld_makes_their_number(day: list[Command]) -> None:
    shown = availability(SKU, after(day).shadow.sku)
    everywhere = sum(place["free"] for place in shown["locations"])
    for offer in shown["channels"]:
        assert everywhere + sum(offer["withheld"].values()) == offer["quantity"]


@given(days)
def test_the_shadow_is_what_production_keeps(day: list[Command]) -> None:
    shelf = after(day)
    assert shelf.shadow.rows.rows == shelf.rows


@given(days)
def test_the_events_behind_a_figure_account_for_it(day: list[Command]) -> None:
    shelf = after(day)
    evidence = shelf.shadow.evidence
    assert evidence is not None
    for location, position in shelf.shadow.sku["positions"].items():
        events = evidence.on_hand.get(location, Grounds()).events()
        assert sum(event.quantity or 0 for event in events) == position["on_hand"]
    for row in shelf.shadow.holds():
        events = tuple(evidence.ledger[row["holder"], row["line"], row["location"]])
        assert sum(event.quantity or 0 for event in events) == row["reserved"] + row["allocated"]
    assert len(evidence.ledger) == len(shelf.shadow.holds())


@given(days)
def test_a_log_that_is_read_twice_tells_the_same(day: list[Command]) -> None:
    shelf = after(day)
    before = shelf.explained()
    for envelope, record in shelf.told:
        shelf.shadow.take(envelope, record)
    assert shelf.explained() == before


def test_a_count_stands_for_all_that_it_has_inside() -> None:
    shelf = Watched()
    shelf.report("received", "DC1", 5)
    shelf.count("DC1", 120, sequence=88)
    shelf.report("received", "DC1", 3)
    term = shelf.term("on_hand")
    assert [event.type for event in term.events] == ["inventory.counted", "inventory.received"]
    assert (term.amount, term.events[0].sequence, term.events[0].source) == (123, 88, "wms")
    assert "wms #88 counted 120" in term.detail and "1 movements since" in term.detail


def test_a_count_that_comes_late_stands_beside_what_moved_after_it() -> None:
    shelf = Watched()
    shelf.report("received", "DC1", 5, as_of=shelf.stage.now)
    shelf.count("DC1", 10, as_of=shelf.stage.now - 1_000)
    assert [event.quantity for event in shelf.term("on_hand").events] == [10, 5]


def test_a_hold_is_explained_by_whom_it_is_for_and_by_what_made_it() -> None:
    shelf = Watched(DC1=10)
    shelf.reserve("PO-1", {"1": 4})
    shelf.reserve("CART", {"1": 2}, holder_kind="cart", channel="mkt")
    explained = shelf.explained()
    assert [(held.row["holder"], held.kind, held.channel) for held in explained.ledger] == [
        ("CART", "cart", "mkt"),
        ("PO-1", "order", "portal"),
    ]
    assert (shelf.term("reserved_order").amount, shelf.term("reserved_cart").amount) == (-4, -2)
    assert [event.type for event in shelf.term("reserved_order").events] == ["inventory.reserved"]
    assert explained.quantity == 4


def test_a_hold_that_was_given_back_explains_nothing_any_more() -> None:
    shelf = Watched(DC1=10)
    shelf.reserve("PO-1", {"1": 4})
    shelf.release("PO-1")
    assert [term.code for term in shelf.explained().terms] == ["on_hand"]
    assert shelf.explained().ledger == ()


def test_classes_name_the_event_that_set_them_aside() -> None:
    shelf = Watched(DC1=10)
    shelf.report("damaged", "DC1", 2)
    term = shelf.term("unsellable_damaged")
    assert (term.amount, [event.type for event in term.events]) == (-2, ["inventory.adjusted"])


def test_rules_name_the_event_that_set_them() -> None:
    shelf = Watched(DC1=10)
    shelf.rules(safety={"DC1": 3}, channels=({"channel": "portal", "units": 2},))
    assert {term.code: term.amount for term in shelf.explained().terms} == {
        "on_hand": 10,
        "safety_fixed": -3,
        "channel_units": -2,
    }
    assert [event.type for event in shelf.term("channel_units").events] == ["inventory.rules.set"]


def test_what_is_no_part_of_the_number_is_told_beside_it() -> None:
    shelf = Watched(DC1=10)
    shelf.rules(authorities={"DC1": "wms"}, channels=({"channel": "portal", "backorder_limit": 5},))
    shelf.count("DC1", 8, source="erp")
    shelf.announce("PO-77", 50, shelf.stage.now + 86_400_000)
    beside = {term.code: term.detail for term in shelf.explained().terms if not term.amount}
    assert beside["not_authority"].startswith("erp says 8 at DC1")
    assert beside["future_supply"].startswith("50 to come to DC1: PO-77")
    assert beside["backorder_allowance"] == "5 more may wait for stock"


def test_channels_are_known_by_their_rules_and_by_their_holds() -> None:
    shelf = Watched(DC1=10)
    shelf.rules(channels=({"channel": "portal"},))
    shelf.reserve("PO-1", {"1": 1}, channel="mkt")
    assert known_channels(shelf.shadow.sku, shelf.shadow.evidence or Evidence()) == {"portal", "mkt"}


def test_terms_that_do_not_add_up_are_a_defect_that_says_so() -> None:
    with pytest.raises(DoesNotAddUp, match="7 is offered, and the terms make 6"):
        add_up(7, [10, -4])
