"""The ERPs that the contract is held to: the one in memory, and the HTTP adapter before a server process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from adapters.erp.http_erp import HttpErp
from adapters.erp.port import Erp, Outcome
from ops.demo.erp.faults import Faults
from ops.demo.erp.memory import MemoryErp
from tests.adapters.erp.attempts import attempt
from tests.support.erp_server import ErpServer

numbers = count(1)


@dataclass
class Subject:
    """One ERP under test, and what it committed for one order."""

    connect: Callable[[], Erp]
    faults: Callable[..., None]
    journal: Callable[[str], list[str]]
    order: str

    def create(self, **more: Any) -> Outcome:
        return self._ask(lambda erp: erp.create(attempt(self.order, **more)))

    def lookup(self, **more: Any) -> Outcome:
        return self._ask(lambda erp: erp.lookup(attempt(self.order, "lookup", **more)))

    def cancel(self, number: str) -> Outcome:
        return self._ask(lambda erp: erp.cancel(attempt(self.order, "cancel"), number))

    def committed(self) -> list[str]:
        return self.journal(self.order)

    def _ask(self, question: Callable[[Erp], Any]) -> Any:
        async def once() -> Any:
            erp = self.connect()
            try:
                return await question(erp)
            finally:
                await erp.close()

        return asyncio.run(once())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ErpServer]:
    with ErpServer(tmp_path_factory.mktemp("erp")) as running:
        yield running


@pytest.fixture(params=["memory", "http"])
def erp(request: pytest.FixtureRequest) -> Iterator[Subject]:
    order = f"O-{next(numbers)}"
    if request.param == "memory":
        yield _memory(order)
        return
    server: ErpServer = request.getfixturevalue("server")
    yield _http(order, server)
    server.faults()


def _memory(order: str) -> Subject:
    erp = MemoryErp()

    def tell(**on: Any) -> None:
        erp.faults = Faults(**on)

    return Subject(lambda: erp, tell, lambda wanted: [action for action, id in erp.journal if id == wanted], order)


def _http(order: str, server: ErpServer) -> Subject:
    def journal(wanted: str) -> list[str]:
        return [entry["action"] for entry in server.journal() if entry["order_id"] == wanted]

    return Subject(lambda: HttpErp(server.url, timeout_s=5), server.faults, journal, order)
