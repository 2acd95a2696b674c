"""Numbers the entries of each view, and decides when and how often they are delivered."""

from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.feeds.decide import decide
from tables.feeds import FEEDS

app = create_app("feeds")


@agent(app, reads=("feeds.commands",), table=FEEDS)
def feeds(batch: Batch) -> None:
    batch.decide(decide)
