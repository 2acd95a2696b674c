"""The codecs in plain Python: written from a record's plan when it is first met, and compiled by Python itself.

Nothing of it stands in a file that could be stale; `python -m schemas.codec NAME` shows it. A traceback shows its lines.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from typing import Any

from schemas.codec import decoding, encoding, varints
from schemas.codec.plan import Plan
from schemas.codec.values import Refused, decimal_from, decimal_to

_ENDS = """
def decode(data, at):
    record, at = {decoder}(data, at)
    if at != len(data):
        raise Refused
    return record


def encode(header, record):
    out = bytearray(header)
    {encoder}(out, record)
    return bytes(out)
"""


class PlainCodec:
    """Reads and writes one record by the functions that were written for it."""

    __slots__ = ("decode", "encode")

    def __init__(self, plan: Plan) -> None:
        names = _names(plan)
        text, file = source(plan), f"<codec of {plan.name}>"
        exec(compile(text, file, "exec"), names)
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        self.decode, self.encode = names["decode"], names["encode"]


def source(plan: Plan) -> str:
    """The Python text of a record's codec."""
    parts: list[str] = []
    for record, close in sorted(_records(plan), key=lambda one: (one[0].name, one[1])):
        if not close:
            parts.append("\n".join(decoding.decoder(record)))
        parts.append("\n".join(encoding.encoder(record, close=close)))
    names = {"decoder": decoding.function_of(plan.name), "encoder": encoding.function_of(plan.name, close=False)}
    return "\n\n\n".join(parts) + "\n\n" + _ENDS.format(**names)


def _records(plan: Plan) -> set[tuple[Plan, bool]]:
    """Every record that a plan mentions, within an optional (close) or not; each is read alike."""
    found: set[tuple[Plan, bool]] = set()
    for node, close in _nodes(plan, False):
        if node.kind == "record":
            found |= {(node, False), (node, close)}
    return found


def _nodes(plan: Plan, close: bool) -> Iterator[tuple[Plan, bool]]:
    yield plan, close
    for part in plan.parts:
        yield from _nodes(part, close or plan.kind == "optional")


def _names(plan: Plan) -> dict[str, Any]:
    """What the written text calls by name."""
    names: dict[str, Any] = {"Refused": Refused, "ZIGZAG": varints.ZIGZAG}
    for function in (varints.long, varints.length, varints.branch, varints.block, varints.put):
        names[function.__name__] = function
    for node, _ in _nodes(plan, False):
        if node.kind == "decimal":
            digits = (node.precision, node.scale)
            names[f"decimal_{node.precision}_{node.scale}"] = decimal_from(*digits)
            names[f"bytes_{node.precision}_{node.scale}"] = decimal_to(*digits)
    return names
