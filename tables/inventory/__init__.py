"""What is remembered of a SKU: its positions, its reservation ledger, its queue, its announced supply and its guards."""

from __future__ import annotations

from tables.inventory.apply import apply
from tables.table import Table

_STATE = "wharf.state.inventory.v1."

INVENTORY = Table(
    name="inventory",
    kinds={
        "sku": f"{_STATE}Sku",
        "hold": f"{_STATE}Hold",
        "attempt": "wharf.inventory.v1.Standing",
        "waiting": f"{_STATE}Waiting",
        "need": f"{_STATE}Waiting",
        "source": f"{_STATE}Source",
        "move": "wharf.inventory.v1.StockMove",
        "logged": f"{_STATE}Logged",
        "event": f"{_STATE}Seen",
        "shipment": f"{_STATE}Shipped",
        "over": f"{_STATE}Over",
        "supply": "wharf.inventory.v1.Supply",
        "spent": f"{_STATE}Over",
        "past": "wharf.inventory.v1.StockMove",
        "compared": "wharf.inventory.v1.Comparison",
        "gap": f"{_STATE}Gap",
        "watch": f"{_STATE}Watch",
    },
    apply=apply,
)
