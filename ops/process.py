"""How a process of any kind begins: settings, logs, the schema registry, its health endpoint."""

from __future__ import annotations

from ops import logs
from ops.health import Health, HealthServer, Probe
from schemas import registry
from schemas.settings import Settings, settings


def begin(name: str) -> Settings:
    """Read the settings, set the logs up, adopt the registry's ids where there is one; raises RegistryTrouble."""
    told = settings()
    logs.configure(name, told.log_level)
    if told.schema_registry:
        registry.adopt(told.schema_registry, told.environment)
    return told


def tell_health(told: Settings, probe: Probe = Health) -> HealthServer:
    """Serve /metrics, /healthz and /readyz."""
    return HealthServer(told.metrics_host, told.metrics_port, probe)
