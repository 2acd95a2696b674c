"""A stateful test of the running topology: orders and SKUs behind their mailboxes, through the codec, with timers."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tables.inventory.position import net
from tests.streams.inventory.test_with_orders import MOMENTS, ORDERS, SKUS, Trade
from tests.streams.inventory.world import check_books


class Trading(RuleBasedStateMachine):
    """Orders come, change, are cut and cancelled; goods come and go; time passes; at times nobody has decided yet."""

    def __init__(self) -> None:
        super().__init__()
        self.trade = Trade(seed=1)

    @rule(moment=st.sampled_from(MOMENTS), order=st.sampled_from(ORDERS), seed=st.integers(0, 999))
    def something_happens(self, moment: str, order: str, seed: int) -> None:
        self.trade.draw.seed(seed)
        self.trade.happen(moment, order)

    @rule()
    def all_that_was_sent_is_decided(self) -> None:
        self.trade.topology.run()

    @rule(order=st.sampled_from(ORDERS))
    def at_rest_orders_and_skus_agree(self, order: str) -> None:
        self.trade.topology.advance(120_000)
        for whose, line in self.trade.lines():
            held = self.trade.holds(line["sku"], whose, line["line"])
            assert sum(row["reserved"] + row["allocated"] for row in held) == line["reserved"] + line["released"]

    @invariant()
    def the_books_of_every_sku_are_in_order_and_nothing_is_oversold(self) -> None:
        for sku in SKUS:
            rows = self.trade.topology.rows("inventory", "acme", sku)
            check_books(SimpleNamespace(rows=rows))  # type: ignore[arg-type]
            positions = rows["sku"]["positions"].values() if "sku" in rows else ()
            assert sum(net(position) for position in positions) >= 0

    def teardown(self) -> None:
        topology = self.trade.topology
        topology.run()
        assert topology.dead("inventory.commands") + topology.dead("orders.commands") == []


TestTrading = Trading.TestCase
TestTrading.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
