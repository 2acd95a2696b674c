"""Why a channel is offered the number that it is offered: terms that add up to it, and the events behind each.

The terms are computed from the rows that decide, never from the events: the events say where the rows come from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.generated.state_inventory_v1 import Sku
from tables.inventory.evidence import Evidence
from tables.inventory.position import available_to_sell
from tables.inventory.reasons import Held, Term, ledger_of, notes, of_rules, of_stock, scale_of
from tables.inventory.shadow import Shadow


class DoesNotAddUp(ArithmeticError):
    """The terms of a number have another sum than the number: a defect of the explanation, or of the number."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A channel's number of a SKU at one version."""

    sku: str
    channel: str
    version: int
    quantity: int
    terms: tuple[Term, ...]
    ledger: tuple[Held, ...]
    waiting: int
    unit: str
    scale: int


def explain(code: str, shadow: Shadow, channel: str) -> Explanation:
    """The number that a channel is offered, taken apart. Cost: O(the SKU's rows). raises DoesNotAddUp"""
    sku, evidence = shadow.sku, shadow.evidence or Evidence()
    quantity, rules = available_to_sell(sku, channel), sku["rules"]
    ledger = tuple(ledger_of(shadow, evidence))
    terms = (*of_stock(sku, evidence, ledger), *of_rules(sku, evidence, channel), *notes(shadow, evidence, channel))
    add_up(quantity, (term.amount for term in terms))
    return Explanation(
        code, channel, sku["seq"], quantity, terms, ledger, sku["waiting"],
        unit=rules["base_unit"] if rules else "EA", scale=scale_of(sku),
    )  # fmt: skip


def add_up(quantity: int, amounts: Iterable[int]) -> None:
    """Say so where the terms have another sum than the number. raises DoesNotAddUp"""
    if (total := sum(amounts)) != quantity:
        raise DoesNotAddUp(f"{quantity} is offered, and the terms make {total}")


def known_channels(sku: Sku, evidence: Evidence) -> set[str]:
    """Channels that have rules for this SKU, or ever held something of it."""
    ruled = {rule["channel"] for rule in sku["rules"]["channels"]} if sku["rules"] else set[str]()
    derived = {each["channel"] for each in sku["bundle"]["channels"]} if sku["bundle"] else set[str]()
    return (ruled | derived | evidence.channels | sku["used"].keys()) - {""}
