"""Writes the plain decoder of a plan: straight-line Python, a function per record.

A function takes the message and where to begin, and returns the record and where it ended. Lengths are not compared
with what remains: a slice beyond the end is short, the next index fails, and whoever called first sees that the end is
not where it should be. So each value costs one comparison, and no length allocates more than the message holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.codec.plan import Plan

STEP = "    "


def function_of(name: str) -> str:
    """decode_wharf_orders_v1_LineState"""
    return f"decode_{name.replace('.', '_')}"


def decoder(plan: Plan) -> Iterator[str]:
    """The lines of a record's function."""
    writer = _Writer()
    yield f"def {function_of(plan.name)}(data, at):"
    values = []
    for part in plan.parts:
        values.append(writer.fresh())
        yield from _indented(writer.value(part, values[-1]))
    yield f"{STEP}return {{"
    for field, value in zip(plan.names, values, strict=True):
        yield f"{STEP}{STEP}{field!r}: {value},"
    yield f"{STEP}}}, at"


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (STEP + line for line in lines)


class _Writer:
    """Writes the lines that read one value into a local variable; variables are numbered through a function."""

    def __init__(self) -> None:
        self.count = 0
        self.parameters: dict[str, object] = {}

    def fresh(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def value(self, plan: Plan, into: str) -> Iterator[str]:
        match plan.kind:
            case "boolean":
                return iter((f"{into} = data[at] != 0", "at += 1"))
            case "int" | "long":
                return _long(into)
            case "string":
                return _sliced(into, "data[at:end].decode()", '""')
            case "bytes":
                return _sliced(into, "data[at:end]", 'b""')
            case "decimal":
                made = f"decimal_{plan.precision}_{plan.scale}"
                return _sliced(into, f"{made}(data[at:end])", f'{made}(b"")')
            case "enum":
                return iter(("n, at = length(data, at)", f"{into} = {plan.names!r}[n >> 1]"))
            case "record":
                return iter((f"{into}, at = {function_of(plan.name)}(data, at)",))
            case "optional":
                return self._optional(plan, into)
        return self._blocks(plan, into)

    def _optional(self, plan: Plan, into: str) -> Iterator[str]:
        """The branch stands as a long: 0 for the first, 2 for the second."""
        yield "n = data[at]"
        yield "at += 1"
        yield "if n > 2 or n & 1:"
        yield f"{STEP}n, at = branch(data, at - 1)"
        yield f"if n == {2 * plan.null}:"
        yield f"{STEP}{into} = None"
        yield "else:"
        yield from _indented(self.value(plan.part, into))

    def _blocks(self, plan: Plan, into: str) -> Iterator[str]:
        """An array or a map: blocks of values, until one is empty."""
        count, item = self.fresh(), self.fresh()
        yield f"{into} = {'{}' if plan.kind == 'map' else '[]'}"
        yield from _block(count)
        yield f"while {count}:"
        yield f"{STEP}for _ in range({count} >> 1):"
        if plan.kind == "map":
            key = self.fresh()
            yield from _indented(_indented(_sliced(key, "data[at:end].decode()", '""')))
            yield from _indented(_indented(self.value(plan.part, item)))
            yield f"{STEP}{STEP}{into}[{key}] = {item}"
        else:
            yield from _indented(_indented(self.value(plan.part, item)))
            yield f"{STEP}{STEP}{into}.append({item})"
        yield from _indented(_block(count))


def _long(into: str) -> Iterator[str]:
    yield "n = data[at]"
    yield "at += 1"
    yield "if n < 128:"
    yield f"{STEP}{into} = ZIGZAG[n]"
    yield "else:"
    yield f"{STEP}{into}, at = long(data, at - 1)"


def _sliced(into: str, value: str, empty: str) -> Iterator[str]:
    """A length, twice as large as it is, as longs stand in bytes, and so many bytes."""
    yield "n = data[at]"
    yield "at += 1"
    yield "if n > 127 or n & 1:"
    yield f"{STEP}n, at = length(data, at - 1)"
    yield "if n:"
    yield f"{STEP}end = at + (n >> 1)"
    yield f"{STEP}{into} = {value}"
    yield f"{STEP}at = end"
    yield "else:"
    yield f"{STEP}{into} = {empty}"


def _block(count: str) -> Iterator[str]:
    yield f"{count} = data[at]"
    yield "at += 1"
    yield f"if {count} > 127 or {count} & 1:"
    yield f"{STEP}{count}, at = block(data, at - 1)"
