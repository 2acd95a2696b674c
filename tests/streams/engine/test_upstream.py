"""The libraries are as the engine needs them, and it needs nothing of their insides that is not on the list."""

from __future__ import annotations

import ast
import asyncio
import importlib.metadata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faust
import pytest
import rocksdict
from confluent_kafka import Consumer, KafkaError, libversion
from mode import Service, Worker

from ops.embedded.child import free_port
from streams.engine.upstream import LEANINGS, PACKAGES, Leaning, missing

ROOT = Path(__file__).parents[3]
USERS = [*sorted((ROOT / "streams" / "engine").glob("*.py")), ROOT / "tables" / "store.py"]
LIBRARIES = {"faust", "mode", "confluent_kafka", "aiokafka", "rocksdict"}
NAMED = {part for one in LEANINGS for part in one.name.replace(":", ".").split(".")}


@pytest.mark.parametrize("leaning", LEANINGS, ids=lambda one: one.name)
def test_what_the_engine_leans_on_is_there(leaning: Leaning) -> None:
    assert missing([leaning]) == []


def test_what_is_gone_is_named() -> None:
    gone = [Leaning("faust:App.no_such", ""), Leaning("no_such_module:x", ""), Leaning("faust:Worker", "", ("nobody",))]
    assert [found.partition(":")[0] for found in missing(gone)[:2]] == ["faust", "no_such_module"]


def test_every_leaning_says_why() -> None:
    assert all(one.why for one in LEANINGS)
    assert len({one.name for one in LEANINGS}) == len(LEANINGS)


def imported(tree: ast.Module) -> Iterator[str]:
    """What a module takes from the libraries, beside what stands in their first line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in LIBRARIES:
            yield from (alias.asname or alias.name for alias in node.names)


@pytest.mark.parametrize("path", USERS, ids=lambda path: path.name)
def test_private_names_of_libraries_are_on_the_list(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours = set(imported(tree)) | LIBRARIES
    private = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and isinstance(node.value, ast.Name)
        and node.value.id in ours
    }
    assert private <= NAMED


def test_the_list_is_about_the_packages_that_are_tried_together() -> None:
    assert all(importlib.metadata.version(name) for name in PACKAGES)


def test_services_end_in_the_reverse_of_their_order() -> None:
    ended: list[str] = []

    def service(name: str) -> Service:
        class Named(Service):
            async def on_stop(self) -> None:
                ended.append(name)

        return Named()

    async def life() -> None:
        worker = Worker(service("first"), service("last"), override_logging=False)
        for one in worker.services:
            await one.start()
            worker._children.append(one)
        await worker._default_stop_children()

    asyncio.run(life())
    assert ended == ["last", "first"]


def test_an_app_takes_a_service_and_another_boot_strategy() -> None:
    app = faust.App("contract", broker="kafka://unused")
    app.conf.web_enabled = False
    made = type("Added", (Service,), {})
    app.service(made)
    assert made in app._extra_services
    assert isinstance(app.boot_strategy, faust.App.BootStrategy)


def test_librdkafka_knows_the_consumer_protocol() -> None:
    number = libversion()[1]
    assert number >= 0x020C0000  # 2.12: KIP-848 is complete


def test_a_fatal_error_denies_it_and_an_unknown_members_id_is_given_at_once() -> None:
    assert not KafkaError(KafkaError._FATAL).fatal()
    config = {
        "bootstrap.servers": f"127.0.0.1:{free_port()}",
        "group.id": "g",
        "group.protocol": "consumer",
        "log_level": 0,
    }
    consumer = Consumer(config)
    assert consumer.memberid()
    consumer.close()


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Any]:
    options = rocksdict.Options(raw_mode=True)
    options.create_if_missing(True)
    made = rocksdict.Rdict(str(tmp_path / "store"), options=options)
    yield made
    made.close()


def test_a_batch_is_written_as_raw_bytes_and_read_in_their_order(rows: Any) -> None:
    batch = rocksdict.WriteBatch(raw_mode=True)
    for key in (b"b", b"a", b"c"):
        batch.put(key, key * 2)
    batch.delete(b"c")
    rows.write(batch)
    found, at = [], rows.iter()
    at.seek(b"")
    while at.valid():
        found.append((at.key(), at.value()))
        at.next()
    assert found == [(b"a", b"aa"), (b"b", b"bb")]


def test_a_lock_that_is_held_is_told_from_corruption_by_its_words(rows: Any, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"(?i)lock"):
        rocksdict.Rdict(str(tmp_path / "store"), options=rocksdict.Options(raw_mode=True))


def test_corruption_is_an_exception_without_a_type_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    rocksdict.Rdict(str(path), options=rocksdict.Options(raw_mode=True)).close()
    (path / "CURRENT").write_text("nonsense")
    with pytest.raises(Exception) as caught:
        rocksdict.Rdict(str(path), options=rocksdict.Options(raw_mode=True))
    assert type(caught.value) is Exception
    assert "lock" not in str(caught.value).lower()
