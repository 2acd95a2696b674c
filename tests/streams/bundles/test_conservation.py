"""Whatever is ordered, cancelled, held and shipped in whatever order: no component is oversold, and none is stranded."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.generated import orders_v1 as v1
from tables.bundles.offer import least
from tests.streams.bundles.workbench import KIT, RECIPE, Workbench, kits
from tests.streams.orders.shop import item

SET = {"B": 1, "C": 2}
LINES = {"kit": kits("1", 1), "set": kits("1", 1, SET, "SET"), "plain": item("1", "B", 1)}
few = st.integers(1, 4)
who = st.integers(0, 4)
moves = st.one_of(
    st.tuples(st.just("place"), who, few, st.sampled_from(sorted(LINES)), st.booleans()),
    st.tuples(st.just("place"), who, few, st.sampled_from(sorted(LINES)), st.booleans()),
    st.tuples(st.just("cancel"), who, few),
    st.tuples(st.just("receive"), st.sampled_from("ABC"), few),
    st.tuples(st.just("ship"), who, few),
    st.tuples(st.just("hold"), who, few),
    st.tuples(st.just("drop"), who),
    st.tuples(st.just("wait"), st.integers(1, 1_000)),
)


class Play:
    """One course of events, and what it did."""

    def __init__(self, stock: int, seed: int | None) -> None:
        self.bench = Workbench(seed=seed, A=stock, B=stock, C=stock)
        self.bench.make(SET, sku="SET")
        self.orders: dict[int, str] = {}
        self.carts: set[str] = set()
        self.shipments = 0

    def do(self, move: Any) -> None:
        """One move; what makes no sense just now is left out."""
        getattr(self, move[0])(*move[1:])

    def place(self, name: int, units: int, kind: str, whole: bool) -> None:
        if name not in self.orders:
            self.orders[name] = LINES[kind]["sku"]
            line: v1.OrderLine = {**LINES[kind], "quantity": units}
            self.bench.place(f"o-{name}", line, ship_complete=whole)

    def cancel(self, name: int, units: int) -> None:
        if name in self.orders:
            self.bench.cancel(f"o-{name}", l1=units)

    def receive(self, sku: str, units: int) -> None:
        self.bench.receive(sku, units)

    def ship(self, name: int, units: int) -> None:
        """Only what was released leaves."""
        part = min(units, self.bench.line(f"o-{name}").get("released", 0)) if name in self.orders else 0
        if part:
            self.shipments += 1
            self.bench.dispatch(f"o-{name}", ("1", self.orders[name], part), shipment=f"S-{self.shipments}")

    def hold(self, name: int, units: int) -> None:
        self.carts.add(f"c-{name}")
        self.bench.hold(f"c-{name}", (KIT, units), allow_partial=units % 2 == 0)

    def drop(self, name: int) -> None:
        if f"c-{name}" in self.carts:
            self.bench.send("cart.release", f"c-{name}", v1.release_cart(reservation=f"c-{name}", reason="dropped"))

    def wait(self, seconds: int) -> None:
        self.bench.topology.advance(seconds * 1_000)


def check(play: Play) -> None:
    """Nothing is held that is not there, nothing but whole bundles, and nobody waits for what could be made."""
    bench = play.bench
    for sku in "ABC":
        assert sum(bench.ledger(sku).values()) <= bench.on_hand(sku), sku
    for bundle, recipe in ((KIT, RECIPE), ("SET", SET)):
        rows = bench.topology.rows("bundles", "acme", bundle)
        offers = {name.partition("|")[2]: row for name, row in rows.items() if name.startswith("component|")}
        for hold in [row for name, row in rows.items() if name.startswith("hold|")]:
            held = {line["line"]: line["held"] for line in hold["lines"]}
            for sku, per in recipe.items():
                assert bench.ledger(sku).get((f"{hold['holder']}~{bundle}", "1"), 0) == held.get("1", 0) * per
            if hold["holder"].startswith("o-"):
                line = bench.line(hold["holder"])
                assert line.get("released", 0) + line.get("reserved", 0) == held.get("1", 0)
            if hold["ticket"] and hold["mode"] == "partial":
                assert least(hold["components"], offers, hold["channel"]).quantity == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 6), st.one_of(st.none(), st.integers(0, 1_000)), st.lists(moves, max_size=14))
def test_no_component_is_oversold_or_stranded_by_bundles(stock: int, seed: int | None, course: list[Any]) -> None:
    play = Play(stock, seed)
    for move in course:
        play.do(move)
    check(play)
    for name in list(play.orders):
        play.bench.send("order.cancel", f"o-{name}", v1.cancel_order(order_id=f"o-{name}", reason="the end"))
    play.bench.topology.advance(4 * 3_600_000)
    assert [play.bench.ledger(sku) for sku in "ABC"] == [{}, {}, {}]
    a, b = play.bench.on_hand("A"), play.bench.on_hand("B")
    assert play.bench.all_offered() == (a, b, min(a // 2, b))
    assert play.bench.topology.dead("bundles.commands") == []


def test_two_bundles_that_share_the_last_component_asked_at_once_leave_one_winner() -> None:
    for seed in range(12):
        bench = Workbench(seed=seed, A=2, B=1, C=2)
        bench.make(SET, sku="SET")
        for order, line in (("o-1", LINES["kit"]), ("o-2", LINES["set"])):
            said = v1.place_order(order_id=order, content=v1.order_content(
                number=order, party="portal", channel="portal", lines=[line], policy=v1.order_policy(backorder=False), fingerprint="f1",
            ))  # fmt: skip
            bench.topology.send("order.place", order, said)
        bench.topology.run()
        ends = sorted("released" in bench.line(order) for order in ("o-1", "o-2"))
        assert ends == [False, True], seed
