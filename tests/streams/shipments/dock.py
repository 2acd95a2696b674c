"""A dock for tests of shipments: claims and reports as a business would say them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schemas.envelope import millis
from schemas.generated import shipments_v1 as v1
from streams.engine.effects import Effects, Timer
from streams.shipments.decide import decide
from tables.shipments import apply
from tests.support.stage import Stage

TELLING = ("order.shipment-fact", "order.milestone-fact", "order.invoice-fact", "stock.ship")


def at(text: str) -> int:
    """A time in March 2026: "3T09:00" is the third at nine, UTC."""
    day, _, clock = text.partition("T")
    return (
        millis(f"2026-03-{int(day):02d}T{clock or '00:00'}:00+00:00")
        if len(clock) < 6
        else millis(f"2026-03-{int(day):02d}T{clock}+00:00")
    )


def refs(**named: str) -> list[v1.OrderReference]:
    """References by kind; number="P-1@portal" names its party too."""
    return [
        v1.order_reference(kind=kind, value=value.partition("@")[0], party=value.partition("@")[2])
        for kind, value in named.items()
        if value
    ]


class Dock:
    """One tenant's shipments, with the clock at 10 March unless told otherwise."""

    def __init__(self) -> None:
        self.stage = Stage(decide, apply)
        self.now = at("10T00:00")
        self.count = 0
        self.heard: list[Effects] = []
        self.timers: dict[str, Timer] = {}

    @property
    def rows(self) -> dict[str, Any]:
        return self.stage.keys[""].rows

    def send(self, kind: str, record: Any) -> Effects:
        self.now += 1
        effects = self.stage.send(kind, record, key="", now=self.now)
        self.heard.append(effects)
        for timer in effects.timers:
            self.timers.pop(timer.name, None)
            if timer.due is not None:
                self.timers[timer.name] = timer
        return effects

    def claim(
        self, order: str, *lines: str, customer: str = "7001", channel: str = "portal", **numbers: str
    ) -> Effects:
        """Lines as "1 WIDGET 24"."""
        parts = [line.split() for line in lines]
        told = [v1.claim_line(line=line, sku=sku, quantity=int(quantity)) for line, sku, quantity in parts]
        record = v1.claim_references(
            order_id=order, channel=channel, references=refs(**numbers), lines=told, customer=customer
        )
        return self.send("shipment.claim", record)

    def dispatch(
        self,
        shipment: str,
        *lines: str,
        when: str = "2T12:00",
        event: str | None = None,
        source: str = "wms1",
        carrier: str = "UPS",
        tracking: tuple[str, ...] = (),
        packages: tuple[str, ...] = (),
        **order: str,
    ) -> Effects:
        """Lines as "1 WIDGET 24", with "-" for what the partner left out."""
        parts = [["" if word == "-" else word for word in line.split()] for line in lines]
        record = v1.report_dispatch(
            shipment=shipment,
            source=source,
            event_id=self.event(event),
            at=at(when),
            carrier=carrier,
            tracking=[*tracking],
            packages=[*packages],
            location="DC1",
            references=refs(**order),
            lines=[v1.shipped_line(line=line, sku=sku, quantity=int(quantity)) for line, sku, quantity in parts],
        )
        return self.send("shipment.report-dispatch", record)

    def milestone(
        self,
        code: str,
        when: str,
        *,
        source: str = "tms",
        event: str | None = None,
        carrier: str = "UPS",
        tracking: str = "",
        shipment: str = "",
        sscc: str = "",
        city: str = "",
        source_code: str = "",
        **order: str,
    ) -> Effects:
        record = v1.report_milestone(
            source=source,
            event_id=self.event(event),
            at=at(when),
            carrier=carrier,
            tracking=tracking,
            shipment=shipment,
            sscc=sscc,
            code=code,
            city=city,
            source_code=source_code,
            references=refs(**order),
        )
        return self.send("shipment.report-milestone", record)

    def invoice(
        self,
        bill: str,
        *lines: str,
        kind: str = "posted",
        event: str | None = None,
        when: str = "5T00:00",
        **order: str,
    ) -> Effects:
        parts = [["" if word == "-" else word for word in line.split()] for line in lines]
        billed = [
            v1.invoiced_line(line=line, sku=sku, quantity=int(q), amount=Decimal(amount))
            for line, sku, q, amount in parts
        ]
        record = v1.report_invoice(
            kind=kind,
            source="finance",
            event_id=self.event(event),
            at=at(when),
            number=bill,
            references=refs(**order),
            lines=billed,
        )
        return self.send("shipment.report-invoice", record)

    def event(self, given: str | None) -> str:
        self.count += 1
        return f"e-{self.count}" if given is None else given

    def wait(self, hours: float) -> list[Effects]:
        """Let time pass; due timers are sent in their order."""
        until, fired = self.now + int(hours * 3_600_000), []
        while due := sorted(
            (timer for timer in self.timers.values() if (timer.due or 0) <= until), key=lambda one: one.due or 0
        ):
            timer = self.timers.pop(due[0].name)
            self.now = max(self.now, timer.due or 0)
            fired.append(self.send(timer.type, timer.record))
        self.now = max(self.now, until)
        return fired

    def told(self, kind: str, order: str | None = None) -> list[Any]:
        """What was asked of other mailboxes so far."""
        asked = [ask for effects in self.heard for ask in effects.asks if ask.type == kind]
        return [ask.record for ask in asked if order is None or ask.record.get("order_id") == order]

    def facts(self, kind: str) -> list[Any]:
        return [fact.record for effects in self.heard for fact in effects.facts if fact.type == kind]

    def headline(self, shipment: str, order: str) -> str:
        return str(self.rows[f"shipment|{shipment}|{order}"]["code"])


def order_with_shipment(**more: Any) -> Dock:
    """Order O-1 of 24 WIDGET, all of it sent as S-1 with tracking number 1Z9."""
    dock = Dock()
    dock.claim("O-1", "1 WIDGET 24", number="P-1@portal")
    dock.dispatch("S-1", "1 WIDGET 24", order_id="O-1", **{"tracking": ("1Z9",), **more})
    return dock
