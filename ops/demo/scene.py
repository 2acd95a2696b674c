"""Everything that the demo needs running: wharf, an ERP, a subscriber's receiver; all of it ends with the block."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from ops import catalog
from ops.demo.ground import cleared
from ops.embedded.child import free_port
from ops.probing import listens
from ops.running import Running
from ops.supervisor import Program, Supervisor
from ops.supervisor import Running as Tended
from ops.up import run as system
from ops.up.keys import ADMIN
from ops.up.plan import Processes
from ops.up.servers import EMBEDDED, LOCAL
from schemas.settings import Settings

RECEIVER = "receiver"


@dataclass(frozen=True, slots=True)
class Scene:
    """What runs, and where."""

    supervisor: Supervisor
    up: Running
    folder: Path
    receiver: str  # URL of the subscriber's endpoint

    @property
    def key(self) -> str:
        """The API key that may do all."""
        return self.up.keys[ADMIN]

    @property
    def broker(self) -> str:
        """What carries the events, in words."""
        return "the embedded broker" if self.up.embedded else f"Kafka at {self.up.kafka}"

    @property
    def ledger(self) -> Path:
        """Folder of what the receiver got."""
        return self.folder / RECEIVER

    def process(self, name: str) -> Tended:
        """A tended process by its name."""
        return next(one for one in self.supervisor.running if one.program.name == name)

    def workers(self) -> list[Tended]:
        """The processes of agents."""
        return [one for one in self.supervisor.running if one.program.name.startswith("worker-")]

    def doors(self) -> list[Tended]:
        """The gateway and the doors."""
        return [one for one in self.supervisor.running if one.program.name in ("gateway", *catalog.DOORS)]

    def tell_secret(self, name: str, secret: str) -> None:
        """The receiver learns how webhooks of a subscription are signed."""
        told = httpx.put(f"{self.receiver}/secrets/{name}", content=secret, timeout=10, trust_env=False)
        told.raise_for_status()


@contextmanager
def scene(given: Settings, *, kafka: bool, say: Callable[[str], None]) -> Iterator[Scene]:
    """All of it, ready, in an empty state folder; raises Failed, Unavailable, NotReady."""
    cleared(given.state_dir)
    wish = system.Wish(LOCAL if kafka else EMBEDDED, processes=Processes.AGENTS if kafka else Processes.ONE)
    with system.everything(given, wish, say) as (supervisor, up):
        url = _receiver(supervisor, given.state_dir / RECEIVER)
        yield Scene(supervisor, up, given.state_dir, url)


def _receiver(supervisor: Supervisor, ledger: Path) -> str:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = (sys.executable, "-m", "ops.demo.receiver", "--port", str(port), "--ledger", str(ledger))
    supervisor.start([Program(RECEIVER, command, dict(os.environ), lambda: listens(f"{url}/state"))])
    return url
