"""The proxy on real sockets: whole frames, and every harm."""

from __future__ import annotations

import asyncio
import json
import struct

import pytest

from ops.chaos.frames import NotKafka, read_frame, request_of
from ops.chaos.proxy import HOST, Proxy
from ops.chaos.toxics import Harm, Toxic
from ops.embedded.child import free_port
from tests.ops.chaos.pier import END_TXN, FETCH, LONG_S, SOON_S, Pier, listens, played, request


def test_frames_pass_unchanged_in_both_directions() -> None:
    async def play(at: Pier) -> None:
        reader, writer = await at.client()
        writer.write(request(FETCH, 1) + request(END_TXN, 2))
        assert [await at.answer(reader), await at.answer(reader)] == [1, 2]
        assert at.arrived == [(FETCH, 1), (END_TXN, 2)]

    played(play)


def test_held_requests_are_overtaken_and_arrive_when_it_is_over() -> None:
    async def play(at: Pier) -> None:
        at.proxy.toxics.add(Toxic(Harm.HOLD, 0.3, apis=(END_TXN,)))
        reader, writer = await at.client()
        writer.write(request(END_TXN, 1) + request(FETCH, 2))
        assert [await at.answer(reader), await at.answer(reader)] == [2, 1]
        assert at.proxy.toxics.done == {Harm.HOLD: 1}

    played(play)


def test_a_dropped_request_never_arrives_and_its_connection_ends_with_the_fault() -> None:
    async def play(at: Pier) -> None:
        at.proxy.toxics.add(Toxic(Harm.DROP, 0.2, apis=(END_TXN,)))
        reader, writer = await at.client()
        writer.write(request(END_TXN, 1) + request(FETCH, 2))
        assert await at.answer(reader) == 2
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await at.answer(reader)
        assert at.arrived == [(FETCH, 2)]

    played(play)


def test_a_doubled_request_arrives_twice_and_is_answered_once() -> None:
    async def play(at: Pier) -> None:
        at.proxy.toxics.add(Toxic(Harm.DUPLICATE, LONG_S, apis=(END_TXN,)))
        reader, writer = await at.client()
        writer.write(request(END_TXN, 1) + request(FETCH, 2))
        assert [await at.answer(reader), await at.answer(reader)] == [1, 2]
        assert at.arrived == [(END_TXN, 1), (END_TXN, 1), (FETCH, 2)]

    played(play)


def test_an_unanswered_request_is_carried_out_and_its_connection_is_reset() -> None:
    async def play(at: Pier) -> None:
        at.proxy.toxics.add(Toxic(Harm.UNANSWERED, LONG_S, apis=(END_TXN,)))
        reader, writer = await at.client()
        writer.write(request(END_TXN, 1))
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await at.answer(reader)
        assert at.arrived == [(END_TXN, 1)]

    played(play)


def test_a_delay_makes_each_request_late_and_loses_none() -> None:
    async def play(at: Pier) -> None:
        at.proxy.toxics.add(Toxic(Harm.DELAY, LONG_S, amount=0.05))
        reader, writer = await at.client()
        began = asyncio.get_running_loop().time()
        writer.write(request(FETCH, 1) + request(FETCH, 2))
        assert [await at.answer(reader), await at.answer(reader)] == [1, 2]
        assert asyncio.get_running_loop().time() - began >= 0.1

    played(play)


def test_a_throttle_makes_a_request_take_as_long_as_its_bytes_say() -> None:
    async def play(at: Pier) -> None:
        at.proxy.toxics.add(Toxic(Harm.THROTTLE, LONG_S, amount=10_000))
        reader, writer = await at.client()
        began = asyncio.get_running_loop().time()
        writer.write(request(FETCH, 1, bytes(1_000)))
        assert await at.answer(reader) == 1
        assert asyncio.get_running_loop().time() - began >= 0.1

    played(play)


def test_a_cut_resets_what_is_connected_and_refuses_who_comes_until_it_is_over() -> None:
    async def play(at: Pier) -> None:
        reader, writer = await at.client()
        writer.write(request(FETCH, 1))
        assert await at.answer(reader) == 1
        await tell(at, {"harm": "cut", "seconds": 0.3})
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await at.answer(reader)
        assert await refused(at)
        async with asyncio.timeout(SOON_S):
            while await refused(at):
                await asyncio.sleep(0.05)
        assert at.proxy.toxics.done[Harm.CUT] >= 1

    played(play)


def test_a_full_broker_keeps_some_connections_and_takes_no_new_one_until_it_is_over() -> None:
    async def play(at: Pier) -> None:
        several = [await at.client() for _ in range(4)]
        await at.until(lambda: len(at.proxy.links) == 4)
        await tell(at, {"harm": "full", "seconds": 0.3})
        await at.until(lambda: len(at.proxy.links) == 2)
        late, _ = await at.client()
        assert await late.read(1) == b"" or late.at_eof()
        for reader, writer in several:
            writer.write(request(FETCH, 1))
            gone.append(not await answered(at, reader))
        assert sorted(gone) == [False, False, True, True]
        await at.until(lambda: at.proxy.toxics.at(0, Harm.FULL) is None)
        reader, writer = await at.client()
        writer.write(request(FETCH, 9))
        assert await at.answer(reader) == 9

    gone: list[bool] = []
    played(play)


async def answered(at: Pier, reader: asyncio.StreamReader) -> bool:
    try:
        return await at.answer(reader) == 1
    except (asyncio.IncompleteReadError, ConnectionError):
        return False


def test_a_silent_broker_takes_connections_and_answers_none_of_them_until_it_is_over() -> None:
    async def play(at: Pier) -> None:
        reader, writer = await at.client()
        writer.write(request(FETCH, 0))
        assert await at.answer(reader) == 0
        await tell(at, {"harm": "silent", "seconds": 0.3})
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await at.answer(reader)
        mute, writer = await at.client()
        writer.write(request(FETCH, 1))
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await at.answer(mute)
        again, writer = await at.client()
        writer.write(request(FETCH, 2))
        assert await at.answer(again) == 2
        assert at.arrived == [(FETCH, 0), (FETCH, 2)]
        assert at.proxy.toxics.done[Harm.SILENT] == 1

    played(play)


async def refused(at: Pier) -> bool:
    try:
        reader, writer = await at.client()
        writer.write(request(FETCH, 9))
        return await at.answer(reader) != 9
    except (asyncio.IncompleteReadError, ConnectionError):
        return True


async def tell(at: Pier, what: dict[str, object]) -> dict[str, object]:
    reader, writer = await asyncio.open_connection(HOST, at.control)
    writer.write(json.dumps(what).encode() + b"\n")
    said: dict[str, object] = json.loads(await reader.readline())
    writer.close()
    return said


def test_another_brokers_harm_is_not_ours() -> None:
    async def play(at: Pier) -> None:
        at.proxy.toxics.add(Toxic(Harm.DROP, LONG_S, broker=1))
        reader, writer = await at.client()
        writer.write(request(FETCH, 1))
        assert await at.answer(reader) == 1

    played(play)


def test_at_its_control_port_it_takes_toxics_and_tells_what_it_did() -> None:
    async def play(at: Pier) -> None:
        assert "error" in await tell(at, {"harm": "earthquake", "seconds": 1})
        assert await tell(at, {"harm": "delay", "seconds": LONG_S, "amount": 0.01}) == await tell(at, {"ask": "state"})
        reader, writer = await at.client()
        writer.write(request(FETCH, 1))
        assert await at.answer(reader) == 1
        assert (await tell(at, {"ask": "state"}))["done"] == {"delay": 1}

    played(play)


def test_who_comes_while_the_broker_is_away_finds_nobody() -> None:
    async def play(at: Pier) -> None:
        at.proxy.routes = ()
        alone = free_port()
        stop = asyncio.Event()
        serving = asyncio.create_task(Proxy([(alone, free_port())]).serve(free_port(), stop))
        await at.until(lambda: listens(serving, alone))
        reader, writer = await asyncio.open_connection(HOST, alone)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            writer.write(request(FETCH, 1))
            await at.answer(reader)
        stop.set()
        await serving
        assert at.arrived == []

    played(play)


@pytest.mark.parametrize("size", [0, 3, -1, 1 << 30])
def test_a_frame_of_an_absurd_size_is_not_kafka(size: int) -> None:
    async def read() -> bytes:
        reader = asyncio.StreamReader()
        reader.feed_data(struct.pack(">i", size))
        return await read_frame(reader)

    with pytest.raises(NotKafka):
        asyncio.run(read())


def test_a_request_tells_its_api_version_and_correlation() -> None:
    assert request_of(request(26, 77)[4:]) == (26, 1, 77)
    with pytest.raises(NotKafka):
        request_of(b"\x00")
