"""docker-compose.yml is valid, and describes this release."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
import yaml

from ops import catalog
from ops.cli.app import app
from schemas.settings import Settings

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SCHEMA = json.loads((ROOT / "ops/compose/compose_spec.json").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
COMMANDS = typer.main.get_command(app)


def validated(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, SCHEMA)


def test_it_follows_the_compose_specification() -> None:
    validated(COMPOSE)
    assert COMPOSE["services"]


def test_the_check_refuses_what_compose_would_refuse() -> None:
    with pytest.raises(jsonschema.ValidationError, match="prots"):
        validated({"services": {"gateway": {"image": "wharf", "prots": ["8080:8080"]}}})


@pytest.mark.parametrize("name", OURS)
def test_every_service_of_ours_runs_a_command_that_exists(name: str) -> None:
    assert exists(OURS[name]["command"])


def test_a_misspelt_command_would_be_noticed() -> None:
    assert not exists(["topic", "apply"])


def test_there_is_one_service_for_each_agent_and_door() -> None:
    workers = {service["command"][1] for service in OURS.values() if service["command"][0] == "worker"}
    assert workers == set(catalog.AGENTS)
    assert {*catalog.DOORS, "gateway"} <= OURS.keys()


@pytest.mark.parametrize("name", OURS)
def test_every_setting_that_a_service_is_given_exists(name: str) -> None:
    given = {key.removeprefix("WHARF_").lower() for key in OURS[name]["environment"]}
    assert given <= Settings.model_fields.keys()


def test_every_volume_that_is_mounted_is_declared() -> None:
    mounted = {v.partition(":")[0] for s in COMPOSE["services"].values() for v in s.get("volumes", ())}
    assert {name for name in mounted if not name.startswith(".")} == COMPOSE["volumes"].keys()


@pytest.mark.parametrize("path", re.findall(r"(\./[^:]+):", (ROOT / "docker-compose.yml").read_text()))
def test_every_file_that_is_mounted_exists(path: str) -> None:
    assert (ROOT / path).is_file()


def test_no_service_of_ours_begins_before_topics_and_schemas_are_there() -> None:
    late = {name: service for name, service in OURS.items() if name not in ("topics", "schemas")}
    assert all({"topics", "schemas"} <= service["depends_on"].keys() for service in late.values())


def exists(command: list[str]) -> bool:
    node: Any = COMMANDS
    for word in command:
        children = getattr(node, "commands", None)
        if children is None:
            return True  # an argument of the command
        if word not in children:
            return False
        node = children[word]
    return not hasattr(node, "commands")
