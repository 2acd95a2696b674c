"""Three brokers: what each is told, and where a group's coordinator is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.embedded.cluster import NODES, SAFE, Cluster, java_hash


def settings(cluster: Cluster, place: int) -> dict[str, str]:
    node = cluster.nodes[place]
    node.folder.mkdir(parents=True)
    lines = node._configure().read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("place", range(NODES))
def test_clients_of_the_second_listener_are_told_the_announced_port(tmp_path: Path, place: int) -> None:
    cluster = Cluster(tmp_path)
    told, (announced, behind) = settings(cluster, place), cluster.routes[place]
    assert f"ANNOUNCED://127.0.0.1:{behind}" in told["listeners"]
    assert f"ANNOUNCED://127.0.0.1:{announced}" in told["advertised.listeners"]
    assert f"PLAINTEXT://{cluster.nodes[place].bootstrap}" in told["advertised.listeners"]
    assert (told["node.id"], told["process.roles"]) == (str(place + 1), "broker,controller")


def test_what_is_acknowledged_is_on_two_brokers(tmp_path: Path) -> None:
    told = settings(Cluster(tmp_path), 0)
    assert (told["min.insync.replicas"], told["transaction.state.log.min.isr"]) == ("2", "2")
    assert {told[name] for name in SAFE if name.endswith("replication.factor")} == {"3"}
    assert told["controller.quorum.voters"].count("@") == NODES


def test_the_newest_vote_says_who_controls(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    for node, (leader, epoch) in zip(cluster.nodes, [(1, 4), (3, 7), (2, 6)], strict=True):
        path = node.folder / "data" / "__cluster_metadata-0" / "quorum-state"
        path.parent.mkdir(parents=True)
        path.write_text(f'{{"leaderId":{leader},"leaderEpoch":{epoch}}}', encoding="utf-8")
    assert cluster.controller() == 2


@pytest.mark.parametrize(("text", "value"), [("", 0), ("a", 97), ("hello", 99162322), ("polygenelubricants", 0)])
def test_groups_are_spread_as_java_spreads_them(text: str, value: int) -> None:
    assert java_hash(text) == value
