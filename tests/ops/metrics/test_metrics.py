"""What is alerted on and drawn is measured."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from ops import catalog

FOLDER = Path(__file__).parents[3] / "ops" / "metrics"
ALERTS = [rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
PANELS = json.loads((FOLDER / "grafana" / "wharf.json").read_text())["panels"]
EXPRESSIONS = [rule["expr"] for rule in ALERTS] + [t["expr"] for panel in PANELS for t in panel["targets"]]


def measured() -> set[str]:
    """The names of our metrics, without the endings that Prometheus adds."""
    for name in ("streams.engine.metrics", "adapters.gateway.metrics"):
        importlib.import_module(name)
    return {metric.name for metric in REGISTRY.collect()}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_that_is_asked_for_exists(expression: str) -> None:
    names = {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in re.findall(r"wharf_\w+", expression)}
    assert names <= measured()


def test_every_alert_says_who_is_called_and_why() -> None:
    assert all(rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"] for rule in ALERTS)


def test_every_agent_and_door_is_scraped() -> None:
    jobs = yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
    targets = {target.partition(":")[0] for job in jobs for one in job["static_configs"] for target in one["targets"]}
    assert targets == {*catalog.AGENTS, *catalog.DOORS, "gateway"}
