"""A channel's wish to hear of its orders."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from adapters.gateway.models.parts import Channel, Closed

Pattern = Annotated[str, StringConstraints(pattern=r"^[a-z*][a-z0-9_.*-]{0,79}$")]
Secret = Annotated[str, StringConstraints(pattern=r"^whsec_[A-Za-z0-9+/]{32,88}={0,2}$")]
Url = Annotated[str, StringConstraints(max_length=2_000)]


class SetSubscription(Closed):
    """The body of PUT /v1/channels/{channel}/subscriptions/{name}; no url = the view is pulled only."""

    url: Url = ""
    types: list[Pattern] = Field(default=[], max_length=100)
    sources: list[Channel | Literal["*"]] = Field(default=[], max_length=100)
    mode: Literal["every", "latest"] = "every"
    secret: Secret | None = None
    active: bool = True
