"""What `wharf up` decides before it starts anything."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from ops import catalog
from ops.up.keys import Development
from ops.up.plan import Processes, environment, is_free, prepared, programs, without_proxy
from ops.up.servers import chosen
from schemas.settings import Settings

SECRETS = Development(master_key="bWFzdGVy", token="okp_x", record={})


def names(processes: Processes) -> list[str]:
    return [program.name for program in programs(Settings(), processes)]


def test_one_process_runs_all_agents() -> None:
    assert names(Processes.ONE) == ["worker-all", "gateway", *catalog.DOORS]


def test_or_each_agent_has_its_own() -> None:
    assert names(Processes.AGENTS) == [*(f"worker-{agent}" for agent in catalog.processes()), "gateway", *catalog.DOORS]


def test_but_an_agent_that_waits_a_lot_is_a_guest_of_another() -> None:
    commands = {program.name: program.command for program in programs(Settings(), Processes.AGENTS)}
    assert commands["worker-shipments"][-2:] == ("worker", "shipments+bundles")
    assert "worker-bundles" not in commands


def test_every_setting_reaches_the_processes() -> None:
    env = environment(Settings(kafka="broker:9092", embedded=True, master_key=SecretStr("s3cret"), state_dir=Path("x")))
    assert env["WHARF_KAFKA"] == "broker:9092"
    assert env["WHARF_EMBEDDED"] == "True"
    assert env["WHARF_MASTER_KEY"] == "s3cret"
    assert Path(env["WHARF_STATE_DIR"]).is_absolute()
    assert {f"WHARF_{name.upper()}" for name in Settings.model_fields} <= env.keys()


def test_what_a_process_reads_is_what_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    meant = Settings(kafka="broker:9092", embedded=True, partitions=3, environment="test")
    for name, value in environment(meant).items():
        monkeypatch.setenv(name, value)
    assert Settings().model_dump(exclude={"state_dir"}) == meant.model_dump(exclude={"state_dir"})


def test_a_busy_port_becomes_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert not is_free(address)
        given = prepared(Settings(gateway=address), SECRETS).gateway
    assert given != address
    assert is_free(given)


def test_a_master_key_that_was_given_is_kept() -> None:
    given = Settings(master_key=SecretStr("given"))
    assert prepared(given, SECRETS).master_key.get_secret_value() == "given"
    assert prepared(Settings(), SECRETS).master_key.get_secret_value() == SECRETS.master_key


def test_without_a_word_broker_and_redis_are_embedded() -> None:
    assert chosen(Settings(), "", "") == ("", "")


def test_a_setting_names_the_broker_and_an_option_overrides_it() -> None:
    given = Settings(kafka="setting:9092")
    assert chosen(given, "", "") == ("setting:9092", "")
    assert chosen(given, "option:9092", "redis://cache") == ("option:9092", "redis://cache")


def test_processes_do_not_share_a_metrics_port() -> None:
    ports = [program.env["WHARF_METRICS_PORT"] for program in programs(Settings()) if program.name != "gateway"]
    assert len(set(ports)) == len(ports)


def test_a_proxy_for_the_world_does_not_come_between_our_processes() -> None:
    assert without_proxy({}) == "127.0.0.1,localhost"
    assert without_proxy({"no_proxy": "example.com"}) == "example.com,127.0.0.1,localhost"
    assert environment(Settings())["NO_PROXY"].endswith("127.0.0.1,localhost")
