"""Every buyer sends in its own way, and no more than the way can bear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ops.demo.day import WorldDay, all_of, put
from ops.demo.orders import orders
from ops.demo.traffic import Sent, Traffic, stock_the_shelves
from tests.ops.demo import support
from tests.ops.demo.support import FakeChannel

DAY = list(orders(60))


def sent(room: Callable[[Sent], bool] = lambda sent: True) -> tuple[FakeChannel, Sent]:
    channel = FakeChannel(support.orders)
    traffic = Traffic(channel, room)
    asyncio.run(traffic.send(DAY))
    return channel, traffic.sent


def test_every_order_leaves_and_is_taken() -> None:
    _, found = sent()
    assert found.taken == {order.number for order in DAY} == set(found.begun)


def test_edi_leaves_in_interchanges_and_the_others_one_by_one() -> None:
    channel, found = sent()
    of_edi = [order for order in DAY if order.channel == "edi"]
    assert channel.paths("POST").count("/v1/channels/edi/documents") == found.receipts == -(-len(of_edi) // 10)
    assert channel.paths("POST").count("/v1/orders") == len(DAY) - len(of_edi) + found.resent


def test_some_are_sent_twice_under_the_same_key() -> None:
    channel, found = sent()
    keys = [key for _, path, _, key in channel.asked if path == "/v1/orders"]
    assert found.resent > 0
    assert len(keys) - len(set(keys)) == found.resent


def test_nothing_is_sent_while_there_is_no_room() -> None:
    waiting: list[int] = []

    def room(found: Sent) -> bool:
        waiting.append(len(found.begun) - len(found.taken))
        return waiting[-1] < 12

    sent(room)
    assert max(waiting) <= 12 + 9  # an interchange of ten may have had room for one


def test_a_refusal_ends_the_day() -> None:
    def refuse(request: Any) -> Any:
        raise ConnectionError("refused")

    with pytest.raises(ExceptionGroup):
        asyncio.run(Traffic(FakeChannel(refuse), lambda found: True).send(DAY))


def test_counts_are_sent_in_parts_under_keys_of_their_own() -> None:
    channel = FakeChannel()
    asyncio.run(stock_the_shelves(channel, [{"event_id": f"c-{number}"} for number in range(450)]))
    assert [len(body) for _, _, body, _ in channel.asked] == [200, 200, 50]
    assert len({key for *_, key in channel.asked}) == 3


def test_the_world_is_set_up_before_its_shelves_are_waited_for() -> None:
    channel, waited = FakeChannel(), list[list[str]]()

    async def stocked(skus: list[str]) -> None:
        waited.append(skus)

    day = WorldDay(channel, lambda found: True, 20, 7)
    asyncio.run(day.open(stocked))
    assert len(waited[0]) == len(day.counted) == 200
    kinds = {path.split("/")[3] for path in channel.paths("PUT")}
    assert kinds == {"locations", "partners", "customers", "products", "cross-references"}


def test_the_parts_of_a_key_are_quoted() -> None:
    channel = FakeChannel()
    asyncio.run(put(channel, "cross-references", [("gtin||05/1", {})]))
    assert channel.paths("PUT") == ["/v1/reference/cross-references/gtin%7C%7C05%2F1"]


def test_only_so_many_are_under_way_at_a_time() -> None:
    now, most = 0, 0

    async def work(number: int) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1

    asyncio.run(all_of(range(20), work, 3))
    assert (now, most) == (0, 3)


def test_the_first_failure_ends_all() -> None:
    async def fail(number: int) -> None:
        raise ValueError("no")

    with pytest.raises(ExceptionGroup) as failed:
        asyncio.run(all_of(range(5), fail, 2))
    assert failed.group_contains(ValueError, match="no")
