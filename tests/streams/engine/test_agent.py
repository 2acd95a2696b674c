"""Declaring agents on their apps."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ops.catalog import AGENTS, agent_of
from streams.engine.agent import Agent, BadDeclaration, Batch, agent, decision_of
from streams.engine.app import create_app
from tables.store_layer import ENGINE_KINDS
from tests.streams.engine.toy import TOY, app, decide, toy


def test_the_decorated_name_is_the_declaration() -> None:
    assert (toy.name, toy.mailbox, toy.table) == ("toy", "feeds.commands", TOY)
    assert app.declared is toy


def test_the_app_is_an_ordinary_faust_app_without_its_own_kafka() -> None:
    import faust

    assert isinstance(app, faust.App)
    assert not app.BootStrategy.enable_kafka


def test_the_decision_of_an_agent_can_be_taken_out_of_it() -> None:
    assert decision_of(toy) is decide


def body(batch: Batch) -> None:
    batch.decide(decide)


def test_an_agent_with_a_table_reads_its_mailbox_and_nothing_else() -> None:
    with pytest.raises(BadDeclaration, match="exactly its mailbox"):
        Agent("bad", ("feeds.commands", "orders.commands"), body, TOY)
    with pytest.raises(BadDeclaration, match="no references"):
        Agent("bad", ("feeds.commands",), body, TOY, references=("reference.units",))


@pytest.mark.parametrize("kind", ENGINE_KINDS)
def test_a_table_leaves_the_engines_own_kinds_of_rows_alone(kind: str) -> None:
    """Or its rows would be written as the engine's, and hidden from its decisions."""
    with pytest.raises(BadDeclaration, match=kind):
        Agent("bad", ("feeds.commands",), body, replace(TOY, kinds={**TOY.kinds, kind: "wharf.feeds.v1.FeedEntry"}))


def test_every_agent_of_the_catalogue_can_be_declared() -> None:
    assert [agent_of(name).name for name in AGENTS] == list(AGENTS)


def test_an_agent_reads_something() -> None:
    with pytest.raises(BadDeclaration, match="reads no topic"):
        agent(create_app("bad"), reads=())(body)


def test_declaring_an_agent_neither_connects_nor_reads_settings() -> None:
    code = """
import sys, schemas.settings
schemas.settings.settings = schemas.settings.Settings.__init__ = None
import tests.streams.engine.toy
print("confluent_kafka" in sys.modules, "rocksdict" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_faust_keeps_no_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    create_app("tidy")._create_directories()
    assert list(tmp_path.iterdir()) == []
