"""Says what a document means, in canonical terms, with everything looked up once."""

from streams.engine.agent import Batch, agent
from streams.engine.app import create_app
from streams.normalize.decide import decide

app = create_app("normalize")

REFERENCES = (
    "reference.products",
    "reference.cross-references",
    "reference.units",
    "reference.partners",
    "reference.customers",
    "reference.locations",
    "reference.subscriptions",
)


@agent(app, reads=("channel.documents",), references=REFERENCES)
def normalize(batch: Batch) -> None:
    """Reads raw documents, publishes commands and receipts."""
    batch.decide(decide)
