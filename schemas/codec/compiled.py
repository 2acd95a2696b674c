"""The compiled codecs: where set-up puts the module, and how a plan becomes its nodes.

Its file name is a digest of its source and of the interpreter it was built for: what is stale is not found. The module
holds no schema, so a changed .avsc leaves it as it is.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from schemas.codec.plan import Plan
from schemas.codec.values import decimal_from, decimal_to

HERE = Path(__file__).parent
SOURCE = HERE / "native.pyx"
BUILT = HERE.parents[1] / ".build" / "compiled"
_LOADING = threading.Lock()


def sources(source: Path = SOURCE) -> list[Path]:
    """The module's source and what it includes."""
    return [source, *sorted(source.parent.glob(f"{source.stem}_*.pxi"))]


def artefact(source: Path = SOURCE, folder: Path = BUILT) -> Path:
    """Where the compiled module stands, if it is built."""
    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
    digest = hashlib.sha256(suffix.encode())
    for path in sources(source):
        digest.update(path.read_bytes())
    return folder / f"{source.stem}-{digest.hexdigest()[:16]}{suffix}"


def node_class() -> Callable[..., Any] | None:
    """The compiled module's class of nodes, or None where it is not built.

    The threads of a worker meet their first records at one time, and the module takes no second initialisation.
    """
    module = _module()
    found: Callable[..., Any] | None = None if module is None else module.Node
    return found


def envelope_class() -> Callable[..., Any] | None:
    """The compiled module's class that reads and writes headers, or None where it is not built."""
    module = _module()
    found: Callable[..., Any] | None = None if module is None else module.Envelopes
    return found


def uuid_text() -> Callable[[bytes], str] | None:
    """The compiled module's way from a digest to a UUID of version 5, or None where it is not built."""
    module = _module()
    found: Callable[[bytes], str] | None = None if module is None else module.uuid_text
    return found


def _module() -> Any:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Any:
    if not SOURCE.exists() or not artefact().exists():
        return None
    try:
        return load(artefact())
    except ImportError:  # cut short, or built elsewhere: plain Python does it
        return None


def load(path: Path) -> Any:
    """The module in a file; raises ImportError where this interpreter cannot take it."""
    spec = importlib.util.spec_from_file_location(f"{__package__}.{path.name.partition('-')[0]}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no module of this interpreter")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def root(plan: Plan, node: Callable[..., Any]) -> Any:
    """The plan's nodes; the first one reads and writes the record."""
    decimal = plan.kind == "decimal"
    return node(
        plan.kind,
        tuple(map(sys.intern, plan.names)),
        tuple(root(part, node) for part in plan.parts),
        plan.null,
        plan.precision,
        plan.scale,
        decimal_from(plan.precision, plan.scale) if decimal else None,
        decimal_to(plan.precision, plan.scale) if decimal else None,
    )
