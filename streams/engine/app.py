"""The carrier: an ordinary Faust app whose own Kafka side is switched off, with the engine as one of its services.

Nothing connects and no settings are read at import; both happen when a worker starts the app.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import faust
from faust.app.base import BootStrategy
from mode import Service

from schemas.settings import settings

if TYPE_CHECKING:
    from streams.engine.agent import Agent
    from streams.engine.engine import Engine


class NoKafka(BootStrategy):
    """Faust starts neither its consumer nor its producer: the engine has its own."""

    enable_kafka = False


class App(faust.App):
    """A Faust app with one declared agent."""

    BootStrategy = NoKafka
    declared: Agent | None = None
    engine: Engine | None = None
    fellows: tuple[App, ...] = ()  # the apps of the same process

    def _create_directories(self) -> None:
        """None: the agent's state lies where the settings say, and Faust keeps nothing of its own."""


class EngineService(Service):
    """Starts and stops the engine with the worker; brings the worker down when the engine cannot go on."""

    def __init__(self, app: App, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.app = app
        self.engine: Engine | None = None

    async def on_start(self) -> None:
        """Make the engine from this process's settings and start its thread."""
        from streams.engine.engine import Engine  # here, so that declaring an agent does not load the Kafka client

        if self.app.declared is None:
            raise RuntimeError(f"app {self.app.conf.id} declares no agent")
        self.engine = self.app.engine = Engine(self.app.declared, settings(), self._fatal)
        self.engine.start()

    def _fatal(self, why: BaseException) -> None:
        asyncio.run_coroutine_threadsafe(self.crash(why), self.loop)

    async def on_stop(self) -> None:
        """Finish the batch in flight, leave the group, close the stores.

        The first to end asks all engines of the process: Faust ends one app after the other.
        """
        for engine in (fellow.engine for fellow in self.app.fellows if fellow.engine):
            engine.ask_to_stop()
        if self.engine:
            await asyncio.get_running_loop().run_in_executor(None, self.engine.stop)


def create_app(name: str) -> App:
    """The Faust app of one agent."""
    made = App(name, broker="kafka://unused", topic_disable_leader=True, topic_allow_declare=False)

    class Bound(EngineService):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(made, **kwargs)

    made.service(Bound)
    return made
