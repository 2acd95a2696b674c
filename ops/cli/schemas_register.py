"""`wharf schemas register`."""

from __future__ import annotations

from ops.cli.output import emit
from ops.exits import Exit, Failed


def register() -> None:
    """Register this release's schemas at the registry of WHARF_SCHEMA_REGISTRY; the release pipeline's step.

    \b
    Example:  WHARF_SCHEMA_REGISTRY=http://registry:8081 wharf schemas register
    """
    from schemas import registry
    from schemas.settings import settings

    told = settings()
    if not told.schema_registry:
        raise Failed(Exit.USAGE, "no registry is configured: set WHARF_SCHEMA_REGISTRY")
    emit({"registered": registry.register(told.schema_registry, told.environment), "at": told.schema_registry})
