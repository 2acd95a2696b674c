"""`wharf schemas generate`."""

from __future__ import annotations

from ops.cli.output import emit


def generate() -> None:
    """Write schemas/generated, the typed view of schemas/avro; prints the files that changed.

    \b
    Example:  wharf schemas generate
    """
    from schemas import generate as view

    for path in view.write():
        emit({"written": path.name} if path.exists() else {"removed": path.name})
