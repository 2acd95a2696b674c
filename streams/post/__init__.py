"""Decides when and how often an ERP is asked, so that it hears of each order once."""

from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.post.decide import decide
from tables.post import POST

app = create_app("post")


@agent(app, reads=("erp.commands",), table=POST)
def post(batch: Batch) -> None:
    """Decide on what is asked, answered and due."""
    batch.decide(decide)
