"""A proxy that knows Kafka: `python -m ops.chaos.proxy --control PORT --route LISTEN:TARGET …`, one route per broker.

It takes one JSON object per line at its control port: a toxic, or {"ask": "state"}; each is answered by one line. Brokers
announce its ports in advertised.listeners, so that every client's connection goes through it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress

import uvloop

from ops.chaos.link import Ends, Link
from ops.chaos.toxics import ALL, Harm, Toxics, toxic

HOST = "127.0.0.1"
BUFFER = 4 << 20
Route = tuple[int, int]  # port of ours, port of the broker
Carry = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Proxy:
    """All routes, their links, and what harms them."""

    def __init__(self, routes: Sequence[Route], toxics: Toxics | None = None) -> None:
        self.routes, self.toxics = routes, toxics or Toxics()
        self.links: set[Link] = set()
        self.accepted = 0

    async def serve(self, control: int, stop: asyncio.Event) -> None:
        """Carry connections until told to stop."""
        async with AsyncExitStack() as stack:
            for broker, (listen, target) in enumerate(self.routes):
                carry = self._carrier(broker, target)
                await stack.enter_async_context(await asyncio.start_server(carry, HOST, listen, limit=BUFFER))
            await stack.enter_async_context(await asyncio.start_server(self._control, HOST, control))
            stack.callback(self._cut, ALL)
            await stop.wait()

    def _carrier(self, broker: int, target: int) -> Carry:
        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                if silent := self.toxics.at(broker, Harm.SILENT):
                    self.toxics.done[Harm.SILENT] += 1
                    await asyncio.sleep(self.toxics.left(silent))
                    raise ConnectionResetError
                for harm in (Harm.CUT, Harm.FULL):
                    if self.toxics.at(broker, harm):
                        self.toxics.done[harm] += 1
                        raise ConnectionResetError
                server = await asyncio.open_connection(HOST, target, limit=BUFFER)
            except OSError:
                writer.transport.abort()  # the broker is away: its clients find nobody either
                return
            await self._carried(broker, (reader, writer), server)

        return carry

    async def _carried(self, broker: int, client: Ends, server: Ends) -> None:
        link = Link(broker, client, server, self.toxics)
        self.links.add(link)
        self.accepted += 1
        try:
            await link.run()
        finally:
            self.links.discard(link)

    def _cut(self, broker: int, every: int = 1) -> None:
        for link in [link for link in self.links if broker in (ALL, link.broker)][::every]:
            self.toxics.done[Harm.CUT] += 1
            link.cut()

    async def _control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(json.dumps(self._told(line)).encode() + b"\n")
            await writer.drain()
        writer.close()

    def _told(self, line: bytes) -> dict[str, object]:
        said = json.loads(line)
        if "ask" not in said:
            try:
                one = toxic(said)
            except (KeyError, TypeError, ValueError) as exc:
                return {"error": str(exc)}
            self.toxics.add(one)
            if one.harm in (Harm.CUT, Harm.SILENT):
                self._cut(one.broker)
            if one.harm is Harm.FULL:
                self._cut(one.broker, every=2)
        return {"done": dict(self.toxics.done), "links": len(self.links), "accepted": self.accepted}


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(prog="python -m ops.chaos.proxy", description=__doc__)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--route", action="append", required=True, metavar="LISTEN:TARGET")
    options = parser.parse_args()
    routes = [(int(listen), int(target)) for listen, _, target in (route.partition(":") for route in options.route)]
    with suppress(KeyboardInterrupt):
        uvloop.run(Proxy(routes).serve(options.control, asyncio.Event()))


if __name__ == "__main__":
    main()
