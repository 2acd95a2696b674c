"""What the gateway reads of the read models. Every call may raise ReadModelsAway."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any, cast

import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from schemas.settings import Settings
from tables.redis import keys
from tables.redis.availability_view import Stock
from tables.redis.away import away
from tables.redis.drift_totals import DriftTotals
from tables.redis.drift_view import Wanted
from tables.redis.holders_view import MOST_ROWS, Holders, holders
from tables.redis.order_view import OrderView, order_of
from tables.redis.receipt_view import ReceiptView, receipt_of
from tables.redis.reservation_view import Reservation, reservation_of
from tables.redis.values import loaded, versioned
from tables.redis.view_index import ViewIndex, index_of

TIMEOUT_S = 2.0


class ReadModels:
    """Typed readers of one environment's read models."""

    def __init__(self, client: redis.asyncio.Redis, environment: str) -> None:
        self.client, self.prefix = client, f"{environment}:"

    async def availability(self, tenant: str, skus: Sequence[str]) -> dict[str, Stock]:
        """What Redis holds of these SKUs, in two round trips however many; unknown ones are left out."""
        with away():
            names = [self.prefix + keys.availability(tenant, sku) for sku in skus]
            bodies = {
                sku: body for sku, value in zip(skus, await self._mget(names), strict=True) if (body := loaded(value))
            }
            partitions = sorted({body["partition"] for body in bodies.values()})
            found = await self._mget([self.prefix + keys.mark(tenant, partition) for partition in partitions])
        marks = {partition: int(mark) for partition, mark in zip(partitions, found, strict=True) if mark}
        return {sku: Stock(body, marks.get(body["partition"])) for sku, body in bodies.items()}

    async def why(self, tenant: str, sku: str) -> dict[bytes, bytes]:
        """The newest events behind a SKU's stock and rules, by field; empty where none are kept any more."""
        return await self._hash(keys.why(tenant, sku))

    async def held(self, tenant: str, sku: str) -> Holders:
        """Who holds a SKU now; of very many rows a part. Cost: O(rows), at most some MOST_ROWS."""
        name = self.prefix + keys.held(tenant, sku)
        with away():
            count = int(await cast("Awaitable[Any]", self.client.hlen(name)))
            if count <= MOST_ROWS:
                return holders(await self._hash(keys.held(tenant, sku)), count)
            _, some = await cast("Awaitable[Any]", self.client.hscan(name, count=MOST_ROWS))
        return holders(some, count)

    async def order(self, tenant: str, order_id: str) -> OrderView | None:
        """The order as it stands."""
        return order_of(await self._hash(keys.order(tenant, order_id)))

    async def timeline(self, tenant: str, order_id: str) -> list[dict[str, Any]]:
        """What happened to the order, in sequence."""
        with away():
            members = await self.client.zrange(self.prefix + keys.timeline(tenant, order_id), 0, -1)
        return [body for member in members if (body := loaded(cast(bytes, member)))]

    async def numbered(self, tenant: str, channel: str, number: str) -> list[str]:
        """Ids of the orders that bear this number at this channel."""
        return sorted(name.decode() for name in await self._hash(keys.number(tenant, channel, number)))

    async def receipt(self, tenant: str, receipt: str) -> ReceiptView | None:
        """What became of a document so far."""
        return receipt_of(receipt, await self._hash(keys.receipt(tenant, receipt)))

    async def reservation(self, tenant: str, reservation: str) -> Reservation | None:
        """The reservation as it stands."""
        return reservation_of(await self._hash(keys.reservation(tenant, reservation)))

    async def drifts(self, tenant: str, wanted: Wanted) -> list[dict[str, Any]]:
        """What observed sources say otherwise now. Cost: O(drifts of the tenant), a thousand at a time."""
        found: list[dict[str, Any]] = []
        with away():
            for share in range(keys.DRIFT_HASHES):
                name = self.prefix + keys.drifts(tenant, share)
                async for _, value in self.client.hscan_iter(name, count=1_000):
                    if (body := loaded(cast(bytes, value))) and wanted.has(body):
                        found.append(body)
        return found

    async def drift_totals(self) -> DriftTotals:
        """How many drifts stand, of all tenants. Cost: O(drifts), a thousand at a time."""
        found = DriftTotals()
        with away():
            tenants: Any = await cast("Awaitable[Any]", self.client.smembers(self.prefix + keys.TENANTS))
            for name in keys.all_drifts(tenant.decode() for tenant in tenants):
                async for _, value in self.client.hscan_iter(self.prefix + name, count=1_000):
                    found = found.with_value(cast(bytes, value))
        return found

    async def document_position(self, tenant: str, receipt: str) -> tuple[int, int] | None:
        """Partition and offset of the document in channel.documents."""
        head = loaded((await self._hash(keys.receipt(tenant, receipt))).get(b"head"))
        return (head["partition"], head["offset"]) if head else None

    async def view(self, tenant: str, channel: str, view: str) -> ViewIndex | None:
        """Head of a view and where its entries stand in the log."""
        return index_of(await self._hash(keys.view(tenant, f"{channel}/{view}")))

    async def claim_request(self, tenant: str, route: str, request_key: str, fingerprint: str) -> str | None:
        """Note the request's fingerprint, unless one stands; returns the one that stood before, None where this is the first."""
        name, value = keys.idempotency(tenant, route, request_key), versioned(1, {"fingerprint": fingerprint})
        with away():
            if await self.client.set(self.prefix + name, value, nx=True, ex=keys.IDEMPOTENCY_S):
                return None
            stands = loaded(cast("bytes | None", await self.client.get(self.prefix + name)))
        return str(stands["fingerprint"]) if stands else None

    async def whole(self) -> bool:
        """Whether the projection is past its beginning in this data set: what is missing then is unknown, not lost."""
        with away():
            epoch = await self.client.get(self.prefix + keys.EPOCH)
            projected = await self._hash(keys.PROJECTED)
        return epoch is not None and epoch in projected.values()

    async def ready(self) -> None:
        """Return if Redis answers."""
        with away():
            await self.client.ping()

    async def close(self) -> None:
        """Give the connections back."""
        await self.client.aclose()

    async def _mget(self, names: Sequence[str]) -> list[bytes | None]:
        return cast("list[bytes | None]", await self.client.mget(names)) if names else []

    async def _hash(self, key: str) -> dict[bytes, bytes]:
        with away():
            return cast("dict[bytes, bytes]", await cast("Awaitable[Any]", self.client.hgetall(self.prefix + key)))


def read_models(settings: Settings) -> ReadModels:
    """The readers of this deployment; connect at first use."""
    client = redis.asyncio.Redis.from_url(
        settings.redis, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )
    return ReadModels(client, settings.environment)
