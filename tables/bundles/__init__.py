"""What is remembered of a bundle: its recipe, what its components offer, who holds it, who waits for it."""

from tables.bundles.apply import apply
from tables.table import Table

_STATE = "wharf.state.bundles.v1."

BUNDLES = Table(
    name="bundles",
    kinds={
        "bundle": _STATE + "Bundle",
        "component": _STATE + "ComponentOffer",
        "hold": _STATE + "Hold",
        "waiting": _STATE + "Waiting",
        "done": _STATE + "Done",
    },
    apply=apply,
)

__all__ = ["BUNDLES", "apply"]
