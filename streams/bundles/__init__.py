"""Keeps what a bundle can be made of, and holds whole bundles by holding their components."""

from streams.bundles.decide import decide
from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from tables.bundles import BUNDLES

app = create_app("bundles")


@agent(app, reads=("bundles.commands",), table=BUNDLES)
def bundles(batch: Batch) -> None:
    """Decide each command on its bundle."""
    batch.decide(decide)
