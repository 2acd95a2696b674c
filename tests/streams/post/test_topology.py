"""Post with its ERP door before an ERP in memory, over the log in memory, timers included."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.erp.door import Door
from ops.demo.erp.faults import Faults
from ops.demo.erp.memory import MemoryErp
from schemas.generated.erp_v1 import post_line, post_order
from streams.engine.driver import Topology
from streams.engine.effects import Message
from streams.post import post

OUTAGES = [
    {"down": True},
    {"drop_after_commit": True},
    {"throttled": True},
    {"fail_after_commit": True},
    {"wrong_echo": True},
]


@dataclass
class Site:
    """One ERP, its door and its queue."""

    seed: int | None = None
    erp: MemoryErp = field(default_factory=MemoryErp)
    alive: bool = True

    def __post_init__(self) -> None:
        self.topology = Topology([post], seed=self.seed)
        self.door = Door(self.erp, self._answer, lambda: self.topology.now)
        self.topology.door("erp.attempts", self._hand)

    def order(self, order: str, *, cancel: bool = False) -> None:
        line = post_line(line="1", sku="WIDGET", quantity=24, unit="EA", price=Decimal("9.50"))
        record = post_order(
            order_id=order,
            revision=1,
            erp="erp",
            channel="portal",
            number=f"P-{order}",
            customer="7001",
            placed_at=self.topology.now,
            lines=[line],
            cancel=cancel,
        )
        self.topology.send("post.order", "erp", record)

    def told(self) -> dict[str, str]:
        """The last answer that each order heard."""
        answers = [one.record for one in self.topology.log("orders.commands")]
        return {one["order_id"]: one["outcome"] for one in answers}

    def effective(self, order: str) -> int:
        return sum(1 for one in self.erp.documents if one.order_id == order and not one.cancelled)

    def _hand(self, message: Message) -> None:
        if self.alive:
            asyncio.run(self.door.handle(message))

    async def _answer(self, type: str, key: str, record: Any, **envelope: Any) -> str:
        return self.topology.send(type, key, record, source="erp", **envelope)


def test_orders_are_posted_once_each_and_hear_of_it() -> None:
    site = Site()
    for index in range(40):
        site.order(f"O-{index}")
    site.topology.advance(5_000)
    assert set(site.told().values()) == {"posted"}
    assert site.erp.journal == [("create", f"O-{index}") for index in range(40)]


def test_an_outage_of_half_an_hour_loses_nothing_and_needs_nobody() -> None:
    site = Site(erp=MemoryErp(Faults(down=True)))
    for index in range(10):
        site.order(f"O-{index}")
        site.topology.advance(60_000)
    site.topology.advance(20 * 60_000)
    assert site.told() == {}
    asked = len(site.erp.requests)
    site.erp.faults = Faults()
    site.topology.advance(2 * 60_000)
    assert set(site.told().values()) == {"posted"}
    assert sorted(order for _, order in site.erp.journal) == [f"O-{index}" for index in range(10)]
    assert asked < 200


def test_a_door_that_is_away_leaves_its_attempts_to_be_looked_up() -> None:
    site = Site(alive=False)
    site.order("O-1")
    site.topology.advance(70_000)
    site.alive = True
    site.topology.advance(120_000)
    assert site.told() == {"O-1": "posted"}
    assert site.effective("O-1") == 1
    assert site.erp.requests[0] == "lookup"


def test_a_document_of_a_test_order_is_never_made() -> None:
    site = Site()
    line = post_line(line="1", sku="WIDGET", quantity=1, unit="EA", price=None)
    record = post_order(order_id="T-1", revision=1, erp="erp", channel="portal", number="T", placed_at=0, lines=[line])
    site.topology.send("post.order", "erp", record, disposition="test")
    site.topology.run()
    assert site.told() == {"T-1": "posted"}
    assert site.erp.requests == []
    assert {one.envelope.disposition for one in site.topology.log("erp.attempts")} == {"test"}


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32),
    st.lists(st.sampled_from([*OUTAGES, {}]), max_size=5),
    st.booleans(),
    st.sets(st.integers(0, 7)),
)
def test_whatever_breaks_in_between_each_order_has_one_fate(
    seed: int, weather: list[dict[str, bool]], forgetful: bool, cancelled: set[int]
) -> None:
    site = Site(seed=seed)
    for index, faults in enumerate([*weather, {}]):
        site.erp.faults = Faults(forgetful=forgetful, **faults)
        for order in range(8):
            site.order(f"O-{order}", cancel=index > 0 and order in cancelled)
        site.topology.advance(20_000)
    site.erp.faults = Faults(forgetful=forgetful)
    site.topology.advance(600_000)
    for order, outcome in site.told().items():
        assert site.effective(order) == (1 if outcome == "posted" else 0)
    assert len(site.told()) == 8
