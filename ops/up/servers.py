"""The servers that `wharf up` brings along where no others are named: a broker, a Redis, an ERP to practise with."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from ops.embedded.broker import Broker
from ops.embedded.child import free_port
from ops.embedded.kafka import Kafka
from ops.embedded.redis import Redis
from ops.probing import listens
from ops.supervisor import Program, Supervisor
from schemas.settings import Settings

EMBEDDED, LOCAL = "", "local"  # values of --kafka that name no address


def broker(supervisor: Supervisor, folder: Path, kafka: str) -> dict[str, object]:
    """The broker's address, of a started one unless it is given; raises Unavailable, NotReady.

    kafka  "" = the embedded broker; "local" = real Kafka from its jars, data kept; else its address
    """
    if kafka == EMBEDDED:
        shutil.rmtree(folder / "embedded", ignore_errors=True)  # stores of a broker that has forgotten everything
        embedded = Broker(folder / "embedded")
        embedded.start()
        _adopt(supervisor, "broker", embedded, essential=True)
        return {"kafka": embedded.bootstrap, "embedded": True, "state_dir": folder / "embedded"}
    if kafka == LOCAL:
        real = Kafka(folder / "kafka")
        real.start()
        _adopt(supervisor, "kafka", real, essential=False)
        return {"kafka": real.bootstrap, "embedded": False}
    return {"kafka": kafka, "embedded": False}


def redis(supervisor: Supervisor, folder: Path, url: str, *, keep: bool) -> dict[str, object]:
    """The Redis' address, of a started one unless it is given; raises Unavailable, NotReady."""
    if url:
        return {"redis": url}
    own = Redis(folder / "redis", keep=keep)
    own.start()
    _adopt(supervisor, "redis", own, essential=False)
    return {"redis": own.url}


def erp(supervisor: Supervisor, folder: Path, given: Settings) -> dict[str, object]:
    """The ERP's address, of a started practice one unless the settings name it; raises NotReady."""
    if "erp_url" in given.model_fields_set:
        return {"erp_url": given.erp_url}
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = (sys.executable, "-m", "ops.demo.erp", "--port", str(port), "--data", str(folder / "erp"))
    supervisor.start([Program("practice-erp", command, dict(os.environ), lambda: listens(url))])
    return {"erp_url": url}


def chosen(given: Settings, kafka: str, redis_url: str) -> tuple[str, str]:
    """What is named by option, else by the settings; "" where a server is to be started."""
    explicit = given.model_fields_set
    return (
        kafka or (given.kafka if "kafka" in explicit else EMBEDDED),
        redis_url or (given.redis if "redis" in explicit else ""),
    )


def _adopt(supervisor: Supervisor, name: str, server: Broker | Kafka | Redis, *, essential: bool) -> None:
    if server.child:
        supervisor.adopt(name, server.child, essential=essential)
