"""Who plays: the buyers with their day, two subscribers, the warehouse, and those who look on from outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from ops.demo.chaos import Chaos, Note
from ops.demo.client import Channel
from ops.demo.day import Day
from ops.demo.hands import Hands
from ops.demo.outside import Cache, Journal, Registry, Witness
from ops.demo.scene import Scene
from ops.demo.traffic import Sent
from ops.demo.views import Pulled, Pushed, Statuses

ON_THEIR_WAY = 48  # orders sent that no subscriber has heard of yet
STOCKED_S = 120.0
CRM_HEARS = ("order.status.changed", "order.cancelled", "exception.raised")
POLL_S = 0.1
Room = Callable[[Sent], bool]
MakeDay = Callable[[Channel, Room], Day]


class NotStocked(Exception):
    """What was counted on the shelves is not there to be promised."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, with what each of them holds."""

    scene: Scene
    day: Day
    buyers: Channel
    hands: Hands
    crm: Pulled  # hears the statuses of all channels
    statuses: Statuses  # … and keeps the last of each order
    own: Pulled  # the portal's own view: what was to be delivered …
    pushed: Pushed  # … and what the webhook got
    portal: Statuses
    erp: Journal
    cache: Cache
    witness: Witness
    chaos: Chaos

    async def subscribe(self) -> None:
        """The portal wants its statuses pushed, the CRM pulls those of everybody, the warehouse pulls releases."""
        hook = f"{self.scene.receiver}/hooks/portal"
        told = await self.buyers.put("/v1/channels/portal/subscriptions/default", {"url": hook})
        await asyncio.to_thread(self.scene.tell_secret, "portal", told["secret"])
        await self.buyers.put("/v1/channels/crm/subscriptions/all", {"types": [*CRM_HEARS], "sources": ["*"]})
        await self.hands.subscribe()

    async def stocked(self, skus: list[str]) -> None:
        """Return when a site reads of all these products what was counted; raises NotStocked."""
        deadline = monotonic() + STOCKED_S
        while missing := await asyncio.to_thread(self._not_there, skus):
            if monotonic() > deadline:
                raise NotStocked(f"{len(missing)} products, such as {missing[0]}")
            await asyncio.sleep(POLL_S)

    def _not_there(self, skus: list[str]) -> list[str]:
        found = self.cache.availability(skus)
        return [sku for sku in skus if on_hand(found.get(sku)) != self.day.counted[sku]]

    def works(self) -> list[Any]:
        """What goes on all the time."""
        return [self.crm.follow(), self.own.follow(), self.hands.work()]

    def unheard(self) -> str:
        """Orders that were sent and that no subscriber has heard of, in words."""
        missing = sorted(self.day.sent.begun.keys() - self.statuses.first_at.keys())
        return f"{len(missing)} orders are not heard of{', such as ' + missing[0] if missing else ''}"

    def changed(self) -> tuple[int, ...]:
        """Numbers that stand still when nothing happens any more."""
        feeds = len(self.crm.entries), len(self.own.entries), self.hands.after
        return *feeds, len(self.pushed.deliveries), self.witness.read, len(self.erp.entries)


def on_hand(view: Mapping[str, Any] | None) -> int:
    """Units on all shelves, as a site reads them."""
    return sum(int(place["on_hand"]) for place in view["locations"]) if view else 0


def delivers_again(own: Pulled, pushed: Pushed) -> Callable[[], bool]:
    """Whether, from now on, another entry was delivered, or none is left to be."""
    pushed.turn()
    before = len(pushed.ids)
    return lambda: len(pushed.ids) > before or len(pushed.ids) >= len(own.entries)


@asynccontextmanager
async def assembled(scene: Scene, make_day: MakeDay, note: Note, seed: int) -> AsyncIterator[Cast]:
    """Everybody at their place; they go home with the block."""
    heard, portal = Statuses(), Statuses()
    ways = [Channel(scene.up.gateway, scene.key, scene.folder / "sent" / f"{name}.jsonl") for name in ("buyers", "wms")]
    day = make_day(ways[0], lambda sent: len(sent.begun) - len(heard.first_at) < ON_THEIR_WAY)
    topic = f"{scene.up.environment}.inventory.availability"
    cache = Cache(scene.up.redis, scene.up.environment, scene.up.tenant)
    witness = Witness(scene.up.kafka, topic, Registry(scene.up.gateway))
    own, pushed = Pulled(ways[1], "portal", "default"), Pushed(scene.ledger / "portal.jsonl", portal.hear)
    signs = {"deliver": lambda: delivers_again(own, pushed)}
    chaos = Chaos(scene, lambda: len(day.sent.taken) / max(1, day.planned), note, seed, signs)
    try:
        yield Cast(
            scene, day, ways[0], Hands(ways[1]), Pulled(ways[1], "crm", "all", heard.hear), heard,
            own, pushed, portal, Journal(scene.up.erp_url), cache, witness, chaos,
        )  # fmt: skip
    finally:
        await asyncio.gather(*(way.close() for way in ways))
        witness.close()
        cache.close()
