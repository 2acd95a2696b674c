"""A stateful test against a model that knows totals only: on hand, who holds how much, who waits in which order."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.streams.inventory.shelf import Shelf
from tests.streams.inventory.world import check_books, check_told, check_wire

LOCATIONS = ("DC1", "YARD", "3PL")
HOLDERS = ("A", "B", "C", "D")
locations, holders, units = st.sampled_from(LOCATIONS), st.sampled_from(HOLDERS), st.integers(1, 9)


class Warehouse(RuleBasedStateMachine):
    """Counts, receipts, orders with and without backorder, the way to the warehouse and out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf(**dict.fromkeys(LOCATIONS, 0))
        self.on_hand = 0
        self.held = dict.fromkeys(HOLDERS, 0)
        self.attempt = dict.fromkeys(HOLDERS, 0)
        self.queue: dict[str, int] = {}

    def free(self) -> int:
        return self.on_hand - sum(self.held.values())

    def serve(self) -> None:
        for holder in list(self.queue):
            got = min(self.queue[holder], self.free())
            self.held[holder] += got
            self.queue[holder] -= got
            if not self.queue[holder]:
                del self.queue[holder]

    @rule(location=locations, quantity=units)
    def goods_come_in(self, location: str, quantity: int) -> None:
        self.shelf.report("received", location, quantity)
        self.on_hand += quantity
        self.serve()

    @rule(holder=holders, quantity=units, wait=st.booleans())
    def somebody_orders(self, holder: str, quantity: int, wait: bool) -> None:
        self.attempt[holder] += 1
        self.shelf.reserve(holder, {"1": quantity}, attempt=self.attempt[holder], wait=wait)
        got = min(quantity, self.free())
        self.held[holder] += got
        if wait and quantity > got:
            self.queue[holder] = self.queue.get(holder, 0) + quantity - got
        [answer] = self.shelf.answers()
        assert sum(line["reserved"] + line["allocated"] for line in answer["lines"]) == self.held[holder]

    @rule(holder=holders)
    def an_order_is_sent_again(self, holder: str) -> None:
        before = self.shelf.available()
        self.shelf.reserve(holder, {"1": 9}, attempt=self.attempt[holder])
        assert (self.shelf.available(), len(self.shelf.facts("inventory.ignored"))) == (before, 1) or not self.attempt[
            holder
        ]

    @rule(holder=holders)
    def somebody_cancels(self, holder: str) -> None:
        self.shelf.release(holder, attempt=self.attempt[holder])
        self.held[holder] = 0
        self.queue.pop(holder, None)
        self.attempt[holder] += 1
        self.shelf.release(holder, attempt=self.attempt[holder])  # closes the attempt that is still on its way
        self.serve()

    @rule(holder=holders)
    def somebodys_stock_goes_to_the_warehouse(self, holder: str) -> None:
        self.shelf.allocate(holder, attempt=self.attempt[holder])

    @precondition(lambda self: any(self.held.values()))
    @rule(data=st.data())
    def goods_leave(self, data: st.DataObject) -> None:
        rows = [row for name, row in sorted(self.shelf.rows.items()) if name.startswith("hold|")]
        row = data.draw(st.sampled_from(rows))
        leaving = data.draw(st.integers(1, row["reserved"] + row["allocated"]))
        self.shelf.ship(row["holder"], leaving, row["location"])
        self.held[row["holder"]] -= leaving
        self.on_hand -= leaving

    @rule(location=locations)
    def somebody_counts_what_is_there(self, location: str) -> None:
        self.shelf.count(location, self.shelf.position(location)["on_hand"])

    @rule(quantity=units)
    def goods_move_between_locations(self, quantity: int) -> None:
        spare = min(quantity, max(0, self.shelf.net("DC1")))
        if spare:
            self.shelf.report("transferred", "DC1", spare, to_location="YARD")

    @invariant()
    def it_agrees_with_the_model(self) -> None:
        assert {holder: self.shelf.held(holder) for holder in HOLDERS} == self.held
        assert self.shelf.available() == self.free() >= 0
        assert self.shelf.rows["sku"]["waiting"] == sum(self.queue.values())

    @invariant()
    def its_books_are_in_order(self) -> None:
        check_books(self.shelf)
        check_told(self.shelf, self.shelf.effects)
        check_wire(self.shelf, self.shelf.effects)


TestWarehouse = Warehouse.TestCase
TestWarehouse.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_the_model_serves_by_age_too() -> None:
    """The model is shown to be able to disagree: it would notice a queue served from its end."""
    model = Warehouse()
    model.somebody_orders("A", 2, wait=True)
    model.somebody_orders("B", 2, wait=True)
    model.goods_come_in("DC1", 3)
    assert (model.held["A"], model.held["B"]) == (2, 1)
    model.it_agrees_with_the_model()
