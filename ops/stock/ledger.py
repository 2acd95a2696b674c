"""Who holds stock now, by the log, and how their orders stand, by their read model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from ops.reading import Partition, partitions
from ops.stock.leaks import CART, UNKNOWN, Holding, holdings
from ops.stock.rebuild import Heard, Shadows, fold
from ops.stock.replay import FACTS
from schemas.settings import Settings
from tables.redis.reader import ReadModels, read_models


def look(settings: Settings, heard: Heard) -> tuple[list[Holding], dict[tuple[str, str], str]]:
    """All holdings, and the headline of each one's order. raises Failed, TimeoutError, ReadModelsAway"""
    found: list[Holding] = []
    states: dict[tuple[str, str], str] = {}
    for number in range(partitions(settings, FACTS)):
        shadows: Shadows = {}
        with Partition(settings, FACTS, number) as partition:
            fold(shadows, partition.records(), heard)
            states |= asyncio.run(headlines(settings, holdings(shadows)))
            fold(shadows, partition.records(), heard)
        found += holdings(shadows)
    return found, states


async def headlines(settings: Settings, of: Iterable[Holding]) -> dict[tuple[str, str], str]:
    """How the orders that hold something stand. raises ReadModelsAway"""
    orders = dict.fromkeys((each.tenant, each.holder) for each in of if each.standing["holder_kind"] != CART)
    models = read_models(settings)
    try:
        return {order: await _headline(models, *order) for order in orders}
    finally:
        await models.close()


async def _headline(models: ReadModels, tenant: str, order_id: str) -> str:
    order = await models.order(tenant, order_id)
    return order["status"] if order else UNKNOWN
