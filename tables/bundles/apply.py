"""How each fact changes a bundle's rows. Facts are absolute: applying one twice is applying it once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.generated import state_bundles_v1 as state
from schemas.generated.bundles_v1 import ComponentNoted, HoldMoved, RecipeTaken
from tables.bundles.rows import BUNDLE, WAITING, component_name, done_name, done_names, hold_name, hold_of
from tables.rows import Changes, Rows


def apply(kind: str, record: Any, rows: Rows) -> Changes:
    """The rows that a fact changes; a fact of another type changes none."""
    fold = _FOLDS.get(kind)
    return fold(record, rows) if fold else {}


def _recipe(fact: RecipeTaken, rows: Rows) -> Changes:
    return {BUNDLE: fact["bundle"]}


def _component(fact: ComponentNoted, rows: Rows) -> Changes:
    return {component_name(fact["component"]): fact["offer"]}


def _hold(fact: HoldMoved, rows: Rows) -> Changes:
    """The holder's row, and its place in the queue; one that is forgotten takes its decided commands with it."""
    holder, new = fact["holder"], fact["hold"]
    old = hold_of(rows, holder)
    changes: dict[str, Any] = {hold_name(holder): new}
    if old and old["ticket"] and (new is None or new["ticket"] != old["ticket"]):
        changes[WAITING + old["ticket"]] = None
    if new is None:
        return {**changes, **{name: None for name, _ in rows.scan(done_names(holder))}}
    if new["ticket"]:
        changes[WAITING + new["ticket"]] = state.waiting(holder=holder)
    if fact["done"]:
        changes[done_name(holder, fact["done"])] = state.done()
    return changes


_FOLDS: dict[str, Callable[[Any, Rows], Changes]] = {
    "bundle.recipe-taken": _recipe,
    "bundle.component-noted": _component,
    "bundle.hold-moved": _hold,
}
