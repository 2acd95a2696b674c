"""One POST to a subscriber's endpoint: within 15 seconds, to a checked address, reading little and following nothing."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping

import httpcore

from adapters.subscribers.addresses import why_not, why_not_loopback
from adapters.subscribers.connections import Connections
from adapters.subscribers.network import AddressRefused, CheckedNetwork, Resolve, resolve
from adapters.subscribers.outcome import Outcome, outcome_of
from adapters.subscribers.target import Target

TIME_OUT_S = 15.0  # Standard Webhooks 1.0.0: 15 to 30 s; the whole exchange, resolving and connecting included
READ_LIMIT = 64 * 1024


class Poster:
    """Connections to endpoints: public ones, and on a developer's machine local ones."""

    def __init__(self, now_s: Callable[[], int], resolver: Resolve = resolve, time_out_s: float = TIME_OUT_S) -> None:
        self._now_s, self._time_out_s = now_s, time_out_s
        self._public = Connections(CheckedNetwork(why_not, resolver))
        self._local = Connections(CheckedNetwork(why_not_loopback, resolver))

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Deliver a body; whatever happens is an outcome."""
        connections = self._local if target.local else self._public
        fixed = {"content-type": "application/json", "user-agent": "wharf-webhooks/1"}
        sent = [(name.encode(), value.encode()) for name, value in {**headers, **fixed}.items()]
        answered: list[Outcome] = []
        try:
            async with asyncio.timeout(self._time_out_s):
                async with connections.post(target.url, sent, body) as response:
                    answered.append(outcome_of(response.status, _texts(response.headers), self._now_s()))
                    await _drain(response)
        except AddressRefused as exc:
            return Outcome("refused-address", reason=str(exc))
        except TimeoutError:
            return answered[0] if answered else Outcome("failed", reason=f"no answer in {self._time_out_s:g} s")
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, ssl.SSLError) as exc:
            return answered[0] if answered else Outcome("failed", reason=_why(exc))
        return answered[0]

    async def close(self) -> None:
        """Close all connections."""
        await self._public.close()
        await self._local.close()


async def _drain(response: httpcore.Response) -> None:
    """Read a short answer, so that the connection can be used again; a long one ends it."""
    read = 0
    async for part in response.aiter_stream():
        read += len(part)
        if read > READ_LIMIT:
            return


def _texts(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _why(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}"[:200]
